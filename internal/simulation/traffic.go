package simulation

import (
	"math"
	"math/rand/v2"
	"sort"

	"github.com/slipway-actions/slipway/internal/sequential"
)

// traffic is what both versions are asked, and how often they fail.
type traffic struct {
	canary, baseline float64                                 // the true rates of errors
	since            int                                     // the minute from which on the canary has its own; before it has the baseline's
	requests         func(minute int) (canary, baseline int) // nil is 60 and 1,140
	bursts           bool                                    // errors come in bursts, with three times the variance of independent ones
	spread           bool                                    // and each burst goes on for some minutes
}

func (t traffic) at(minute int) (canary, baseline int) {
	if t.requests == nil {
		return 60, 1140
	}
	return t.requests(minute)
}

// table is the distribution of a count, to draw from.
type table struct {
	first      int
	cumulative []float64
}

// draw is a count.
func (t table) draw(r *rand.Rand) int {
	return t.first + min(sort.SearchFloat64s(t.cumulative, r.Float64()), len(t.cumulative)-1)
}

// binomial is how many of n fail at a rate of p.
func binomial(n int, p float64) table {
	return tableOf(float64(n)*p, math.Sqrt(float64(n)*p*(1-p)), n, func(k int) float64 {
		return choose(n, k) + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p)
	})
}

// poisson is how often something happens that happens mean times on average.
func poisson(mean float64) table {
	return tableOf(mean, math.Sqrt(mean), math.MaxInt32, func(k int) float64 {
		gamma, _ := math.Lgamma(float64(k + 1))
		return float64(k)*math.Log(mean) - mean - gamma
	})
}

func choose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

func tableOf(mean, sd float64, most int, log func(int) float64) table {
	first, last := max(0, int(mean-12*sd-12)), min(most, int(mean+12*sd+12))
	t, sum := table{first: first}, 0.0
	for k := first; k <= last; k++ {
		sum += math.Exp(log(k))
		t.cumulative = append(t.cumulative, sum)
	}
	return t
}

// drawn is the tables of one case, shared by all runs.
type drawn struct {
	traffic traffic
	minutes []sides
}

type sides struct{ canary, baseline table }

func (t traffic) tables(minutes int) drawn {
	type key struct {
		n    int
		rate float64
	}
	known := map[key]table{}
	of := func(n int, rate float64) table {
		k := key{n, rate}
		if _, ok := known[k]; !ok && t.bursts {
			known[k] = poisson(float64(n) * rate / burst)
		} else if !ok {
			known[k] = binomial(n, rate)
		}
		return known[k]
	}
	d := drawn{traffic: t}
	for m := range minutes {
		n, b := t.at(m)
		rate := t.canary
		if m < t.since {
			rate = t.baseline
		}
		d.minutes = append(d.minutes, sides{of(n, rate), of(b, t.baseline)})
	}
	return d
}

// burst is how many errors come together on average. Their number is geometric, so that the variance is
// 2 × burst − 1 = 3 times that of independent errors.
const burst = 2.0

// run is one course of things.
type run struct {
	drawn
	r                *rand.Rand
	minute           int
	canary, baseline pending
}

// pending is the errors of bursts that are still to come, by minutes from now on.
type pending []int

func (u *run) next() minute {
	n, b := u.traffic.at(u.minute)
	t := u.minutes[u.minute]
	u.minute++
	m := minute{canary: u.side(n, t.canary, &u.canary), baseline: u.side(b, t.baseline, &u.baseline)}
	m.valueC, m.valueB = m.canary.Bad/m.canary.Total, m.baseline.Bad/m.baseline.Total
	return m
}

func (u *run) side(requests int, t table, p *pending) sequential.Counts {
	bad := t.draw(u.r)
	if u.traffic.bursts {
		bad = u.burst(bad, p)
	}
	return sequential.Counts{Total: float64(requests), Bad: float64(min(bad, requests))}
}

// burst is the errors of this minute, when so many bursts begin in it.
func (u *run) burst(begin int, p *pending) int {
	for range begin {
		for at := 0; ; {
			if u.traffic.spread {
				for u.r.Float64() < 0.5 { // on average an error comes a minute after the one before
					at++
				}
			}
			for len(*p) <= at {
				*p = append(*p, 0)
			}
			(*p)[at]++
			if u.r.Float64() < 1/burst {
				break
			}
		}
	}
	if len(*p) == 0 {
		return 0
	}
	bad := (*p)[0]
	*p = (*p)[1:]
	return bad
}
