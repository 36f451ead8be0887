package sequential

import "math"

// Limit is evidence that a rate is above a limit: the likelihood ratio of Bernoulli trials, whose mean is
// at most 1 for any rate up to the limit.
type Limit struct {
	evidence
	limit  float64 // NaN where it is none
	spread series
	logs   []float64
	seen   Counts
}

// NewLimit begins one. With a limit of 0 the first bad one is all the evidence there can be (+Inf); a limit
// of 1 or more, or one that is no number, is never exceeded.
func NewLimit(rate float64, o Options) *Limit {
	if !(rate >= 0 && rate < 1) {
		rate = math.NaN()
	}
	return &Limit{limit: rate, spread: series{given: given(o.Dispersion)}, logs: make([]float64, len(alternatives))}
}

// Add takes the next slot. It is false, and nothing is changed, where that is no count.
func (l *Limit) Add(c Counts) bool {
	if !c.valid() {
		return false
	}
	if c.Total == 0 {
		return true
	}
	l.spread.add(c)
	l.seen = l.seen.plus(c)
	switch {
	case math.IsNaN(l.limit):
		return true
	case l.limit == 0:
		if c.Bad > 0 {
			l.set(math.Inf(1))
		}
		return true
	}
	odds, most := l.limit/(1-l.limit), capOf(l.spread.given)
	whole := math.Log1p(odds)
	for i, a := range alternatives {
		// With odds ρ times those of the limit: (1 + odds) / (1 + ρ·odds) for each, and ρ more for each bad one.
		l.logs[i] += math.Min(most, c.Bad*ratios[i]-c.Total*(math.Log1p(a.ratio*odds)-whole))
	}
	l.set(bet(l.logs, l.spread.factor()))
	return true
}

// Totals are what was seen.
func (l *Limit) Totals() Counts { return l.seen }
