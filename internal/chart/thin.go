package chart

import (
	"math"
	"slices"
)

// maxPoints is how many points of a line are drawn.
const maxPoints = 400

// thinned are the numbers of the points to draw, of n: the first and the last, and of each stretch between
// them the lowest, the highest and one gap, so that no extreme and no gap is lost.
func thinned(values func(int) float64, n int) []int {
	if n <= maxPoints {
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		return all
	}
	kept := []int{0}
	const stretches = (maxPoints - 2) / 3
	for k := range stretches {
		from, to := 1+k*(n-2)/stretches, 1+(k+1)*(n-2)/stretches
		lowest, highest, gap := extremes(values, from, to)
		three := []int{lowest, highest, gap}
		slices.Sort(three)
		for _, i := range slices.Compact(three) {
			if i >= 0 {
				kept = append(kept, i)
			}
		}
	}
	return append(kept, n-1)
}

// extremes are the numbers of the lowest and the highest value, and of the first gap, from one number up to
// another; -1 where there is none.
func extremes(values func(int) float64, from, to int) (lowest, highest, gap int) {
	lowest, highest, gap = -1, -1, -1
	for i := from; i < to; i++ {
		v := values(i)
		switch {
		case math.IsNaN(v):
			if gap < 0 {
				gap = i
			}
			continue
		case lowest < 0:
			lowest, highest = i, i
		}
		if v < values(lowest) {
			lowest = i
		}
		if v > values(highest) {
			highest = i
		}
	}
	return lowest, highest, gap
}
