package simulation

import "math"

// What the peers reckon with: the Mann-Whitney test, and the Hodges-Lehmann shift with its interval, as R's
// wilcox.test has them, which Kayenta calls.

// ways is in how many ways U comes to each value, for m and n values without ties.
func ways(m, n int) []float64 {
	// The number of subsets of m ranks with each sum is the coefficient of a Gaussian binomial.
	w := make([]float64, m*n+1)
	w[0] = 1
	for i := 1; i <= m; i++ {
		for k := m * n; k >= n+i; k-- {
			w[k] -= w[k-n-i]
		}
		for k := i; k <= m*n; k++ {
			w[k] += w[k-i]
		}
	}
	return w
}

// exact is the two-sided p-value of U without ties.
func exact(u float64, m, n int) float64 {
	below, above, all := 0.0, 0.0, 0.0
	for k, w := range ways(m, n) {
		all += w
		if float64(k) <= u {
			below += w
		}
		if float64(k) >= u {
			above += w
		}
	}
	return math.Min(1, 2*math.Min(below, above)/all)
}

// asymptotic is the two-sided p-value by the normal approximation, with its corrections for continuity and ties.
func asymptotic(u, m, n, tied float64) float64 {
	sd := deviation(m, n, tied)
	if sd == 0 {
		return 1
	}
	z := math.Max(0, math.Abs(u-m*n/2)-0.5) / sd
	return math.Erfc(z / math.Sqrt2)
}

func deviation(m, n, tied float64) float64 {
	return math.Sqrt(math.Max(0, m*n/12*(m+n+1-tied/((m+n)*(m+n-1)))))
}

func tied(times map[float64]float64) float64 {
	sum := 0.0
	for _, t := range times { // small whole numbers: their order does not matter
		sum += t*t*t - t
	}
	return sum
}

// interval is the Hodges-Lehmann shift, the median of all differences, and its interval: the differences at
// those ranks that U leaves on either side. They are exact for few values without ties; else the normal
// approximation is taken, with the ties that a shift does not undo.
func interval(a, b, shifts []float64, confidence float64) (low, high, shift float64) {
	k := len(shifts)
	shift = (shifts[(k-1)/2] + shifts[k/2]) / 2
	times := [2]map[float64]float64{{}, {}}
	for i, side := range [][]float64{a, b} {
		for _, v := range side {
			times[i][v]++
		}
	}
	ties := tied(times[0]) + tied(times[1])
	rank := 0
	if ties == 0 && len(a) < 50 && len(b) < 50 {
		rank = quantile(ways(len(a), len(b)), (1-confidence)/2)
	} else {
		m, n := float64(len(a)), float64(len(b))
		z := math.Sqrt2 * math.Erfinv(confidence)
		rank = int(m*n/2 - z*deviation(m, n, ties) - 0.5)
	}
	rank = max(rank, 1)
	return shifts[rank-1], shifts[k-rank], shift
}

// quantile is the smallest value that at least such a share of the ways do not exceed.
func quantile(ways []float64, share float64) int {
	all, sum := 0.0, 0.0
	for _, w := range ways {
		all += w
	}
	for k, w := range ways {
		if sum += w; sum >= share*all {
			return k
		}
	}
	return len(ways) - 1
}
