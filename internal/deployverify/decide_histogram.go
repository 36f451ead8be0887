package deployverify

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/sequential"
	"github.com/slipway-actions/slipway/internal/timeseries"
)

// histogram judges latencies by how many requests are slower than a boundary of the buckets: against the
// limit of a percentile, and against a baseline.
type histogram struct {
	rule       policy.Metric
	level      float64 // that it is tested at
	new, old   string
	bounds     []float64           // without the last, which is +Inf
	at         int                 // of the bounds: the limit's; -1 where it is none of them
	slow       *ratio              // requests slower than the limit; nil without a limit
	percentile string              // of the limit, such as p95
	compared   *sequential.Latency // nil without a baseline
	total      float64
	base       float64
	p95        [2][]float64
	evidence   []float64
}

func newHistogram(m policy.Metric, w watch, bounds []float64, level float64) *histogram {
	h := &histogram{rule: m, level: level, new: w.version(), old: w.baseline(m.Compare), bounds: bounds, at: -1}
	if m.Limit != "" {
		name, bound, share, ok := policy.ParsePercentileLimit(m.Limit)
		if ok {
			h.percentile = name
			h.at = slices.IndexFunc(bounds, func(b float64) bool { return math.Abs(b-bound.Seconds()) < 1e-9*max(b, 1) })
			h.slow = newRatio(policy.Metric{Name: m.Name, Limit: fmt.Sprintf("<%g%%", 100*(1-share))}, w, level)
			h.slow.what = fmt.Sprintf("requests slower than %s", bound)
		}
	}
	if m.Compare != nil {
		quantiles := m.Compare.Quantiles
		if len(quantiles) == 0 {
			quantiles = []float64{0.5, 0.95, 0.99}
		}
		increase, _ := policy.ParseIncrease(m.Compare.MaxIncrease)
		h.compared = sequential.NewLatency(quantiles, bounds, increase, optionsOf(m.Compare))
	}
	return h
}

func (h *histogram) take(s slot) *timeseries.Problem {
	sides := [][]float64{s.Canary.Buckets}
	if h.compared != nil {
		sides = append(sides, s.Baseline.Buckets)
	}
	for _, buckets := range sides {
		if len(buckets) != len(h.bounds)+1 || !slices.IsSorted(buckets) || !(buckets[0] >= 0) {
			return &timeseries.Problem{Name: timeseries.NoBuckets, Detail: fmt.Sprintf("%d buckets that do not grow, for %d bounds", len(buckets), len(h.bounds)+1)}
		}
	}
	all := sides[0][len(h.bounds)]
	if !(all <= mostCounted) || h.compared != nil && !h.compared.Add(sides[0], sides[1]) {
		return &timeseries.Problem{Name: timeseries.NoBuckets, Detail: "its buckets are no counts"}
	}
	if h.slow != nil && h.at >= 0 {
		if problem := h.slow.add(sequential.Counts{Total: all, Bad: all - sides[0][h.at]}, sequential.Counts{}); problem != nil {
			return problem
		}
	}
	if h.compared != nil {
		h.base += sides[1][len(h.bounds)]
		h.p95[1] = append(h.p95[1], quantileOf(h.bounds, sides[1], 0.95))
		h.evidence = append(h.evidence, math.Exp(min(max(h.compared.Evidence(), -25), 25)))
	}
	h.total += all
	h.p95[0] = append(h.p95[0], quantileOf(h.bounds, sides[0], 0.95))
	return nil
}

// quantileOf is a quantile in milliseconds, between the bounds of its bucket; NaN where nothing was counted.
func quantileOf(bounds, cumulative []float64, q float64) float64 {
	all := cumulative[len(cumulative)-1]
	if all == 0 {
		return math.NaN()
	}
	low, before := 0.0, 0.0
	for i, n := range cumulative {
		if n < q*all {
			before = n
			if i < len(bounds) {
				low = bounds[i]
			}
			continue
		}
		if i >= len(bounds) || n == before {
			return 1000 * low
		}
		return 1000 * (low + (bounds[i]-low)*(q*all-before)/(n-before))
	}
	return 1000 * low
}

func (h *histogram) p() (all []float64) {
	if h.slow != nil {
		all = append(all, h.slow.p()...)
	}
	if h.compared != nil {
		all = append(all, math.Exp(-h.compared.Peak()))
	}
	return all
}

func (h *histogram) beyond() string   { return "" }
func (h *histogram) counted() float64 { return h.total }

// bad is unknown: a slow answer reaches everybody who waits for it.
func (h *histogram) bad() float64 { return 1 }

func (h *histogram) enough() (string, float64) {
	if h.total == 0 {
		return "no request reached " + h.new, 0
	}
	if h.slow != nil {
		if h.at < 0 {
			return h.noBound(), 0
		}
		if missing, requests := h.slow.enough(); missing != "" {
			return missing, requests
		}
	}
	if h.compared == nil {
		return "", 0
	}
	if h.base == 0 {
		return "no request reached " + h.old + ", which it is compared with", 0
	}
	times, power := detectOf(h.rule.Detect)
	most, found := 0.0, false
	tails := h.compared.Tails()
	for _, t := range tails {
		if math.IsNaN(t.Boundary) || t.Quantile > 0.95 && found || t.Baseline.Total == 0 {
			continue
		}
		rate := max(t.Baseline.Bad, 0.5) / t.Baseline.Total
		tolerated := 1.0
		if t.Baseline.Bad > 0 {
			tolerated = max(1, t.Tolerated/t.Baseline.Bad)
		}
		much := worst(times, rate*tolerated)
		if much == 0 { // a boundary that nearly all are slower than shows nothing
			continue
		}
		found = true
		// The evidence is a mean over the quantiles, so that one alone has to show so many times as much.
		level := h.level / float64(len(tails))
		most = max(most, t.Dispersion*sequential.RequestsForComparison(rate, tolerated, much, h.total/(h.total+h.base), level, power))
	}
	switch {
	case !found:
		return "no bucket has a bound next to a quantile of " + h.old, 0
	case h.total < most:
		return needs(most, h.total)
	}
	return suspect(h.compared, h.new, h.old), 0
}

// noBound says which bounds there are next to the limit.
func (h *histogram) noBound() string {
	_, bound, _, _ := policy.ParsePercentileLimit(h.rule.Limit)
	var near []string
	for i, b := range h.bounds {
		if b > bound.Seconds() {
			if i > 0 {
				near = append(near, seconds(h.bounds[i-1]))
			}
			near = append(near, seconds(b))
			break
		}
	}
	if len(near) == 0 && len(h.bounds) > 0 {
		near = append(near, seconds(h.bounds[len(h.bounds)-1]))
	}
	return fmt.Sprintf("no bucket ends at %s; next to it are %s", bound, strings.Join(near, " and "))
}

func seconds(s float64) string { return time.Duration(s * float64(time.Second)).String() }

func (h *histogram) told() (observed, wanted string) {
	seen := []string{fmt.Sprintf("%s requests of %s", amount(h.total), h.new)}
	var want []string
	if h.slow != nil {
		want = append(want, h.rule.Limit)
		if h.at >= 0 {
			low, high := sequential.Wilson(h.slow.sum.Bad, h.slow.sum.Total, usualConfidence)
			seen = append(seen, fmt.Sprintf("%s %s (95 %%: %s–%s)", amount(h.slow.sum.Bad), h.slow.what, percent(low), percent(high)))
		}
	}
	if h.compared != nil {
		for _, t := range h.compared.Tails() {
			if !math.IsNaN(t.Boundary) {
				seen = append(seen, fmt.Sprintf("slower than %s: %s, of %s %s", seconds(t.Boundary), share(t.Canary), h.old, share(t.Baseline)))
			}
		}
		increase := "no slower than " + h.old
		if h.rule.Compare.MaxIncrease != "" {
			increase = fmt.Sprintf("at most %s slower than %s", h.rule.Compare.MaxIncrease, h.old)
		}
		want = append(want, fmt.Sprintf("%s, with a false alarm in %s", increase, percent(alphaOf(h.rule))))
	}
	return strings.Join(seen, "; "), strings.Join(want, "; ")
}

func share(c sequential.Counts) string {
	if c.Total == 0 {
		return "none"
	}
	return percent(c.Bad / c.Total)
}

func (h *histogram) harm() string {
	if h.compared != nil && (h.slow == nil || h.compared.Peak() >= -math.Log(slices.Min(h.slow.p()))) {
		worst, times := sequential.Tail{}, 0.0
		for _, t := range h.compared.Tails() {
			if t.Canary.Total > 0 && t.Baseline.Bad > 0 && t.Baseline.Total > 0 {
				if x := (t.Canary.Bad / t.Canary.Total) / (t.Baseline.Bad / t.Baseline.Total); x > times {
					worst, times = t, x
				}
			}
		}
		if times > 0 {
			return fmt.Sprintf("%s of %s is worse than that of %s: %s take longer than %s, of %s %s (%s in %s requests)", h.rule.Name, h.new, h.old,
				share(worst.Canary), seconds(worst.Boundary), h.old, share(worst.Baseline), amount(worst.Canary.Bad), amount(worst.Canary.Total))
		}
		return fmt.Sprintf("%s of %s is worse than that of %s (%s requests)", h.rule.Name, h.new, h.old, amount(h.total))
	}
	return h.slow.harm()
}

func (h *histogram) lines() []line {
	limit := math.NaN()
	if h.slow != nil && h.percentile == "p95" && h.at >= 0 {
		limit = 1000 * h.bounds[h.at]
	}
	p95 := line{title: "p95", unit: "ms", canary: h.p95[0], limit: limit}
	if h.compared == nil {
		return []line{p95}
	}
	p95.compare = h.p95[1]
	return []line{p95, {title: "evidence of harm", canary: h.evidence, limit: 1 / h.level, log: true}}
}
