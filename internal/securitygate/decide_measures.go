package securitygate

import (
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
)

// measures are the figures that people follow over time.
type measures struct {
	open     map[string]int // by severity, without what is accepted
	fixed    int            // gone since the base or the earlier state
	patched  spans          // days from publication until it was gone here, of those with a date
	accepted int
	carried  spans // days that accepted risks have been accepted, of those that say since when
	dataAge  int   // days since the newest advisory of the ecosystem with the oldest; -1 where unknown
}

// spans are several spans of time, in days.
type spans struct {
	known   int
	mean    float64
	longest int
}

func (s *spans) add(d time.Duration) {
	days := max(0, int(d/day))
	s.mean = (s.mean*float64(s.known) + float64(days)) / float64(s.known+1)
	s.known++
	s.longest = max(s.longest, days)
}

func measure(e evidence, d decision) measures {
	m := measures{open: map[string]int{}, accepted: len(d.accepted), fixed: len(d.fixed), dataAge: -1}
	c := d.counts
	for level := osv.Unrated; level <= osv.Critical; level++ {
		m.open[level.String()] = c.by[level]
	}
	for _, r := range d.fixed {
		if !r.published.IsZero() {
			m.patched.add(e.now.Sub(r.published))
		}
	}
	for _, r := range d.accepted {
		if !r.accepted.since.IsZero() {
			m.carried.add(e.now.Sub(r.accepted.since))
		}
	}
	for _, s := range e.answer.Sets {
		if at := e.dated(s); !s.Named && !at.IsZero() {
			m.dataAge = max(m.dataAge, int(e.now.Sub(at)/day))
		}
	}
	return m
}
