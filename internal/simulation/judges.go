package simulation

import (
	"math"
	"slices"

	"github.com/slipway-actions/slipway/internal/sequential"
)

// Columns are the judges, in their order.
var Columns = []string{"Slipway", "Slipway, `dispersion: 3`", "threshold, first failure", "threshold, 4th failure", "Mann-Whitney 2 %", "Kayenta"}

// line is the evidence that shows harm.
var line = math.Log(1 / alpha)

type failing struct{ *sequential.Comparison }

func (f failing) harmful(m minute) bool {
	f.Add(m.canary, m.baseline)
	return f.Peak() >= line
}

type latencies struct{ *sequential.Latency }

func (l latencies) harmful(m minute) bool {
	l.Add(m.slowC, m.slowB)
	return l.Peak() >= line
}

// threshold is the usual check of each minute on its own, which fails at once or after some failures, as
// Argo Rollouts' failureLimit and Flagger's threshold have it.
type threshold struct {
	limit    func(m minute) float64
	failures int // so many are let pass
}

func (t *threshold) harmful(m minute) bool {
	if m.valueC > t.limit(m) {
		t.failures--
	}
	return t.failures < 0
}

// ranks compares the minutes' values of both sides by a Mann-Whitney test at 2 %, looked at every minute.
type ranks struct {
	canary, baseline []float64
	shifts           []float64 // all differences between them, ascending; kept for Kayenta alone
	kayenta          bool
	greater, equal   float64 // pairs in which the canary's is greater, or the same
	ties             map[float64]float64
}

// hour is for how many minutes a test of ranks is looked at; nobody feeds it a day of minutes.
const hour = 60

func (r *ranks) harmful(m minute) bool {
	if len(r.canary) >= hour {
		return false
	}
	r.add(m.valueC, m.valueB)
	if len(r.canary) < 5 { // before that no result would be below 2 %
		return false
	}
	if r.kayenta {
		low, _, shift := interval(r.canary, r.baseline, r.shifts, 0.98)
		return low > 0.25*math.Abs(shift)
	}
	n := float64(len(r.canary))
	u := r.greater + r.equal/2
	return u > n*n/2 && asymptotic(u, n, n, r.tied()) < 0.02
}

func (r *ranks) add(canary, baseline float64) {
	fresh := []float64{canary - baseline}
	r.count(canary, baseline)
	for _, b := range r.baseline {
		r.count(canary, b)
		fresh = append(fresh, canary-b)
	}
	for _, c := range r.canary {
		r.count(c, baseline)
		fresh = append(fresh, c-baseline)
	}
	r.canary, r.baseline = append(r.canary, canary), append(r.baseline, baseline)
	if r.ties == nil {
		r.ties = map[float64]float64{}
	}
	r.ties[canary]++
	r.ties[baseline]++
	if r.kayenta {
		slices.Sort(fresh)
		r.shifts = merged(r.shifts, fresh)
	}
}

func (r *ranks) count(canary, baseline float64) {
	if canary > baseline {
		r.greater++
	} else if canary == baseline {
		r.equal++
	}
}

// tied is Σ t³ − t over the values that occur t times.
func (r *ranks) tied() float64 { return tied(r.ties) }

func merged(a, b []float64) []float64 {
	out := make([]float64, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0] <= b[0] {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}
