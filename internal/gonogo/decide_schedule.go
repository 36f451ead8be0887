package gonogo

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/calendar"
	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/holiday"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
	"github.com/slipway-actions/slipway/internal/walltime"
	"github.com/slipway-actions/slipway/internal/window"
)

const windowsID = "windows"

// judgeWindows judges the moment: whether the deploy window is open, and no freeze is on. What is known
// to block blocks, whatever else is not known.
func judgeWindows(e evidence, k known) []criterion {
	if e.Gate.Windows == nil {
		return nil
	}
	s := scheduleOf(e, k)
	c := criterion{id: windowsID, findings: append(s.blocking(e), s.unknown...), open: s.passing}
	if next, ok := s.next(e.Now); ok && !next.Equal(e.Now) && next.Sub(e.Now) <= longestWait {
		c.open = append(c.open, windowsID) // time passes by itself; but nobody's job runs over a weekend
	}
	if len(c.findings) == 0 {
		c.findings = []result.Finding{{ID: windowsID, Outcome: verdict.Passed, Title: windowsID, Observed: s.openUntil(e.Now), Threshold: s.wanted()}}
	}
	return []criterion{c}
}

// earliestGo is the first moment, from now on, that the windows allow; false where there is none or
// it is not known.
func earliestGo(e evidence, k known) (time.Time, bool) {
	if e.Gate.Windows == nil {
		return e.Now, true
	}
	return scheduleOf(e, k).next(e.Now)
}

// schedule is what the policy's windows come to around a moment.
type schedule struct {
	window.Schedule
	zone    *time.Location
	hours   string           // the deploy window in words, "" where none applies
	unknown []result.Finding // what of the windows is not known
	passing []string         // what of it may come to be known by itself
}

func scheduleOf(e evidence, k known) schedule {
	zone, err := time.LoadLocation(e.Timezone)
	if err != nil {
		return schedule{zone: time.UTC, unknown: []result.Finding{notKnown("time zone", "the time zone "+e.Timezone+" is not known here", "Correct timezone in the policy.")}}
	}
	s := schedule{zone: zone}
	if d := e.Gate.Windows.Deploy; d != nil && s.applies("deploy window", d.When, e, k) {
		s.Hours, s.hours = hoursOf(*d, zone)
	}
	for _, f := range e.Gate.Windows.Freeze {
		name := "freeze"
		if what := cmp.Or(f.Calendar, strings.Join(f.Holidays, ", "), f.Reason); what != "" {
			name += " (" + shorten(what) + ")"
		}
		if s.applies(name, f.When, e, k) {
			s.freeze(name, f, e)
		}
	}
	return s
}

// applies tells whether a part of the windows counts. Where that is not known it is noted so, and the
// part is left out: a no-go in any case.
func (s *schedule) applies(name, when string, e evidence, k known) bool {
	if when == "" {
		return true
	}
	holds, err := holdsNow(when, e, k)
	if err != nil {
		f := notKnown(name, "whether it counts is not known: "+err.Error(), "Hand in what the condition needs, such as the result of version-bump, or change the condition.")
		f.Threshold = "when: " + when
		s.unknown = append(s.unknown, f)
	}
	return err == nil && holds
}

func notKnown(name, observed, next string) result.Finding {
	return result.Finding{ID: windowsID, Outcome: verdict.Undecided, Title: windowsID + ": " + name, Observed: observed, Threshold: "windows that are known", Next: next}
}

func hoursOf(d policy.DeployWindow, zone *time.Location) (*window.Hours, string) {
	h := &window.Hours{Zone: zone}
	h.From, _ = policy.ParseClock(cmp.Or(d.From, "00:00"))
	h.To, _ = policy.ParseClock(cmp.Or(d.To, "24:00"))
	for i, name := range policy.Weekdays {
		for _, day := range d.Days {
			h.Days[i] = h.Days[i] || day == name
		}
		h.Days[i] = h.Days[i] || len(d.Days) == 0
	}
	words := cmp.Or(strings.Join(d.Days, ", "), "every day") + " " + cmp.Or(d.From, "00:00") + "–" + cmp.Or(d.To, "24:00") + " " + zone.String()
	return h, words
}

// freeze adds the times of one rule of the policy.
func (s *schedule) freeze(name string, f policy.Freeze, e evidence) {
	add := func(start, end time.Time, why ...string) {
		var words []string
		for _, w := range why {
			if w = shorten(w); w != "" {
				words = append(words, w)
			}
		}
		s.Freezes = append(s.Freezes, window.Freeze{Span: window.Span{Start: start, End: end}, Why: cmp.Or(strings.Join(words, ": "), name)})
	}
	days := func(first, last time.Time, why ...string) {
		add(walltime.Reached(first, s.zone), walltime.Reached(last.AddDate(0, 0, 1), s.zone), why...)
	}
	until := e.Now.Add(window.Horizon)
	switch {
	case f.Calendar != "":
		events, unread := eventsOf(f.Calendar, s.zone, e.Now, until, e)
		if unread.What != "" {
			s.unknown = append(s.unknown, notKnown(name, unread.What, unread.Next))
			if unread.Passing {
				s.passing = append(s.passing, f.Calendar)
			}
		}
		for _, event := range events {
			add(event.Start, event.End, f.Reason, event.Summary)
		}
	case len(f.Holidays) > 0:
		today := walltime.Of(e.Now, s.zone)
		for _, set := range f.Holidays {
			if !holiday.Known(set) { // a record of another release may name one
				s.unknown = append(s.unknown, notKnown(name, "the holidays of "+shorten(set)+" are not known here", "Decide with the release that the policy is for."))
			}
			for _, day := range holiday.Days(set, today.AddDate(0, 0, -1), today.Add(window.Horizon)) {
				days(day.Date, day.Date, f.Reason, day.Name+" ("+set+")")
			}
		}
	default:
		days(f.From.Time, f.To.Time, f.Reason)
	}
}

// eventsOf are the events of a calendar of the policy between two moments, or why they are not known.
func eventsOf(place string, zone *time.Location, from, to time.Time, e evidence) ([]calendar.Event, problem) {
	const mend = "Mend the calendar, or have the program that publishes it write what is understood."
	f := e.file(governed + place)
	switch {
	case f.Missing:
		return nil, problem{What: "there is no such file where the policy is read", Next: "Commit the calendar there, or correct its path in the policy."}
	case f.Problem.What != "":
		return nil, f.Problem
	}
	events, err := calendar.Within(f.Text, zone, from, to)
	switch {
	case errors.Is(err, calendar.ErrEmpty):
		return nil, problem{What: err.Error() + ", so it may as well have been emptied by mistake", Next: "Keep past events in it, so that it can be told from one that is broken; or take it out of the policy."}
	case err != nil:
		return nil, problem{What: shorten("the calendar is not understood: " + err.Error()), Next: mend}
	}
	return events, problem{}
}

// next is the first moment, from one on, that all windows allow; false where a part is not known.
func (s schedule) next(from time.Time) (time.Time, bool) {
	if len(s.unknown) > 0 {
		return time.Time{}, false
	}
	return s.Next(from)
}

// blocking is a finding for each part of the windows that says no.
func (s schedule) blocking(e evidence) []result.Finding {
	next := "No moment of the next 400 days is allowed. Look at gate.windows in the policy."
	switch at, ok := s.next(e.Now); {
	case len(s.unknown) > 0:
		next = "First see to what of the windows is not known; then this tells the earliest go."
	case ok:
		next = "Deploy at " + s.moment(at) + " or later, the earliest moment that all windows allow."
	}
	var findings []result.Finding
	add := func(name, observed, wanted string) {
		findings = append(findings, result.Finding{ID: windowsID, Outcome: verdict.Failed, Title: windowsID + ": " + name, Observed: observed, Threshold: wanted, Next: next})
	}
	if !s.InHours(e.Now) {
		observed := "closed at " + s.moment(e.Now)
		if at, ok := s.NextHours(e.Now); ok {
			observed += "; it opens at " + s.moment(at)
		}
		add("deploy window", observed, s.hours)
	}
	for i, f := range s.On(e.Now) {
		if i == shownFreezes {
			add("freeze", fmt.Sprintf("%d more are on", len(s.On(e.Now))-i), "no freeze")
			break
		}
		add("freeze", f.Why+", from "+s.moment(f.Start)+" until "+s.moment(f.End), "no freeze")
	}
	return findings
}

// shownFreezes is the most freezes that are shown one by one.
const shownFreezes = 20

func (s schedule) openUntil(now time.Time) string {
	opens := s.Openings(now, now.Add(window.Horizon))
	if end := opens[0].End; end.Before(now.Add(window.Horizon)) {
		return "open until " + s.moment(end) + ", for " + duration.Format(end.Sub(now).Round(time.Minute))
	}
	return "open, and nothing closes it within 400 days"
}

func (s schedule) wanted() string {
	if s.hours == "" {
		return "no freeze"
	}
	return s.hours + ", no freeze"
}

// moment is how people read a moment, in the policy's time zone.
func (s schedule) moment(at time.Time) string {
	return at.In(s.zone).Format("Mon 2006-01-02 15:04 MST")
}
