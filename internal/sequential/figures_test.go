package sequential

import (
	"flag"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/wording"
)

var update = flag.Bool("update", false, "rewrite testdata/figures.txt")

// figures are what the tests come to for some courses of counts. That they are right is shown elsewhere, against
// Monte Carlo, Fisher's test and the inequalities that they rest on. These hold that they stay the same: another
// figure is another decision for somebody.
var figures = wording.File{Name: "testdata/figures.txt"}

// courses are shares of errors by slot, of the canary and of the baseline.
var courses = map[string]func(slot int) (canary, baseline Counts){
	"calm":             func(i int) (Counts, Counts) { return Counts{100, float64(i % 3)}, Counts{900, float64(9 + i%4)} },
	"worse":            func(i int) (Counts, Counts) { return Counts{100, float64(2 + i%3)}, Counts{900, float64(9 + i%4)} },
	"worse from 20 on": func(i int) (Counts, Counts) { return Counts{100, float64(1 + 5*(i/20))}, Counts{900, 9} },
	"bursts": func(i int) (Counts, Counts) {
		return Counts{100, float64(20 * (1 - min(1, i%7)))}, Counts{900, float64(60 * (1 - min(1, i%5)))}
	},
	"long bursts": func(i int) (Counts, Counts) { return Counts{100, float64(8 * (i / 6 % 2))}, Counts{900, 36} },
	"no errors":   func(i int) (Counts, Counts) { return Counts{100, 0}, Counts{900, 0} },
	"other shares": func(i int) (Counts, Counts) {
		return Counts{float64(50 + 10*(i%4)), 2}, Counts{float64(500 + 100*(i%3)), 6}
	},
	"one side silent": func(i int) (Counts, Counts) { return Counts{float64(i % 2), 0}, Counts{900, 9} },
	"parts":           func(i int) (Counts, Counts) { return Counts{12.5, 0.25}, Counts{0.5, 0.125} },
	"one request":     func(i int) (Counts, Counts) { return Counts{1, float64(i % 2)}, Counts{1, 0} },
}

// told are the slots after which figures are told.
var told = map[int]bool{1: true, 2: true, 3: true, 15: true, 16: true, 17: true, 33: true, 64: true}

func TestComparisonFigures(t *testing.T) {
	for name, course := range courses {
		for _, o := range []Options{{}, {Tolerated: 2}, {Dispersion: 3}, {Tolerated: 0.5, Dispersion: 0.5}, {Dispersion: most}, {Dispersion: 2 * most}} {
			t.Run(fmt.Sprintf("%s, %g and %g", name, o.Tolerated, o.Dispersion), func(t *testing.T) {
				var out strings.Builder
				c := NewComparison(o)
				for i := range 64 {
					if !c.Add(course(i)) {
						t.Fatalf("slot %d is refused", i)
					}
					if told[i+1] {
						low, high := c.Ratio(0.95)
						canary, baseline := c.Totals()
						fmt.Fprintf(&out, "%d: evidence %.6g, peak %.6g, dispersion %.6g, ratio %.4g to %.4g, of %g and %g\n", i+1, c.Evidence(), c.Peak(), c.Dispersion(), low, high, canary, baseline)
					}
				}
				figures.Hold(t, *update, out.String())
			})
		}
	}
}

func TestLimitFigures(t *testing.T) {
	for name, course := range courses {
		for _, limit := range []float64{0, 0.005, 0.02, 0.5, 1, -1} {
			for _, dispersion := range []float64{0, 2} {
				t.Run(fmt.Sprintf("%s below %g, %g", name, limit, dispersion), func(t *testing.T) {
					var out strings.Builder
					l := NewLimit(limit, Options{Dispersion: dispersion})
					for i := range 64 {
						counts, _ := course(i)
						if !l.Add(counts) {
							t.Fatalf("slot %d is refused", i)
						}
						if told[i+1] {
							fmt.Fprintf(&out, "%d: evidence %.6g, peak %.6g, dispersion %.6g, of %g\n", i+1, l.Evidence(), l.Peak(), l.spread.factor(), l.Totals())
						}
					}
					figures.Hold(t, *update, out.String())
				})
			}
		}
	}
}

// buckets are the counts up to each of seven bounds, and of all, where the latency thins out.
func buckets(all, mean float64) []float64 {
	var h []float64
	for _, b := range latencies {
		h = append(h, math.Floor(all*(1-math.Exp(-b/mean))))
	}
	return append(h, all)
}

var latencies = []float64{0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6}

func TestLatencyFigures(t *testing.T) {
	for name, course := range map[string]func(slot int) (canary, baseline []float64){
		"as fast":   func(int) ([]float64, []float64) { return buckets(200, 0.1), buckets(900, 0.1) },
		"slower":    func(int) ([]float64, []float64) { return buckets(200, 0.13), buckets(900, 0.1) },
		"later":     func(i int) ([]float64, []float64) { return buckets(200, 0.1*float64(1+i/8)), buckets(900, 0.1) },
		"few":       func(int) ([]float64, []float64) { return buckets(20, 0.3), buckets(30, 0.1) },
		"very fast": func(int) ([]float64, []float64) { return buckets(200, 0.001), buckets(900, 0.001) },
		"very slow": func(int) ([]float64, []float64) { return buckets(200, 40), buckets(900, 40) },
		"two modes": func(int) ([]float64, []float64) {
			return []float64{0, 10, 20, 20, 20, 180, 180, 200}, []float64{0, 400, 500, 500, 500, 880, 880, 900}
		},
		"silent": func(i int) ([]float64, []float64) {
			return buckets(float64(200*(i%2)), 0.2), buckets(float64(900*(i%3)), 0.1)
		},
	} {
		for _, increase := range []float64{0, 0.2, 1} {
			t.Run(fmt.Sprintf("%s by %g", name, increase), func(t *testing.T) {
				var out strings.Builder
				l := NewLatency([]float64{0.5, 0.95, 0.99}, latencies, increase, Options{})
				for i := range 24 {
					canary, baseline := course(i)
					if !l.Add(canary, baseline) {
						t.Fatalf("slot %d is refused: %v, %v", i, canary, baseline)
					}
					if !told[i+1] && i != 23 {
						continue
					}
					fmt.Fprintf(&out, "%d: evidence %.6g, peak %.6g\n", i+1, l.Evidence(), l.Peak())
					for q, tail := range l.Tails() {
						low, high := l.Ratio(q, 0.95)
						fmt.Fprintf(&out, "    %g at %g: %g and %g, tolerated %.6g, evidence %.6g, dispersion %.6g, ratio %.4g to %.4g\n", tail.Quantile, tail.Boundary, tail.Canary, tail.Baseline, tail.Tolerated, tail.Evidence, tail.Dispersion, low, high)
					}
				}
				figures.Hold(t, *update, out.String())
			})
		}
	}
}

func TestRequestFigures(t *testing.T) {
	var out strings.Builder
	for _, rate := range []float64{1e-13, 1e-12, 0.001, 0.01, 0.3, 1, 1.1} {
		for _, tolerated := range []float64{0, 1.5} {
			for _, ratio := range []float64{1, 1 + 1e-6, 1.5, 2, 10, 1e6, 2e6} {
				for _, share := range []float64{0, 0.05, 0.5, 0.95, 1} {
					fmt.Fprintf(&out, "%g × %g × %g by %g: %g %g\n", rate, tolerated, ratio, share,
						RequestsForComparison(rate, tolerated, ratio, share, 0.01, 0.8), RequestsForComparison(rate, tolerated, ratio, share, 0.2, 0.95))
				}
			}
		}
	}
	for _, alpha := range []float64{0, 1e-12, 0.5, 0.999, 1} {
		for _, power := range []float64{0, 0.01, 0.5, 1 - 1e-12, 1} {
			fmt.Fprintf(&out, "at %g with %g: %g\n", alpha, power, RequestsForComparison(0.01, 1, 2, 0.1, alpha, power))
		}
	}
	for _, bad := range []float64{0, 1, 5, 10, 11} {
		for _, limit := range []float64{0, 1e-13, 1e-12, 0.01, 0.1, 0.5, 1, 1.5} {
			fmt.Fprintf(&out, "%g of 10 below %g: %g %g\n", bad, limit, RequestsForLimit(bad, 10, limit, 0.95), RequestsForLimit(bad, 10, limit, 1))
		}
	}
	fmt.Fprintf(&out, "of none: %g\n", RequestsForLimit(0, 0, 0.01, 0.95))
	for _, n := range []float64{-1, 0, 0.5, 1, 100, 1e5} {
		fmt.Fprintf(&out, "crossed by %g: %.6g %.6g\n", n, crossed(n, 0.01, 0.02, 5), crossed(n, 0.5, 0.02, 5))
	}
	figures.Hold(t, *update, out.String())
}

func TestIntervalFigures(t *testing.T) {
	var out strings.Builder
	for _, total := range []float64{0, 1, 2, 10, 1000, most, 2 * most} {
		for _, bad := range []float64{0, 1, 2, 10, 1000} {
			for _, confidence := range []float64{0, 0.5, 0.95, 1} {
				low, high := Wilson(bad, total, confidence)
				fmt.Fprintf(&out, "%g of %g at %g: %.6g to %.6g\n", bad, total, confidence, low, high)
			}
		}
	}
	for _, p := range [][]float64{nil, {0.01}, {0.01, 0.04, 0.03}, {0.5, 0.6}, {1, 0}, {0.02, 0.02}, {math.NaN(), 0.1}, {-1, 0.1}, {1.5, 0.1}} {
		fmt.Fprintf(&out, "Holm %g: %.6g\n", p, Holm(p))
	}
	figures.Hold(t, *update, out.String())
}

// What makes no sense is refused: each border, and what is beside it.
func TestRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		quantiles, bounds []float64
		increase          float64
		taken             bool
	}{
		"a usual one":          {[]float64{0.5}, []float64{0.1, 0.2}, 0, true},
		"one bound":            {[]float64{0.5}, []float64{0.1}, 0.2, true},
		"the largest increase": {[]float64{0.5}, []float64{0.1}, 1e6, true},
		"beyond it":            {[]float64{0.5}, []float64{0.1}, 1e6 + 0.5, false},
		"a negative increase":  {[]float64{0.5}, []float64{0.1}, -0.1, false},
		"no bound":             {[]float64{0.5}, nil, 0, false},
		"a bound of 0 alone":   {[]float64{0.5}, []float64{0}, 0, false},
		"a bound of 0 first":   {[]float64{0.5}, []float64{0, 1}, 0, true},
		"a bound of 1 last":    {[]float64{0.5}, []float64{0.5, 1}, 0, true},
		"a negative bound":     {[]float64{0.5}, []float64{-1, 1}, 0, false},
		"the largest bound":    {[]float64{0.5}, []float64{1, most}, 0, true},
		"beyond the largest":   {[]float64{0.5}, []float64{1, 2 * most}, 0, false},
		"bounds of one kind":   {[]float64{0.5}, []float64{1, 1}, 0, false},
		"falling bounds":       {[]float64{0.5}, []float64{2, 1}, 0, false},
		"the quantile 0":       {[]float64{0.5, 0}, []float64{1}, 0, false},
		"the quantile 1":       {[]float64{0.5, 1}, []float64{1}, 0, false},
	} {
		l := NewLatency(tt.quantiles, tt.bounds, tt.increase, Options{})
		h := make([]float64, len(tt.bounds)+1)
		if got := l.Add(h, h); got != tt.taken || !tt.taken && len(l.Tails()) != 0 {
			t.Errorf("%s is taken: %t, with %d tails", name, got, len(l.Tails()))
		}
	}
	l := NewLatency([]float64{0.5}, []float64{1}, 0, Options{})
	for _, h := range [][]float64{{1, most}, {0, 0}} {
		if !l.Add(h, h) {
			t.Errorf("%g is refused", h)
		}
	}
	for _, h := range [][]float64{{1, 2 * most}, {-1, 1}, {2, 1}, {1}, {1, 2, 3}, {math.NaN(), 1}, {0, math.NaN()}} {
		if l.Add(h, []float64{0, 0}) || l.Add([]float64{0, 0}, h) {
			t.Errorf("%g is taken", h)
		}
	}
	for _, q := range []int{-1, 1} {
		if low, high := l.Ratio(q, 0.95); low != 0 || !math.IsInf(high, 1) {
			t.Errorf("the quantile %d has a ratio from %g to %g", q, low, high)
		}
	}
	c := NewComparison(Options{})
	c.Add(Counts{10, 1}, Counts{10, 1})
	for _, confidence := range []float64{-1, 0, 1, 2, math.NaN()} {
		if low, high := c.Ratio(confidence); low != 0 || !math.IsInf(high, 1) {
			t.Errorf("at %g the ratio is from %g to %g", confidence, low, high)
		}
	}
}

// Which tolerances and counts are believed: each border, and what is beside it.
func TestBorders(t *testing.T) {
	for given, want := range map[float64]float64{0: 1, 1e-9: 1e-9, 1: 1, 1e6: 1e6, 1e6 + 0.5: 0, -1: 0, math.Inf(1): 0} {
		if got := (Options{Tolerated: given}).tolerated(); got != want {
			t.Errorf("a tolerance of %g is %g, want %g", given, got, want)
		}
	}
	if got := (Options{Tolerated: math.NaN()}).tolerated(); got != 0 {
		t.Errorf("a tolerance that is no number is %g", got)
	}
	for _, c := range []Counts{{0, 0}, {least, 0}, {least, least}, {most, most}, {1, 1}} {
		if !c.valid() {
			t.Errorf("%g is no count", c)
		}
	}
	for _, c := range []Counts{{least / 2, 0}, {2 * most, 0}, {1, 1.5}, {1, -0.5}, {-1, 0}, {0, 1}} {
		if c.valid() {
			t.Errorf("%g is a count", c)
		}
	}
	for _, share := range []float64{1.5, 2 - tiny} {
		if got := RequestsForComparison(0.01, 1, 2, share, 0.01, 0.8); !math.IsInf(got, 1) {
			t.Errorf("with a share of %g it takes %g", share, got)
		}
	}
	for rate, sane := range map[float64]bool{1: true, 1.5: false, 2: false} { // of a baseline in which all is bad, half of it tolerated
		if got := RequestsForComparison(rate, 0.5, 2, 0.5, 0.01, 0.8); math.IsInf(got, 1) == sane {
			t.Errorf("at a rate of %g it takes %g", rate, got)
		}
	}
}
