// Package holiday knows public holidays by country, and for some countries by region. It does no I/O.
package holiday

import (
	"maps"
	"slices"
	"time"
)

// Day is a holiday.
type Day struct {
	Date time.Time // midnight UTC of the day
	Name string    // as it is called there
}

// Sets are the names of the sets that are known: country codes in lower case (de), with a region
// behind them where the holidays of regions differ (de-by), and ecb for the days on which the
// European Central Bank settles no payments.
func Sets() []string { return slices.Sorted(maps.Keys(sets)) }

// Known tells whether there is such a set.
func Known(set string) bool { return sets[set] != nil }

// Days are the holidays of a set from one day to another, both with them, in order. A day that makes
// up for a holiday at a weekend counts as well as the holiday itself. There are none where the set is
// not known.
func Days(set string, from, to time.Time) []Day {
	from, to = dateOf(from), dateOf(to)
	var days []Day
	add := func(at time.Time, name string) {
		if at.IsZero() {
			return
		}
		// The library's days begin at midnight of the machine's zone, where on some days there is
		// none; two hours later the date is right everywhere.
		if date := dateOf(at.Add(2 * time.Hour)); !date.Before(from) && !date.After(to) {
			days = append(days, Day{date, name})
		}
	}
	for _, holiday := range sets[set] {
		for year := from.Year() - 1; year <= to.Year()+1; year++ { // a day that makes up may be in the next
			actual, observed := holiday.Calc(year)
			add(actual, holiday.Name)
			if !observed.Equal(actual) {
				add(observed, holiday.Name)
			}
		}
	}
	slices.SortStableFunc(days, func(a, b Day) int { return a.Date.Compare(b.Date) })
	return slices.CompactFunc(days, func(a, b Day) bool { return a.Date.Equal(b.Date) })
}

func dateOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}
