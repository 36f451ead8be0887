package holiday_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/holiday"
)

func on(t *testing.T, set, date string) string {
	t.Helper()
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range holiday.Days(set, day, day) {
		names = append(names, d.Name)
	}
	return strings.Join(names, ", ")
}

func TestDays(t *testing.T) {
	for _, tt := range []struct{ set, date, name string }{
		{"de", "2026-12-25", "Weihnachtstag"},
		{"de", "2026-04-03", "Karfreitag"},
		{"de", "2026-01-06", ""},
		{"de-by", "2026-01-06", "Heilige Drei Könige"},
		{"us", "2026-11-26", "Thanksgiving Day"},
		{"us", "2026-07-04", "Independence Day"}, // a Saturday
		{"us", "2026-07-03", "Independence Day"}, // and the Friday that makes up for it
		{"us", "2021-12-31", "New Year's Day"},   // for a day of the next year
		{"gb", "2027-12-27", "Christmas Day"},
		{"fr", "2026-07-14", "Fête Nationale"},
		{"ecb", "2026-05-01", "Labour Day"},
		{"de", "2026-03-02", ""},
		{"xx", "2026-12-25", ""},
		{"DE", "2026-12-25", ""},
	} {
		if got := on(t, tt.set, tt.date); got != tt.name {
			t.Errorf("%s %s is %q, want %q", tt.set, tt.date, got, tt.name)
		}
	}
}

func TestSets(t *testing.T) {
	all := holiday.Sets()
	if len(all) < 70 || !slices.IsSorted(all) {
		t.Errorf("%d sets: %v", len(all), all)
	}
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, set := range all {
		if days := holiday.Days(set, from, from.AddDate(1, 0, -1)); !holiday.Known(set) || len(days) < 5 || len(days) > 40 {
			t.Errorf("%s has %d days in 2026", set, len(days))
		}
		for year := 1970; year < 2200; year++ { // no year is one that it does not come back from
			holiday.Days(set, from.AddDate(year-2026, 0, 0), from.AddDate(year-2026, 0, 5))
		}
	}
	if holiday.Known("xx") || holiday.Known("") {
		t.Error("a set is known that there is not")
	}
}
