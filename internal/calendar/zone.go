package calendar

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

const zoneLimit = 200 // names of zones in one calendar

// zones finds the zones that a calendar names.
type zones struct {
	local   *time.Location
	horizon time.Time            // until when the calendar's own zones are reckoned
	own     map[string]component // the calendar's VTIMEZONEs by name
	found   map[string]*time.Location
}

func newZones(local *time.Location, horizon time.Time) *zones {
	return &zones{local: local, horizon: horizon, own: map[string]component{}, found: map[string]*time.Location{}}
}

func (z *zones) define(c component) error {
	id, ok := c.one("TZID")
	if !ok {
		return errors.New("it has no TZID")
	}
	z.own[id.value] = c
	return nil
}

// zoneOf is the zone that a property names, the local one where it names none. A zone that nobody knows
// is an error: to guess would move what happens by hours.
func (r *reader) zoneOf(p property) (*time.Location, error) {
	name := p.param("TZID")
	if name == "" {
		return r.zones.local, nil
	}
	if zone, ok := r.zones.found[name]; ok {
		return zone, nil
	}
	if len(r.zones.found) == zoneLimit {
		return nil, fmt.Errorf("it names more than %d time zones", zoneLimit)
	}
	zone, err := r.zone(name)
	if err != nil {
		return nil, err
	}
	r.zones.found[name] = zone
	return zone, nil
}

// zone knows the names of the time zone database, also behind a prefix that says who gave them out
// (/example.org/Europe/Berlin), those of Windows, and what the calendar defines itself.
func (r *reader) zone(name string) (*time.Location, error) {
	definition, defined := r.zones.own[name]
	for rest, more := name, true; more && strings.Contains(rest, "/"); _, rest, more = strings.Cut(rest, "/") {
		if zone, ok := load(rest); ok {
			return zone, nil
		}
	}
	if known, ok := outlook(name); ok {
		if zone, ok := load(known); ok {
			return zone, nil
		}
	}
	if defined {
		zone, err := r.build(definition)
		if err != nil {
			return nil, definition.in(err)
		}
		return zone, nil
	}
	if zone, ok := load(name); ok { // CET, EST: behind the calendar's own, which may mean something else
		return zone, nil
	}
	return nil, fmt.Errorf("%q is a time zone that nobody knows", clip(name))
}

var zoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,3}$`)

func load(name string) (*time.Location, bool) {
	if len(name) > 60 || !zoneName.MatchString(name) || name == "Local" {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}

// change is a moment from which on another offset holds.
type change struct {
	at       time.Time
	from, to int // seconds east of UTC
}

// build makes a zone of a calendar's own rules.
func (r *reader) build(c component) (*time.Location, error) {
	var changes []change
	for _, part := range c.parts {
		if part.name != "STANDARD" && part.name != "DAYLIGHT" {
			continue
		}
		more, err := r.changes(part)
		if err != nil {
			return nil, part.in(err)
		}
		changes = append(changes, more...)
	}
	if len(changes) == 0 {
		return nil, errors.New("it says nothing about offsets")
	}
	slices.SortStableFunc(changes, func(a, b change) int { return a.at.Compare(b.at) })
	return locate(changes)
}

func (r *reader) changes(part component) ([]change, error) {
	from, err := offset(part, "TZOFFSETFROM")
	if err != nil {
		return nil, err
	}
	to, err := offset(part, "TZOFFSETTO")
	if err != nil {
		return nil, err
	}
	onset, ok := part.one("DTSTART")
	if !ok {
		return nil, errors.New("it has no DTSTART")
	}
	before := time.FixedZone("", from)
	first, err := momentOf(onset.value, before)
	if err != nil || first.day || first.utc {
		return nil, onset.in(errors.New("a local time is wanted here"))
	}
	starts := []time.Time{first.at()}
	if p, ok := part.one("RRULE"); ok {
		rule, err := ruleOf(p.value, first)
		if err != nil {
			return nil, p.in(err)
		}
		// What was before 1970 is nobody's appointment any more.
		starts = slices.Collect(r.starts(rule, first, time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), r.zones.horizon))
		if r.effort < 0 {
			return nil, errEffort
		}
	}
	for _, p := range part.all("RDATE") {
		for value := range strings.SplitSeq(p.value, ",") {
			m, err := momentOf(value, before)
			if err != nil || m.day || m.utc {
				return nil, p.in(errors.New("a local time is wanted here"))
			}
			starts = append(starts, m.at())
		}
	}
	var changes []change
	for _, at := range starts {
		changes = append(changes, change{at, from, to})
	}
	return changes, nil
}

var utcOffset = regexp.MustCompile(`^[+-]([01]\d|2[0-3])[0-5]\d([0-5]\d)?$`)

func offset(part component, name string) (seconds int, err error) {
	p, _ := part.one(name)
	if !utcOffset.MatchString(p.value) {
		return 0, fmt.Errorf("its %s %q is no offset such as +0100", name, clip(p.value))
	}
	digit := func(i int) int { return int(p.value[i]-'0')*10 + int(p.value[i+1]-'0') }
	seconds = digit(1)*3600 + digit(3)*60
	if len(p.value) == 7 {
		seconds += digit(5)
	}
	if p.value[0] == '-' {
		seconds = -seconds
	}
	return seconds, nil
}

// locate writes changes down in the form of https://www.rfc-editor.org/rfc/rfc8536, for that is how a
// location can be made: what holds before the first of them, and then each.
func locate(changes []change) (*time.Location, error) {
	offsets := []int{changes[0].from} // that of index 0 holds at first, and none comes back to it
	var times, kinds bytes.Buffer
	for _, c := range changes {
		kind := slices.Index(offsets[1:], c.to) + 1
		if kind == 0 {
			kind, offsets = len(offsets), append(offsets, c.to)
		}
		if kind > 255 {
			return nil, errors.New("it has too many offsets")
		}
		binary.Write(&times, binary.BigEndian, c.at.Unix())
		kinds.WriteByte(byte(kind))
	}
	var data bytes.Buffer
	header := func(changes, offsets, letters int) {
		data.WriteString("TZif2" + strings.Repeat("\x00", 15))
		binary.Write(&data, binary.BigEndian, []uint32{0, 0, 0, uint32(changes), uint32(offsets), uint32(letters)})
	}
	header(0, 0, 0) // the part with 32 bits, which nobody needs
	header(len(changes), len(offsets), 1)
	data.Write(times.Bytes())
	data.Write(kinds.Bytes())
	for _, seconds := range offsets {
		binary.Write(&data, binary.BigEndian, int32(seconds))
		data.Write([]byte{0, 0}) // no daylight saving, the name of index 0
	}
	data.WriteString("\x00\n\n")
	return time.LoadLocationFromTZData("the calendar's own", data.Bytes())
}
