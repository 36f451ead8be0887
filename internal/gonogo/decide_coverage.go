package gonogo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/calendar"
	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

const defaultCoverage = 24 * time.Hour

// judgeCoverage wants enough people on call at every moment from now on for so long.
func judgeCoverage(id string, rule policy.Coverage, e evidence) criterion {
	span := cmp.Or(time.Duration(rule.For), defaultCoverage)
	f := result.Finding{ID: id, Outcome: verdict.Undecided, Title: id, Threshold: fmt.Sprintf("%d primary", rule.Primary)}
	if rule.Backup > 0 {
		f.Threshold += fmt.Sprintf(" and %d backup, who is somebody else,", rule.Backup)
	}
	f.Threshold += " on call at every moment for " + duration.Format(span)
	if !strings.Contains(rule.Calendar, ":") {
		f.Where = &result.Where{File: rule.Calendar}
	}
	unknown := func(observed, next string, open ...string) criterion {
		f.Observed, f.Next = observed, next
		return criterion{id: id, findings: []result.Finding{f}, open: open}
	}
	zone, err := time.LoadLocation(e.Timezone)
	if err != nil {
		return unknown("the time zone "+e.Timezone+" is not known here", "Correct timezone in the policy.")
	}
	until := e.Now.Add(span)
	events, unread := eventsOf(rule.Calendar, zone, e.Now, until, e)
	if unread.What != "" {
		var open []string
		if unread.Passing {
			open = append(open, id)
		}
		return unknown(unread.What, unread.Next, open...)
	}
	r := rosterOf(events)
	moment := schedule{zone: zone}.moment
	const mend = "Name the role in each event's summary or categories (primary, backup or secondary), and the person as its attendee or in the summary."
	first, covered := r.gap(rule, e.Now, until)
	switch {
	case covered:
		f.Outcome, f.Observed = verdict.Passed, r.onCall(e.Now, moment)
		return criterion{id: id, findings: []result.Finding{f}}
	case len(r.shifts) == 0 && r.other > 0:
		return unknown("the calendar has "+report.Count(r.other, "event")+" in that time, none of which says who is primary or backup", mend)
	case r.nameless != "":
		return unknown("nobody knows who is on call by “"+shorten(r.nameless)+"”", mend)
	}
	f.Outcome, f.Observed = verdict.Failed, "no "+first.role+" from "+moment(first.start)+" until "+moment(first.end)
	if before := r.on(first.start.Add(-time.Nanosecond)); before != "" {
		f.Observed += "; before that " + before
	}
	f.Next = "Find somebody who takes it over and put it into the calendar, then run this step again."
	return criterion{id: id, findings: []result.Finding{f}}
}

// shift is a time in which somebody is on call.
type shift struct {
	start, end      time.Time
	primary, backup bool
	person          int
}

// roster is who is on call when.
type roster struct {
	shifts   []shift
	names    []string // by person
	other    int      // events that name no role
	nameless string   // an event that names a role and nobody
}

// rosterOf reads the shifts of a calendar's events. What is not settled yet is none.
func rosterOf(events []calendar.Event) roster {
	var (
		r      roster
		people persons
	)
	for _, event := range events {
		if event.Tentative || !event.Start.Before(event.End) {
			continue
		}
		primary, backup, name := rolesIn(event.Summary)
		for _, c := range event.Categories {
			p, b, _ := rolesIn(c)
			primary, backup = primary || p, backup || b
		}
		if !primary && !backup {
			r.other++
			continue
		}
		who := event.People
		if !event.Asked && name != "" {
			who = []calendar.Person{{Name: name}}
		}
		if len(who) == 0 && !event.Asked {
			r.nameless = event.Summary
		}
		for _, p := range who {
			if isNobody(p.Name) {
				r.nameless = event.Summary
				continue
			}
			r.shifts = append(r.shifts, shift{event.Start, event.End, primary, backup, people.id(p)})
		}
	}
	for i := range r.shifts {
		r.shifts[i].person = people.root(r.shifts[i].person)
	}
	r.names = people.names
	return r
}

// persons tells people apart. Who shares a name or an address with somebody is the same person: two who
// are taken for one can only be found missing.
type persons struct {
	names []string
	same  []int          // the person that each was found to be, or itself
	known map[string]int // by name and by address
}

func (p *persons) id(who calendar.Person) int {
	if p.known == nil {
		p.known = map[string]int{}
	}
	id := -1
	for _, key := range []string{"name " + strings.ToLower(oneLine(who.Name)), "mail " + who.Address} {
		if strings.HasSuffix(key, " ") {
			continue
		}
		switch other, ok := p.known[key]; {
		case ok && id < 0:
			id = p.root(other)
		case ok:
			p.same[p.root(other)] = id
		}
		if id < 0 {
			id = len(p.names)
			p.names, p.same = append(p.names, shorten(cmp.Or(who.Name, who.Address))), append(p.same, id)
		}
		p.known[key] = id
	}
	return id
}

func (p *persons) root(id int) int {
	for p.same[id] != id {
		p.same[id] = p.same[p.same[id]]
		id = p.same[id]
	}
	return id
}

// hole is a time in which somebody is missing.
type hole struct {
	start, end time.Time
	role       string
}

// gap finds the first one between two moments.
func (r roster) gap(rule policy.Coverage, from, until time.Time) (found hole, covered bool) {
	type change struct {
		at    time.Time
		by    int
		shift shift
	}
	changes := []change{{at: from}, {at: until}}
	for _, s := range r.shifts {
		if s.start.Before(until) && s.end.After(from) {
			changes = append(changes, change{later(s.start, from), 1, s}, change{s.end, -1, s})
		}
	}
	slices.SortStableFunc(changes, func(a, b change) int { return a.at.Compare(b.at) })
	var primary, backup, either headcount
	for i, c := range changes {
		if c.by != 0 {
			if c.shift.primary {
				primary.add(c.shift.person, c.by)
			}
			if c.shift.backup {
				backup.add(c.shift.person, c.by)
			}
			either.add(c.shift.person, c.by)
		}
		if i+1 < len(changes) && changes[i+1].at.Equal(c.at) {
			continue // all that changes at one moment counts at once
		}
		missing := ""
		switch {
		case primary.people < rule.Primary:
			missing = "primary"
		case backup.people < rule.Backup:
			missing = "backup"
		case either.people < rule.Primary+rule.Backup:
			missing = "backup who is somebody else"
		}
		switch past := !c.at.Before(until); {
		case found.role != "" && (past || missing != found.role):
			found.end = sooner(c.at, until)
			return found, false
		case past:
			return hole{}, true
		case missing != "" && found.role == "":
			found = hole{start: c.at, role: missing}
		}
	}
	return found, found.role == ""
}

// headcount counts people, each of whom may be there more than once.
type headcount struct {
	times  map[int]int
	people int
}

func (t *headcount) add(person, by int) {
	if t.times == nil {
		t.times = map[int]int{}
	}
	was := t.times[person]
	t.times[person] = was + by
	switch {
	case was == 0:
		t.people++
	case was+by == 0:
		t.people--
	}
}

// on names who is on call at a moment, with their roles; "" for nobody.
func (r roster) on(at time.Time) string { return r.list(at, func(shift) string { return "" }) }

// onCall names who is on call at a moment, and until when.
func (r roster) onCall(at time.Time, moment func(time.Time) string) string {
	return r.list(at, func(s shift) string { return " until " + moment(s.end) })
}

const shownPeople = 6

func (r roster) list(at time.Time, more func(shift) string) string {
	var words []string
	for _, role := range []struct {
		name string
		has  func(shift) bool
	}{{"primary", func(s shift) bool { return s.primary }}, {"backup", func(s shift) bool { return s.backup }}} {
		for _, s := range r.shifts {
			if role.has(s) && !at.Before(s.start) && at.Before(s.end) && len(words) < shownPeople {
				words = append(words, role.name+" "+r.names[s.person]+more(s))
			}
		}
	}
	return strings.Join(words, ", ")
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func sooner(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
