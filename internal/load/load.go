// Package load makes traffic: requests at a constant rate that does not wait for answers (an open loop), so
// that a service which stalls is asked on and its stall is seen. It does the I/O and judges nothing; all of
// it is bounded by rate, time and the number of requests under way.
package load

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// Bounds of what is made, whatever is asked for.
const (
	MaxRate  = 1000 // requests a second
	MaxTime  = 10 * time.Minute
	underWay = 5000 // requests at the same time
	maxBody  = 1 << 16
)

// Request is the traffic to make.
type Request struct {
	URL     *url.URL // http or https, without user and password
	Method  string   // GET, HEAD or POST
	Body    string
	Header  http.Header
	Rate    float64 // requests a second, above 0
	For     time.Duration
	Timeout time.Duration // of one request; above 0
}

// Result is what came of it.
type Result struct {
	Latencies []time.Duration // of every request, ascending: from when it was due to its end, and no less than Timeout where it failed, for a fast error is no fast answer
	Failed    int             // requests without an answer, or with a status of 400 and more
	Failures  map[string]int  // how often by kind, such as "status 500" or "timeout"
	Due       int             // requests that were due
	Late      time.Duration   // the most that a request was sent after it was due: this machine could not keep up
	Took      time.Duration   // from the first request to when the last one was sent
}

// ErrBounds is traffic beyond what is made here.
var ErrBounds = errors.New("the traffic is beyond its bounds: at most 1000/s for at most 10m")

// pacer asks for a request each interval, and for no more of them than are due in all.
type pacer struct {
	interval time.Duration
	due      uint64
}

func (p pacer) Pace(elapsed time.Duration, hits uint64) (time.Duration, bool) {
	if hits >= p.due {
		return 0, true
	}
	return time.Duration(hits)*p.interval - elapsed, false
}

func (p pacer) Rate(time.Duration) float64 { return float64(time.Second) / float64(p.interval) }

// Run makes the traffic. Where ctx ends early it returns what came of it so far, and ctx's error.
func Run(ctx context.Context, r Request) (Result, error) {
	if !(r.Rate > 0) || r.Rate > MaxRate || r.For <= 0 || r.For > MaxTime || r.Timeout <= 0 {
		return Result{}, ErrBounds
	}
	p := pacer{interval: time.Duration(float64(time.Second) / r.Rate), due: max(1, uint64(r.Rate*r.For.Seconds()+0.5))}
	target := vegeta.Target{Method: r.Method, URL: r.URL.String(), Body: []byte(r.Body), Header: r.Header}
	attacker := vegeta.NewAttacker(vegeta.Client(&http.Client{Transport: plain{transport()}, Timeout: r.Timeout, CheckRedirect: follow}),
		vegeta.MaxWorkers(underWay), vegeta.MaxBody(maxBody))
	stop := context.AfterFunc(ctx, func() { attacker.Stop() })
	defer stop()

	out := Result{Failures: map[string]int{}, Due: int(p.due)}
	began := time.Now()
	for hit := range attacker.Attack(func(t *vegeta.Target) error {
		*t = target
		t.Header = r.Header.Clone()
		if t.Header == nil {
			t.Header = http.Header{}
		}
		t.Header.Set("User-Agent", "slipway-deploy-verify")
		return nil
	}, p, 0, "") {
		due := began.Add(time.Duration(hit.Seq) * p.interval)
		late := max(0, hit.Timestamp.Sub(due))
		took := hit.Latency + late
		if hit.Error != "" {
			took = max(took, r.Timeout)
		}
		out.Latencies = append(out.Latencies, took)
		out.Late, out.Took = max(out.Late, late), max(out.Took, hit.Timestamp.Sub(began))
		if hit.Error != "" {
			out.Failed++
			out.Failures[kind(hit)]++
		}
	}
	slices.Sort(out.Latencies)
	return out, ctx.Err()
}

// kind is what a request failed by, in words that hold nothing of the address.
func kind(hit *vegeta.Result) string {
	if hit.Code >= 400 {
		return "status " + http.StatusText(int(hit.Code))
	}
	return "no answer"
}

// transport keeps connections, as a browser does; what is verified here is the service, not its handshakes.
func transport() *http.Transport {
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: underWay, MaxConnsPerHost: underWay,
		IdleConnTimeout: 10 * time.Second, MaxResponseHeaderBytes: 1 << 20,
	}
}

// follow takes a redirect as the answer: who is led elsewhere would put load on somebody else.
func follow(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// plain sends requests without the marks of the library.
type plain struct{ next *http.Transport }

func (p plain) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Del("X-Vegeta-Seq")
	return p.next.RoundTrip(r)
}
