package deployverify

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/sequential"
	"github.com/slipway-actions/slipway/internal/timeseries"
)

// usualConfidence is that of the interval that a limit is shown kept by, and of what a ratio may be.
const usualConfidence = 0.95

// leastRate is a share of bad requests below which a comparison is not asked to see a regression, where no
// limit says what matters: twice nothing is nothing.
const leastRate = 0.001

// ratio judges the share of bad requests, against a limit and against a baseline.
type ratio struct {
	rule     policy.Metric
	level    float64 // that it is tested at
	what     string  // is bad, such as errors
	new, old string  // versions
	limit    float64
	limited  *sequential.Limit      // nil without a limit
	compared *sequential.Comparison // nil without a baseline
	sum      sequential.Counts
	base     sequential.Counts
	shares   [2][]float64
	evidence []float64
}

func newRatio(m policy.Metric, w watch, level float64) *ratio {
	r := &ratio{rule: m, level: level, what: m.Name, new: w.version(), old: w.baseline(m.Compare)}
	o := optionsOf(m.Compare)
	if limit, err := policy.ParseShareLimit(m.Limit); m.Limit != "" && err == nil {
		r.limit, r.limited = limit, sequential.NewLimit(limit, sequential.Options{Dispersion: o.Dispersion})
	}
	if m.Compare != nil {
		r.compared = sequential.NewComparison(o)
	}
	return r
}

func optionsOf(c *policy.Compare) sequential.Options {
	var o sequential.Options
	if c != nil {
		o.Tolerated = c.MaxRatio
		o.Dispersion, _ = strconv.ParseFloat(c.Dispersion, 64) // auto, or nothing, is estimated
	}
	return o
}

func (r *ratio) take(s slot) *timeseries.Problem {
	canary := sequential.Counts{Total: s.Canary.Total, Bad: s.Canary.Bad}
	var baseline sequential.Counts
	if s.Baseline != nil {
		baseline = sequential.Counts{Total: s.Baseline.Total, Bad: s.Baseline.Bad}
	}
	return r.add(canary, baseline)
}

// add counts a slot of both sides.
func (r *ratio) add(canary, baseline sequential.Counts) *timeseries.Problem {
	for _, c := range []sequential.Counts{canary, baseline} {
		if problem := miscounted(c); problem != nil {
			return problem
		}
	}
	// What refuses both sides comes first, so that a slot counts whole or not at all.
	if r.compared != nil && !r.compared.Add(canary, baseline) || r.limited != nil && !r.limited.Add(canary) {
		return &timeseries.Problem{Name: timeseries.NotCounter, Detail: fmt.Sprintf("%s bad of %s is no count", amount(canary.Bad), amount(canary.Total))}
	}
	r.sum.Total, r.sum.Bad = r.sum.Total+canary.Total, r.sum.Bad+canary.Bad
	r.base.Total, r.base.Bad = r.base.Total+baseline.Total, r.base.Bad+baseline.Bad
	r.shares[0], r.shares[1] = append(r.shares[0], shareOf(canary)), append(r.shares[1], shareOf(baseline))
	r.evidence = append(r.evidence, math.Exp(min(r.strongest(), 25)))
	return nil
}

// mostCounted is the most that is believed of one slot. Beyond, floating point would lose single errors.
const mostCounted = 1e15

// miscounted names what is no count: below none, more bad ones than there are, infinite, NaN.
func miscounted(c sequential.Counts) *timeseries.Problem {
	if c.Bad >= 0 && c.Bad <= c.Total && c.Total <= mostCounted {
		return nil
	}
	return &timeseries.Problem{Name: timeseries.NotCounter, Detail: fmt.Sprintf("%s bad of %s cannot be", amount(c.Bad), amount(c.Total))}
}

func shareOf(c sequential.Counts) float64 {
	if c.Total == 0 {
		return math.NaN()
	}
	return 100 * c.Bad / c.Total
}

func (r *ratio) strongest() float64 {
	e := math.Inf(-1)
	if r.limited != nil {
		e = max(e, r.limited.Evidence())
	}
	if r.compared != nil {
		e = max(e, r.compared.Evidence())
	}
	return max(e, -25)
}

func (r *ratio) p() (all []float64) {
	if r.limited != nil {
		all = append(all, math.Exp(-r.limited.Peak()))
	}
	if r.compared != nil {
		all = append(all, math.Exp(-r.compared.Peak()))
	}
	return all
}

func (r *ratio) beyond() string   { return "" }
func (r *ratio) counted() float64 { return r.sum.Total }

func (r *ratio) bad() float64 {
	_, high := sequential.Wilson(r.sum.Bad, r.sum.Total, usualConfidence)
	return high
}

func (r *ratio) enough() (string, float64) {
	if r.sum.Total == 0 {
		return "no request reached " + r.new, 0
	}
	if r.limited != nil {
		if _, high := sequential.Wilson(r.sum.Bad, r.sum.Total, usualConfidence); high >= r.limit {
			need := sequential.RequestsForLimit(r.sum.Bad, r.sum.Total, r.limit, usualConfidence)
			if math.IsInf(need, 1) {
				return fmt.Sprintf("a share below %s cannot be shown: %s were seen", percent(r.limit), percent(r.sum.Bad/r.sum.Total)), 0
			}
			return needs(need, r.sum.Total)
		}
	}
	if r.compared != nil {
		return r.powered()
	}
	return "", 0
}

// powered tells whether the sample could have shown the regression that the policy cares about.
func (r *ratio) powered() (string, float64) {
	if r.base.Total == 0 {
		return "no request reached " + r.old + ", which it is compared with", 0
	}
	o := optionsOf(r.rule.Compare)
	tolerated := max(o.Tolerated, 1)
	if o.Tolerated > 0 {
		tolerated = o.Tolerated
	}
	times, power := detectOf(r.rule.Detect)
	least := leastRate
	if r.limited != nil { // what stays below the limit is no regression that matters
		least = r.limit / (times * tolerated)
	}
	rate := max(r.base.Bad/r.base.Total, least)
	if times = worst(times, rate*tolerated); times == 0 {
		return fmt.Sprintf("%s of %s are bad themselves, so that nothing could be told from it", percent(r.base.Bad/r.base.Total), r.old), 0
	}
	need := sequential.RequestsForComparison(rate, tolerated, times, r.sum.Total/(r.sum.Total+r.base.Total), r.level, power)
	if need *= max(1, r.compared.Dispersion()); r.sum.Total < need {
		return needs(need, r.sum.Total)
	}
	return suspect(r.compared, r.new, r.old), 0
}

// doubt is the evidence of harm, as a logarithm, beside which nothing passes, though it does not show harm
// yet: one chance in twenty. More requests settle it one way or the other.
var doubt = math.Log(20)

// comparison is what was seen beside a baseline.
type comparison interface {
	Evidence() float64
	Exceeds(confidence float64) bool
}

// suspect says that there is too much evidence of harm to pass, "" where there is not. A burst is little
// evidence, as one slot alone shows no harm; but while all ratios that fit what was seen are worse than
// what is tolerated, it is no pass either.
func suspect(c comparison, new, old string) string {
	if !(c.Evidence() < doubt) || c.Exceeds(usualConfidence) {
		return fmt.Sprintf("%s looks worse than %s, though not surely enough yet", new, old)
	}
	return ""
}

// worst is how many times worse than a tolerated rate it is looked for: no more than all can be bad, and 0
// where that is no worse to speak of.
func worst(times, tolerated float64) float64 {
	if times = min(times, 1/tolerated); times < 1.05 {
		return 0
	}
	return times
}

// needs says how many requests there are and have to be.
func needs(need, have float64) (string, float64) {
	if math.IsInf(need, 0) || math.IsNaN(need) || need > 1e12 {
		return fmt.Sprintf("no number of requests would suffice, and it has %s", amount(have)), 0
	}
	return fmt.Sprintf("needs %s requests, has %s", amount(math.Ceil(need)), amount(have)), need - have
}

// detectOf is the regression that must not be missed.
func detectOf(d *policy.Detect) (times, power float64) {
	times, power = 2, 0.8
	if d == nil {
		return times, power
	}
	if d.Ratio > 1 {
		times = d.Ratio
	}
	if share, err := policy.ParseShare(d.Power); err == nil && share < 1 {
		power = share
	}
	return times, power
}

func (r *ratio) told() (observed, wanted string) {
	var seen, want []string
	low, high := sequential.Wilson(r.sum.Bad, r.sum.Total, usualConfidence)
	seen = append(seen, fmt.Sprintf("%s of %s requests of %s (95 %%: %s–%s)", amount(r.sum.Bad), amount(r.sum.Total), r.new, percent(low), percent(high)))
	if r.limited != nil {
		want = append(want, "fewer than "+percent(r.limit))
	}
	if r.compared != nil {
		seen = append(seen, fmt.Sprintf("%s of %s of %s", amount(r.base.Bad), amount(r.base.Total), r.old))
		want = append(want, fmt.Sprintf("at most %s × %s, with a false alarm in %s", figure(max(optionsOf(r.rule.Compare).Tolerated, 0), 1), r.old, percent(alphaOf(r.rule))))
	}
	return strings.Join(seen, "; "), strings.Join(want, "; ")
}

// figure is a number that is 0 where another one holds.
func figure(v, otherwise float64) string {
	if v == 0 {
		v = otherwise
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

func (r *ratio) harm() string {
	counts := fmt.Sprintf("%s in %s requests", amount(r.sum.Bad), amount(r.sum.Total))
	if r.compared != nil && (r.limited == nil || r.compared.Peak() >= r.limited.Peak()) {
		low, high := r.compared.Ratio(max(0.5, 1-2*r.level)) // by the same line as the test, so that it does not reach down to what is tolerated
		return fmt.Sprintf("%s of %s are %s × those of %s (%s)", r.what, r.new, between(low, high), r.old, counts)
	}
	low, high := sequential.Wilson(r.sum.Bad, r.sum.Total, usualConfidence)
	return fmt.Sprintf("%s of %s are %s–%s, not below %s (%s)", r.what, r.new, percent(low), percent(high), percent(r.limit), counts)
}

// between is an interval of a ratio.
func between(low, high float64) string {
	if math.IsInf(high, 1) || high > 1000 {
		return "more than " + plain(low)
	}
	return plain(low) + "–" + plain(high)
}

// plain is a number of two digits, or whole where it is large.
func plain(v float64) string {
	switch {
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 1:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'g', 2, 64)
}

func (r *ratio) lines() []line {
	limit := math.NaN()
	if r.limited != nil {
		limit = 100 * r.limit
	}
	shares := line{title: "share of bad requests", unit: "%", canary: r.shares[0], limit: limit}
	if r.compared != nil {
		shares.compare = r.shares[1]
	}
	return []line{shares, {title: "evidence of harm", canary: r.evidence, limit: 1 / r.level, log: true}}
}
