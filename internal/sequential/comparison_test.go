package sequential

import (
	"math"
	"math/rand/v2"
	"testing"
)

// slots are counts of both sides.
type slots [][2]Counts

func feed(o Options, all slots) *Comparison {
	c := NewComparison(o)
	for _, s := range all {
		c.Add(s[0], s[1])
	}
	return c
}

func repeated(n int, canary, baseline Counts) slots {
	all := slots{}
	for range n {
		all = append(all, [2]Counts{canary, baseline})
	}
	return all
}

var harm = math.Log(100) // the evidence that shows it at α = 1 %

func TestComparison(t *testing.T) {
	for _, c := range []struct {
		name  string
		o     Options
		slots slots
		harm  bool
	}{
		{"ten times as many errors", Options{}, repeated(3, Counts{60, 3}, Counts{1140, 6}), true},
		{"the same rate", Options{}, repeated(1000, Counts{60, 3}, Counts{1140, 57}), false},
		{"a lower rate", Options{}, repeated(1000, Counts{60, 1}, Counts{1140, 57}), false},
		{"twice as many, which is tolerated", Options{Tolerated: 2}, repeated(1000, Counts{60, 2}, Counts{1140, 19}), false},
		{"four times as many, of which two are tolerated", Options{Tolerated: 2}, repeated(100, Counts{60, 4}, Counts{1140, 19}), true},
		{"no errors at all", Options{}, repeated(1000, Counts{60, 0}, Counts{1140, 0}), false},
		{"no errors in the baseline alone", Options{}, repeated(10, Counts{60, 2}, Counts{1140, 0}), true},
		{"no errors in the canary alone", Options{}, repeated(10, Counts{60, 0}, Counts{1140, 10}), false},
		{"every request of the canary", Options{}, repeated(3, Counts{60, 60}, Counts{1140, 6}), true},
		{"every request of the baseline", Options{}, repeated(100, Counts{60, 0}, Counts{1140, 1140}), false},
		{"every request of both", Options{}, repeated(1000, Counts{60, 60}, Counts{1140, 1140}), false},
		{"no request of the canary", Options{}, repeated(100, Counts{}, Counts{1140, 6}), false},
		{"no request of the baseline", Options{}, repeated(100, Counts{60, 60}, Counts{}), false},
		{"none of the canary, then ten times as many errors", Options{}, append(repeated(9, Counts{}, Counts{1140, 6}), repeated(3, Counts{60, 3}, Counts{1140, 6})...), true},
		{"none of the baseline, then ten times as many errors", Options{}, append(repeated(9, Counts{60, 3}, Counts{}), repeated(3, Counts{60, 3}, Counts{1140, 6})...), true},
		{"one slot alone, however bad", Options{}, repeated(1, Counts{6000, 6000}, Counts{1140, 6}), false},
		{"one slot alone, where errors are known to be independent", Options{Dispersion: 1}, repeated(1, Counts{6000, 6000}, Counts{1140, 6}), true},
		{"a dispersion that takes most of it away", Options{Dispersion: 1000}, repeated(3, Counts{60, 3}, Counts{1140, 6}), false},
		{"a tolerance that makes no sense", Options{Tolerated: -1}, repeated(100, Counts{60, 60}, Counts{1140, 6}), false},
		{"a tolerance that is no number", Options{Tolerated: math.NaN()}, repeated(100, Counts{60, 60}, Counts{1140, 6}), false},
	} {
		if got := feed(c.o, c.slots); (got.Peak() >= harm) != c.harm {
			t.Errorf("%s: evidence %.2f, peak %.2f; want harm %v", c.name, got.Evidence(), got.Peak(), c.harm)
		}
	}
}

func TestWhatIsNoCountIsRefusedWhole(t *testing.T) {
	good := Counts{60, 3}
	for _, bad := range []Counts{
		{-1, 0}, {60, -1}, {60, 61}, {math.NaN(), 0}, {60, math.NaN()}, {math.Inf(1), 0}, {math.Inf(1), math.Inf(1)}, {60, math.Inf(1)}, {1e300, 1}, {1e-300, 1e-300},
	} {
		c, same := NewComparison(Options{}), NewComparison(Options{})
		c.Add(good, good)
		same.Add(good, good)
		if c.Add(bad, good) || c.Add(good, bad) || c.Add(bad, bad) {
			t.Errorf("%v was taken", bad)
		}
		c.Add(Counts{60, 9}, good)
		same.Add(Counts{60, 9}, good)
		if c.Evidence() != same.Evidence() || c.Dispersion() != same.Dispersion() {
			t.Errorf("%v left its mark: %v, without it %v", bad, c.Evidence(), same.Evidence())
		}
		l := NewLimit(0.01, Options{})
		if l.Add(bad) || l.Peak() != 0 {
			t.Errorf("%v was taken by a limit", bad)
		}
	}
}

func binomial(n, k int, p float64) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return math.Exp(a - b - c + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
}

// The mean of an e-value is at most 1 without harm: reckoned out over all that can happen in two slots, the
// first of which has another share of traffic and another rate.
func TestTheMeanOfAnEValueIsAtMostOne(t *testing.T) {
	for _, rate := range []float64{0.02, 0.2, 0.45} {
		for _, tolerated := range []float64{1, 2} {
			for _, dispersion := range []float64{0, 1} {
				mean, p := 0.0, rate/2
				for a := range 7 {
					for b := range 11 {
						for x := range 9 {
							for y := range 6 {
								c := feed(Options{Tolerated: tolerated, Dispersion: dispersion}, slots{
									{{6, float64(a)}, {10, float64(b)}}, {{8, float64(x)}, {5, float64(y)}}})
								mean += binomial(6, a, min(1, tolerated*p)) * binomial(10, b, p) *
									binomial(8, x, min(0.999999, tolerated*rate)) * binomial(5, y, rate) * math.Exp(c.Evidence())
							}
						}
					}
				}
				if mean > 1.000001 {
					t.Errorf("rate %v, tolerated %v, dispersion %v: the mean is %v", rate, tolerated, dispersion, mean)
				}
			}
		}
	}
}

// errors of n requests in a slot, in bursts of a geometric size with that mean.
func errors(r *rand.Rand, n int, rate, burst float64) float64 {
	bad := 0
	for range n {
		if r.Float64() < rate/burst {
			for bad++; r.Float64() > 1/burst; bad++ {
			}
		}
	}
	return float64(min(bad, n))
}

// runs is in how many of 300 runs harm was shown in so many slots.
func runs(o Options, minutes int, canary, baseline, burst float64, shares func(minute int) (canary, baseline int)) (shown int) {
	for run := range 300 {
		r, c := rand.New(rand.NewPCG(7, uint64(run))), NewComparison(o)
		for m := range minutes {
			n, b := shares(m)
			c.Add(Counts{float64(n), errors(r, n, canary, burst)}, Counts{float64(b), errors(r, b, baseline, burst)})
		}
		if c.Peak() >= harm {
			shown++
		}
	}
	return shown
}

func steady(int) (canary, baseline int) { return 60, 240 }

func TestHowOftenHarmIsShown(t *testing.T) {
	drift := func(m int) (canary, baseline int) { return 3 + m, 300 - m }
	for _, c := range []struct {
		name                    string
		o                       Options
		canary, baseline, burst float64
		shares                  func(int) (int, int)
		least, most             int
	}{
		{"equal rates", Options{}, 0.02, 0.02, 1, steady, 0, 6},
		{"equal and high rates", Options{Dispersion: 1}, 0.3, 0.3, 1, steady, 0, 6},
		{"shares that drift", Options{}, 0.02, 0.02, 1, drift, 0, 6},
		{"just what is tolerated", Options{Tolerated: 2, Dispersion: 1}, 0.04, 0.02, 1, steady, 0, 6},
		{"bursts", Options{}, 0.02, 0.02, 2, steady, 0, 12},
		{"bursts, not reckoned with", Options{Dispersion: 1}, 0.02, 0.02, 2, steady, 24, 300},
		{"four times the rate", Options{}, 0.08, 0.02, 1, steady, 295, 300},
		{"four times the rate, in bursts", Options{}, 0.08, 0.02, 2, steady, 200, 300},
	} {
		if got := runs(c.o, 120, c.canary, c.baseline, c.burst, c.shares); got < c.least || got > c.most {
			t.Errorf("%s: shown in %d of 300 runs, want %d to %d", c.name, got, c.least, c.most)
		}
	}
}

func TestDispersion(t *testing.T) {
	for _, c := range []struct{ burst, low, high float64 }{{1, 1, 1.5}, {2, 2.3, 5.5}} {
		r, got := rand.New(rand.NewPCG(1, 2)), NewComparison(Options{})
		for range 500 {
			got.Add(Counts{60, errors(r, 60, 0.05, c.burst)}, Counts{240, errors(r, 240, 0.05, c.burst)})
		}
		if d := got.Dispersion(); d < c.low || d > c.high {
			t.Errorf("bursts of %v: dispersion %v, want %v to %v", c.burst, d, c.low, c.high)
		}
	}
	// An hour that is bad for both sides alike, and a rate that jumps once, are no bursts.
	r, both, jump := rand.New(rand.NewPCG(1, 2)), NewComparison(Options{}), NewComparison(Options{})
	for m := range 400 {
		rate, canary := 0.02, 0.02
		if m%20 == 0 {
			rate = 0.5
		}
		if m >= 200 {
			canary = 0.2
		}
		both.Add(Counts{60, errors(r, 60, rate, 1)}, Counts{240, errors(r, 240, rate, 1)})
		jump.Add(Counts{60, errors(r, 60, canary, 1)}, Counts{240, errors(r, 240, 0.02, 1)})
	}
	if both.Dispersion() > 1.6 || jump.Dispersion() > 1.8 {
		t.Errorf("dispersion %v where both sides are bad, %v after a jump; want little more than 1", both.Dispersion(), jump.Dispersion())
	}
}

func TestRatio(t *testing.T) {
	inf := math.Inf(1)
	if low, high := NewComparison(Options{}).Ratio(0.95); low != 0 || high != inf {
		t.Errorf("of nothing it is [%v, %v]", low, high)
	}
	for _, c := range []struct {
		name                            string
		slots                           slots
		leastLow, mostLow, least, mostH float64
	}{
		{"ten times", repeated(60, Counts{60, 3}, Counts{1140, 5.7}), 5, 10, 10, 20},
		{"equal", repeated(60, Counts{60, 3}, Counts{1140, 57}), 0.5, 1, 1, 2},
		{"a tenth", repeated(60, Counts{60, 0.3}, Counts{1140, 57}), 0.01, 0.1, 0.1, 0.5},
		{"no error of the baseline", repeated(60, Counts{60, 3}, Counts{1140, 0}), 10, inf, inf, inf},
		{"no error of the canary", repeated(60, Counts{60, 0}, Counts{1140, 57}), 0, 0, 0, 0.2},
		{"no error", repeated(60, Counts{60, 0}, Counts{1140, 0}), 0, 0, inf, inf},
		{"shares that differ", append(repeated(30, Counts{60, 3}, Counts{1140, 5.7}), repeated(30, Counts{600, 30}, Counts{600, 3})...), 5, 10, 10, 20},
	} {
		low, high := feed(Options{}, c.slots).Ratio(0.95)
		if low < c.leastLow || low > c.mostLow || high < c.least || high > c.mostH {
			t.Errorf("%s: [%v, %v]", c.name, low, high)
		}
	}
	for _, confidence := range []float64{0, 1, 2, math.NaN()} {
		if low, high := feed(Options{}, repeated(9, Counts{60, 3}, Counts{1140, 5})).Ratio(confidence); low != 0 || high != inf {
			t.Errorf("with a confidence of %v it is [%v, %v]", confidence, low, high)
		}
	}
}

// In at most a twentieth of the runs the true ratio was ever outside of the interval.
func TestRatioHoldsAtAnyTime(t *testing.T) {
	outside := 0
	for run := range 100 {
		r, c := rand.New(rand.NewPCG(3, uint64(run))), NewComparison(Options{})
		for m := range 60 {
			c.Add(Counts{60, errors(r, 60, 0.15, 1)}, Counts{240, errors(r, 240, 0.05, 1)})
			if m%5 > 0 {
				continue
			}
			if low, high := c.Ratio(0.95); low > 3 || high < 3 {
				outside++
				break
			}
		}
	}
	if outside > 5 {
		t.Errorf("the true ratio was outside in %d of 100 runs", outside)
	}
}

func TestLimit(t *testing.T) {
	for _, c := range []struct {
		name  string
		limit float64
		slot  Counts
		slots int
		harm  bool
	}{
		{"four times the limit", 0.01, Counts{100, 4}, 10, true},
		{"at the limit", 0.01, Counts{100, 1}, 2000, false},
		{"nothing bad", 0.01, Counts{100, 0}, 100, false},
		{"all bad", 0.01, Counts{100, 100}, 2, true},
		{"no requests", 0.01, Counts{}, 100, false},
		{"none allowed, one bad", 0, Counts{100, 1}, 1, true},
		{"none allowed, none bad", 0, Counts{100, 0}, 100, false},
		{"all allowed", 1, Counts{100, 100}, 100, false},
		{"no limit", math.NaN(), Counts{100, 100}, 100, false},
		{"a negative limit", -1, Counts{100, 100}, 100, false},
	} {
		l := NewLimit(c.limit, Options{})
		for range c.slots {
			l.Add(c.slot)
		}
		if (l.Peak() >= harm) != c.harm {
			t.Errorf("%s: peak %v, want harm %v", c.name, l.Peak(), c.harm)
		}
	}
}

func TestRequestsForComparison(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct{ rate, tolerated, ratio, share, alpha, power float64 }{
		{0, 1, 2, 0.05, 0.01, 0.8}, {0.005, 1, 1, 0.05, 0.01, 0.8}, {0.005, 1, 2, 0, 0.01, 0.8}, {0.005, 1, 2, 1, 0.01, 0.8},
		{0.005, 1, 2, 0.05, 0, 0.8}, {0.005, 1, 2, 0.05, 0.01, 1}, {math.NaN(), 1, 2, 0.05, 0.01, 0.8}, {0.005, 1, inf, 0.05, 0.01, 0.8},
		{1, 1, 2, 0.5, 0.01, 0.8}, // all of the baseline's are bad: it cannot be worse
	} {
		if got := RequestsForComparison(c.rate, c.tolerated, c.ratio, c.share, c.alpha, c.power); got != inf {
			t.Errorf("%v: %v, want never", c, got)
		}
	}
	// With so many requests about that share of the runs shows it.
	for _, c := range []struct{ rate, tolerated, ratio float64 }{{0.01, 1, 2}, {0.02, 1, 4}, {0.01, 2, 2}} {
		n := RequestsForComparison(c.rate, c.tolerated, c.ratio, 0.2, 0.01, 0.8)
		got := runs(Options{Tolerated: c.tolerated, Dispersion: 1}, int(math.Ceil(n/60)), c.rate*c.tolerated*c.ratio, c.rate, 1, steady)
		if got < 225 || got > 276 {
			t.Errorf("%v: with %v requests %d of 300 runs showed it, want about 240", c, n, got)
		}
	}
}
