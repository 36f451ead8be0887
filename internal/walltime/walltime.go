// Package walltime turns what a clock on a wall shows into moments, also on the days when clocks are
// put forward or back. It does no I/O beyond what the zone it is given has read already.
package walltime

import "time"

// Of is what a clock in a zone shows at a moment, as if that were UTC: fit to reckon with, since no
// clock is put forward in UTC.
func Of(t time.Time, zone *time.Location) time.Time {
	local := t.In(zone)
	_, offset := local.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// At is the moment at which a clock shows wall. Of two it is the first; a time that clocks leap over
// counts as if they had not been put forward yet.
// See https://www.rfc-editor.org/rfc/rfc5545#section-3.3.5, form 3.
func At(wall time.Time, zone *time.Location) time.Time {
	at, _ := at(wall, zone)
	return at
}

// Reached is the first moment at which a clock shows wall or, where it leaps over that, what is
// behind the leap.
func Reached(wall time.Time, zone *time.Location) time.Time {
	at, leapt := at(wall, zone)
	if leapt {
		at, _ = at.ZoneBounds()
	}
	return at
}

// day is longer than any offset, so that a day off to each side lie the offsets before and after.
const day = 25 * time.Hour

func at(wall time.Time, zone *time.Location) (at time.Time, leapt bool) {
	wall = time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, time.UTC)
	before := wall.Add(-offset(wall.Add(-day), zone))
	if Of(before, zone).Equal(wall) {
		return before.In(zone), false
	}
	if after := wall.Add(-offset(wall.Add(day), zone)); Of(after, zone).Equal(wall) {
		return after.In(zone), false
	}
	return before.In(zone), true
}

func offset(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}
