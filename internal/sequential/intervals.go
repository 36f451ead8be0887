package sequential

import (
	"math"
	"slices"
)

// z is the normal deviate of a two-sided confidence such as 0.95; NaN where that is none.
func z(confidence float64) float64 {
	if !(confidence > 0 && confidence < 1) {
		return math.NaN()
	}
	return math.Sqrt2 * math.Erfinv(confidence)
}

// Wilson is the two-sided score interval of a share. It is for one look at the end: for looking often there
// is Limit. Where nothing is known it is [0, 1].
// Wilson, "Probable inference, the law of succession, and statistical inference", JASA 1927.
func Wilson(bad, total, confidence float64) (low, high float64) {
	z := z(confidence)
	if !(Counts{total, bad}).valid() || total == 0 || math.IsNaN(z) {
		return 0, 1
	}
	p, zz := bad/total, z*z/total
	middle := (p + zz/2) / (1 + zz)
	half := z * math.Sqrt(p*(1-p)/total+zz/(4*total)) / (1 + zz)
	low, high = math.Max(0, middle-half), math.Min(1, middle+half)
	if bad == 0 {
		low = 0
	}
	if bad == total {
		high = 1
	}
	return low, high
}

// Holm adjusts p-values for being several: whoever calls those at most α significant is wrong about any of
// them with a chance of at most α, whatever hangs together among them. What is no p-value counts as 1.
// Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 1979.
func Holm(p []float64) []float64 {
	order, adjusted := make([]int, len(p)), make([]float64, len(p))
	for i, v := range p {
		order[i], adjusted[i] = i, v
		if !(v >= 0 && v <= 1) {
			adjusted[i] = 1
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case adjusted[a] < adjusted[b]:
			return -1
		case adjusted[a] > adjusted[b]:
			return 1
		}
		return 0
	})
	least := 0.0
	for rank, i := range order {
		least = math.Max(least, math.Min(1, adjusted[i]*float64(len(p)-rank)))
		adjusted[i] = least
	}
	return adjusted
}
