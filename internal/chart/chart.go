// Package chart draws numbers over time as lines: as SVG that stands by itself, in the words of Mermaid for
// GitHub, and in plain text for who sees neither. All names are taken as hostile and made harmless here, and
// no value, however odd, breaks a picture. It does no I/O.
package chart

import (
	"math"
	"slices"
	"time"
)

// Chart is one or more lines over the same moments.
type Chart struct {
	Title     string
	Unit      string      // of the values, such as "%" or "ms"; "" for plain numbers
	X         []time.Time // ascending, shown in UTC
	Series    []Series
	Limit     float64 // a line that the values are held to, the same at all times; NaN is none
	LimitName string  // what it is; "" is "limit"
	Log       bool    // the axis of values goes by powers of ten; what is not above zero is drawn at its lower end
	Marks     []Mark
}

// Series is one line.
type Series struct {
	Name   string
	Values []float64 // one for each of X; NaN is none, which leaves a gap. Infinite ones are drawn at the edge
	Role   Role
}

// Role says how a line looks. Each has a pattern of its own besides its colour.
type Role string

// The roles.
const (
	Canary   Role = "canary"   // what is judged
	Baseline Role = "baseline" // what it is compared with
	Limit    Role = "limit"    // a limit that changes with time
)

// Mark is a moment to point at, such as the first breach.
type Mark struct {
	At   time.Time // one that is out of sight is left out
	Text string
}

// What one picture holds at most. What is beyond is left out, and Sentence says so.
const (
	maxSeries = 6
	maxMarks  = 6
)

func (c Chart) drawn() []Series { return c.Series[:min(len(c.Series), maxSeries)] }

// limited tells whether there is a limit that can be drawn.
func (c Chart) limited() bool { return finite(c.Limit) }

func (c Chart) limitName() string {
	if name := legible(c.LimitName); name != "" {
		return name
	}
	return "limit"
}

// at is a value of a series, NaN where it has none.
func (s Series) at(i int) float64 {
	if i < len(s.Values) {
		return s.Values[i]
	}
	return math.NaN()
}

// known is how many of the first n values there are.
func (s Series) known(n int) int {
	count := 0
	for i := range n {
		if !math.IsNaN(s.at(i)) {
			count++
		}
	}
	return count
}

// empty tells that there is nothing to draw.
func (c Chart) empty() bool {
	return !slices.ContainsFunc(c.drawn(), func(s Series) bool { return s.known(len(c.X)) > 0 })
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// sight is the time that is seen, in seconds of Unix; seconds as a float neither overflow nor end.
func (c Chart) sight() (from, to float64) {
	for i, x := range c.X {
		at := seconds(x)
		if i == 0 {
			from, to = at, at
		}
		from, to = min(from, at), max(to, at)
	}
	return from, to
}

func seconds(t time.Time) float64 { return float64(t.Unix()) + float64(t.Nanosecond())/1e9 }
