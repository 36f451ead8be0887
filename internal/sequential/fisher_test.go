package sequential

import (
	"math"
	"math/rand/v2"
	"testing"
)

// fisher is the one-sided p-value of Fisher's exact test: so many bad ones of the canary and more, given how
// many there are in all. It is for one look, and what Comparison, which is for many, has to be behind.
func fisher(canary, baseline Counts) float64 {
	choose := func(n, k float64) float64 {
		a, _ := math.Lgamma(n + 1)
		b, _ := math.Lgamma(k + 1)
		c, _ := math.Lgamma(n - k + 1)
		return a - b - c
	}
	bad, p := canary.Bad+baseline.Bad, 0.0
	for x := canary.Bad; x <= min(bad, canary.Total); x++ {
		if bad-x <= baseline.Total {
			p += math.Exp(choose(canary.Total, x) + choose(baseline.Total, bad-x) - choose(canary.Total+baseline.Total, bad))
		}
	}
	return min(p, 1)
}

func TestFisher(t *testing.T) {
	if p := fisher(Counts{100, 5}, Counts{1900, 10}); math.Abs(p-5.6920e-4) > 5e-9 {
		t.Errorf("%v", p)
	}
}

// Who may look as often as he likes needs more evidence than who looks once: wherever one look of Comparison
// shows harm at 1 %, the exact test does, too.
func TestMoreIsNeededThanForOneLook(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 11))
	shown := 0
	for range 3000 {
		canary, baseline := Counts{Total: float64(20 + random.IntN(500))}, Counts{Total: float64(200 + random.IntN(4000))}
		rate := 0.002 + 0.05*random.Float64()
		times := 1 + 6*random.Float64()
		for range int(canary.Total) {
			if random.Float64() < min(1, times*rate) {
				canary.Bad++
			}
		}
		for range int(baseline.Total) {
			if random.Float64() < rate {
				baseline.Bad++
			}
		}
		c := NewComparison(Options{Dispersion: 1})
		c.Add(canary, baseline)
		if math.Exp(-c.Peak()) > 0.01 {
			continue
		}
		shown++
		if p := fisher(canary, baseline); p > 0.01 {
			t.Errorf("%v beside %v: the evidence is %v, and Fisher's p %v", canary, baseline, math.Exp(c.Peak()), p)
		}
	}
	if shown < 100 {
		t.Errorf("harm was shown %d times; the test should see it often", shown)
	}
}
