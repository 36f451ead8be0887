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
	classes   map[int]int // where slots of a share are kept
	canary    Counts      // in all
	baseline  Counts
}

// compared are slots with errors and about the same share of traffic.
type compared struct {
	canary, baseline Counts
}

// NewComparison begins one. The canary is harmful where its rate is more than o.Tolerated times the
// baseline's. A tolerance that makes no sense (negative, NaN) is never evidence of anything.
func NewComparison(o Options) *Comparison {
	return &Comparison{tolerated: o.tolerated(), spread: split{given: given(o.Dispersion)}, logs: make([]float64, len(alternatives)), classes: map[int]int{}}
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
	k := canary.Total / baseline.Total
	c.keep(k, canary, baseline)
	gain(c.logs, k, canary.Bad, baseline.Bad, c.tolerated, false, capOf(c.spread.given))
	c.set(bet(c.logs, c.spread.factor()))
	return true
}

// gain adds to the log of the e-value of each alternative what a slot, with k times as many requests of the
// canary as of the baseline, speaks against a ratio of from at most; or at least.
func gain(logs []float64, k, canary, baseline, from float64, atLeast bool, most float64) {
	whole := math.Log1p(from * k)
	for i, a := range alternatives {
		ratio, log := a.ratio, ratios[i]
		if atLeast {
			ratio, log = 1/ratio, -log
		}
		logs[i] += math.Min(most, canary*log-(canary+baseline)*(math.Log1p(ratio*from*k)-whole))
	}
}

// keep remembers a slot for Ratio. Slots with nearly the same k (by 3 %) are added up, so that a day is few.
func (c *Comparison) keep(k float64, canary, baseline Counts) {
	class := int(math.Round(math.Log(k) * 32))
	at, known := c.classes[class]
	if !known {
		at = len(c.slots)
		c.classes[class], c.slots = at, append(c.slots, compared{})
	}
	c.slots[at].canary, c.slots[at].baseline = c.slots[at].canary.plus(canary), c.slots[at].baseline.plus(baseline)
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
	if below >= -widest {
		low = math.Exp(below)
	}
	if high = math.Inf(1); above < widest {
		high = math.Exp(above)
	}
	if low > high { // slots contradict each other, and no one ratio fits them all
		return high, low
	}
	return low, high
}

// Exceeds tells whether the whole interval of Ratio lies above what is tolerated. It reckons once, where
// Ratio has to look for its ends.
//
// It can be so where Evidence is small: one slot adds little to that, so that a burst is no alarm, but the
// interval holds the slots for what they are. What exceeds and is no alarm has to be watched on.
func (c *Comparison) Exceeds(confidence float64) bool {
	if !(confidence > 0 && confidence < 1) || len(c.slots) == 0 {
		return false
	}
	return c.against(c.tolerated, false) >= math.Log(2/(1-confidence))
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
	for high-low > 2e-3 {
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
		gain(logs, s.canary.Total/s.baseline.Total, s.canary.Bad, s.baseline.Bad, theta, atLeast, math.Inf(1))
	}
	return bet(logs, c.spread.factor())
}
