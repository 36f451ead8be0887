package calendar

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/walltime"
)

// entry is a VEVENT: an event, all of a series, or one of a series that was changed.
type entry struct {
	component
	uid        string
	sequence   int
	stamp      string // of its last change, in a form that can be compared; "" where it is not told
	start      moment
	takes      span
	rule       *rule
	more       []period // RDATE
	except     []moment // EXDATE
	changes    *moment  // which of a series it takes the place of; nil for none
	cancelled  bool
	event      Event // all but when
	recurrence string
}

// period is one more time of a series, and how long it takes if not as long as the others.
type period struct {
	start moment
	takes *span
}

// entry reads a VEVENT.
func (r *reader) entry(c component) (*entry, error) {
	e := &entry{component: c}
	uid, _ := c.one("UID")
	if e.uid = uid.value; e.uid == "" {
		e.uid = fmt.Sprintf("line %d", c.line) // one of its own
	}
	for _, name := range []string{"LAST-MODIFIED", "DTSTAMP"} {
		if p, ok := c.one(name); ok && e.stamp == "" {
			e.stamp = p.value
		}
	}
	if p, ok := c.one("SEQUENCE"); ok {
		n, err := number(p.value, 0, 1<<31-1)
		if err != nil {
			return nil, p.in(err)
		}
		e.sequence = n
	}
	start, ok := c.one("DTSTART")
	if !ok {
		return nil, errors.New("it has no DTSTART")
	}
	var err error
	if e.start, err = r.moment(start); err != nil {
		return nil, err
	}
	for _, read := range []func(*entry) error{r.duration, r.series, r.identity} {
		if err := read(e); err != nil {
			return nil, err
		}
	}
	e.describe()
	return e, nil
}

// forEver is how long an event takes that ends in the year 9999.
const forEver = 100 * 366 * 24 * time.Hour

// duration reads how long an event takes. Where its end is told in the zone of its beginning, all of a
// series end when clocks show the same time, as calendars show it to people, although the standard
// has the same number of hours go by.
func (r *reader) duration(e *entry) error {
	end, ends := e.one("DTEND")
	takes, lasts := e.one("DURATION")
	switch {
	case ends && lasts:
		return errors.New("it has both DTEND and DURATION")
	case ends:
		until, err := r.moment(end)
		switch {
		case err != nil:
			return err
		case until.day != e.start.day:
			return end.in(errors.New("it is a day and DTSTART is not, or the other way about"))
		case until.at().Before(e.start.at()):
			return end.in(errors.New("it ends before it begins"))
		case until.zone == e.start.zone && !until.wall.Before(e.start.wall):
			e.takes = span{shown: until.wall.Sub(e.start.wall)}
		default:
			e.takes = span{exact: until.at().Sub(e.start.at())}
		}
		if e.start.day && e.takes == (span{}) { // some write a day's own date as its end
			e.takes.shown = 24 * time.Hour
		}
	case lasts:
		s, err := spanOf(takes.value)
		if err != nil {
			return takes.in(err)
		}
		if e.takes = s; e.start.day && s.exact%(24*time.Hour) != 0 {
			return takes.in(errors.New("whole days are wanted of an event that has no times"))
		}
	case e.start.day:
		e.takes = span{shown: 24 * time.Hour}
	}
	e.takes = span{min(e.takes.shown, forEver), min(e.takes.exact, forEver)}
	return nil
}

// series reads how an event recurs.
func (r *reader) series(e *entry) error {
	rules := e.all("RRULE")
	if len(rules) > 1 || len(e.all("EXRULE")) > 0 {
		return errors.New("more than one RRULE, and EXRULE, are not read")
	}
	for _, p := range rules {
		rule, err := ruleOf(p.value, e.start)
		if err == nil && e.start.day && (rule.freq == hourly || len(rule.byHour)+len(rule.byMinute)+len(rule.bySecond) > 0) {
			err = errors.New("it names times, and DTSTART is a day")
		}
		if err != nil {
			return p.in(err)
		}
		if e.rule = &rule; rule.freq == hourly {
			e.takes = span{exact: e.takes.end(e.start.at(), e.start.zone).Sub(e.start.at())}
		}
	}
	for _, p := range e.all("RDATE") {
		more, err := r.rdates(p)
		if err != nil {
			return p.in(err)
		}
		for _, m := range more {
			if m.start.day != e.start.day {
				return p.in(errors.New("it is a day and DTSTART is not, or the other way about"))
			}
		}
		e.more = append(e.more, more...)
	}
	for _, p := range e.all("EXDATE") {
		except, err := r.moments(p)
		if err != nil {
			return p.in(err)
		}
		for _, m := range except {
			if m.day && !e.start.day {
				return p.in(errors.New("it is a day and DTSTART is not"))
			}
		}
		e.except = append(e.except, except...)
	}
	return nil
}

// rdates reads an RDATE, which may tell how long each takes.
func (r *reader) rdates(p property) ([]period, error) {
	if !strings.EqualFold(p.param("VALUE"), "PERIOD") {
		moments, err := r.moments(p)
		var all []period
		for _, m := range moments {
			all = append(all, period{start: m})
		}
		return all, err
	}
	zone, err := r.zoneOf(p)
	if err != nil {
		return nil, err
	}
	var all []period
	for value := range strings.SplitSeq(p.value, ",") {
		from, to, ok := strings.Cut(value, "/")
		start, err := momentOf(from, zone)
		if err != nil || !ok || start.day {
			return nil, fmt.Errorf("%q is no period", clip(value))
		}
		takes, err := spanOf(to)
		if err != nil {
			end, err := momentOf(to, zone)
			if err != nil || end.day || end.at().Before(start.at()) {
				return nil, fmt.Errorf("%q is no period", clip(value))
			}
			takes = span{exact: end.at().Sub(start.at())}
		}
		all = append(all, period{start, &takes})
	}
	return all, nil
}

// identity reads which of a series an entry is about, and whether it is called off.
func (r *reader) identity(e *entry) error {
	if p, ok := e.one("RECURRENCE-ID"); ok {
		if p.param("RANGE") != "" {
			return p.in(errors.New("RANGE is not read; change each event by itself, or begin a new series"))
		}
		m, err := r.moment(p)
		if err != nil {
			return err
		}
		if e.rule != nil {
			return p.in(errors.New("one of a series cannot be a series"))
		}
		e.changes, e.recurrence = &m, m.key()
	}
	status, _ := e.one("STATUS")
	e.cancelled, e.event.Tentative = strings.EqualFold(status.value, "CANCELLED"), strings.EqualFold(status.value, "TENTATIVE")
	return nil
}

// key names an occurrence: by its moment, or its day.
func (m moment) key() string {
	if m.day {
		return m.wall.Format("20060102")
	}
	return m.at().UTC().Format("20060102T150405Z")
}

func dayKey(at time.Time, zone *time.Location) string {
	return walltime.Of(at, zone).Format("20060102")
}

// describe reads what an event is about and who attends.
func (e *entry) describe() {
	summary, _ := e.one("SUMMARY")
	e.event.Summary = text(summary.value)
	for _, p := range e.all("CATEGORIES") {
		e.event.Categories = append(e.event.Categories, texts(p.value)...)
	}
	for _, p := range e.all("ATTENDEE") {
		switch kind := strings.ToUpper(p.param("CUTYPE")); {
		case kind == "ROOM" || kind == "RESOURCE", strings.EqualFold(p.param("ROLE"), "NON-PARTICIPANT"):
			continue
		}
		person := Person{Name: strings.TrimSpace(p.param("CN"))}
		if scheme, address, ok := strings.Cut(p.value, ":"); ok && strings.EqualFold(scheme, "mailto") {
			person.Address = strings.ToLower(strings.TrimSpace(address))
		}
		if person == (Person{}) {
			person.Name = p.value
		}
		e.event.Asked = true
		if state := strings.ToUpper(p.param("PARTSTAT")); state != "DECLINED" && state != "DELEGATED" {
			e.event.People = append(e.event.People, person)
		}
	}
}
