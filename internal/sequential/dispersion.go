package sequential

import "math"

// Errors come in bursts: one bad request brings others along. Then the variance of counts is φ times that
// of independent ones, and evidence is worth a φ-th: the log likelihood ratios are divided by φ. For
// bursts of φ errors each that is exact.
//
// Where φ is not given it is estimated from the very slots that are judged. That cannot do harm where
// errors are independent: φ is at least 1, and a mean of φ-th roots of e-values is at most the φ-th root of
// their mean, so the evidence is never more than it would be without. With bursts it is no theorem, but
// `make sim` shows what comes of it.
//
// A burst that comes in the first minutes meets an estimate that knows nothing yet. So one slot alone can
// add no more than slotMost to the evidence of any alternative, so that it takes two at least; to take
// evidence away is always allowed. Whoever gives φ knows better.
const slotMost = 2.7

// Bursts may be longer than a slot, so that neighbours hang together and slots alone look calm. So what is
// looked at are also groups of slots, and the worst of all counts.
var groups = [...]int{1, 4, 16}

const (
	prior  = 4.0 // slots without bursts that are believed beforehand, so that few slots make no estimate
	margin = 0.6 // what is added to an estimate that is clearly above 1, for it is one
)

// factor is an upper estimate of φ, from squared deviations and how many there are: it is their mean,
// drawn towards 1 where they are few, and put up where chance hardly explains it.
func factor(chi, n, variance float64) float64 {
	if !(n > 0) || !(chi > 0) {
		return 1
	}
	surprise := (chi - n) / math.Sqrt(variance*(n+1))
	up := 1 + margin*math.Max(0, math.Min(1, (surprise-1)/2))
	if f := up * (chi + prior) / (n + prior); f > 1 {
		return f
	}
	return 1
}

func capped(gain, given float64) float64 {
	if given > 0 {
		return gain
	}
	return math.Min(slotMost, gain)
}

// given is the dispersion that the caller knows; 0 where it is to be estimated.
func given(dispersion float64) float64 {
	if dispersion > 0 && dispersion <= most {
		return math.Max(1, dispersion)
	}
	return 0
}

// split is the dispersion of how errors are shared out between two sides. What happens to both sides at
// the same time, such as a busy hour, does not count as a burst: it is no trouble to a comparison.
type split struct {
	given            float64
	canary, baseline Counts
	groups           [len(groups)]splitGroup
}

// splitGroup sums up squared deviations of groups of slots from a ratio θ that is only known in the end.
// Given x errors in all, x_c·n_b − θ·x_b·n_c has the variance θ·n_c·n_b·x. So the sum of its squares over
// that is (a − 2θ·b + θ²·c) / θ.
type splitGroup struct {
	slots            int
	canary, baseline Counts
	a, b, c, n       float64
}

func (s *split) add(canary, baseline Counts) {
	s.canary, s.baseline = s.canary.plus(canary), s.baseline.plus(baseline)
	for i := range s.groups {
		s.groups[i].add(canary, baseline, groups[i])
	}
}

func (g *splitGroup) add(canary, baseline Counts, size int) {
	g.canary, g.baseline = g.canary.plus(canary), g.baseline.plus(baseline)
	if g.slots++; g.slots < size {
		return
	}
	if x := g.canary.Bad + g.baseline.Bad; x > 0 {
		share := g.canary.Total / g.baseline.Total
		g.a += g.canary.Bad * (g.canary.Bad / x) / share
		g.b += g.canary.Bad * (g.baseline.Bad / x)
		g.c += g.baseline.Bad * (g.baseline.Bad / x) * share
		g.n++
	}
	g.slots, g.canary, g.baseline = 0, Counts{}, Counts{}
}

func (s *split) factor() float64 {
	if s.given > 0 || s.canary.Total == 0 || s.baseline.Total == 0 {
		return math.Max(1, s.given)
	}
	// Half an error more on each side, so that none is no division by zero.
	theta := (s.canary.Bad + 0.5) / s.canary.Total / ((s.baseline.Bad + 0.5) / s.baseline.Total)
	worst := 1.0
	for _, g := range s.groups {
		worst = math.Max(worst, factor(g.a/theta-2*g.b+theta*g.c, g.n-1, 2))
	}
	return worst
}

// series is the dispersion of one side over time, from the differences between neighbours: a rate that
// jumps once, or that changes slowly, is no burst.
type series struct {
	given  float64
	seen   Counts
	groups [len(groups)]seriesGroup
}

type seriesGroup struct {
	slots       int
	now, before Counts
	squares, n  float64
}

func (s *series) add(c Counts) {
	s.seen = s.seen.plus(c)
	for i := range s.groups {
		s.groups[i].add(c, groups[i])
	}
}

func (g *seriesGroup) add(c Counts, size int) {
	g.now = g.now.plus(c)
	if g.slots++; g.slots < size {
		return
	}
	if a, b := g.before, g.now; a.Total > 0 {
		difference := b.Bad/b.Total - a.Bad/a.Total
		g.squares += difference * difference / (1/a.Total + 1/b.Total)
		g.n++
	}
	g.slots, g.before, g.now = 0, g.now, Counts{}
}

func (s *series) factor() float64 {
	if s.given > 0 || s.seen.Bad == 0 {
		return math.Max(1, s.given)
	}
	worst := 1.0
	for _, g := range s.groups {
		// Differences of neighbours hang together: their squares spread by half as much again.
		worst = math.Max(worst, factor(g.squares/(s.seen.Bad/s.seen.Total), g.n, 3))
	}
	return worst
}
