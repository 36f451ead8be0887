package deployverify

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/timeseries"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Courses of numbers at borders that the tables of kinds do not have, held to every figure.
func TestNumbersAtTheirBorders(t *testing.T) {
	fine := []float64{500, 900, 980, 995, 1000, 1000}
	times := func(n float64, h []float64) []float64 { return histogramOf(n, h...) }
	slower := []float64{200, 500, 800, 900, 1000, 1000}
	resets := counts(600, 3, 6000, 30)
	resets.Canary.Resets, resets.Baseline.Resets = 1, 2
	resets.Baseline = &side{Samples: 4, Total: 6000, Bad: 30, Resets: 2}
	compare := func(c policy.Compare) policy.Metric {
		return policy.Metric{Name: "5xx", Bad: "b", Total: "t", Compare: &c}
	}
	both := policy.Metric{Name: "5xx", Bad: "b", Total: "t", Limit: "<1%", Compare: &policy.Compare{}}
	latency := func(limit string, c *policy.Compare) policy.Metric {
		return policy.Metric{Name: "latency", Histogram: "h", Limit: limit, Compare: c}
	}
	detect := func(ratio float64, power string) policy.Metric {
		m := errors5xx()
		m.Detect = &policy.Detect{Ratio: ratio, Power: power}
		return m
	}
	gauge := func(c *policy.Compare, limit string) policy.Metric {
		return policy.Metric{Name: "queue", Gauge: "depth", Compare: c, Limit: limit}
	}
	for _, tt := range []struct {
		name  string
		rule  policy.Metric
		slots []slot
	}{
		{"counters that begin anew", errors5xx(), every(60, resets)},
		{"one counter that begins anew", belowOnePercent(), but(every(60, alone(600, 1)), slot{Canary: side{Samples: 4, Total: 600, Bad: 1, Resets: 1}}, 7)},
		{"a limit and a baseline", both, every(60, counts(600, 1, 6000, 10))},
		{"a limit that is broken beside a baseline", both, every(60, counts(600, 12, 6000, 120))},
		{"a baseline that is broken beside a limit", both, every(60, counts(600, 5, 6000, 6))},
		{"an alpha", compare(policy.Compare{Alpha: 0.2}), every(60, counts(60, 2, 1140, 12))},
		{"a dispersion", compare(policy.Compare{Dispersion: "3"}), every(60, counts(600, 3, 6000, 30))},
		{"a dispersion that is estimated", compare(policy.Compare{Dispersion: "auto"}), every(60, counts(600, 3, 6000, 30))},
		{"half is tolerated", compare(policy.Compare{MaxRatio: 0.5}), every(60, counts(6000, 14, 60000, 300))},
		{"three times as many are detected", detect(3, ""), every(60, counts(300, 1, 6000, 30))},
		{"a ratio of one is none to detect", detect(1, ""), every(60, counts(300, 1, 6000, 30))},
		{"all but surely", detect(2, "95%"), every(60, counts(300, 1, 6000, 30))},
		{"as surely as can be", detect(2, "100%"), every(60, counts(300, 1, 6000, 30))},
		{"many in a second", errors5xx(), every(10, counts(60, 0, 6000, 30))},
		{"two a second", errors5xx(), every(10, counts(120, 0, 60000, 30))},
		{"one request a slot", errors5xx(), every(10, counts(1, 0, 1, 0))},
		{"few at first", errors5xx(), every(1, counts(1, 0, 100, 1))},

		{"a p95 at the first bound", latency("p95<100ms", nil), every(60, buckets(times(1, []float64{990, 995, 998, 999, 1000, 1000}), nil))},
		{"a p95 at the first bound that is broken", latency("p95<100ms", nil), every(60, buckets(times(1, fine), nil))},
		{"a p99", latency("p99<500ms", nil), every(60, buckets(times(1, fine), nil))},
		{"few against a limit", latency("p95<500ms", nil), every(60, buckets(times(0.001, fine), nil))},
		{"a limit and a baseline of latencies", latency("p95<300ms", &policy.Compare{MaxIncrease: "20%"}), every(60, buckets(times(1, fine), times(4, fine)))},
		{"a limit of latencies that is broken beside a baseline", latency("p95<200ms", &policy.Compare{MaxIncrease: "20%"}), every(60, buckets(times(1, slower), times(4, slower)))},
		{"a baseline of latencies that is broken beside a limit", latency("p95<1s", &policy.Compare{}), every(60, buckets(times(1, slower), times(4, fine)))},
		{"slower by a little", latency("", &policy.Compare{MaxIncrease: "20%"}), every(60, buckets(times(1, []float64{480, 880, 975, 993, 1000, 1000}), times(4, fine)))},
		{"no slower at all", latency("", &policy.Compare{}), every(60, buckets(times(1, fine), times(4, fine)))},
		{"all in the last bucket", latency("", &policy.Compare{}), every(60, buckets([]float64{0, 0, 0, 0, 0, 1000}, []float64{0, 0, 0, 0, 0, 4000}))},
		{"all in the first bucket", latency("", &policy.Compare{}), every(60, buckets([]float64{1000, 1000, 1000, 1000, 1000, 1000}, []float64{4000, 4000, 4000, 4000, 4000, 4000}))},
		{"of one request each", latency("", &policy.Compare{}), every(60, buckets([]float64{0, 1, 1, 1, 1, 1}, []float64{1, 1, 1, 1, 1, 1}))},
		{"a canary without latencies", latency("", &policy.Compare{}), every(60, buckets(make([]float64, 6), times(4, fine)))},
		{"a slot of the canary alone", latency("", &policy.Compare{}), but(every(60, buckets(times(1, fine), times(4, fine))), buckets(times(1, fine), make([]float64, 6)), 0, 5)},
		{"too large a count", latency("p95<300ms", nil), every(120, buckets([]float64{0, 0, 0, 0, 0, 2 * mostCounted}, nil))},

		{"a gauge that may grow by a half", gauge(&policy.Compare{MaxIncrease: "50%"}, ""), every(60, beside(15, 10))},
		{"a gauge that grew by more", gauge(&policy.Compare{MaxIncrease: "50%"}, ""), every(60, beside(16, 10))},
		{"a gauge that may not grow", gauge(&policy.Compare{}, ""), every(60, beside(10, 10))},
		{"a gauge that grew", gauge(&policy.Compare{}, ""), every(60, beside(10.5, 10))},
		{"a gauge that may be a half", gauge(&policy.Compare{MaxRatio: 0.5}, ""), every(60, beside(5, 10))},
		{"a gauge that is more than a half", gauge(&policy.Compare{MaxRatio: 0.5}, ""), every(60, beside(6, 10))},
		{"a gauge with a limit and a baseline", gauge(&policy.Compare{}, "<100"), every(60, beside(10, 10))},
		{"a gauge of one reading", gauge(nil, "<100"), every(1, value(5))},
		{"a gauge of two readings", gauge(nil, "<100"), every(2, value(5))},
		{"a gauge beyond for less than is wanted", policy.Metric{Name: "queue", Gauge: "g", Limit: "<=5", For: policy.Duration(90 * time.Second)}, but(every(60, value(5)), value(6), 9)},
		{"a gauge beyond for as long", policy.Metric{Name: "queue", Gauge: "g", Limit: "<=5", For: policy.Duration(90 * time.Second)}, but(every(60, value(5)), value(6), 9, 10)},
		{"a gauge beyond for a moment", policy.Metric{Name: "queue", Gauge: "g", Limit: "<=5", For: policy.Duration(time.Second)}, but(every(60, value(5)), value(6), 9)},
		{"a gauge that rises", gauge(nil, "<100"), func() (all []slot) {
			for i := range 60 {
				all = append(all, value(float64(i)))
			}
			return all
		}()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			holdNumbers(t, judgeNumbers(rules(tt.rule), hour(watched{Name: tt.rule.Name, Bounds: latencyBounds, Slots: tt.slots})))
		})
	}
	t.Run("several that share the chance of a false alarm", func(t *testing.T) {
		m, shown := speed("p95<300ms"), errors5xx()
		m.Compare = &policy.Compare{MaxIncrease: "20%"}
		shown.Name, shown.ReportOnly = "shown", true
		h := buckets(times(1, fine), times(4, fine))
		c := counts(600, 3, 6000, 30)
		holdNumbers(t, judgeNumbers(rules(m, errors5xx(), shown, depth("<100"), budget(14.4)), hour(
			watched{Name: "latency", Bounds: latencyBounds, Slots: every(60, h)}, watched{Name: "5xx", Slots: every(60, c)}, watched{Name: "shown", Slots: every(60, c)}, watched{Name: "queue", Slots: every(60, value(1))})))
	})
	t.Run("one reported alone, which needs more", func(t *testing.T) {
		shown := errors5xx()
		shown.ReportOnly = true
		holdNumbers(t, judgeNumbers(rules(shown), hour(watched{Name: "5xx", Slots: every(60, counts(1, 0, 1000, 5))})))
	})
	t.Run("slots without width", func(t *testing.T) {
		w := hour(watched{Name: "5xx", Slots: every(60, counts(600, 3, 6000, 30))})
		w.Width = 0
		holdNumbers(t, judgeNumbers(rules(errors5xx()), w))
	})
}

// Decisions by numbers: whom it reaches, since when it is wrong, and what is done.
func TestDecideByNumbers(t *testing.T) {
	soaked := func(end ending, change func(*evidence), metrics ...watched) evidence {
		i := wishes()
		i.verify = rules(errors5xx())
		e := evidence{inputs: i, End: end, Ended: epoch.Add(2 * time.Hour), Watch: hour(metrics...), Verified: before("1.4.2")}
		e.Settled = epoch
		e.Startup = tally{Looks: 3, Good: 3, Row: 3, Checks: []checkTally{{Asked: 3, Answered: 3, Good: 3, Row: 3}}}
		if change != nil {
			change(&e)
		}
		return e
	}
	worse := watched{Name: "5xx", Slots: every(60, counts(60, 3, 1140, 6))}
	few := watched{Name: "5xx", Slots: every(120, counts(1, 0, 1000, 5))}
	canary := stage{Name: "canary-5", Traffic: "5%", Share: 0.05, Next: "full", Widens: "100%"}
	for _, tt := range []struct {
		name string
		e    evidence
	}{
		{"harm", soaked(harmed, nil, worse)},
		{"harm to a canary", soaked(harmed, func(e *evidence) { e.Stage = canary }, worse)},
		{"harm that is critical", soaked(harmed, func(e *evidence) { e.verify.Metrics[0].Critical = true }, worse)},
		{"critical, and not known", soaked(short, func(e *evidence) { e.verify.Metrics[0].Critical = true }, few)},
		{"harm by two, the second worse", soaked(harmed, func(e *evidence) {
			second := errors5xx()
			second.Name = "4xx"
			e.verify.Metrics = append(e.verify.Metrics, second)
			e.Stage = canary
		}, worse, watched{Name: "4xx", Slots: every(60, counts(60, 20, 1140, 6))})},
		{"too few to tell", soaked(short, nil, few)},
		{"too few to tell, and rolled back by rule", soaked(short, func(e *evidence) { e.verify.Inconclusive = rollback }, few)},
		{"too few to tell, and the looks failed at last", soaked(short, func(e *evidence) { e.Soak = tally{Looks: 1, Fails: 1, Checks: []checkTally{{Asked: 1}}} }, few)},
		{"a source that is not readable", soaked(unreadable, nil, watched{Name: "5xx", Problem: &timeseries.Problem{Name: timeseries.Unreachable, Detail: "nothing listens"}})},
		{"cut between runs", soaked(sliced, nil, watched{Name: "5xx", Slots: every(5, counts(60, 0, 1140, 6))})},
		{"cancelled", soaked(cancelled, nil, watched{Name: "5xx", Slots: every(5, counts(60, 0, 1140, 6))})},
		{"cut between runs before anything was watched", soaked(sliced, func(e *evidence) { e.Watch = watch{} })},
		{"well, and not watched", soaked(kept, func(e *evidence) { e.Watch = watch{} })},
		{"well, and passed before", soaked(kept, func(e *evidence) { e.Stage = canary; e.Stage.Passed = epoch })},
		{"well, and came back", soaked(kept, func(e *evidence) { e.Stage.Passed = epoch })},
		{"not in order", soaked(unordered, func(e *evidence) { e.Stage = canary; e.Stage.Missing = []string{"canary-1"} })},
		{"not in order, and no version", soaked(unordered, func(e *evidence) {
			e.Stage = canary
			e.Stage.Missing, e.Expected = []string{"canary-1", "canary-2"}, ""
		})},
		{"well, and nobody looked for a time", soaked(kept, func(e *evidence) { e.Unwatched = 90 * time.Second; e.verify.Metrics = nil })},
		{"two looks in a row are enough", soaked(kept, func(e *evidence) { e.Plan.Consecutive = 2; e.verify.Metrics = nil })},
		{"one good look, and the time was over", soaked(deadline, func(e *evidence) {
			e.Settled = time.Time{}
			e.Startup.Good, e.Startup.Row = 1, 1
			e.Startup.Relapsed = true
		})},
		{"one look that asked once, and failed", soaked(broke, func(e *evidence) {
			e.Soak = tally{Looks: 1, Fails: 1, RowBlamed: 1, Blamed: 1, Broken: epoch.Add(time.Hour), Checks: []checkTally{{Asked: 1, Good: 1}}}
		})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := decide(tt.e)
			holdDecision(t, d)
			since, want := tt.e.wrongSince(d), tt.e.Ended
			switch tt.e.End {
			case harmed:
				for _, j := range d.numbers.metrics { // the first that shows it counts
					if at := epoch.Add(time.Duration(j.harmed) * time.Minute); j.harmed > 0 && at.Before(want) {
						want = at
					}
				}
			case broke:
				want = epoch.Add(time.Hour)
			}
			if !since.Equal(want) {
				t.Errorf("wrong since %s, want %s", since, want)
			}
		})
	}
}

func TestFiguresForPeople(t *testing.T) {
	for perSecond, want := range map[float64]string{1: "1/s", 2: "2/s", 0.5: "30/min", 0.99: "59.4/min", 12.345: "12.3/s"} {
		if got := perTime(perSecond); got != want {
			t.Errorf("%g is %q", perSecond, got)
		}
	}
	for v, want := range map[float64]string{0.5: "0.5", 0.123: "0.12", 1: "1.0", 9.94: "9.9", 10: "10", 12.6: "13"} {
		if got := plain(v); got != want {
			t.Errorf("%g is %q, want %q", v, got, want)
		}
	}
	for high, want := range map[float64]string{3: "2.0–3.0", 1000: "2.0–1000", 1001: "more than 2.0", math.Inf(1): "more than 2.0"} {
		if got := between(2, high); got != want {
			t.Errorf("up to %g is %q, want %q", high, got, want)
		}
	}
	for share, want := range map[float64]string{0: "0 %", 0.00001: "0.001 %", 0.0123: "1.3 %", 0.05: "5 %", 0.051: "5.1 %", 0.0511: "5.2 %", 0.123: "13 %", 0.99: "99 %", 0.999: "100 %", 1: "100 %", 1.5: "100 %"} {
		if got := atMost(share); got != want {
			t.Errorf("at most %g is %q, want %q", share, got, want)
		}
	}
	for _, tt := range []struct{ a, b, want string }{{"a", "b", "a; b"}, {"", "b", "b"}, {"a", "", "a"}, {"", "", ""}} {
		if got := join(tt.a, tt.b); got != tt.want {
			t.Errorf("%q and %q are %q", tt.a, tt.b, got)
		}
	}
	for need, want := range map[float64]string{5: "needs 5 requests, has 2 3", 4.5: "needs 5 requests, has 2 2.5", math.Inf(1): "no number of requests would suffice, and it has 2 0", math.NaN(): "no number of requests would suffice, and it has 2 0", 1e12: "needs 1e12 requests, has 2 999999999998", 2e12: "no number of requests would suffice, and it has 2 0"} {
		said, more := needs(need, 2)
		if got := fmt.Sprintf("%s %.12g", said, more); got != want {
			t.Errorf("%g: %q, want %q", need, got, want)
		}
	}
	for _, tt := range []struct {
		d    *policy.Detect
		want string
	}{{nil, "2 0.8"}, {&policy.Detect{}, "2 0.8"}, {&policy.Detect{Ratio: 3, Power: "90%"}, "3 0.9"}, {&policy.Detect{Ratio: 1, Power: "100%"}, "2 0.8"}, {&policy.Detect{Ratio: 1.1, Power: "x"}, "1.1 0.8"}} {
		times, power := detectOf(tt.d)
		if got := fmt.Sprint(times, power); got != tt.want {
			t.Errorf("%+v is %s", tt.d, got)
		}
	}
	for _, tt := range []struct{ times, tolerated, want float64 }{{2, 0.01, 2}, {2, 0.6, 1 / 0.6}, {2, 0.96, 0}, {1.05, 0.01, 1.05}, {1.04, 0.01, 0}} {
		if got := worst(tt.times, tt.tolerated); got != tt.want {
			t.Errorf("%g times %g is %g, want %g", tt.times, tt.tolerated, got, tt.want)
		}
	}
}

// Where a quantile lies within its bucket, in milliseconds.
func TestQuantileOf(t *testing.T) {
	bounds := []float64{0.1, 0.2, 0.4}
	for _, tt := range []struct {
		counts []float64
		q      float64
		want   float64
	}{
		{[]float64{50, 100, 100, 100}, 0.5, 100}, {[]float64{50, 100, 100, 100}, 0.75, 150}, {[]float64{50, 100, 100, 100}, 0.25, 50}, {[]float64{0, 0, 100, 100}, 0.5, 300}, {[]float64{0, 0, 0, 100}, 0.5, 400}, {[]float64{0, 0, 50, 100}, 0.95, 400}, {[]float64{100, 100, 100, 100}, 1, 100}, {[]float64{10, 10, 20, 20}, 0.5, 100},
	} {
		if got := quantileOf(bounds, tt.counts, tt.q); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%g of %g is at %g, want %g", tt.q, tt.counts, got, tt.want)
		}
	}
	if got := quantileOf(bounds, make([]float64, 4), 0.5); !math.IsNaN(got) {
		t.Errorf("of none it is %g", got)
	}
}

// What each way to end says of the looks.
func TestJudgeLooks(t *testing.T) {
	for _, tt := range []struct {
		end  ending
		t    tally
		want verdict.Outcome
	}{
		{kept, tally{Fails: 3}, verdict.Passed}, {broke, tally{RowBlamed: 1}, verdict.Failed}, {broke, tally{Blamed: 1}, verdict.Undecided},
		{deadline, tally{Blamed: 1}, verdict.Failed}, {deadline, tally{}, verdict.Undecided}, {deadline, tally{Good: 1, Blamed: 1}, verdict.Undecided}, {deadline, tally{Good: 1, Relapsed: true}, verdict.Failed},
		{harmed, tally{}, verdict.Passed}, {harmed, tally{Looks: 1, Fails: 1}, verdict.Undecided}, {harmed, tally{Looks: 2}, verdict.Passed}, {short, tally{Looks: 1}, verdict.Passed}, {short, tally{Looks: 2, Fails: 1}, verdict.Undecided}, {unreadable, tally{Looks: 2}, verdict.Passed}, {unreadable, tally{Looks: 2, Fails: 1}, verdict.Undecided},
		{sliced, tally{Looks: 2}, verdict.Undecided}, {cancelled, tally{Looks: 2}, verdict.Undecided}, {unordered, tally{}, verdict.Undecided},
	} {
		if got := judgeLooks(evidence{End: tt.end, course: course{Startup: tt.t}}); got != tt.want {
			t.Errorf("%v with %+v: %s, want %s", tt.end, tt.t, got, tt.want)
		}
	}
	for _, tt := range []struct {
		t    checkTally
		seen verdict.Outcome
		want verdict.Outcome
	}{
		{checkTally{}, verdict.Failed, verdict.Skipped}, {checkTally{Asked: 1, Good: 1}, verdict.Failed, verdict.Passed}, {checkTally{Asked: 2, Good: 1}, verdict.Failed, verdict.Undecided}, {checkTally{Asked: 2, Good: 1, Blaming: 1}, verdict.Failed, verdict.Failed},
		{checkTally{}, verdict.Passed, verdict.Passed}, {checkTally{Asked: 1, Blaming: 1}, verdict.Undecided, verdict.Undecided}, {checkTally{Asked: 1, Good: 1}, verdict.Undecided, verdict.Undecided},
	} {
		if got := checkOutcome(tt.t, tt.seen); got != tt.want {
			t.Errorf("%+v, %s: %s, want %s", tt.t, tt.seen, got, tt.want)
		}
	}
	d := decision{findings: []result.Finding{{ID: "x", Outcome: verdict.Passed}}}
	if got := d.failure(evidence{}, verdict.Passed); got != "it failed" {
		t.Errorf("got %q", got)
	}
}
