package sequential

import (
	"math"
	"math/rand/v2"
	"testing"
)

func near(a, b, by float64) bool { return a == b || math.Abs(a-b) <= by }

func TestWilson(t *testing.T) {
	for _, c := range []struct{ bad, total, confidence, low, high float64 }{
		{0, 10, 0.95, 0, 0.277533},
		{1, 20, 0.95, 0.008881, 0.236131},
		{3, 1000, 0.95, 0.001021, 0.008783},
		{10, 10, 0.95, 0.722467, 1},
		{0, 0, 0.95, 0, 1}, // nothing known
		{2, 1, 0.95, 0, 1},
		{math.NaN(), 1, 0.95, 0, 1},
		{1, math.Inf(1), 0.95, 0, 1},
		{1, 20, 1, 0, 1},
		{1, 20, math.NaN(), 0, 1},
	} {
		low, high := Wilson(c.bad, c.total, c.confidence)
		if !near(low, c.low, 1e-6) || !near(high, c.high, 1e-6) {
			t.Errorf("Wilson(%v, %v, %v) = [%.6f, %.6f], want [%v, %v]", c.bad, c.total, c.confidence, low, high, c.low, c.high)
		}
	}
}

func TestHolm(t *testing.T) {
	for _, c := range []struct{ p, want []float64 }{
		{[]float64{.01, .04, .03, .005}, []float64{.03, .06, .06, .02}},
		{[]float64{.6, .7}, []float64{1, 1}},
		{[]float64{.01, math.NaN(), -1}, []float64{.03, 1, 1}},
		{[]float64{math.Inf(1), 0}, []float64{1, 0}},
		{nil, nil},
	} {
		got := Holm(c.p)
		if len(got) != len(c.want) {
			t.Fatalf("Holm(%v) = %v, want %v", c.p, got, c.want)
		}
		for i := range got {
			if !near(got[i], c.want[i], 1e-12) {
				t.Errorf("Holm(%v) = %v, want %v", c.p, got, c.want)
			}
		}
	}
}

func TestAverage(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		logs []float64
		want float64
	}{
		{nil, 0},
		{[]float64{0, 0}, 0},
		{[]float64{math.Log(3), math.Log(1)}, math.Log(2)},
		{[]float64{1000, -1000}, 1000 - math.Log(2)}, // no overflow
		{[]float64{math.Log(3), math.NaN()}, math.Log(1.5)},
		{[]float64{math.NaN()}, -inf},
		{[]float64{inf, 0}, inf},
		{[]float64{-inf, -inf}, -inf},
	} {
		if got := Average(c.logs...); !near(got, c.want, 1e-9) {
			t.Errorf("Average(%v) = %v, want %v", c.logs, got, c.want)
		}
	}
}

func TestRequestsForLimit(t *testing.T) {
	for _, c := range []struct{ bad, total, limit, want float64 }{
		{0, 0, 0.01, 381},
		{0, 92, 0.01, 381},
		{0, 0, 0.005, 765},
		{0, 0, 0.001, 3838},
		{10, 1000, 0.01, math.Inf(1)}, // at the limit
		{20, 1000, 0.01, math.Inf(1)},
		{0, 10, 0, math.Inf(1)},
		{0, 10, math.NaN(), math.Inf(1)},
		{11, 10, 0.01, math.Inf(1)},
		{1, 1, 1.5, 1},
	} {
		if got := RequestsForLimit(c.bad, c.total, c.limit, 0.95); got != c.want {
			t.Errorf("RequestsForLimit(%v, %v, %v) = %v, want %v", c.bad, c.total, c.limit, got, c.want)
		}
	}
	// The number is the first at which Wilson's bound is below the limit.
	n := RequestsForLimit(4, 1000, 0.01, 0.95)
	if _, high := Wilson(0.004*n, n, 0.95); high >= 0.01 {
		t.Errorf("with %v requests the bound is %v", n, high)
	}
	if _, high := Wilson(0.004*(n-1), n-1, 0.95); high < 0.01 {
		t.Errorf("%v requests would have done", n-1)
	}
}

// What exceeds is what the interval lies above of, up to the precision that it is looked for with.
func TestExceedsIsTheIntervalsLowEnd(t *testing.T) {
	r := rand.New(rand.NewPCG(61, 62))
	seen := map[bool]int{}
	for range 300 {
		tolerated := []float64{0, 0.5, 1.2, 3}[r.IntN(4)]
		c := NewComparison(Options{Tolerated: tolerated})
		if tolerated == 0 {
			tolerated = 1
		}
		rate := 0.01 + 0.1*r.Float64()
		for range 1 + r.IntN(30) {
			c.Add(Counts{600, math.Round(600 * min(1, rate*4*r.Float64()))}, Counts{6000, math.Round(6000 * rate)})
		}
		low, high := c.Ratio(0.95)
		if math.Abs(math.Log(low/tolerated)) < 4e-3 || math.Abs(math.Log(high/tolerated)) < 4e-3 {
			continue
		}
		if got, want := c.Exceeds(0.95), low > tolerated; got != want {
			t.Errorf("it exceeds %v: %t, and the interval is %v to %v", tolerated, got, low, high)
		}
		seen[low > tolerated]++
	}
	if seen[true] < 50 || seen[false] < 50 {
		t.Errorf("they were %v", seen)
	}
	empty := NewComparison(Options{})
	for _, confidence := range []float64{0, 1, -1, math.NaN(), 0.95} {
		if empty.Exceeds(confidence) {
			t.Errorf("nothing exceeds at %v", confidence)
		}
	}
}
