package calendar

import (
	"iter"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/walltime"
)

// starts are the moments at which something happens that happened first at a moment, from about one
// moment on until another. The first one belongs to them, whatever the rule says of it. They end early
// where the effort is spent: see reader.effort.
func (r *reader) starts(rule rule, first moment, from, to time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		left := rule.count
		take := func(at time.Time) bool {
			if at.After(to) || rule.ended(at, first.zone) || !yield(at) {
				return false
			}
			left--
			return left != 0
		}
		if !take(first.at()) {
			return
		}
		for set := range r.periods(rule.completed(first.wall), first, from) {
			for _, at := range set {
				if at.After(first.at()) && !take(at) {
					return
				}
			}
		}
	}
}

// ended tells that a rule does not reach so far.
func (r rule) ended(at time.Time, zone *time.Location) bool {
	switch u := r.until; {
	case u == nil:
		return false
	case u.day:
		return walltime.Of(at, zone).After(u.wall.Add(24*time.Hour - time.Second))
	default:
		return at.After(u.at())
	}
}

// lastYear is where reckoning ends, however far somebody asks.
const lastYear = 2200

// periods are the sets of times that a rule yields, one for each of its hours, days, weeks, months or
// years. Where no occurrences are to be counted, it leaps to the period that from is in.
func (r *reader) periods(rule rule, first moment, from time.Time) iter.Seq[[]time.Time] {
	skip := time.Duration(0)
	if gap := from.Sub(first.wall) - 48*time.Hour; rule.count == 0 && gap > 0 {
		skip = gap
	}
	start := time.Date(first.wall.Year(), first.wall.Month(), first.wall.Day(), 0, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	return func(yield func([]time.Time) bool) {
		switch rule.freq {
		case hourly:
			r.hours(rule, first, skip, yield)
		case daily:
			step := time.Duration(rule.interval) * day
			for at := start.Add(skip / step * step); r.goOn(at); at = at.Add(step) {
				if !yield(r.set(rule, first.zone, at, at.AddDate(0, 0, 1))) {
					return
				}
			}
		case weekly:
			step := time.Duration(rule.interval) * 7 * day
			start = start.AddDate(0, 0, -int(start.Weekday()-rule.wkst+7)%7)
			for at := start.Add(skip / step * step); r.goOn(at); at = at.Add(step) {
				if !yield(r.set(rule, first.zone, at, at.AddDate(0, 0, 7))) {
					return
				}
			}
		default:
			months := rule.interval
			if start = start.AddDate(0, 0, 1-start.Day()); rule.freq == yearly {
				months *= 12
				start = start.AddDate(0, 1-int(start.Month()), 0)
			}
			length := map[frequency]int{monthly: 1, yearly: 12}[rule.freq]
			for n := int(skip/(31*day)) / months * months; ; n += months {
				at := start.AddDate(0, n, 0)
				if !r.goOn(at) || !yield(r.set(rule, first.zone, at, at.AddDate(0, length, 0))) {
					return
				}
			}
		}
	}
}

func (r *reader) goOn(at time.Time) bool { return r.spend(1) && at.Year() <= lastYear }

// hours are hours that pass, and not those that clocks show: every twelve hours is twice a day also on
// the days when clocks change.
func (r *reader) hours(rule rule, first moment, skip time.Duration, yield func([]time.Time) bool) {
	step := time.Duration(rule.interval) * time.Hour
	for at := first.at().Add(skip / step * step); r.goOn(at) && r.spend(rule.weight()); at = at.Add(step) {
		wall := walltime.Of(at, first.zone)
		if !rule.has(wall) || len(rule.byHour) > 0 && !slices.Contains(rule.byHour, wall.Hour()) {
			continue
		}
		if !yield([]time.Time{at}) {
			return
		}
	}
}

// completed takes from the first occurrence what a rule leaves open.
func (r rule) completed(first time.Time) rule {
	dated := len(r.byMonthDay)+len(r.byYearDay)+len(r.byDay) > 0
	switch {
	case r.freq == yearly && !dated:
		if r.byMonthDay = []int{first.Day()}; len(r.byMonth) == 0 {
			r.byMonth = []int{int(first.Month())}
		}
	case r.freq == monthly && !dated:
		r.byMonthDay = []int{first.Day()}
	case r.freq == weekly && !dated:
		r.byDay = []weekday{{0, first.Weekday()}}
	}
	for _, part := range []struct {
		by    *[]int
		first int
	}{{&r.byHour, first.Hour()}, {&r.byMinute, first.Minute()}, {&r.bySecond, first.Second()}} {
		if len(*part.by) == 0 && r.freq > hourly {
			*part.by = []int{part.first}
		}
	}
	return r
}

// set is what a rule yields in one period, in order.
func (r *reader) set(rule rule, zone *time.Location, from, to time.Time) []time.Time {
	var all []time.Time
	for day := from; day.Before(to); day = day.AddDate(0, 0, 1) {
		if len(rule.byMonth) > 0 && !slices.Contains(rule.byMonth, int(day.Month())) {
			if rule.freq == yearly { // on to the last day of this month
				day = day.AddDate(0, 1, -day.Day())
			}
			if !r.spend(1) {
				return nil
			}
			continue
		}
		if !r.spend(rule.weight()) {
			return nil
		}
		if !rule.has(day) {
			continue
		}
		for _, hour := range rule.byHour {
			for _, minute := range rule.byMinute {
				for _, second := range rule.bySecond {
					if !r.spend(1) {
						return nil
					}
					all = append(all, walltime.At(time.Date(day.Year(), day.Month(), day.Day(), hour, minute, second, 0, time.UTC), zone))
				}
			}
		}
	}
	if len(rule.bySetPos) == 0 {
		return all
	}
	var places []int
	for _, n := range rule.bySetPos {
		if n--; n < 0 {
			n += len(all) + 1
		}
		if 0 <= n && n < len(all) {
			places = append(places, n)
		}
	}
	slices.Sort(places)
	var chosen []time.Time
	for _, n := range slices.Compact(places) {
		chosen = append(chosen, all[n])
	}
	return chosen
}

// weight is what it costs to hold a day against a rule.
func (r rule) weight() int { return 1 + (len(r.byMonthDay)+len(r.byYearDay)+len(r.byDay))/8 }

// has tells whether a day is one of a rule's.
func (r rule) has(day time.Time) bool {
	inMonth, inYear := day.AddDate(0, 1, -day.Day()).Day(), time.Date(day.Year(), 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
	in := func(by []int, n, of int) bool {
		return len(by) == 0 || slices.Contains(by, n) || slices.Contains(by, n-of-1)
	}
	if len(r.byMonth) > 0 && !slices.Contains(r.byMonth, int(day.Month())) || !in(r.byMonthDay, day.Day(), inMonth) || !in(r.byYearDay, day.YearDay(), inYear) {
		return false
	}
	n, of := day.Day(), inMonth // which of its weekday a day is, in the month or the year
	if r.freq == yearly && len(r.byMonth) == 0 {
		n, of = day.YearDay(), inYear
	}
	return len(r.byDay) == 0 || slices.ContainsFunc(r.byDay, func(d weekday) bool {
		return d.day == day.Weekday() && (d.nth == 0 || d.nth == (n-1)/7+1 || d.nth == -((of-n)/7+1))
	})
}
