package deployverify

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/timeseries"
	"github.com/slipway-actions/slipway/internal/verdict"
)

const (
	passing = verdict.Passed
	failing = verdict.Failed
	unsure  = verdict.Undecided
)

// errors5xx and those below are one metric of each kind.
func errors5xx() policy.Metric {
	return policy.Metric{Name: "5xx", Bad: "bad", Total: "all", Compare: &policy.Compare{}}
}

func belowOnePercent() policy.Metric {
	return policy.Metric{Name: "5xx", Bad: "bad", Total: "all", Limit: "<1%"}
}

func speed(limit string) policy.Metric {
	m := policy.Metric{Name: "latency", Histogram: "seconds", Limit: limit}
	if limit == "" {
		m.Compare = &policy.Compare{MaxIncrease: "20%"}
	}
	return m
}

func depth(limit string) policy.Metric {
	return policy.Metric{Name: "queue", Gauge: "depth", Limit: limit}
}

func budget(over float64) policy.Metric {
	return policy.Metric{Name: "budget", Use: "5xx", SLO: "99%", Burn: []policy.Burn{{Long: policy.Duration(time.Hour), Short: policy.Duration(5 * time.Minute), Over: over}}}
}

// counts is a slot of a ratio.
func counts(total, bad, baseTotal, baseBad float64) slot {
	return slot{Canary: side{Samples: 4, Total: total, Bad: bad}, Baseline: &side{Samples: 4, Total: baseTotal, Bad: baseBad}}
}

func alone(total, bad float64) slot {
	return slot{Canary: side{Samples: 4, Total: total, Bad: bad}}
}

func value(v float64) slot { return slot{Canary: side{Samples: 1, Value: &v}} }

func beside(v, base float64) slot {
	s := value(v)
	s.Baseline = value(base).Canary.pointer()
	return s
}

func (s side) pointer() *side { return &s }

func buckets(canary, baseline []float64) slot {
	s := slot{Canary: side{Samples: 4, Buckets: canary}}
	if baseline != nil {
		s.Baseline = &side{Samples: 4, Buckets: baseline}
	}
	return s
}

func broken(name timeseries.Name) slot {
	return slot{Problem: &timeseries.Problem{Name: name, Detail: "so it is"}}
}

var nothing = slot{}

// latencyBounds are the bounds of the tests' histograms; so many of 1000 requests come up to each.
var latencyBounds = []float64{0.1, 0.2, 0.3, 0.5, 1}

func histogramOf(times float64, upTo ...float64) []float64 {
	var all []float64
	for _, n := range upTo {
		all = append(all, times*n)
	}
	return all
}

// every is a slot n times.
func every(n int, s slot) []slot {
	all := make([]slot, n)
	for i := range all {
		all[i] = s
	}
	return all
}

// but is slots with some of them exchanged.
func but(slots []slot, s slot, at ...int) []slot {
	for _, k := range at {
		slots[k] = s
	}
	return slots
}

// hour is watched minute by minute, for an hour and two at most.
func hour(metrics ...watched) watch {
	return watch{Began: epoch, Width: time.Minute, Soak: time.Hour, Max: 2 * time.Hour, New: "1.5.0", Old: "1.4.2", Metrics: metrics}
}

func rules(metrics ...policy.Metric) policy.Verify { return policy.Verify{Metrics: metrics} }

func TestJudgeOneMetric(t *testing.T) {
	fine := buckets(histogramOf(1, 500, 900, 980, 995, 1000, 1000), histogramOf(4, 500, 900, 980, 995, 1000, 1000))
	slower := buckets(histogramOf(1, 300, 700, 900, 980, 1000, 1000), histogramOf(4, 500, 900, 980, 995, 1000, 1000))
	gone := &timeseries.Problem{Name: timeseries.Unreachable, Detail: "nothing listens", Next: "Start it."}
	compareGauge := policy.Metric{Name: "queue", Gauge: "depth", Compare: &policy.Compare{MaxRatio: 1.5}}

	for _, test := range []struct {
		name    string
		rule    policy.Metric
		slots   []slot
		problem *timeseries.Problem
		noData  string

		outcome verdict.Outcome
		by      int // slots; 0 is not looked at
		open    bool
		says    string
	}{
		// A ratio beside its baseline.
		{name: "equal", rule: errors5xx(), slots: every(60, counts(600, 3, 6000, 30)), outcome: passing, by: 60, says: "180 of 36,000 requests of 1.5.0"},
		{name: "not over yet", rule: errors5xx(), slots: every(59, counts(600, 3, 6000, 30)), outcome: unsure, open: true, says: "59m of 1h are over, and no harm was shown"},
		{name: "ten times worse", rule: errors5xx(), slots: every(60, counts(60, 3, 1140, 6)), outcome: failing, by: 3, says: "5xx of 1.5.0 are 2.0–35 × those of 1.4.2 (9 in 180 requests), seen after 3m"},
		{name: "errors in the canary alone", rule: errors5xx(), slots: every(60, counts(600, 12, 6000, 0)), outcome: failing, says: "5xx of 1.5.0 are more than "},
		{name: "too few to tell", rule: errors5xx(), slots: every(60, counts(1, 0, 1000, 5)), outcome: unsure, open: true, says: "requests, has 60; about "},
		{name: "too few to the end", rule: errors5xx(), slots: every(120, counts(1, 0, 1000, 5)), outcome: unsure, by: 120, says: "requests, has 120"},
		{name: "nobody came", rule: errors5xx(), slots: every(120, counts(0, 0, 1000, 5)), outcome: unsure, by: 120, says: "no request reached 1.5.0"},
		{name: "nobody came to the old one", rule: errors5xx(), slots: every(120, counts(1000, 5, 0, 0)), outcome: unsure, by: 120, says: "no request reached 1.4.2"},
		{name: "a baseline that is broken itself", rule: errors5xx(), slots: every(120, counts(1000, 990, 1000, 1000)), outcome: unsure, by: 120, says: "100 % of 1.4.2 are bad themselves"},
		{name: "a baseline that half fails", rule: errors5xx(), slots: every(120, counts(0.02, 0.01, 1000, 600)), outcome: unsure, by: 120, says: "requests, has 2"},
		{name: "a baseline that was not read", rule: errors5xx(), slots: every(120, alone(1000, 0)), outcome: unsure, by: 120, says: "empty: the baseline was not read"},
		{name: "a baseline without samples", rule: errors5xx(), slots: every(120, slot{Canary: alone(1000, 0).Canary, Baseline: &side{}}), outcome: unsure, by: 120, says: "nothing was recorded of the baseline"},
		{name: "less is tolerated", rule: policy.Metric{Name: "5xx", Bad: "b", Total: "t", Compare: &policy.Compare{MaxRatio: 0.5}}, slots: every(60, counts(6000, 30, 60000, 300)), outcome: failing},
		{name: "more is tolerated", rule: policy.Metric{Name: "5xx", Bad: "b", Total: "t", Compare: &policy.Compare{MaxRatio: 3}}, slots: every(60, counts(6000, 60, 60000, 300)), outcome: passing, by: 60},

		// A ratio below its limit.
		{name: "below", rule: belowOnePercent(), slots: every(60, alone(600, 1)), outcome: passing, by: 60},
		{name: "clearly above", rule: belowOnePercent(), slots: every(60, alone(600, 30)), outcome: failing, says: ", not below 1 % ("},
		{name: "381 are wanted", rule: belowOnePercent(), slots: every(120, alone(3, 0)), outcome: unsure, by: 120, says: "needs 381 requests, has 360"},
		{name: "how long it takes", rule: belowOnePercent(), slots: every(92, alone(1, 0)), outcome: unsure, open: true, says: "needs 381 requests, has 92; about 4h49m more at 1/min"},
		{name: "381 are there", rule: belowOnePercent(), slots: every(120, alone(3.205, 0)), outcome: passing, by: 119},
		{name: "a point estimate is no proof", rule: belowOnePercent(), slots: every(120, alone(10, 0.09)), outcome: unsure, by: 120},
		{name: "it cannot be shown", rule: belowOnePercent(), slots: every(120, alone(100, 1)), outcome: unsure, by: 120, says: "a share below 1 % cannot be shown"},

		// What is no number.
		{name: "no slots at all", rule: errors5xx(), outcome: unsure, open: true, says: "nothing was read yet"},
		{name: "nothing recorded", rule: errors5xx(), slots: every(120, nothing), outcome: unsure, by: 120, says: "there are no numbers (empty: nothing was recorded)"},
		{name: "NaN", rule: errors5xx(), slots: every(120, broken(timeseries.NotANumber)), outcome: unsure, by: 120, says: "not-a-number: so it is"},
		{name: "infinite", rule: errors5xx(), slots: every(120, counts(math.Inf(1), 0, 100, 0)), outcome: unsure, by: 120, says: "there are no numbers (not-a-counter"},
		{name: "infinitely many bad", rule: belowOnePercent(), slots: every(120, alone(math.Inf(1), math.Inf(1))), outcome: unsure, by: 120, says: "not-a-counter"},
		{name: "a slot counts whole or not at all", rule: policy.Metric{Name: "5xx", Bad: "b", Total: "t", Limit: "<1%", Compare: &policy.Compare{}}, slots: every(120, counts(100, 50, 1e-7, 0)), outcome: unsure, by: 120, says: "is no count"},
		{name: "NaN that nobody noted", rule: errors5xx(), slots: every(120, counts(100, math.NaN(), 100, 0)), outcome: unsure, by: 120, says: "not-a-counter"},
		{name: "more bad than there are", rule: errors5xx(), slots: every(120, counts(5, 6, 100, 0)), outcome: unsure, by: 120, says: "6 bad of 5 cannot be"},
		{name: "fewer than none", rule: belowOnePercent(), slots: every(120, alone(-5, 0)), outcome: unsure, by: 120, says: "cannot be"},
		{name: "a few slots lack", rule: errors5xx(), slots: but(every(60, counts(600, 3, 6000, 30)), nothing, 3, 9, 27), outcome: passing, by: 60},
		{name: "too many lack", rule: errors5xx(), slots: but(every(120, counts(600, 3, 6000, 30)), nothing, 0, 9, 18, 27, 36, 45, 54, 63, 72, 81, 90, 99, 108), outcome: unsure, by: 120, says: "there are no numbers of 13 of 120 slots (empty: nothing was recorded)"},
		{name: "the newest lacks", rule: errors5xx(), slots: but(every(120, counts(600, 3, 6000, 30)), nothing, 59, 60, 119), outcome: passing, by: 62},
		{name: "the last lacks", rule: errors5xx(), slots: but(every(120, counts(1, 0, 1000, 5)), nothing, 119), outcome: unsure, by: 120, says: "there are no numbers of the newest slot"},
		{name: "no data is a fail", rule: errors5xx(), noData: "fail", slots: every(120, nothing), outcome: failing, by: 120, says: "there are no numbers"},
		{name: "no data is no fail before the end", rule: errors5xx(), noData: "fail", slots: every(119, nothing), outcome: unsure, open: true},
		{name: "nobody came, and that is a fail", rule: errors5xx(), noData: "fail", slots: every(120, counts(0, 0, 1000, 5)), outcome: failing, by: 120},
		{name: "too little data is no fail", rule: errors5xx(), noData: "fail", slots: but(every(120, counts(1, 0, 1000, 5)), nothing, 4), outcome: unsure, by: 120},
		{name: "too bad to show is no fail", rule: belowOnePercent(), noData: "fail", slots: but(every(120, alone(100, 1)), nothing, 4), outcome: unsure, by: 120},

		// A source that went away.
		{name: "unreachable", rule: errors5xx(), problem: gone, outcome: unsure, open: true, says: "unreachable: nothing listens"},
		{name: "unreachable later", rule: errors5xx(), slots: every(40, counts(600, 3, 6000, 30)), problem: gone, outcome: unsure, open: true, says: "unreachable: nothing listens"},
		{name: "unreachable after harm", rule: errors5xx(), slots: every(40, counts(60, 3, 1140, 6)), problem: gone, outcome: failing, by: 3},
		{name: "unreachable after all was told", rule: errors5xx(), slots: every(60, counts(600, 3, 6000, 30)), problem: gone, outcome: passing, by: 60},

		// Latencies.
		{name: "as fast as before", rule: speed(""), slots: every(60, fine), outcome: passing, by: 60, says: "slower than 200ms: 10 %, of 1.4.2 10 %"},
		{name: "slower than before", rule: speed(""), slots: every(60, slower), outcome: failing, says: "latency of 1.5.0 is worse than that of 1.4.2: "},
		{name: "fast enough", rule: speed("p95<300ms"), slots: every(60, fine), outcome: passing, by: 60, says: "requests slower than 300ms"},
		{name: "too slow", rule: speed("p95<300ms"), slots: every(60, slower), outcome: failing, says: "requests slower than 300ms of 1.5.0 are"},
		{name: "no bound there", rule: speed("p95<250ms"), slots: every(120, fine), outcome: unsure, by: 120, says: "no bucket ends at 250ms; next to it are 200ms and 300ms"},
		{name: "a limit below all bounds", rule: speed("p95<50ms"), slots: every(120, fine), outcome: unsure, by: 120, says: "next to it are 100ms"},
		{name: "a limit above all bounds", rule: speed("p95<2s"), slots: every(120, fine), outcome: unsure, by: 120, says: "next to it are 1s"},
		{name: "few latencies", rule: speed(""), slots: every(120, buckets(histogramOf(0.0005, 500, 900, 980, 995, 1000, 1000), fine.Baseline.Buckets)), outcome: unsure, by: 120, says: "requests, has 60"},
		{name: "few latencies at the median alone", rule: policy.Metric{Name: "l", Histogram: "h", Compare: &policy.Compare{Quantiles: []float64{0.5}}}, slots: every(120, buckets(histogramOf(0.0001, 500, 900, 980, 995, 1000, 1000), fine.Baseline.Buckets)), outcome: unsure, by: 120, says: "requests, has 12"},
		{name: "no latencies of the old one", rule: speed(""), slots: every(120, buckets(fine.Canary.Buckets, make([]float64, 6))), outcome: unsure, by: 120, says: "no request reached 1.4.2"},
		{name: "buckets that shrink", rule: speed(""), slots: every(120, buckets([]float64{5, 4, 6, 7, 8, 9}, fine.Baseline.Buckets)), outcome: unsure, by: 120, says: "no-buckets"},
		{name: "buckets of another histogram", rule: speed(""), slots: every(120, buckets([]float64{1, 2}, fine.Baseline.Buckets)), outcome: unsure, by: 120, says: "no-buckets"},
		{name: "buckets of NaN", rule: speed("p95<300ms"), slots: every(120, buckets([]float64{math.NaN(), 1, 2, 3, 4, 5}, nil)), outcome: unsure, by: 120, says: "no-buckets"},
		{name: "endless buckets", rule: speed("p95<300ms"), slots: every(120, buckets([]float64{1, 1, 1, 1, 1, math.Inf(1)}, nil)), outcome: unsure, by: 120, says: "no-buckets"},

		// A gauge.
		{name: "within", rule: depth("<1000"), slots: every(60, value(10)), outcome: passing, by: 60, says: "60 readings from 10 to 10, the last 10"},
		{name: "beyond three times", rule: depth("<1000"), slots: but(every(60, value(10)), value(1000), 7, 8, 9), outcome: failing, by: 10, says: "queue of 1.5.0 was beyond its limit in 3 readings in a row: 1,000, wanted <1000, seen after 10m"},
		{name: "beyond twice", rule: depth("<1000"), slots: but(every(60, value(10)), value(1000), 7, 8), outcome: passing, by: 60},
		{name: "beyond at the soak's end", rule: depth("<1000"), slots: but(every(61, value(10)), value(1000), 59), outcome: passing, by: 61},
		{name: "beyond at the very end", rule: depth("<1000"), noData: "fail", slots: but(every(120, value(10)), value(1000), 59, 61, 63, 65, 67, 69, 71, 73, 75, 77, 79, 81, 83, 85, 87, 89, 91, 93, 95, 97, 99, 101, 103, 105, 107, 109, 111, 113, 115, 117, 119), outcome: passing, by: 61},
		{name: "a floor", rule: depth(">0"), slots: every(60, value(0)), outcome: failing, by: 3},
		{name: "for longer", rule: policy.Metric{Name: "queue", Gauge: "g", Limit: "<=5", For: policy.Duration(10 * time.Minute)}, slots: every(60, value(6)), outcome: failing, by: 10},
		{name: "no value", rule: depth("<1000"), slots: every(120, slot{Canary: side{Samples: 3}}), outcome: unsure, by: 120, says: "not-a-number: it has no value"},
		{name: "a value that is none", rule: depth("<1000"), slots: every(120, value(math.NaN())), outcome: unsure, by: 120, says: "not-a-number"},
		{name: "an endless value", rule: depth(">0"), slots: every(120, value(math.Inf(1))), outcome: unsure, by: 120, says: "not-a-number"},
		{name: "as deep as before", rule: compareGauge, slots: every(60, beside(15, 10)), outcome: passing, by: 60},
		{name: "deeper than before", rule: compareGauge, slots: every(60, beside(15.1, 10)), outcome: failing, by: 3, says: "which is more than 1.5 × the 10 of 1.4.2"},
		{name: "as far below zero", rule: compareGauge, slots: every(60, beside(-10, -10)), outcome: passing, by: 60},
		{name: "no baseline of a gauge", rule: compareGauge, slots: every(120, slot{Canary: value(1).Canary, Baseline: &side{Samples: 1}}), outcome: unsure, by: 120, says: "it has no value"},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := rules(test.rule)
			v.NoData = test.noData
			n := judgeNumbers(v, hour(watched{Name: test.rule.Name, Bounds: latencyBounds, Slots: test.slots, Problem: test.problem}))
			holdNumbers(t, n)
			j := n.metrics[0]
			text := j.reason + " | " + j.findings[0].Observed
			if j.outcome != test.outcome || n.settled == test.open || test.by > 0 && n.slots != test.by || !strings.Contains(text, test.says) {
				t.Errorf("%s by %d slots (settled: %v), want %s by %d\n%s\nwants %q", j.outcome, n.slots, n.settled, test.outcome, test.by, text, test.says)
			}
			f := j.findings[0]
			if f.Observed == "" || f.Threshold == "" || f.Next == "" && j.outcome != passing {
				t.Errorf("a finding without what was seen, wanted or comes next: %+v", f)
			}
			if j.outcome == failing && test.noData == "" && j.harmed != n.slots {
				t.Errorf("harm is shown by %d slots, and it was settled by %d", j.harmed, n.slots)
			}
			if !(j.bad >= 0 && j.bad <= 1) {
				t.Errorf("at most %v are bad", j.bad)
			}
			slots := n.slots
			for _, l := range j.lines {
				if n := len(l.canary); n != 0 && n != slots || l.compare != nil && len(l.compare) != n {
					t.Errorf("the line %q has %d and %d points of %d slots", l.title, len(l.canary), len(l.compare), slots)
				}
			}
		})
	}
}

func TestJudgeBudgets(t *testing.T) {
	loose := policy.Metric{Name: "5xx", Bad: "bad", Total: "all", Limit: "<99%"}
	for _, test := range []struct {
		name    string
		over    float64
		slots   []slot
		outcome verdict.Outcome
		says    string
	}{
		{"it burns", 14.4, every(60, alone(100, 30)), failing, "the error budget of 1.5.0 (99%) burns at 14.4 × and more, over 1h (of "},
		{"it burns slowly", 14.4, every(60, alone(100, 5)), passing, "burns at 5 × (300 bad in 6,000 requests)"},
		{"it burnt once", 14.4, append(every(2, alone(100, 20)), every(58, alone(100, 0))...), passing, "burns at 0.67 ×"},
		{"nobody came", 14.4, every(120, alone(0, 0)), unsure, "no request reached 1.5.0"},
		{"too few", 2, every(120, alone(0.5, 0)), unsure, "needs 189 requests, has 30"},
		{"nothing", 14.4, every(120, nothing), unsure, "there are no numbers"},
		{"endlessly many", 14.4, every(120, alone(math.Inf(1), 0)), unsure, "there are no numbers (not-a-counter"},
		{"two of ten are no proof", 14.4, but(every(60, alone(10, 0)), alone(10, 2), 0), passing, "burns at 0.33 ×"},
		{"long, but not surely now", 5, but(every(120, alone(1, 0)), alone(1, 1), 4, 9, 14, 19, 24, 29, 34, 39, 44, 49, 54, 59, 64, 69, 74, 79, 84, 89, 94, 99, 104, 109, 114, 119), unsure, "it cannot be shown to burn slower than 5 ×"},
		{"no counts", 14.4, every(120, alone(1, 2)), unsure, "cannot be"},
		// What it is compared with is no matter of a budget.
		{"no baseline", 14.4, every(60, slot{Canary: alone(100, 0).Canary, Baseline: &side{}}), passing, "burns at 0 ×"},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := judgeNumbers(rules(loose, budget(test.over)), hour(watched{Name: "5xx", Slots: test.slots}))
			holdNumbers(t, n)
			j := n.metrics[1]
			if text := j.reason + " | " + j.findings[0].Observed; j.outcome != test.outcome || !strings.Contains(text, test.says) {
				t.Errorf("%s by %d slots, want %s\n%s\nwants %q", j.outcome, n.slots, test.outcome, text, test.says)
			}
		})
	}
}

// A metric that is only reported warns, keeps nothing up, and makes it no harder to show another one's harm.
func TestReportOnly(t *testing.T) {
	shown := errors5xx()
	shown.Name, shown.ReportOnly = "shown", true
	fine, bad := every(120, counts(600, 3, 6000, 30)), every(120, counts(200, 2, 2000, 10))
	both := func(rule policy.Metric, slots, others []slot) numbers {
		return judgeNumbers(rules(rule, errors5xx()), hour(watched{Name: rule.Name, Slots: slots}, watched{Name: "5xx", Slots: others}))
	}
	n := both(shown, bad, fine)
	if j := n.metrics[0]; j.outcome != verdict.Warned || j.findings[0].Outcome != verdict.Warned || j.harmed == 0 || n.slots != 60 || n.metrics[1].outcome != passing || n.harmful() {
		t.Errorf("it is %s, shown by %d; the other %s by %d", j.outcome, j.harmed, n.metrics[1].outcome, n.slots)
	}
	if n := both(shown, nil, fine); !n.settled || n.metrics[0].outcome != verdict.Warned || n.metrics[1].outcome != passing {
		t.Errorf("without numbers it is %s, the other %s by %d", n.metrics[0].outcome, n.metrics[1].outcome, n.slots)
	}
	alone := judgeNumbers(rules(errors5xx()), hour(watched{Name: "5xx", Slots: bad}))
	if n := both(shown, fine, bad); n.slots != alone.slots || n.metrics[1].outcome != failing {
		t.Errorf("with it harm is shown by %d slots, without it by %d", n.slots, alone.slots)
	}
	counting := shown
	counting.ReportOnly = false
	if n := both(counting, fine, bad); n.slots <= alone.slots || n.metrics[1].outcome != failing {
		t.Errorf("the more is tested the more must be shown; it took %d slots, and %d alone", n.slots, alone.slots)
	}
}

// The more is tested the more requests it takes to pass, for harm would have had to be shown more clearly.
func TestManyMetricsNeedMore(t *testing.T) {
	var v policy.Verify
	w, before := hour(), time.Duration(0)
	for _, name := range []string{"a", "b", "c"} {
		m := errors5xx()
		m.Name = name
		v.Metrics, w.Metrics = append(v.Metrics, m), append(w.Metrics, watched{Name: name, Slots: every(120, counts(1, 0, 1000, 5))})
		n := judgeNumbers(v, w)
		if n.more <= before || n.metrics[0].outcome != unsure {
			t.Errorf("of %d it is %s, and takes %s more; one fewer takes %s", len(v.Metrics), n.metrics[0].outcome, n.more, before)
		}
		before = n.more
	}
}

func TestBudgetWindows(t *testing.T) {
	b := newBurn(budget(14.4), hour())
	for k := range 10 {
		s := alone(float64(10+k), float64(k))
		b.take(s)
	}
	for minutes, want := range map[int]string{1: "19 9", 3: "54 24", 9: "135 45", 10: "145 45", 60: "145 45"} {
		sum := b.window(policy.Duration(time.Duration(minutes) * time.Minute))
		if got := fmt.Sprint(sum.Total, sum.Bad); got != want {
			t.Errorf("of the last %d minutes there are %s, want %s", minutes, got, want)
		}
	}
}

// What is fine so far has not passed because another metric is harmful.
func TestNoPassBeforeTheSoakIsOver(t *testing.T) {
	n := judgeNumbers(rules(errors5xx(), depth("<5")), hour(watched{Name: "5xx", Slots: every(60, counts(200, 2, 2000, 10))}, watched{Name: "queue", Slots: every(60, value(1))}))
	if n.slots <= patience || n.metrics[0].outcome != failing || n.metrics[1].outcome != unsure || !n.settled {
		t.Errorf("they are %s and %s by %d slots", n.metrics[0].outcome, n.metrics[1].outcome, n.slots)
	}
}

// Harm is seen though another metric cannot be read, and nothing passes before it is.
func TestOneOfTwoUnread(t *testing.T) {
	gone := watched{Name: "queue", Slots: every(1, value(1)), Problem: &timeseries.Problem{Name: timeseries.Denied, Detail: "403"}}
	n := judgeNumbers(rules(errors5xx(), depth("<5")), hour(watched{Name: "5xx", Slots: every(60, counts(60, 30, 1140, 6))}, gone))
	if !n.settled || n.metrics[0].outcome != failing || n.metrics[1].outcome != unsure || !n.metrics[1].unread {
		t.Errorf("%+v", n)
	}
	n = judgeNumbers(rules(errors5xx(), depth("<5")), hour(watched{Name: "5xx", Slots: every(120, counts(600, 3, 6000, 30))}, gone))
	if n.settled || n.metrics[0].outcome != unsure || n.metrics[1].outcome != unsure {
		t.Errorf("settled: %v; %s and %s", n.settled, n.metrics[0].outcome, n.metrics[1].outcome)
	}
}

// What nobody should hand over is unsure, and no more.
func TestJudgeNonsense(t *testing.T) {
	all := []policy.Metric{errors5xx(), speed(""), speed("p95<300ms"), depth("<5"), budget(2), {Name: "none"}, {Name: "budget of none", Use: "gone"}}
	for name, w := range map[string]watch{
		"nothing":       {},
		"no width":      {Soak: time.Hour, Max: time.Hour, Metrics: []watched{{Name: "5xx", Slots: every(5, alone(1, 0))}}},
		"below zero":    {Width: -time.Minute, Soak: time.Hour, Max: time.Hour, Metrics: []watched{{Name: "5xx", Slots: every(5, alone(1, 0))}}},
		"no time":       {Width: time.Minute, Metrics: []watched{{Name: "5xx", Slots: every(5, alone(1, 0))}}},
		"of another":    hour(watched{Name: "5xx", Slots: every(120, value(1))}, watched{Name: "latency", Slots: every(120, alone(3, 1))}, watched{Name: "queue", Slots: every(120, alone(3, 1))}),
		"bounds of NaN": hour(watched{Name: "latency", Bounds: []float64{math.NaN(), 1, 1e300}, Slots: every(120, buckets([]float64{1, 2, 3, 4}, []float64{1, 2, 3, 4}))}),
	} {
		for _, j := range judgeNumbers(rules(all...), w).metrics {
			if j.outcome != unsure {
				t.Errorf("%s: %s is %s: %s", name, j.metric.Name, j.outcome, j.reason)
			}
		}
	}
}

// What is written is read back as it was, so that a replay judges the same.
func TestNumbersFromTheRecord(t *testing.T) {
	w := hour(
		watched{Name: "5xx", Slots: but(every(60, counts(600.25, 3, 6000, 30)), broken(timeseries.NotANumber), 5)},
		watched{Name: "latency", Bounds: latencyBounds, Slots: every(60, buckets(histogramOf(1, 500, 900, 980, 995, 1000, 1000), histogramOf(3.3, 500, 900, 980, 995, 1000, 1000)))},
		watched{Name: "queue", Slots: every(50, value(0.1)), Problem: &timeseries.Problem{Name: timeseries.Limited, Detail: "503"}},
	)
	v := rules(errors5xx(), speed(""), depth("<5"), budget(14.4))
	text, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	var again watch
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	if want, got := withoutNaN(judgeNumbers(v, w)), withoutNaN(judgeNumbers(v, again)); !reflect.DeepEqual(want, got) {
		t.Errorf("it was\n%+v\nand is\n%+v", want, got)
	}
}

// withoutNaN makes numbers comparable: NaN is not itself.
func withoutNaN(n numbers) numbers {
	for i := range n.metrics {
		for k := range n.metrics[i].lines {
			l := &n.metrics[i].lines[k]
			for _, values := range [][]float64{l.canary, l.compare} {
				for p, v := range values {
					if math.IsNaN(v) {
						values[p] = -1
					}
				}
			}
			if math.IsNaN(l.limit) {
				l.limit = -1
			}
		}
	}
	return n
}
