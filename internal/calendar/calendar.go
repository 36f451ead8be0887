// Package calendar reads iCalendar files (RFC 5545) and tells what is on within a span of time. It
// does no I/O, but that the time zones it meets are looked up in the system's or the binary's table.
//
// Whoever asks must be able to rely on the answer: what is not understood is an error, and never
// left out. The library for recurrence rules that others use serves the tests as a second opinion,
// for there are rules that it does not come back from, and rules that it panics at.
package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	// SizeLimit is the most bytes of a calendar that is read.
	SizeLimit       = 1 << 20
	eventLimit      = 5000
	occurrenceLimit = 20_000    // of all events together, within a span
	effortLimit     = 3_000_000 // days and hours that are held against recurrence rules
)

// ErrEmpty is a calendar that is well formed and holds not a single event, whenever.
var ErrEmpty = errors.New("it holds no event at all")

// Event is one occurrence of an event.
type Event struct {
	Start, End time.Time // End is behind the event; both are the same where it takes no time
	Summary    string
	Categories []string
	Tentative  bool // not settled yet
	// People are those who were asked to attend and have not declined. Rooms are none.
	People []Person
	// Asked tells that somebody was asked to attend, even if everybody has declined.
	Asked bool
}

// Person is somebody who attends.
type Person struct {
	Name    string // as it is shown; may be empty
	Address string // of mail, in lower case; may be empty
}

// Within is what happens between two moments: every occurrence that has begun before the second and
// not ended by the first, in the order of their beginnings. Times without a zone are local's.
func Within(text []byte, local *time.Location, from, to time.Time) ([]Event, error) {
	if to.Year() > lastYear {
		return nil, fmt.Errorf("what happens after the year %d is not reckoned", lastYear)
	}
	components, err := parse(text)
	if err != nil {
		return nil, err
	}
	r := &reader{zones: newZones(local, to.AddDate(1, 0, 0)), effort: effortLimit}
	for _, c := range components {
		if err := r.read(c); err != nil {
			return nil, err
		}
	}
	if len(r.entries) == 0 {
		return nil, ErrEmpty
	}
	all, err := newestOf(r.entries)
	if err != nil {
		return nil, err
	}
	var events []Event
	for _, s := range all {
		more, err := r.occurrences(s, from, to)
		if err != nil {
			return nil, s.in(err)
		}
		if events = append(events, more...); len(events) > occurrenceLimit {
			return nil, fmt.Errorf("more than %d events happen within %s; that many are not read", occurrenceLimit, to.Sub(from))
		}
	}
	slices.SortStableFunc(events, func(a, b Event) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End), cmp.Compare(a.Summary, b.Summary))
	})
	return events, nil
}

// reader reads the components of a calendar into entries.
type reader struct {
	zones   *zones
	entries []*entry
	effort  int // that is left
}

var errEffort = errors.New("its recurrence rules take too long to reckon with")

// spend counts effort and tells whether there was any left.
func (r *reader) spend(n int) bool {
	r.effort -= n
	return r.effort >= 0
}

func (r *reader) read(calendar component) error {
	switch method, _ := calendar.one("METHOD"); method.value {
	case "", "PUBLISH", "REQUEST":
	default:
		return fmt.Errorf("line %d: it is a message (METHOD:%s) and no calendar", method.line, clip(method.value))
	}
	for _, c := range calendar.parts {
		if c.name == "VTIMEZONE" {
			if err := r.zones.define(c); err != nil {
				return c.in(err)
			}
		}
	}
	for _, c := range calendar.parts {
		if c.name != "VEVENT" {
			continue // tasks, journals and busy times are no events
		}
		if len(r.entries) == eventLimit {
			return fmt.Errorf("it holds more than %d events", eventLimit)
		}
		e, err := r.entry(c)
		if err != nil {
			return c.in(err)
		}
		r.entries = append(r.entries, e)
	}
	return nil
}

// clip makes text of a calendar fit into an error.
func clip(s string) string {
	if letters := []rune(s); len(letters) > 60 {
		return string(letters[:59]) + "…"
	}
	return s
}
