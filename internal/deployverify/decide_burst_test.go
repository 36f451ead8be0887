package deployverify

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// One slot can add little to the evidence of harm, so that a burst is no alarm. It is no reason to pass
// either: as long as the ratio lies wholly above what is tolerated, more requests have to settle it.
func TestBurstDoesNotPass(t *testing.T) {
	calm, busy := counts(60, 3, 60, 3), counts(600, 30, 6000, 300)
	fast := buckets(histogramOf(1, 500, 900, 980, 995, 1000, 1000), histogramOf(4, 500, 900, 980, 995, 1000, 1000))
	stuck := buckets(histogramOf(1, 0, 0, 0, 0, 0, 1000), histogramOf(4, 500, 900, 980, 995, 1000, 1000))
	tolerant := policy.Metric{Name: "5xx", Bad: "b", Total: "t", Compare: &policy.Compare{MaxRatio: 4}}

	for _, test := range []struct {
		name    string
		rule    policy.Metric
		soak    int // slots
		slots   []slot
		outcome verdict.Outcome
		by      int // slots
	}{
		{name: "all of the only slot are bad", rule: errors5xx(), soak: 1, slots: every(1, counts(2000, 2000, 20000, 1000)), outcome: unsure, by: 1},
		{name: "a tenth of the only slot is bad", rule: errors5xx(), soak: 1, slots: every(1, counts(600, 60, 6000, 300)), outcome: unsure, by: 1},
		{name: "all of the newest slot are bad", rule: errors5xx(), soak: 30, slots: but(every(30, calm), counts(60, 60, 60, 3), 29), outcome: unsure, by: 30},
		{name: "the burst wears off", rule: errors5xx(), soak: 1, slots: but(every(30, busy), counts(600, 200, 6000, 300), 0), outcome: passing, by: 14},
		{name: "it was no burst", rule: errors5xx(), soak: 6, slots: append(every(5, calm), every(25, counts(60, 12, 60, 3))...), outcome: failing, by: 12},
		{name: "more is tolerated, and kept", rule: tolerant, soak: 1, slots: every(1, counts(600, 60, 6000, 300)), outcome: passing, by: 1},
		{name: "more is tolerated than that", rule: tolerant, soak: 1, slots: every(1, counts(6000, 3000, 60000, 3000)), outcome: unsure, by: 1},
		{name: "no burst", rule: errors5xx(), soak: 1, slots: every(1, busy), outcome: passing, by: 1},
		{name: "latency: no burst", rule: speed(""), soak: 2, slots: every(2, fast), outcome: passing, by: 2},
		{name: "latency: all of the newest slot are slow", rule: speed(""), soak: 2, slots: []slot{fast, stuck}, outcome: unsure, by: 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := hour(watched{Name: test.rule.Name, Bounds: latencyBounds, Slots: test.slots})
			w.Soak, w.Max = time.Duration(test.soak)*w.Width, max(2*time.Duration(test.soak), 30)*w.Width
			n := judgeNumbers(rules(test.rule), w)
			j := n.metrics[0]
			if j.outcome != test.outcome || n.slots != test.by {
				t.Errorf("%s by %d slots, want %s by %d: %s", j.outcome, n.slots, test.outcome, test.by, j.reason)
			}
			if j.outcome == unsure && !strings.Contains(j.reason, "looks worse than 1.4.2, though not surely enough yet") {
				t.Errorf("it does not say why: %s", j.reason)
			}
		})
	}
}

// A version with a third of the baseline's errors passes, bursts of the baseline's or not.
func TestBetterPasses(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	for n := range 100 {
		w := hour()
		w.Max = 4 * time.Hour
		seen := watched{Name: "5xx", Bounds: latencyBounds}
		rate := 0.003 * float64(1+r.IntN(20))
		for range w.most() {
			s := counts(600, drawn(r, 600, rate/3), 2400, drawn(r, 2400, rate))
			if r.IntN(20) == 0 {
				s.Baseline.Bad = math.Min(2400, s.Baseline.Bad*10)
			}
			seen.Slots = append(seen.Slots, s)
		}
		w.Metrics = []watched{seen}
		if got := judgeNumbers(rules(errors5xx()), w); outcomeOf(got) != "fine" {
			t.Errorf("%d, at %v: %s: %s", n, rate, got.verdicts(), got.metrics[0].reason)
		}
	}
}
