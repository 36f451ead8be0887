// Package window knows when a deployment may happen: within the hours of deploy windows, and outside
// of freezes. It does no I/O and knows no clock; moments are handed in.
package window

import (
	"cmp"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/walltime"
)

// Horizon is how far ahead an opening is looked for. Whatever is to block so far must be in Freezes.
const Horizon = 400 * 24 * time.Hour

// Span is a time from Start on, until End and without it.
type Span struct{ Start, End time.Time }

// Covers tells whether a moment is within.
func (s Span) Covers(at time.Time) bool { return !at.Before(s.Start) && at.Before(s.End) }

// Hours are the hours of some days of the week that are open, as clocks of a zone show them.
type Hours struct {
	Days     [7]bool       // by time.Weekday, of the day that they begin on
	From, To time.Duration // since midnight; To at or before From is on the next day
	Zone     *time.Location
}

// Freeze is a time in which nothing is deployed, and why.
type Freeze struct {
	Span
	Why string
}

// Schedule is all of it.
type Schedule struct {
	Hours   *Hours // nil is always
	Freezes []Freeze
}

// Spans are the hours that end after one moment and begin before another, those that touch put together.
func (h Hours) Spans(from, to time.Time) []Span {
	var spans []Span
	first := walltime.Of(from, h.Zone)
	first = time.Date(first.Year(), first.Month(), first.Day()-2, 0, 0, 0, 0, time.UTC)
	end := h.To
	if h.To <= h.From {
		end += 24 * time.Hour
	}
	for day := first; ; day = day.AddDate(0, 0, 1) {
		// What clocks leap over is reached where they land. Of an hour that comes twice the first counts.
		s := Span{walltime.Reached(day.Add(h.From), h.Zone), walltime.Reached(day.Add(end), h.Zone)}
		if !s.Start.Before(to) {
			return spans
		}
		if !h.Days[day.Weekday()] || !s.Start.Before(s.End) || !s.End.After(from) {
			continue
		}
		if last := len(spans) - 1; last >= 0 && !s.Start.After(spans[last].End) {
			spans[last].End = s.End
			continue
		}
		spans = append(spans, s)
	}
}

// On are the freezes that are on at a moment.
func (s Schedule) On(at time.Time) []Freeze {
	var on []Freeze
	for _, f := range s.Freezes {
		if f.Covers(at) {
			on = append(on, f)
		}
	}
	return on
}

// InHours tells whether a moment is in the hours, whatever is frozen.
func (s Schedule) InHours(at time.Time) bool {
	return s.Hours == nil || slices.ContainsFunc(s.Hours.Spans(at, at.Add(time.Second)), func(h Span) bool { return h.Covers(at) })
}

// Open tells whether a deployment may happen at a moment.
func (s Schedule) Open(at time.Time) bool { return s.InHours(at) && len(s.On(at)) == 0 }

// Next is the first moment, from one on, at which a deployment may happen; false where there is none
// within the horizon.
func (s Schedule) Next(from time.Time) (time.Time, bool) {
	if opens := s.Openings(from, from.Add(Horizon)); len(opens) > 0 {
		return later(opens[0].Start, from), true
	}
	return time.Time{}, false
}

// NextHours is the first moment, from one on, that is in the hours, whatever is frozen.
func (s Schedule) NextHours(from time.Time) (time.Time, bool) {
	return Schedule{Hours: s.Hours}.Next(from)
}

// Openings are the times between two moments at which a deployment may happen, in order.
func (s Schedule) Openings(from, to time.Time) []Span {
	opens := []Span{{from, to}}
	if s.Hours != nil {
		opens = s.Hours.Spans(from, to)
	}
	frozen := s.frozen()
	var left []Span
	for _, open := range opens {
		for len(frozen) > 0 && !frozen[0].End.After(open.Start) {
			frozen = frozen[1:]
		}
		start := open.Start
		for _, f := range frozen {
			if !f.Start.Before(open.End) {
				break
			}
			if start.Before(f.Start) {
				left = append(left, Span{start, f.Start})
			}
			start = later(start, f.End)
		}
		if start.Before(open.End) {
			left = append(left, Span{start, open.End})
		}
	}
	return slices.DeleteFunc(left, func(s Span) bool { return !s.End.After(from) })
}

// frozen are the times of all freezes, in order, those that touch put together.
func (s Schedule) frozen() []Span {
	all := make([]Span, 0, len(s.Freezes))
	for _, f := range s.Freezes {
		if f.Start.Before(f.End) {
			all = append(all, f.Span)
		}
	}
	slices.SortFunc(all, func(a, b Span) int { return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End)) })
	var merged []Span
	for _, f := range all {
		if last := len(merged) - 1; last >= 0 && !f.Start.After(merged[last].End) {
			merged[last].End = later(merged[last].End, f.End)
			continue
		}
		merged = append(merged, f)
	}
	return merged
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
