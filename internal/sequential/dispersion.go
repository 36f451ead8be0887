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

// differences are those between neighbouring groups of slots, squared, each over its variance.
type differences struct {
	squares, n float64
	largest    [2]float64 // of the squares, descending
}

func (d *differences) add(moved, variance float64) {
	if variance > 0 {
		square := moved * moved / variance
		d.squares, d.n = d.squares+square, d.n+1
		if square > d.largest[0] {
			d.largest[0], square = square, d.largest[0]
		}
		d.largest[1] = math.Max(d.largest[1], square)
	}
}

// factor is an upper estimate of φ: the mean of the squares, drawn towards 1 where they are few, and put up
// where chance hardly explains it. Once there are many the two largest are left out, for a rate that jumps
// once, maybe in the midst of a group, is no burst. As neighbours have a group in common, the variance of the sum is 3 for each.
func (d *differences) factor() float64 {
	squares, n := d.squares, d.n
	if n >= 16 {
		squares, n = squares-d.largest[0]-d.largest[1], n-2
	}
	if n == 0 {
		return 1
	}
	surprise := (squares - n) / math.Sqrt(3*n)
	up := 1 + margin*math.Max(0, math.Min(1, (surprise-1)/2))
	return math.Max(1, up*(squares+prior)/(n+prior))
}

// capOf is the most that one slot can add, where φ is given or not.
func capOf(given float64) float64 {
	if given > 0 {
		return math.Inf(1)
	}
	return slotMost
}

// given is the dispersion that the caller knows; 0 where it is to be estimated.
func given(dispersion float64) float64 {
	if dispersion > 0 && dispersion <= most {
		return math.Max(1, dispersion)
	}
	return 0
}

// split is the dispersion of how errors are shared out between two sides, from the differences between
// neighbouring slots: a rate that jumps once, or that changes slowly, is no burst. What happens to both
// sides at the same time, such as a busy hour, is none either: it is no trouble to a comparison.
type split struct {
	given            float64
	canary, baseline Counts
	groups           [len(groups)]splitGroup
}

type splitGroup struct {
	differences
	slots     int
	now, last [2]Counts // canary, baseline
}

func (s *split) add(canary, baseline Counts) {
	s.canary, s.baseline = s.canary.plus(canary), s.baseline.plus(baseline)
	if s.given > 0 {
		return
	}
	// What the canary's rate is, times the baseline's. Half an error more on each side, so that none is no
	// division by zero.
	ratio := (s.canary.Bad + 0.5) / s.canary.Total / ((s.baseline.Bad + 0.5) / s.baseline.Total)
	for i := range s.groups {
		s.groups[i].add(canary, baseline, ratio, groups[i])
	}
}

func (g *splitGroup) add(canary, baseline Counts, ratio float64, size int) {
	g.now[0], g.now[1] = g.now[0].plus(canary), g.now[1].plus(baseline)
	if g.slots++; g.slots < size {
		return
	}
	if g.last[0].Total > 0 {
		moved, variance := change(g.last[0], g.now[0])
		expected, more := change(g.last[1], g.now[1])
		g.differences.add(moved-ratio*expected, variance+ratio*ratio*more)
	}
	g.slots, g.last, g.now = 0, g.now, [2]Counts{}
}

// change is by how much a rate grew, and the variance of that if errors are independent.
func change(from, to Counts) (moved, variance float64) {
	return to.Bad/to.Total - from.Bad/from.Total, from.Bad/from.Total/from.Total + to.Bad/to.Total/to.Total
}

func (s *split) factor() float64 {
	worst := math.Max(1, s.given)
	if s.given > 0 {
		return worst
	}
	for _, g := range s.groups {
		worst = math.Max(worst, g.factor())
	}
	return worst
}

// series is the same of one side alone.
type series struct {
	given  float64
	groups [len(groups)]seriesGroup
}

type seriesGroup struct {
	differences
	slots     int
	now, last Counts
}

func (s *series) add(c Counts) {
	if s.given > 0 {
		return
	}
	for i := range s.groups {
		s.groups[i].add(c, groups[i])
	}
}

func (g *seriesGroup) add(c Counts, size int) {
	g.now = g.now.plus(c)
	if g.slots++; g.slots < size {
		return
	}
	if g.last.Total > 0 {
		g.differences.add(change(g.last, g.now))
	}
	g.slots, g.last, g.now = 0, g.now, Counts{}
}

func (s *series) factor() float64 {
	worst := math.Max(1, s.given)
	if s.given > 0 {
		return worst
	}
	for _, g := range s.groups {
		worst = math.Max(worst, g.factor())
	}
	return worst
}
