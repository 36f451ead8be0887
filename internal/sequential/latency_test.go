package sequential

import (
	"math"
	"math/rand/v2"
	"testing"
)

var (
	prometheus = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}
	three      = []float64{0.5, 0.95, 0.99}
)

// histogram is of n latencies, log-normal.
func histogram(r *rand.Rand, bounds []float64, n int, median, sigma float64) []float64 {
	h := make([]float64, len(bounds)+1)
	for range n {
		took := median * math.Exp(sigma*r.NormFloat64())
		for i, b := range bounds {
			if took <= b {
				h[i]++
			}
		}
		h[len(bounds)]++
	}
	return h
}

func TestLatency(t *testing.T) {
	fine := []float64{}
	for b := 0.005; b < 10; b *= 1.1 {
		fine = append(fine, b)
	}
	for _, c := range []struct {
		name            string
		bounds          []float64
		increase, sigma float64
		times           float64 // as long as the baseline's
		least, most     int     // in so many of 60 runs it is shown within an hour
	}{
		{"unchanged", prometheus, 0, 0.8, 1, 0, 2},
		{"quicker", prometheus, 0, 0.8, 0.7, 0, 0},
		{"half as long again, nothing tolerated", prometheus, 0, 0.8, 1.5, 60, 60},
		{"half as long again", prometheus, 0.2, 0.8, 1.5, 57, 60},
		{"half as long again, fine buckets", fine, 0.2, 0.8, 1.5, 60, 60},
		{"as much longer as is tolerated", prometheus, 0.2, 0.8, 1.2, 0, 2},
		{"as much longer as is tolerated, fine buckets", fine, 0.2, 0.8, 1.2, 0, 2},
		{"as much longer as is tolerated, all nearly the same", prometheus, 0.2, 0.1, 1.2, 0, 2},
		{"as much longer as is tolerated, a long tail", prometheus, 0.2, 1.5, 1.2, 0, 2},
		{"three times as long, all nearly the same", prometheus, 0.2, 0.1, 3, 60, 60},
		{"all in one bucket", []float64{5, 10}, 0.2, 0.8, 1.5, 0, 0},
		{"all beyond the last bound", []float64{0.001, 0.002}, 0.2, 0.8, 1.5, 0, 0},
	} {
		shown := 0
		for run := range 60 {
			r, l := rand.New(rand.NewPCG(11, uint64(run))), NewLatency(three, c.bounds, c.increase, Options{})
			for range 60 {
				if !l.Add(histogram(r, c.bounds, 60, 0.1*c.times, c.sigma), histogram(r, c.bounds, 300, 0.1, c.sigma)) {
					t.Fatalf("%s: a histogram is refused", c.name)
				}
			}
			if l.Peak() >= harm {
				shown++
			}
		}
		if shown < c.least || shown > c.most {
			t.Errorf("%s: shown in %d of 60 runs, want %d to %d", c.name, shown, c.least, c.most)
		}
	}
}

// Where all take just as long, and that is just below a bound, the tolerated increase takes all of them over it.
func TestCoarseBucketsErrOnTheSafeSide(t *testing.T) {
	for _, all := range []float64{0.06, 0.09, 0.0999, 0.24, 0.49} {
		l := NewLatency(three, prometheus, 0.2, Options{})
		one := func(took float64) []float64 { return histogram(rand.New(rand.NewPCG(1, 1)), prometheus, 100, took, 0) }
		for range 50 {
			l.Add(one(all*1.2), one(all))
		}
		if l.Peak() > 0.1 {
			t.Errorf("all take %v, or the tolerated %v: evidence %v", all, all*1.2, l.Peak())
		}
	}
}

func TestTails(t *testing.T) {
	l := NewLatency(three, prometheus, 0.2, Options{})
	if b := l.Tails()[0].Boundary; !math.IsNaN(b) {
		t.Errorf("before anything was seen the boundary is %v", b)
	}
	r := rand.New(rand.NewPCG(5, 5))
	for range 20 {
		l.Add(histogram(r, prometheus, 60, 0.2, 0.8), histogram(r, prometheus, 1140, 0.1, 0.8))
	}
	for i, want := range []float64{0.1, 0.25, 0.5} {
		tail := l.Tails()[i]
		if tail.Quantile != three[i] || tail.Boundary != want {
			t.Errorf("%+v, want the boundary %v", tail, want)
		}
		if i == 0 { // the buckets do not thin out yet, so all of one is tolerated, and nothing shown
			continue
		}
		if tail.Evidence <= 0 {
			t.Errorf("%+v shows nothing", tail)
		}
		if tail.Canary.Total != 19*60 || tail.Baseline.Total != 19*1140 || tail.Tolerated < tail.Baseline.Bad {
			t.Errorf("%+v: not all but the first slot, or less tolerated than there is", tail)
		}
		if low, high := l.Ratio(i, 0.95); low <= 1 || high < low {
			t.Errorf("the ratio of %v is [%v, %v]", tail.Quantile, low, high)
		}
	}
	// A boundary that a few odd requests have placed is placed anew, until there are enough.
	moved := NewLatency([]float64{0.5}, prometheus, 0, Options{})
	moved.Add(histogram(r, prometheus, 5, 3, 0), histogram(r, prometheus, 5, 3, 0))
	for _, want := range []float64{5, 0.1, 0.1} {
		moved.Add(histogram(r, prometheus, 60, 0.11, 0.5), histogram(r, prometheus, 1140, 0.11, 0.5))
		if got := moved.Tails()[0].Boundary; got != want {
			t.Errorf("the boundary is %v, want %v", got, want)
		}
	}
	if low, high := l.Ratio(3, 0.95); low != 0 || !math.IsInf(high, 1) {
		t.Errorf("of no quantile it is [%v, %v]", low, high)
	}
}

func TestWhatIsNoHistogramIsRefusedWhole(t *testing.T) {
	good, nan, inf := []float64{1, 2, 3}, math.NaN(), math.Inf(1)
	l := NewLatency([]float64{0.5}, []float64{1, 2}, 0, Options{})
	for _, h := range [][]float64{nil, {1, 2}, {1, 2, 3, 4}, {2, 1, 3}, {1, 2, 1}, {-1, 2, 3}, {nan, 2, 3}, {1, 2, nan}, {1, 2, inf}, {inf, inf, inf}, {1, nan, 3}} {
		if l.Add(h, good) || l.Add(good, h) {
			t.Errorf("%v was taken", h)
		}
	}
	if !math.IsNaN(l.Tails()[0].Boundary) || l.Evidence() != 0 {
		t.Errorf("they left their mark: %+v", l.Tails())
	}
	for _, c := range []struct {
		name              string
		quantiles, bounds []float64
		increase          float64
	}{
		{"no bounds", []float64{0.5}, nil, 0},
		{"bounds that do not ascend", []float64{0.5}, []float64{2, 1}, 0},
		{"a bound twice", []float64{0.5}, []float64{1, 1}, 0},
		{"a bound that is infinite", []float64{0.5}, []float64{1, inf}, 0},
		{"a bound that is no number", []float64{0.5}, []float64{1, nan}, 0},
		{"a negative bound", []float64{0.5}, []float64{-1, 1}, 0},
		{"a quantile of all", []float64{1}, []float64{1, 2}, 0},
		{"a quantile that is none", []float64{nan}, []float64{1, 2}, 0},
		{"a negative increase", []float64{0.5}, []float64{1, 2}, -0.1},
		{"an increase that is none", []float64{0.5}, []float64{1, 2}, nan},
	} {
		if NewLatency(c.quantiles, c.bounds, c.increase, Options{}).Add(good, good) {
			t.Errorf("%s: a slot was taken", c.name)
		}
	}
}

// How much of a bucket lies above a time depends on how the buckets around it thin out.
func TestPart(t *testing.T) {
	bounds := []float64{1, 2, 3, 4}
	for _, c := range []struct {
		name string
		seen []float64 // cumulative
		want float64   // of the bucket from 2 to 3, above 2.5
	}{
		{"it fills up", []float64{100, 200, 500, 700, 1000}, 1},
		{"even, and then nothing", []float64{250, 500, 750, 1000, 1000}, 0.5},
		{"exponential", []float64{500, 750, 875, 937.5, 1000}, 1 / (1 + math.Sqrt2)},
		{"nothing beyond it", []float64{500, 750, 1000, 1000, 1000}, 0.5},
		{"too little seen", []float64{50, 75, 87.5, 93.75, 99}, 1},
		{"nothing in it", []float64{500, 750, 750, 900, 1000}, 1},
	} {
		l := NewLatency(three, bounds, 0.2, Options{})
		l.seen = c.seen
		if got := l.part(2, 2.5); !near(got, c.want, 1e-9) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
