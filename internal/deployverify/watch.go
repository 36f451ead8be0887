package deployverify

import (
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/timeseries"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// watch is what the sources said since the watching began, in slots of equal width: slot k holds what was
// recorded after Began + k × Width, up to and including Began + (k+1) × Width. The same slots come out
// however many jobs it took to read them.
type watch struct {
	Began   time.Time     `json:"began,omitzero"` // when the version had settled
	Width   time.Duration `json:"width,omitempty"`
	Soak    time.Duration `json:"soak,omitempty"`  // at least so long
	Max     time.Duration `json:"max,omitempty"`   // and at most
	Delay   time.Duration `json:"delay,omitempty"` // how long numbers are under way
	New     string        `json:"new,omitempty"`   // the version that is watched
	Old     string        `json:"old,omitempty"`   // the one that it is compared with
	Alone   bool          `json:"alone,omitempty"` // all of the traffic is the new version\'s, so that the old one has none at the same time
	Metrics []watched     `json:"metrics,omitempty"`
	read    int           // how many slots this run has asked for
	asked   time.Time     // when it asked last
}

// watched is one metric. Those that only use another one's numbers (a budget) are not among them.
type watched struct {
	Shown   bool                `json:"shown,omitempty"` // it is only shown, and its trouble ends nothing
	Name    string              `json:"name"`
	Queries []asked             `json:"queries,omitempty"` // as the source was asked
	Bounds  []float64           `json:"bounds,omitempty"`  // of a histogram: the upper bounds of its buckets, ascending, without the last, which is +Inf
	Slots   []slot              `json:"slots,omitempty"`   // from the first on, none left out
	Problem *timeseries.Problem `json:"problem,omitempty"` // why the newest slots could not be read; nil where they were
}

// asked is a query and what it is asked for, such as "bad, baseline".
type asked struct {
	For   string `json:"for"`
	Query string `json:"query"`
}

// slot is what was recorded in one slot, of the new version and, where it is compared, of the baseline.
// Nothing recorded (no samples) is not the same as nothing happened.
type slot struct {
	Canary   side                `json:"c"`
	Baseline *side               `json:"b,omitempty"`
	Problem  *timeseries.Problem `json:"problem,omitempty"` // what was wrong with its numbers, such as NaN
}

// side is one version in one slot.
type side struct {
	Samples int       `json:"s,omitempty"` // raw samples; 0 is that nothing was recorded
	Total   float64   `json:"n,omitempty"` // of a ratio: all
	Bad     float64   `json:"x,omitempty"` // of a ratio: what went wrong
	Buckets []float64 `json:"h,omitempty"` // of a histogram: the growth up to each of Bounds (cumulative), and last of all
	Value   *float64  `json:"v,omitempty"` // of a gauge
	Resets  int       `json:"r,omitempty"` // how often a counter began anew
}

// numbers is what the metrics show.
type numbers struct {
	// slots is by how many slots they were judged. The first slot that settles it is the last that counts,
	// so that one long run and many short ones come to the same.
	slots   int
	settled bool          // no later slot changes anything
	more    time.Duration // roughly how much longer it takes until there is enough; 0 where nobody can say
	metrics []judged      // in the policy's order, budgets included
}

// judged is what one metric shows.
type judged struct {
	metric   policy.Metric
	outcome  verdict.Outcome
	harmed   int    // by how many slots harm was shown, from 1; 0 is never
	reason   string // one clause, such as "5xx of 1.5.0 are 4.1–9.7 × those of 1.4.2, seen after 3 min, 31 errors in 1,140 requests"
	short    bool   // it is undecided for want of numbers, which more time may bring
	unread   bool   // it is undecided, for its source could not be read
	findings []result.Finding
	bad      float64 // the most that the new version's share of bad requests can be, from 0 to 1; 1 where nothing bounds it
	lines    []line  // for the pictures
}

// line is a curve over slots beside the line that it is held to.
type line struct {
	title   string    // such as "evidence of harm"
	unit    string    // such as "%", "ms" or ""
	canary  []float64 // by slot; NaN where there is none
	compare []float64 // the baseline's, likewise; nil where there is none
	limit   float64   // NaN where there is none
	log     bool      // its axis is logarithmic
}
