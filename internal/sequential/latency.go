package sequential

import (
	"math"
	"slices"
)

// Latency holds the canary's latencies against the baseline's, from histograms: evidence that they are
// longer than the baseline's would be if each took the tolerated increase longer.
//
// For each quantile a boundary is taken from the buckets' bounds, next to where the baseline's quantile
// lies, and it is counted who is slower than that: on the canary's side slower than the boundary, on the
// baseline's slower than boundary / (1 + increase). These two are compared as errors are. Where that
// lies within a bucket a part of the bucket counts; a part of a request is as good as a whole one, for
// c^w ≤ 1 − w + w·c for any part w. Boundaries and parts come from earlier slots only. The quantiles'
// e-values are averaged.
type Latency struct {
	evidence
	bounds   []float64
	increase float64
	tails    []tail
	seen     []float64 // of the baseline, in all slots so far
}

// Tail is one quantile of a Latency.
type Tail struct {
	Quantile  float64
	Boundary  float64 // one of the bounds; NaN where there is none yet
	Canary    Counts  // since it is the boundary; bad is slower than it
	Baseline  Counts  // likewise
	Tolerated float64 // how many of the baseline's would be slower than it if each took the tolerated increase longer, at most
	Evidence  float64
	// Dispersion is by how much slow requests come in bursts, as Comparison reckons with it.
	Dispersion float64
}

type tail struct {
	Tail
	compared *Comparison
	bound    int     // its number, -1 where there is none
	known    float64 // how many requests it was placed by
}

// settled is by how many requests of the baseline a boundary is placed that stays.
const settled = 1000

// NewLatency begins one. Bounds are the upper bounds of the buckets, ascending, without the last, which is
// +Inf; maxIncrease is 0.2 for a tolerated 20 %. What makes no sense (bounds that do not ascend, a quantile
// that is none, a negative increase) has Add refuse everything.
func NewLatency(quantiles, bounds []float64, maxIncrease float64, o Options) *Latency {
	l := &Latency{increase: maxIncrease}
	for i, b := range bounds {
		if !(b >= 0 && b <= most) || i > 0 && b <= bounds[i-1] {
			return l
		}
	}
	if !(maxIncrease >= 0 && maxIncrease <= 1e6) || len(bounds) == 0 || bounds[len(bounds)-1] == 0 {
		return l
	}
	for _, q := range quantiles {
		if !(q > 0 && q < 1) {
			l.tails = nil
			return l
		}
		l.tails = append(l.tails, tail{Tail{Quantile: q, Boundary: math.NaN()}, NewComparison(o), -1, 0})
	}
	l.bounds, l.seen = slices.Clone(bounds), make([]float64, len(bounds)+1)
	return l
}

// Add takes the next slot: by how much the count up to each bound grew, and last that of all. It is false,
// and nothing is changed, where a side is no histogram of these bounds. The first slot with requests of the
// baseline tells where the boundaries lie and is not compared.
func (l *Latency) Add(canary, baseline []float64) bool {
	if !l.histogram(canary) || !l.histogram(baseline) {
		return false
	}
	all := len(l.bounds)
	logs := make([]float64, len(l.tails))
	for i := range l.tails {
		t := &l.tails[i]
		l.bind(t)
		if t.bound >= 0 && canary[all] > 0 && baseline[all] > 0 {
			slower := Counts{canary[all], canary[all] - canary[t.bound]}
			tolerated := Counts{baseline[all], l.slower(baseline, l.bounds[t.bound]/(1+l.increase))}
			t.compared.Add(slower, tolerated)
			t.Canary = t.Canary.plus(slower)
			t.Baseline = t.Baseline.plus(Counts{baseline[all], baseline[all] - baseline[t.bound]})
			t.Tolerated += tolerated.Bad
			t.Evidence = t.compared.Evidence()
		}
		logs[i] = t.Evidence
	}
	for i, n := range baseline {
		l.seen[i] += n
	}
	l.set(Average(logs...))
	return true
}

// Tails are the quantiles, in the order that they were asked for.
func (l *Latency) Tails() []Tail {
	tails := make([]Tail, len(l.tails))
	for i, t := range l.tails {
		tails[i] = t.Tail
		tails[i].Dispersion = t.compared.Dispersion()
	}
	return tails
}

// Ratio is an interval of how many times as many of the canary's requests as are tolerated are slower than
// the boundary of a quantile, by its number.
func (l *Latency) Ratio(quantile int, confidence float64) (low, high float64) {
	if quantile < 0 || quantile >= len(l.tails) {
		return 0, math.Inf(1)
	}
	return l.tails[quantile].compared.Ratio(confidence)
}

// Exceeds tells whether for any quantile the whole interval of Ratio lies above 1, or what else is tolerated.
func (l *Latency) Exceeds(confidence float64) bool {
	for i := range l.tails {
		if l.tails[i].compared.Exceeds(confidence) {
			return true
		}
	}
	return false
}

func (l *Latency) histogram(h []float64) bool {
	if len(l.bounds) == 0 || len(h) != len(l.bounds)+1 || !(h[len(h)-1] <= most) {
		return false
	}
	for i, n := range h {
		if !(n >= 0) || i > 0 && n < h[i-1] {
			return false
		}
	}
	return true
}

// bind places the boundary of a quantile, until that was done by enough.
func (l *Latency) bind(t *tail) {
	all := l.seen[len(l.bounds)]
	if all == 0 || t.known >= settled {
		return
	}
	t.known = all
	// The highest bound that lies at the quantile or below shows the most, for more requests are slower
	// than it than are slower than the one above. But where nearly all are, that says nothing.
	at, bound := l.quantile(t.Quantile)*1.1, 0
	for bound < len(l.bounds)-1 && (l.bounds[bound+1] <= at || l.tail(bound) > 0.9 || l.bounds[bound] == 0) {
		bound++
	}
	if bound != t.bound {
		t.bound, t.Boundary = bound, l.bounds[bound]
		t.Canary, t.Baseline, t.Tolerated = Counts{}, Counts{}, 0
	}
}

// quantile is where a quantile of the baseline lies, or the last bound where it lies beyond.
func (l *Latency) quantile(q float64) float64 {
	rank := q * l.seen[len(l.bounds)]
	for i, n := range l.seen[:len(l.bounds)] {
		if n >= rank && n > 0 {
			from, below := l.under(i)
			return from + (l.bounds[i]-from)*(rank-below)/math.Max(n-below, math.SmallestNonzeroFloat64)
		}
	}
	return l.bounds[len(l.bounds)-1]
}

// under is where a bucket begins, and how many lie below it.
func (l *Latency) under(i int) (bound, below float64) {
	if i == 0 {
		return 0, 0
	}
	return l.bounds[i-1], l.seen[i-1]
}

// tail is the share of the baseline that is slower than a bound; of the number -1, all of it.
func (l *Latency) tail(i int) float64 {
	if i < 0 {
		return 1
	}
	all := l.seen[len(l.bounds)]
	return (all - l.seen[i]) / all
}

// slower is how many of a slot's requests took longer than some time, as an upper estimate.
func (l *Latency) slower(slot []float64, than float64) float64 {
	i, exact := slices.BinarySearch(l.bounds, than)
	all := slot[len(slot)-1]
	switch {
	case exact:
		return all - slot[i]
	case i == 0:
		return all
	}
	return all - slot[i] + l.part(i, than)*(slot[i]-slot[i-1])
}

// part is how much of a bucket lies above some time, as an upper estimate, from what was seen so far.
// How requests lie within a bucket nobody knows. Where buckets thin out it is taken that they do so within
// one too: evenly at most, and where also the share that ends in a bucket, of those that come to it, falls
// (as with latencies of a long tail), exponentially at most. Else all of it counts.
func (l *Latency) part(i int, than float64) float64 {
	const few = 100
	if i == 0 || l.seen[len(l.bounds)] < few {
		return 1
	}
	from, _ := l.under(i)
	before, _ := l.under(i - 1)
	width, widthBefore := l.bounds[i]-from, from-before
	mass, massBefore := l.tail(i-1)-l.tail(i), l.tail(i-2)-l.tail(i-1)
	if mass <= 0 || mass*widthBefore > massBefore*width {
		return 1
	}
	even := (l.bounds[i] - than) / width
	if l.tail(i) <= 0 {
		return even
	}
	ending, endingBefore := math.Log(l.tail(i-1)/l.tail(i)), math.Log(l.tail(i-2)/l.tail(i-1))
	if ending*widthBefore > endingBefore*width {
		return even
	}
	at := l.tail(i) * math.Exp(ending*even)
	return math.Min(even, (at-l.tail(i))/mass)
}
