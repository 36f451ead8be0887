package walltime_test

import (
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/walltime"
)

// On the days when clocks change, and where they change by half an hour or at midnight.
func TestClocksThatChange(t *testing.T) {
	for _, tt := range []struct{ zone, wall, at, reached string }{
		{"Europe/Berlin", "2026-03-29T01:59", "2026-03-29T00:59Z", ""},
		{"Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30Z", "2026-03-29T01:00Z"}, // leapt over
		{"Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00Z", ""},
		{"Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30Z", ""}, // the first of two
		{"Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00Z", ""},
		{"America/New_York", "2026-03-08T02:15", "2026-03-08T07:15Z", "2026-03-08T07:00Z"},
		{"America/New_York", "2026-11-01T01:30", "2026-11-01T05:30Z", ""},
		{"Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45Z", "2026-10-03T15:30Z"},
		{"Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45Z", ""},
		{"Asia/Kathmandu", "2026-03-02T00:00", "2026-03-01T18:15Z", ""},
		{"America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00Z", "2018-11-04T03:00Z"}, // no midnight
		{"UTC", "2026-03-02T12:00", "2026-03-02T12:00Z", ""},
	} {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		wall, err := time.Parse("2006-01-02T15:04", tt.wall)
		if err != nil {
			t.Fatal(err)
		}
		if tt.reached == "" {
			tt.reached = tt.at
		}
		at, reached := walltime.At(wall, zone), walltime.Reached(wall, zone)
		if got := at.UTC().Format("2006-01-02T15:04Z"); got != tt.at {
			t.Errorf("%s %s is at %s, want %s", tt.zone, tt.wall, got, tt.at)
		}
		if got := reached.UTC().Format("2006-01-02T15:04Z"); got != tt.reached {
			t.Errorf("%s %s is reached at %s, want %s", tt.zone, tt.wall, got, tt.reached)
		}
	}
}

func TestOf(t *testing.T) {
	zone, _ := time.LoadLocation("Asia/Kathmandu")
	if got := walltime.Of(time.Date(2026, 3, 1, 18, 15, 0, 0, time.UTC), zone); !got.Equal(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)) {
		t.Error(got)
	}
}
