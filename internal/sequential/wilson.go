// Package sequential judges counts that are looked at again and again. It does no I/O.
package sequential

import "math"

// Wilson is the interval of a share of which bad in total was seen. Without any it is 0 to 1.
func Wilson(bad, total, confidence float64) (low, high float64) {
	if !(total > 0) || !(bad >= 0) || bad > total {
		return 0, 1
	}
	z := math.Sqrt2 * math.Erfinv(confidence)
	p, zz := bad/total, z*z
	middle := (p + zz/(2*total)) / (1 + zz/total)
	half := z / (1 + zz/total) * math.Sqrt(p*(1-p)/total+zz/(4*total*total))
	return max(0, middle-half), min(1, middle+half)
}

// RequestsForLimit is how many requests in all it takes until the upper bound is below limit, if it goes on
// at the share that was seen; +Inf where it never is.
func RequestsForLimit(bad, total, limit, confidence float64) float64 {
	share := 0.0
	if total > 0 {
		share = bad / total
	}
	if !(share < limit) {
		return math.Inf(1)
	}
	n := 1.0
	for ; n < 1e12; n *= 2 {
		if _, high := Wilson(share*n, n, confidence); high < limit {
			break
		}
	}
	low := n / 2
	for n-low > 1 {
		middle := math.Floor((low + n) / 2)
		if _, high := Wilson(share*middle, middle, confidence); high < limit {
			n = middle
		} else {
			low = middle
		}
	}
	return n
}
