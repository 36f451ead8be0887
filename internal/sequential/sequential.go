// Package sequential judges counts that come in slot by slot, by tests that stay right however often one
// looks and whenever one stops (e-processes). It does no I/O.
//
// Evidence is the natural logarithm of an e-value: where there is no harm its mean is at most 1 at any
// time, so the chance that it ever reaches 1/α is at most α (Ville's inequality). See Ramdas, Grünwald,
// Vovk & Shafer, "Game-theoretic statistics and safe anytime-valid inference", arXiv 2210.01948.
//
// Nothing here panics, and what is no count (negative, NaN, infinite, more bad ones than there are) is
// refused whole: Add tells so, and nothing is changed by it.
package sequential

import "math"

// Counts is one side in one slot: how many there were, and how many of them were bad. Shares of a count
// are allowed.
type Counts struct{ Total, Bad float64 }

// A total of none, or of least to most is believed. Beyond, floating point would lose single errors.
const least, most = 1e-6, 1e15

func (c Counts) valid() bool {
	return c.Bad >= 0 && c.Bad <= c.Total && (c.Total == 0 || c.Total >= least && c.Total <= most)
}

func (c Counts) plus(d Counts) Counts { return Counts{c.Total + d.Total, c.Bad + d.Bad} }

// Options are what all tests have in common.
type Options struct {
	Tolerated  float64 // how many times the baseline's rate is tolerated; 0 is 1
	Dispersion float64 // variance of the errors, times that of independent ones; 0 (or what is none) is estimated as the data comes, 1 is none
}

// tolerated is 0, which no test takes for anything, where it makes no sense.
func (o Options) tolerated() float64 {
	switch {
	case o.Tolerated == 0:
		return 1
	case o.Tolerated > 0 && o.Tolerated <= 1e6:
		return o.Tolerated
	}
	return 0
}

// alternatives are how many times worse than tolerated it might be, and how much is bet on each. Where the
// regression lies is not known beforehand; what is bet on the wrong ones is lost, so there are few, and the
// most is bet on those that matter and are hard to see.
var alternatives = []struct{ ratio, weight float64 }{
	{1.1, 0.04}, {1.2, 0.06}, {1.4, 0.10}, {1.7, 0.16}, {2.1, 0.20}, {3, 0.14}, {4.2, 0.14}, {7, 0.07}, {11, 0.06}, {25, 0.03},
}

// bets and ratios are the logs of the alternatives.
var bets, ratios = func() (bets, ratios []float64) {
	for _, a := range alternatives {
		bets, ratios = append(bets, math.Log(a.weight)), append(ratios, math.Log(a.ratio))
	}
	return bets, ratios
}()

// bet is the evidence of all alternatives together.
func bet(logs []float64, dispersion float64) float64 {
	var weighed [20]float64
	for i, l := range logs {
		weighed[i] = bets[i] + l/dispersion
	}
	return logSum(weighed[:len(logs)]...)
}

// logSum is log Σ exp(l), without overflow; of nothing it is -Inf.
func logSum(logs ...float64) float64 {
	top := math.Inf(-1)
	for _, l := range logs {
		top = math.Max(top, l)
	}
	if math.IsInf(top, 0) || math.IsNaN(top) {
		return top
	}
	sum := 0.0
	for _, l := range logs {
		sum += math.Exp(l - top)
	}
	return top + math.Log(sum)
}

// Average is the log of the mean of e-values that are given as logs. It is the evidence of all of them
// together, whatever hangs together among them. What is NaN counts as no evidence at all (an e-value of 0);
// of none it is 0.
func Average(logs ...float64) float64 {
	if len(logs) == 0 {
		return 0
	}
	known := make([]float64, 0, len(logs))
	for _, l := range logs {
		if !math.IsNaN(l) {
			known = append(known, l)
		}
	}
	return logSum(known...) - math.Log(float64(len(logs)))
}

// evidence follows the largest that it ever was. An e-process begins at 1.
type evidence struct{ now, peak float64 }

func (e *evidence) set(now float64) {
	e.now, e.peak = now, math.Max(e.peak, now)
}

// Evidence is the natural logarithm of the e-value after the last slot; 0 before the first.
func (e *evidence) Evidence() float64 { return e.now }

// Peak is the largest evidence so far, at least 0. exp(-Peak) is a p-value that is valid at any time.
func (e *evidence) Peak() float64 { return e.peak }
