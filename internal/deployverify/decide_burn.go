package deployverify

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/sequential"
	"github.com/slipway-actions/slipway/internal/timeseries"
)

// burnConfidence is that of the bound by which a budget burns: it is looked at after every slot, and so has
// to be a good deal surer than one that is looked at once.
const burnConfidence = 0.999

// burn judges how fast the error budget of an objective is used up, over a long and a short window each: the
// long one shows that it matters, the short one that it goes on.
type burn struct {
	rule    policy.Metric
	new     string
	width   time.Duration
	budget  float64             // share of requests that may be bad
	sums    []sequential.Counts // of all slots up to each
	sum     sequential.Counts
	harmful string
	rates   []float64 // of the first long window, by slot
}

func newBurn(m policy.Metric, w watch) *burn {
	share, _ := policy.ParseShare(m.SLO)
	return &burn{rule: m, new: w.version(), width: max(w.Width, 1), budget: 1 - share}
}

func (b *burn) take(s slot) *timeseries.Problem {
	c := sequential.Counts{Total: s.Canary.Total, Bad: s.Canary.Bad}
	if problem := miscounted(c); problem != nil {
		return problem
	}
	b.sum.Total, b.sum.Bad = b.sum.Total+c.Total, b.sum.Bad+c.Bad
	b.sums = append(b.sums, b.sum)
	for i, pair := range b.rule.Burn {
		long, short := b.window(pair.Long), b.window(pair.Short)
		if i == 0 {
			b.rates = append(b.rates, b.rate(long))
		}
		if b.harmful == "" && b.surely(long) > pair.Over && b.surely(short) > pair.Over {
			b.harmful = fmt.Sprintf("the error budget of %s (%s) burns at %s × and more, over %s and over %s (%s bad in %s requests)", b.new, b.rule.SLO, figure(pair.Over, 0),
				b.spanned(pair.Long), b.spanned(pair.Short), amount(long.Bad), amount(long.Total))
		}
	}
	return nil
}

// window adds the newest slots up; where fewer were watched, there are fewer.
func (b *burn) window(d policy.Duration) sequential.Counts {
	n := max(1, int((time.Duration(d)+b.width-1)/b.width))
	if n >= len(b.sums) {
		return b.sum
	}
	before := b.sums[len(b.sums)-1-n]
	total := max(b.sum.Total-before.Total, 0)
	return sequential.Counts{Total: total, Bad: min(max(b.sum.Bad-before.Bad, 0), total)}
}

func (b *burn) spanned(d policy.Duration) string {
	if watched := time.Duration(len(b.sums)) * b.width; watched < time.Duration(d) {
		return fmt.Sprintf("%s (of %s so far)", duration.Format(time.Duration(d)), duration.Format(watched))
	}
	return duration.Format(time.Duration(d))
}

func (b *burn) rate(c sequential.Counts) float64 {
	if c.Total == 0 {
		return math.NaN()
	}
	return c.Bad / c.Total / b.budget
}

// surely is a rate that it burns at, at the least.
func (b *burn) surely(c sequential.Counts) float64 {
	low, _ := sequential.Wilson(c.Bad, c.Total, burnConfidence)
	return low / b.budget
}

func (b *burn) p() []float64     { return nil }
func (b *burn) beyond() string   { return b.harmful }
func (b *burn) harm() string     { return b.harmful }
func (b *burn) counted() float64 { return b.sum.Total }

func (b *burn) bad() float64 {
	_, high := sequential.Wilson(b.sum.Bad, b.sum.Total, usualConfidence)
	return high
}

// enough wants so many requests that the slowest burn of the policy could have been told from none.
func (b *burn) enough() (string, float64) {
	if b.sum.Total == 0 {
		return "no request reached " + b.new, 0
	}
	for _, pair := range b.rule.Burn {
		limit := pair.Over * b.budget
		long := b.window(pair.Long)
		if _, high := sequential.Wilson(long.Bad, long.Total, usualConfidence); high >= limit && limit < 1 {
			need := sequential.RequestsForLimit(long.Bad, long.Total, limit, usualConfidence)
			if math.IsInf(need, 1) {
				return fmt.Sprintf("it cannot be shown to burn slower than %s ×", figure(pair.Over, 0)), 0
			}
			return needs(need, long.Total)
		}
	}
	return "", 0
}

func (b *burn) told() (observed, wanted string) {
	var want []string
	for _, pair := range b.rule.Burn {
		want = append(want, fmt.Sprintf("less than %s × over %s and %s", figure(pair.Over, 0), duration.Format(time.Duration(pair.Long)), duration.Format(time.Duration(pair.Short))))
	}
	rate := "nothing burnt"
	if b.sum.Total > 0 {
		rate = fmt.Sprintf("burns at %.2g × (%s bad in %s requests)", b.rate(b.sum), amount(b.sum.Bad), amount(b.sum.Total))
	}
	return rate, strings.Join(want, "; ")
}

func (b *burn) lines() []line {
	limit := math.NaN()
	if len(b.rule.Burn) > 0 {
		limit = b.rule.Burn[0].Over
	}
	return []line{{title: "burn rate", canary: b.rates, limit: limit}}
}
