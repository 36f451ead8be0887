package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/walltime"
)

// series is an event with its repetitions and what was changed of them.
type series struct {
	master  *entry // nil where only single ones of it are in the calendar
	changes []*entry
}

// in says which event an error is about.
func (s series) in(err error) error {
	if s.master != nil {
		return s.master.in(err)
	}
	return s.changes[0].in(err)
}

// newestOf takes the newest entry for each event and each change of one, in the order of the file.
func newestOf(entries []*entry) ([]series, error) {
	type id struct{ uid, recurrence string }
	newest := map[id]*entry{}
	var order []id
	for _, e := range entries {
		at := id{e.uid, e.recurrence}
		other, taken := newest[at]
		if !taken {
			order = append(order, at)
			newest[at] = e
			continue
		}
		switch age := cmp.Or(cmp.Compare(e.sequence, other.sequence), cmp.Compare(e.stamp, other.stamp)); {
		case age > 0:
			newest[at] = e
		case age == 0 && !sameProperties(e, other):
			return nil, e.in(fmt.Errorf("it has the UID and the SEQUENCE of that of line %d, and says something else", other.line))
		}
	}
	index := map[string]int{}
	var all []series
	for _, at := range order {
		i, ok := index[at.uid]
		if !ok {
			i = len(all)
			index[at.uid] = i
			all = append(all, series{})
		}
		if e := newest[at]; e.changes == nil {
			all[i].master = e
		} else {
			all[i].changes = append(all[i].changes, e)
		}
	}
	return all, nil
}

func sameProperties(a, b *entry) bool {
	return slices.EqualFunc(a.properties, b.properties, func(a, b property) bool {
		return a.name == b.name && a.value == b.value && reflect.DeepEqual(a.params, b.params)
	})
}

// occurrences are those of a series within a span.
func (r *reader) occurrences(s series, from, to time.Time) ([]Event, error) {
	var events []Event
	add := func(e *entry, start time.Time, takes span) {
		end := takes.end(start, e.start.zone)
		if start.Before(to) && (end.After(from) || start.Equal(end) && start.Equal(from)) {
			event := e.event
			event.Start, event.End = start, end
			events = append(events, event)
		}
	}
	for _, e := range s.changes {
		if !e.cancelled && (s.master == nil || !s.master.cancelled || e.sequence > s.master.sequence) {
			add(e, e.start.at(), e.takes)
		}
	}
	if s.master == nil || s.master.cancelled {
		return events, nil
	}
	gone := s.gone()
	for start, takes := range r.unchanged(*s.master, from, to) {
		key := moment{wall: start.UTC(), zone: time.UTC}.key()
		if gone[key] || gone[dayKey(start, s.master.start.zone)] {
			continue
		}
		if add(s.master, start, takes); len(events) > occurrenceLimit {
			return nil, errors.New("it happens too often")
		}
	}
	if r.effort < 0 {
		return nil, errEffort
	}
	return events, nil
}

// gone names the occurrences that are excepted, or that another entry takes the place of.
func (s series) gone() map[string]bool {
	gone := map[string]bool{}
	drop := func(m moment) {
		if s.master.start.day && !m.day { // some write a time there
			if m.day = true; m.utc {
				m.wall = walltime.Of(m.wall, s.master.start.zone)
			}
		}
		gone[m.key()] = true
	}
	for _, m := range s.master.except {
		drop(m)
	}
	for _, e := range s.changes {
		drop(*e.changes)
	}
	return gone
}

// unchanged are the beginnings of a series by its rule and its list, each once, and how long each takes.
func (r *reader) unchanged(e entry, from, to time.Time) func(yield func(time.Time, span) bool) {
	return func(yield func(time.Time, span) bool) {
		seen := map[int64]bool{}
		once := func(at time.Time, takes span) bool {
			if seen[at.Unix()] || !r.spend(1) {
				return r.effort >= 0
			}
			seen[at.Unix()] = true
			return yield(at, takes)
		}
		for _, p := range e.more {
			takes := e.takes
			if p.takes != nil {
				takes = *p.takes
			}
			if !once(p.start.at(), takes) {
				return
			}
		}
		if e.rule == nil {
			once(e.start.at(), e.takes)
			return
		}
		for at := range r.starts(*e.rule, e.start, from.Add(-e.takes.longest()), to) {
			if !once(at, e.takes) {
				return
			}
		}
	}
}
