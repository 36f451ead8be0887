package sequential

import "math"

// RequestsForLimit is how many requests are needed in all until Wilson's upper bound lies below a limit, if
// it goes on at the rate seen so far: 381 for 1 % at 95 % where nothing bad was seen. It is +Inf where that
// is never, for the rate is not below the limit.
func RequestsForLimit(bad, total, limit, confidence float64) float64 {
	z := z(confidence)
	if !(Counts{total, bad}).valid() || math.IsNaN(z) || !(limit >= tiny) {
		return math.Inf(1)
	}
	if limit > 1 {
		return 1
	}
	rate := 0.0
	if total > 0 {
		rate = bad / total
	}
	if rate >= limit {
		return math.Inf(1)
	}
	// The bound is below the limit where the limit's own score test refuses the rate that was seen.
	off := limit - rate
	return math.Floor(z*z*limit*(1-limit)/(off*off)) + 1
}

// tiny is the least rate or share that is reckoned with.
const tiny = 1e-12

// RequestsForComparison is how many canary requests it takes until a regression of ratio × tolerated would
// have been shown with that power, by Comparison at the level alpha. It is +Inf where that is never: nothing
// bad in the baseline, or no regression.
func RequestsForComparison(baselineRate, tolerated, ratio, canaryShare, alpha, power float64) float64 {
	r := Options{Tolerated: tolerated}.tolerated()
	sane := baselineRate >= tiny && baselineRate <= 1 && r > 0 && ratio > 1+1e-6 && ratio <= 1e6 &&
		canaryShare >= tiny && canaryShare <= 1-tiny && alpha >= tiny && alpha < 1 && power > 0 && power <= 1-tiny
	if !sane {
		return math.Inf(1)
	}
	rate := math.Min(1, ratio*r*baselineRate)
	k := canaryShare / (1 - canaryShare)
	// A canary request moves the log of the e-value on by a mean and a variance: a random walk that has to
	// come up to a line.
	up := math.Log(ratio) - math.Log((1+ratio*r*k)/(1+r*k))
	down := -math.Log((1 + ratio*r*k) / (1 + r*k))
	mean := rate*up + baselineRate/k*down
	variance := rate*up*up + baselineRate/k*down*down
	line := math.Log(1/alpha) + lost
	if !(mean > 0 && variance > 0) {
		return math.Inf(1)
	}
	low, high := 0.0, 1.0
	for !(crossed(high, mean, variance, line) >= power) {
		if high *= 2; high > most {
			return math.Inf(1)
		}
	}
	for high-low > 0.5 {
		if middle := (low + high) / 2; crossed(middle, mean, variance, line) < power {
			low = middle
		} else {
			high = middle
		}
	}
	return math.Ceil(high)
}

// lost is what is bet on other alternatives than the true one, as a log.
const lost = 1.2

// crossed is the chance that a Brownian motion has come up to a line within n steps.
func crossed(n, mean, variance, line float64) float64 {
	if n <= 0 {
		return 0
	}
	sd := math.Sqrt(variance * n)
	tail := normal(-(line + mean*n) / sd)
	chance := normal((mean*n - line) / sd)
	if tail > 0 {
		chance += math.Exp(2*mean*line/variance + math.Log(tail))
	}
	return chance
}

func normal(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
