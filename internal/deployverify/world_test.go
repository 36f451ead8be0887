package deployverify

import (
	"context"
	"net/url"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/probe"
)

// epoch is when virtual time begins.
var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// world is a service and a clock in virtual time: nothing in it waits.
type world struct {
	at      time.Time
	answers string        // what each request gets, by letter; the last one stays
	latency time.Duration // of each request; one that is over its timeout gets no answer
	asked   int
	looks   []bool    // of a run with one request a look: whether it succeeded
	cancel  time.Time // when the run is cancelled; zero for never
	logged  []string
}

// answers by letter. Their bodies are what a small service says.
var answers = map[rune]probe.Answer{
	'g': {Class: probe.Answered, Status: 200, Body: []byte(`{"version":"1.5.0"}`)},
	'o': {Class: probe.Answered, Status: 200, Body: []byte(`{"version":"1.4.2"}`)},
	'v': {Class: probe.Answered, Status: 200, Body: []byte(`{"version":"v1.5.0"}`)},
	'e': {Class: probe.Answered, Status: 500, Body: []byte(`{"error":"down"}`)},
	'r': {Class: probe.Refused, Detail: "10.0.0.1:443: connection refused"},
	't': {Class: probe.Timeout, Detail: "nothing within 10s"},
	'd': {Class: probe.DNS, Detail: "shop.example: no such host"},
	'p': {Class: probe.Proxy, Detail: "it answered CONNECT with status 503"},
	'c': {Class: probe.Cut, Status: 200, Detail: "after 5 bytes: unexpected EOF"},
}

func (w *world) Do(ctx context.Context, r probe.Request) probe.Answer {
	letters := []rune(w.answers)
	a := answers[letters[min(w.asked, len(letters)-1)]]
	w.asked++
	if a.Latency = w.latency; a.Class == probe.Timeout || a.Latency > r.Timeout {
		a = probe.Answer{Class: probe.Timeout, Detail: "nothing in time", Latency: r.Timeout}
	}
	w.at = w.at.Add(a.Latency)
	w.looks = append(w.looks, a.Status == 200 && string(a.Body) == `{"version":"1.5.0"}`)
	return a
}

// watch collects evidence in virtual time.
func (w *world) watch(i inputs) evidence {
	w.at = epoch
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	now := func() time.Time {
		if !w.cancel.IsZero() && !w.at.Before(w.cancel) {
			cancel()
		}
		return w.at
	}
	sleep := func(ctx context.Context, d time.Duration) error {
		w.at = w.at.Add(d)
		now()
		return ctx.Err()
	}
	if i.Plan.Max == 0 {
		i.Plan.follow(policy.Step{})
	}
	c := collector{prober: w, clock: clock{now, sleep, func(text string) { w.logged = append(w.logged, text) }}, keep: func(*evidence) {}, tell: func(context.Context, string) {}}
	return c.collect(ctx, evidence{inputs: i})
}

// wishes are inputs that expect 1.5.0 three times in a row, at most for a minute.
func wishes() inputs {
	return inputs{
		Service: service{Environment: "production", URL: "https://shop.example/version"}, Expected: "1.5.0",
		checks: []check{versionCheck("1.5.0")},
		Plan:   plan{Consecutive: 3, Interval: 5 * time.Second, Timeout: time.Minute, Slice: endless}, Stage: whole,
	}
}

func versionCheck(want string) check {
	return check{url: &url.URL{Scheme: "https", Host: "shop.example", Path: "/version"}, times: 1, low: 200, high: 299, version: &versionRule{want: want}}
}
