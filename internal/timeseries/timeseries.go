// Package timeseries is what is asked of a source of metrics and what it may answer: numbers by slot of
// time, or a named reason why there are none. It does no I/O.
package timeseries

import (
	"fmt"
	"time"
)

// Window is the time that is asked about: slots of equal width, one after the other. A slot holds what
// was recorded after its beginning, up to and including its end.
type Window struct {
	From  time.Time     `json:"from"` // the beginning of the first slot
	Width time.Duration `json:"width"`
	Slots int           `json:"slots"` // from 1
}

// To is the end of the last slot.
func (w Window) To() time.Time { return w.From.Add(time.Duration(w.Slots) * w.Width) }

// Slot is the number of the slot that a time falls into, from 0; ok is false for one outside of the window.
func (w Window) Slot(t time.Time) (n int, ok bool) {
	since := t.Sub(w.From)
	if since <= 0 || t.After(w.To()) {
		return 0, false
	}
	return int((since - 1) / w.Width), true
}

// Kind is what a query gives.
type Kind string

const (
	Counter   Kind = "counter"   // counts that only grow, over all series of the query; a slot holds what they grew by
	Histogram Kind = "histogram" // counters of a histogram's buckets, each with its upper bound
	Gauge     Kind = "gauge"     // one series with a value
)

// Question is one query over a window.
type Question struct {
	Query    string // as the source understands it, with its variables filled in
	Template string // the same as the policy writes it, with its variables; "" where there are none
	Kind     Kind
	Window
	// Since is when the watching began, not after From. A counter that nobody had seen before and that
	// appears after it counts from 0: the first error makes its series.
	Since time.Time
}

// Answer is what a source said.
type Answer struct {
	Slots  []Slot    `json:"slots"` // one for each of the window
	Series int       `json:"series"`
	Bounds []float64 `json:"bounds,omitempty"` // of a histogram: the upper bounds of its buckets, ascending, the last +Inf
}

// Slot is what was recorded in one slot.
type Slot struct {
	Samples int       // raw samples, or points; 0 is that nothing was recorded, which is not the same as nothing happened
	Growth  float64   // of a counter
	Buckets []float64 // of a histogram: the growth up to each bound (cumulative)
	Value   float64   // of a gauge: the newest value
	Resets  int       // how often a counter began anew
}

// Name is what kind of trouble a Problem is.
type Name string

// The named results of asking a source. None of them is ever taken for a number.
const (
	Unreachable Name = "unreachable"    // no answer: no route, refused, reset, timeout, TLS
	Denied      Name = "denied"         // 401, 403: the credentials are not enough
	Limited     Name = "rate-limited"   // 429, 503
	Broken      Name = "broken"         // an answer that is none: cut, HTML, another shape, 5xx
	BadQuery    Name = "bad-query"      // the source does not understand the query
	TooLarge    Name = "too-large"      // more than is read
	Empty       Name = "empty"          // no series, and none was ever seen: a misspelt name looks like this
	Several     Name = "several-series" // more than one where one is wanted
	NotANumber  Name = "not-a-number"   // NaN
	Infinite    Name = "infinite"       // +Inf or -Inf
	NoBuckets   Name = "no-buckets"     // a histogram's series without le, or with buckets that do not agree
	Partial     Name = "partial"        // the source itself says that its answer is not whole
	Skewed      Name = "clock-skew"     // the source's clock and this machine's differ
	NotCounter  Name = "not-a-counter"  // negative values, or an expression where a counter is wanted
	Unset       Name = "unset"          // a variable of the environment, or a version, that the question needs
	Misspelt    Name = "misspelt-label" // the metric has no such label
)

// Problem is why there is no answer. Its texts hold no secret and no whole address.
type Problem struct {
	Name   Name   `json:"name"`
	Detail string `json:"detail"`         // what was seen
	Next   string `json:"next,omitempty"` // what a person can do about it
}

func (p *Problem) Error() string { return fmt.Sprintf("%s: %s", p.Name, p.Detail) }
