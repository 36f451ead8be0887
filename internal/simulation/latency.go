package simulation

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"
)

// answers are requests whose latencies are log-normal: many quick ones and a long tail, as services have.
type answers struct {
	bounds  []float64 // of the buckets, in seconds
	times   float64   // how many times as long the canary's take
	canary  []float64 // the shares up to each bound
	control []float64
	r       *rand.Rand
}

// The baseline's median is 100 ms and its p95 373 ms.
const (
	median = 0.1
	sigma  = 0.8
)

// Bounds of buckets: those that Prometheus' clients have by themselves, and finer ones, each a tenth above
// the one before.
var (
	prometheusBounds = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}
	fineBounds       = func() []float64 {
		var bounds []float64
		for b := 0.005; b < 10; b *= 1.1 {
			bounds = append(bounds, b)
		}
		return bounds
	}()
)

func newAnswers(bounds []float64, times float64, r *rand.Rand) *answers {
	return &answers{bounds, times, shares(bounds, times*median), shares(bounds, median), r}
}

func shares(bounds []float64, median float64) []float64 {
	var up []float64
	for _, b := range bounds {
		up = append(up, math.Erfc(-math.Log(b/median)/sigma/math.Sqrt2)/2)
	}
	return up
}

func (a *answers) next() minute {
	m := minute{slowC: a.draw(a.canary, 60), slowB: a.draw(a.control, 1140)}
	m.valueC, m.valueB = p95(a.bounds, m.slowC), p95(a.bounds, m.slowB)
	return m
}

// draw is a cumulative histogram of so many answers.
func (a *answers) draw(up []float64, n int) []float64 {
	h := make([]float64, len(up)+1)
	for range n {
		h[sort.SearchFloat64s(up, a.r.Float64())]++
	}
	for i := 1; i < len(h); i++ {
		h[i] += h[i-1]
	}
	return h
}

// p95 is what histogram_quantile makes of a histogram.
func p95(bounds, h []float64) float64 {
	rank := 0.95 * h[len(h)-1]
	i, _ := slices.BinarySearch(h, rank)
	if i >= len(bounds) {
		return bounds[len(bounds)-1]
	}
	from, below := 0.0, 0.0
	if i > 0 {
		from, below = bounds[i-1], h[i-1]
	}
	return from + (bounds[i]-from)*(rank-below)/(h[i]-below)
}
