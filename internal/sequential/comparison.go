package sequential

import "math"

// Comparison holds the canary's rate of errors against the baseline's: evidence that it is more than
// tolerated × baseline.
//
// In a slot with n_c and n_b requests let π = r·n_c / (r·n_c + n_b) be the canary's share of all errors
// under the tolerated ratio r, and q the same under ρ·r. Each slot multiplies the e-value of ρ by
// (q/π)^x_c · ((1−q)/(1−π))^x_b. For errors that are independent its mean is
// (1 + p_c(q/π − 1))^n_c · (1 + p_b((1−q)/(1−π) − 1))^n_b, and as log(1+u) ≤ u that is at most
// exp((p_c − r·p_b)·n_c·(q/π − 1)): at most 1 for p_c ≤ r·p_b, whatever the rates, the shares and the
// slots' lengths are, rare errors or not, and if they change from slot to slot.
// Errors that come in bursts are not independent: see dispersion.go.
type Comparison struct {
	evidence
	tolerated float64
	spread    split
	logs      []float64 // by alternative, of its e-value
	slots     []compared
	canary    Counts // in all
	baseline  Counts
}

// compared is a slot with errors, kept for Ratio.
type compared struct {
	canary, baseline Counts
}

// NewComparison begins one. The canary is harmful where its rate is more than o.Tolerated times the
// baseline's. A tolerance that makes no sense (negative, NaN) is never evidence of anything.
func NewComparison(o Options) *Comparison {
	return &Comparison{tolerated: o.tolerated(), spread: split{given: given(o.Dispersion)}, logs: make([]float64, len(alternatives))}
}

// Add takes the next slot. It is false, and nothing is changed, where one of the sides is no count. A slot
// in which one side had no requests says nothing about a ratio.
func (c *Comparison) Add(canary, baseline Counts) bool {
	if !canary.valid() || !baseline.valid() {
		return false
	}
	if canary.Total == 0 || baseline.Total == 0 {
		return true
	}
	c.spread.add(canary, baseline)
	c.canary, c.baseline = c.canary.plus(canary), c.baseline.plus(baseline)
	if canary.Bad+baseline.Bad == 0 || c.tolerated == 0 {
		return true
	}
	s := compared{canary, baseline}
	if n := len(c.slots); n > 0 && c.slots[n-1].alike(s) {
		c.slots[n-1].canary, c.slots[n-1].baseline = c.slots[n-1].canary.plus(canary), c.slots[n-1].baseline.plus(baseline)
	} else {
		c.slots = append(c.slots, s)
	}
	for i, a := range alternatives {
		c.logs[i] += capped(s.gain(c.tolerated, a.ratio*c.tolerated), c.spread.given)
	}
	c.set(bet(c.logs, c.spread.factor()))
	return true
}

// alike slots can be added up: what counts is how the requests were shared out.
func (s compared) alike(t compared) bool {
	return s.canary.Total*t.baseline.Total == t.canary.Total*s.baseline.Total
}

// gain is the log likelihood ratio of the rate ratio to against from.
func (s compared) gain(from, to float64) float64 {
	k := s.canary.Total / s.baseline.Total
	all := s.canary.Bad + s.baseline.Bad
	return s.canary.Bad*math.Log(to/from) - all*math.Log((1+to*k)/(1+from*k))
}

// bet is the evidence of all alternatives together.
func bet(logs []float64, dispersion float64) float64 {
	weighed := make([]float64, len(logs))
	for i, l := range logs {
		weighed[i] = bets[i] + l/dispersion
	}
	return logSum(weighed...)
}

// Totals are what was compared: the slots in which both sides had requests.
func (c *Comparison) Totals() (canary, baseline Counts) { return c.canary, c.baseline }

// Dispersion is by how much the errors come in bursts, as it is reckoned with for the next slot: 1 is not
// at all. What RequestsForComparison says grows by that factor.
func (c *Comparison) Dispersion() float64 { return c.spread.factor() }

// Ratio is an interval of the canary's rate over the baseline's that is valid at whatever time one stops:
// the ratios that are not refuted. It is [0, +Inf] where nothing is known.
func (c *Comparison) Ratio(confidence float64) (low, high float64) {
	if !(confidence > 0 && confidence < 1) || len(c.slots) == 0 {
		return 0, math.Inf(1)
	}
	line := math.Log(2 / (1 - confidence))
	// The evidence against "at most θ" falls with θ, that against "at least θ" grows with it. So what is
	// refuted lies below a θ and above another one, which are found by halving.
	below := c.last(func(theta float64) bool { return c.against(theta, false) >= line })
	above := c.last(func(theta float64) bool { return c.against(theta, true) < line })
	if below > widest*-1 {
		low = math.Exp(below)
	}
	if high = math.Inf(1); above < widest {
		high = math.Exp(above)
	}
	return low, high
}

// widest are the ratios that are looked for, as a log: a ten-thousand-millionth to the inverse.
const widest = 23.0

// last is the log of the last ratio of which something is so that is so of all smaller ones; -widest or
// less where it is so of none, widest where it is so of all.
func (c *Comparison) last(so func(theta float64) bool) float64 {
	low, high := -widest-1, widest
	if so(math.Exp(high)) {
		return high
	}
	for high-low > 1e-3 {
		if middle := (low + high) / 2; so(math.Exp(middle)) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// against is the evidence against a ratio of at most theta, or of at least theta.
func (c *Comparison) against(theta float64, atLeast bool) float64 {
	logs := make([]float64, len(alternatives))
	for _, s := range c.slots {
		for i, a := range alternatives {
			if atLeast {
				logs[i] += s.gain(theta, theta/a.ratio)
			} else {
				logs[i] += s.gain(theta, theta*a.ratio)
			}
		}
	}
	return bet(logs, c.spread.factor())
}
