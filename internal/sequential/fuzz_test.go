package sequential

import (
	"encoding/binary"
	"math"
	"testing"
)

// Whatever comes, no number becomes NaN, a process begins at 1, and nobody panics.
func FuzzSlots(f *testing.F) {
	seed := func(numbers ...float64) {
		var b []byte
		for _, n := range numbers {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(n))
		}
		f.Add(b)
	}
	seed(1, 0, 60, 3, 1140, 6, 60, 3, 1140, 6)
	seed(2, 3, 60, 60, 1140, 1140, 60, 0, 1140, 0)
	seed(1e6, 1e15, 1e15, 1e15, 1e-6, 1e-6, 1e-6, 0, 1e15, 1e15)
	seed(math.NaN(), math.Inf(1), 1e-6, 5e-324, 1e15, 5e-324, 1e15, 1e15, 1e-6, 0)
	seed(5e-324, 5e-324, 1, 1, 1, 1, 1e15, 1e15, 1e15, 1e15)
	f.Fuzz(func(t *testing.T, data []byte) {
		var numbers []float64
		for ; len(data) >= 8 && len(numbers) < 400; data = data[8:] {
			numbers = append(numbers, math.Float64frombits(binary.LittleEndian.Uint64(data)))
		}
		if len(numbers) < 6 {
			return
		}
		o := Options{Tolerated: numbers[0], Dispersion: numbers[1]}
		c, l := NewComparison(o), NewLimit(numbers[0], o)
		h := NewLatency([]float64{0.5, 0.99}, []float64{1, 2, 4}, math.Abs(numbers[0]), o)
		for n := numbers[2:]; len(n) >= 4; n = n[4:] {
			c.Add(Counts{n[0], n[1]}, Counts{n[2], n[3]})
			l.Add(Counts{n[0], n[1]})
			h.Add([]float64{n[1], n[0], n[0] + n[2], n[0] + n[2]}, []float64{n[3], n[2], n[2] + n[0], n[2] + n[0]})
		}
		for _, e := range []evidence{c.evidence, l.evidence, h.evidence} {
			if math.IsNaN(e.now) || math.IsNaN(e.peak) || e.peak < e.now || e.peak < 0 {
				t.Errorf("evidence %v, peak %v", e.now, e.peak)
			}
		}
		for _, ratio := range [][2]float64{pair(c.Ratio(0.95)), pair(h.Ratio(0, 0.95))} {
			if !(ratio[0] >= 0 && ratio[0] <= ratio[1]) {
				t.Errorf("ratio %v", ratio)
			}
		}
		if d := c.Dispersion(); !(d >= 1) {
			t.Errorf("dispersion %v", d)
		}
		n := numbers
		if low, high := Wilson(n[0], n[1], n[2]); !(low >= 0 && low <= high && high <= 1) {
			t.Errorf("Wilson(%v, %v, %v) = %v, %v", n[0], n[1], n[2], low, high)
		}
		if r := RequestsForLimit(n[0], n[1], n[2], n[3]); !(r >= 1) {
			t.Errorf("RequestsForLimit(%v) = %v", n[:4], r)
		}
		if r := RequestsForComparison(n[0], n[1], n[2], n[3], n[4], n[5]); !(r >= 1) {
			t.Errorf("RequestsForComparison(%v) = %v", n[:6], r)
		}
	})
}

func pair(low, high float64) [2]float64 { return [2]float64{low, high} }

func BenchmarkComparisonAdd(b *testing.B) {
	c := NewComparison(Options{})
	for i := range b.N {
		c.Add(Counts{60 + float64(i%7), 3}, Counts{1140, float64(i % 9)})
		if i%1440 == 0 {
			c = NewComparison(Options{})
		}
	}
}

func BenchmarkLatencyAdd(b *testing.B) {
	l := NewLatency(three, prometheus, 0.2, Options{})
	canary := []float64{0, 0, 1, 10, 30, 52, 58, 60, 60, 60, 60, 60}
	baseline := []float64{0, 0, 20, 200, 600, 1000, 1100, 1130, 1140, 1140, 1140, 1140}
	for i := range b.N {
		if l.Add(canary, baseline); i%1440 == 0 {
			l = NewLatency(three, prometheus, 0.2, Options{})
		}
	}
}

// A day of minutes of twenty metrics: what a look at the end of a long soak reckons through.
func BenchmarkDay(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		for range 20 {
			c := NewComparison(Options{})
			for m := range 1440 {
				c.Add(Counts{60 + float64(m%7), float64(m % 2)}, Counts{1140, float64(m % 9)})
			}
			c.Ratio(0.95)
		}
	}
}
