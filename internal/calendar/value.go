package calendar

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/walltime"
)

// moment is a day, or a time on a day and where clocks show it.
type moment struct {
	wall time.Time      // as if it were UTC
	day  bool           // the whole day is meant
	utc  bool           // it was written in UTC
	zone *time.Location // where clocks show it, the local zone for a day
}

func (m moment) at() time.Time { return walltime.At(m.wall, m.zone) }

// moment reads a single date or time.
func (r *reader) moment(p property) (moment, error) {
	all, err := r.moments(p)
	if err == nil && len(all) != 1 {
		err = errors.New("one time is wanted here")
	}
	if err != nil {
		return moment{}, p.in(err)
	}
	return all[0], nil
}

// moments reads a list of dates or times.
func (r *reader) moments(p property) ([]moment, error) {
	z, err := r.zoneOf(p)
	if err != nil {
		return nil, err
	}
	var all []moment
	for value := range strings.SplitSeq(p.value, ",") {
		m, err := momentOf(strings.TrimSpace(value), z)
		if err != nil {
			return nil, err
		}
		if kind := strings.ToUpper(p.param("VALUE")); kind == "DATE" && !m.day || kind == "DATE-TIME" && m.day {
			return nil, fmt.Errorf("%q is no %s", clip(value), kind)
		}
		if m.day {
			m.zone = r.zones.local
		}
		all = append(all, m)
	}
	return all, nil
}

func momentOf(value string, z *time.Location) (moment, error) {
	m := moment{zone: z}
	var err error
	switch form, utc := strings.CutSuffix(value, "Z"); {
	case len(value) == len("20060102"):
		m.day = true
		m.wall, err = time.Parse("20060102", value)
	case utc:
		m.utc, m.zone = true, time.UTC
		m.wall, err = time.Parse("20060102T150405", form)
	default:
		m.wall, err = time.Parse("20060102T150405", value)
	}
	if err != nil || m.wall.Year() < 1 {
		return m, fmt.Errorf("%q is no time such as 20260302T090000 or 20260302", clip(value))
	}
	return m, nil
}

// span is how long something takes: so long as clocks show it, then so long by a stop-watch.
type span struct{ shown, exact time.Duration }

// end is when something ends that begins at a moment.
func (s span) end(start time.Time, zone *time.Location) time.Time {
	if s.shown > 0 {
		start = walltime.At(walltime.Of(start, zone).Add(s.shown), zone)
	}
	return start.Add(s.exact)
}

// longest is more than a span can reach, so that it can be looked for what began before.
func (s span) longest() time.Duration { return s.shown + s.exact + 26*time.Hour }

// duration is such as P1DT12H or P2W, with numbers that cannot overflow.
var duration = regexp.MustCompile(`^\+?P(?:(\d{1,4})W|(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?)$`)

// spanOf reads a duration. One that goes back in time is none.
func spanOf(value string) (span, error) {
	m := duration.FindStringSubmatch(value)
	if m == nil || strings.Join(m[1:], "") == "" {
		return span{}, fmt.Errorf("%q is no duration such as P1DT12H", clip(value))
	}
	number := func(i int) int { n, _ := strconv.Atoi(m[i]); return n }
	exact := time.Duration(number(3))*time.Hour + time.Duration(number(4))*time.Minute + time.Duration(number(5))*time.Second
	return span{shown: time.Duration(7*number(1)+number(2)) * 24 * time.Hour, exact: exact}, nil
}
