package deployverify

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/load"
	"github.com/slipway-actions/slipway/internal/policy"
)

// loaded is what came of the traffic that was made.
type loaded struct {
	Target  string        `json:"target"` // without its query
	Began   time.Time     `json:"beganAt"`
	Due     int           `json:"due"`             // requests that were due
	Made    int           `json:"made"`            // requests that were made
	Failed  int           `json:"failed"`          // of them, without an answer or with a status of 400 and more
	Kinds   []failures    `json:"kinds,omitempty"` // of what failed, the most frequent first
	P50     time.Duration `json:"p50"`             // latencies, from when a request was due
	P95     time.Duration `json:"p95"`
	P99     time.Duration `json:"p99"`
	Slower  []slower      `json:"slower,omitempty"` // than what the policy wants
	Late    time.Duration `json:"late"`             // the most that a request was sent after it was due
	Took    time.Duration `json:"took"`
	Problem string        `json:"problem,omitempty"` // why it is not whole
}

// failures is how often requests failed in one way.
type failures struct {
	Kind string `json:"kind"`
	N    int    `json:"n"`
}

// slower is how many requests took longer than a bound, or failed.
type slower struct {
	Than time.Duration `json:"than"`
	N    int           `json:"n"`
}

const (
	loadTimeout = 10 * time.Second
	keptKinds   = 5
)

// trafficOf makes the traffic that the policy asks for, nil where it asks for none.
func trafficOf(w *action.World, l *policy.Load) (func(ctx context.Context, e *evidence), error) {
	if l == nil {
		return nil, nil
	}
	target, err := policy.ParseAddress(l.Target)
	if err != nil {
		return nil, action.Wrong("verify.load.target of the policy: %w", err)
	}
	rate, err := policy.ParseRate(l.Rate)
	if err != nil {
		return nil, action.Wrong("verify.load.rate of the policy: %w", err)
	}
	r := load.Request{URL: target, Method: l.Method, Body: l.Body, Header: http.Header{}, Rate: rate, For: time.Duration(l.For), Timeout: time.Duration(l.Timeout)}
	if r.Method == "" {
		r.Method = http.MethodGet
	}
	if r.Timeout == 0 {
		r.Timeout = loadTimeout
	}
	for _, name := range slices.Sorted(maps.Keys(l.Headers)) {
		value, err := fromEnvironment(w, l.Headers[name], "verify.load.headers."+name)
		if err != nil {
			return nil, err
		}
		r.Header.Set(name, value)
	}
	return func(ctx context.Context, e *evidence) {
		w.Log(fmt.Sprintf("load: %s for %s", l.Rate, time.Duration(l.For)))
		began := w.Now()
		got, err := load.Run(ctx, r)
		e.Load = loadedOf(got, err, l.Expect)
		e.Load.Target, e.Load.Began = withoutSecrets(l.Target), began
	}, nil
}

func loadedOf(got load.Result, err error, expect map[string]string) *loaded {
	l := &loaded{Due: got.Due, Made: len(got.Latencies), Failed: got.Failed, Late: got.Late, Took: got.Took}
	if err != nil {
		l.Problem = "the run was cancelled in the midst of it"
	}
	for _, kind := range slices.Sorted(maps.Keys(got.Failures)) {
		l.Kinds = append(l.Kinds, failures{kind, got.Failures[kind]})
	}
	slices.SortStableFunc(l.Kinds, func(a, b failures) int { return b.N - a.N })
	l.Kinds = l.Kinds[:min(len(l.Kinds), keptKinds)]
	at := func(share float64) time.Duration {
		if n := len(got.Latencies); n > 0 {
			return got.Latencies[min(n-1, int(share*float64(n)))]
		}
		return 0
	}
	l.P50, l.P95, l.P99 = at(0.5), at(0.95), at(0.99)
	for _, what := range slices.Sorted(maps.Keys(expect)) {
		if bound, err := policy.ParseLatency(expect[what]); what != "errors" && err == nil {
			n, _ := slices.BinarySearch(got.Latencies, bound) // the first that is not faster
			l.Slower = append(l.Slower, slower{bound, len(got.Latencies) - n})
		}
	}
	return l
}

// fromEnvironment is a value of the policy, taken from the step's environment where it says so. The value is
// a secret; the error does not hold it.
func fromEnvironment(w *action.World, value, place string) (string, error) {
	variable, ok := policy.Variable(value)
	if !ok {
		return value, nil
	}
	found := w.Getenv(variable)
	if found == "" {
		return "", action.Wrong("%s of the policy is taken from the environment variable %s, which is not set. Add it to the step:\n  env:\n    %s: ${{ secrets.%s }}", place, variable, variable, variable)
	}
	if strings.ContainsAny(found, "\r\n\x00") {
		return "", action.Wrong("%s of the policy is taken from the environment variable %s, which holds more than one line; a header has one. Take the line break out of the secret", place, variable)
	}
	return found, nil
}
