package holiday_test

import (
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/holiday"
)

// Days come in order and once each, at midnight UTC, both ends with them, whatever hour and zone is asked with.
func TestDaysInOrder(t *testing.T) {
	zone := time.FixedZone("", -5*3600)
	days := holiday.Days("us", time.Date(2026, 7, 3, 23, 0, 0, 0, zone), time.Date(2027, 1, 1, 1, 0, 0, 0, zone))
	if len(days) < 5 || days[0].Date.Format(time.DateOnly) != "2026-07-03" || days[len(days)-1].Date.Format(time.DateOnly) != "2027-01-01" {
		t.Fatalf("got %v", days)
	}
	for i, d := range days {
		if !d.Date.Equal(d.Date.Truncate(24*time.Hour)) || d.Date.Location() != time.UTC {
			t.Errorf("%s is at no midnight of UTC", d.Date)
		}
		if i > 0 && !d.Date.After(days[i-1].Date) {
			t.Errorf("%s stands behind %s", d.Date, days[i-1].Date)
		}
	}
	// Every holiday of a set, in years that make one up in the year before.
	for year := 2020; year < 2034; year++ {
		before := time.Time{}
		for _, d := range holiday.Days("us", time.Date(year, 12, 20, 0, 0, 0, 0, time.UTC), time.Date(year+1, 1, 10, 0, 0, 0, 0, time.UTC)) {
			if !d.Date.After(before) {
				t.Errorf("%s stands behind %s", d.Date, before)
			}
			before = d.Date
		}
	}
}
