package deployverify

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// underLoad is evidence of a version that settled and got a thousand requests, of which the worst percents were slow.
func underLoad(expect map[string]string, change func(*evidence)) evidence {
	e := (&world{answers: "g"}).watch(wishes())
	e.verify.Load = &policy.Load{Target: "https://u:p@shop.example/?q=1", Rate: "50/s", For: policy.Duration(20 * time.Second), Expect: expect}
	e.Load = &loaded{
		Due: 1000, Made: 1000, P50: 40 * time.Millisecond, P95: 90 * time.Millisecond, P99: 450 * time.Millisecond, Late: keptPace,
		Slower: []slower{{100 * time.Millisecond, 20}, {200 * time.Millisecond, 11}, {400 * time.Millisecond, 30}},
	}
	if change != nil {
		change(&e)
	}
	return e
}

func TestJudgeLoad(t *testing.T) {
	const title = "load (https://***@shop.example/)"
	whole := result.Finding{ID: "load", Outcome: verdict.Undecided, Title: title, Threshold: "50/s for 20s"}
	with := func(f result.Finding, change func(*result.Finding)) []result.Finding {
		change(&f)
		return []result.Finding{f}
	}
	one := func(what string, outcome verdict.Outcome, want, seen, next string) []result.Finding {
		return []result.Finding{{ID: "load-" + what, Outcome: outcome, Title: title + ": " + what, Threshold: want, Observed: seen, Next: next}}
	}
	const harm = "See what the service does under this load before more traffic goes to it."
	for _, test := range []struct {
		name   string
		expect map[string]string
		change func(*evidence)
		want   []result.Finding
	}{
		{"no load is wanted", nil, func(e *evidence) { e.verify.Load = nil }, nil},
		{"the step is not in order", map[string]string{"p95": "<100ms"}, func(e *evidence) { e.End = unordered }, nil},
		{"none was made", map[string]string{"p95": "<100ms"}, func(e *evidence) { e.Load = nil }, with(whole, func(f *result.Finding) {
			f.Observed, f.Next = "none was made, for the version had not settled", "Let the version settle first; see what was looked at."
		})},
		{"it broke off", map[string]string{"p95": "<100ms"}, func(e *evidence) { e.Load.Problem = "the run was cancelled" }, with(whole, func(f *result.Finding) {
			f.Observed = "the run was cancelled"
		})},
		{"one request was not made", map[string]string{"p95": "<100ms"}, func(e *evidence) { e.Load.Made-- }, with(whole, func(f *result.Finding) {
			f.Observed = "this machine could not keep the rate: 999 of 1000 requests were sent, the latest 1s after it was due"
			f.Next = "Lower verify.load.rate, or take a larger machine: what a tired client measures is itself."
		})},
		{"one was late", map[string]string{"p95": "<100ms"}, func(e *evidence) { e.Load.Late += time.Millisecond }, with(whole, func(f *result.Finding) {
			f.Observed = "this machine could not keep the rate: 1000 of 1000 requests were sent, the latest 1s after it was due"
			f.Next = "Lower verify.load.rate, or take a larger machine: what a tired client measures is itself."
		})},

		{"few enough are slower", map[string]string{"p95": "<100ms"}, nil, one("p95", verdict.Passed, "<100ms", "p95 90ms; 20 were slower (95 %: 1.3 %–3.1 %), of 1000 requests", "")},
		{"too many are slower", map[string]string{"p99": "<400ms"}, nil, one("p99", verdict.Failed, "<400ms", "p99 450ms; 30 were slower (95 %: 2.1 %–4.3 %), of 1000 requests", harm)},
		{"too close to tell, and the share is at the bound", map[string]string{"p99": "<200ms"}, nil,
			one("p99", verdict.Undecided, "<200ms", "p99 450ms; 11 were slower (95 %: 0.62 %–2 %), of 1000 requests", "")},
		{"too few to tell", map[string]string{"p99": "<200ms"}, func(e *evidence) { e.Load.Slower[1].N = 6 }, one("p99", verdict.Undecided, "<200ms", "p99 450ms; 6 were slower (95 %: 0.28 %–1.3 %), of 1000 requests", "")},
		{"half of them", map[string]string{"p50": "<100ms"}, nil, one("p50", verdict.Passed, "<100ms", "p50 40ms; 20 were slower (95 %: 1.3 %–3.1 %), of 1000 requests", "")},
		{"a percentile that is not measured", map[string]string{"p90": "<100ms"}, nil, one("p90", verdict.Passed, "<100ms", "p50 40ms, p99 450ms; 20 were slower (95 %: 1.3 %–3.1 %), of 1000 requests", "")},
		{"another bound than was looked at", map[string]string{"p95": "<101ms"}, nil, one("p95", verdict.Undecided, "<101ms", "this was not looked at for the decision", "Decide anew by this policy.")},
		{"no bound at all", map[string]string{"p95": "fast"}, nil, one("p95", verdict.Undecided, "fast", "this was not looked at for the decision", "Decide anew by this policy.")},
		{"nothing that is known", map[string]string{"joy": "<100ms"}, nil, one("joy", verdict.Undecided, "<100ms", "this was not looked at for the decision", "Decide anew by this policy.")},

		{"no errors", map[string]string{"errors": "<0.5%"}, nil, one("errors", verdict.Passed, "<0.5%", "none failed; 0 failed (95 %: 0 %–0.38 %), of 1000 requests", "")},
		{"errors", map[string]string{"errors": "<0.5%"}, func(e *evidence) {
			e.Load.Failed, e.Load.Kinds = 40, []failures{{"status 500", 30}, {"timeout", 10}}
		}, one("errors", verdict.Failed, "<0.5%", "most often: status 500; 40 failed (95 %: 3 %–5.4 %), of 1000 requests", harm)},
		{"nothing but errors", map[string]string{"errors": "<0.5%"}, func(e *evidence) {
			e.Load.Failed, e.Load.Kinds = 1000, []failures{{"status 500", 1000}}
		}, one("errors", verdict.Failed, "<0.5%", "most often: status 500; 1000 failed (95 %: 99.6 %–100 %), of 1000 requests", harm)},
		{"a share of errors that is none", map[string]string{"errors": "few"}, nil, one("errors", verdict.Undecided, "few", "this was not looked at for the decision", "Decide anew by this policy.")},
		{"several, by name", map[string]string{"p99": "<400ms", "errors": "<0.5%", "p95": "<100ms"}, nil, append(append(
			one("errors", verdict.Passed, "<0.5%", "none failed; 0 failed (95 %: 0 %–0.38 %), of 1000 requests", ""),
			one("p95", verdict.Passed, "<100ms", "p95 90ms; 20 were slower (95 %: 1.3 %–3.1 %), of 1000 requests", "")...),
			one("p99", verdict.Failed, "<400ms", "p99 450ms; 30 were slower (95 %: 2.1 %–4.3 %), of 1000 requests", harm)...)},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := judgeLoad(underLoad(test.expect, test.change))
			for i := range got { // TestNeeded has the numbers
				if got[i].Outcome == verdict.Undecided && strings.HasPrefix(got[i].Next, "Too few requests to tell whether the share is below 1 %: ") {
					got[i].Next = ""
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// What load shows counts in the decision, and is the reason where nothing else failed.
func TestDecideByLoad(t *testing.T) {
	e := underLoad(map[string]string{"p99": "<400ms"}, func(e *evidence) { e.Verified = before("1.4.2") })
	d := decide(e)
	if d.act != rollback || d.rollbackTo != "1.4.2" || d.reason != "load (https://***@shop.example/): p99: p99 450ms; 30 were slower (95 %: 2.1 %–4.3 %), of 1000 requests" {
		t.Errorf("%s to %q: %s", d.act, d.rollbackTo, d.reason)
	}
	if d.users != 1 {
		t.Errorf("it reaches %g of the users, want all of them", d.users)
	}
	e = underLoad(map[string]string{"p99": "<200ms"}, nil)
	if d := decide(e); d.act != hold || !d.nextCheck.IsZero() {
		t.Errorf("%s, next check %s: too few requests are no reason to look again", d.act, d.nextCheck)
	}
	e = underLoad(map[string]string{"p95": "<100ms"}, nil)
	if d := decide(e); d.act != promote {
		t.Errorf("%s: %s", d.act, d.reason)
	}
	// A step that was passed before got its load then.
	e = underLoad(map[string]string{"p99": "<400ms"}, func(e *evidence) { e.Stage.Passed = epoch })
	if d := decide(e); d.act != promote {
		t.Errorf("%s: %s", d.act, d.reason)
	}
}

func TestNeeded(t *testing.T) {
	for _, test := range []struct {
		requests float64
		rate     string
		want     string
	}{
		{6000, "50/s", "about 6000 requests, which is for: 2m0s at 50/s"},
		{90, "30/m", "about 90 requests, which is for: 3m0s at 30/m"},
		{0, "50/s", "more than load can make, for the share is too close to it"},
		{1e9, "50/s", "more than load can make, for the share is too close to it"},
		{6000, "fast", "more than load can make, for the share is too close to it"},
	} {
		if got := needed(test.requests, test.rate); got != test.want {
			t.Errorf("%g at %s: %s", test.requests, test.rate, got)
		}
	}
}

func TestPercent(t *testing.T) {
	for share, want := range map[float64]string{0: "0 %", 0.0123: "1.2 %", 0.99: "99 %", 0.9951: "99.5 %", 1: "100 %"} {
		if got := percent(share); got != want {
			t.Errorf("%g is %q, want %q", share, got, want)
		}
	}
}
