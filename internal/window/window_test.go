package window_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/window"
)

func in(t *testing.T, zone string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	m, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var everyDay = [7]bool{true, true, true, true, true, true, true}

// Hours on the days when clocks change: the minutes of which they are open.
func TestHoursWhenClocksChange(t *testing.T) {
	h := time.Hour
	for _, tt := range []struct {
		zone       string
		from, to   time.Duration
		day        string // noon UTC of it is looked around
		start, end string
	}{
		{"Europe/Berlin", 9 * h, 16 * h, "2026-03-02", "2026-03-02T08:00:00Z", "2026-03-02T15:00:00Z"},
		{"Europe/Berlin", 9 * h, 16 * h, "2026-03-30", "2026-03-30T07:00:00Z", "2026-03-30T14:00:00Z"},
		{"Europe/Berlin", 1 * h, 5 * h / 2, "2026-03-29", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z"},       // 02:30 is leapt over
		{"Europe/Berlin", 5 * h / 2, 5 * h, "2026-03-29", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z"},       // so is the beginning
		{"Europe/Berlin", 1 * h, 5 * h / 2, "2026-10-25", "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z"},       // comes twice
		{"Europe/Berlin", 22 * h, 4 * h, "2026-10-24", "2026-10-24T20:00:00Z", "2026-10-25T03:00:00Z"},          // over the change
		{"America/New_York", 1 * h, 4 * h, "2026-03-08", "2026-03-08T06:00:00Z", "2026-03-08T08:00:00Z"},        //
		{"Australia/Lord_Howe", 1 * h, 9 * h / 4, "2026-10-04", "2026-10-03T14:30:00Z", "2026-10-03T15:30:00Z"}, // 02:15 is leapt over
		{"Asia/Kathmandu", 9 * h, 17 * h, "2026-03-02", "2026-03-02T03:15:00Z", "2026-03-02T11:15:00Z"},
		{"UTC", 0, 24 * h, "2026-03-02", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z"},
	} {
		hours := window.Hours{From: tt.from, To: tt.to, Zone: in(t, tt.zone)}
		day := at(t, tt.day+"T00:00:00Z")
		hours.Days[day.Weekday()] = true
		spans := hours.Spans(day.Add(-48*h), day.Add(48*h))
		if len(spans) != 1 || !spans[0].Start.Equal(at(t, tt.start)) || !spans[0].End.Equal(at(t, tt.end)) {
			t.Errorf("%s %s from %s to %s: %v, want %s to %s", tt.zone, tt.day, tt.from, tt.to, spans, tt.start, tt.end)
		}
	}
}

func TestNoOpening(t *testing.T) {
	now := at(t, "2026-03-02T12:00:00Z")
	for name, s := range map[string]window.Schedule{
		"frozen for ever": {Freezes: []window.Freeze{{Span: window.Span{Start: now.AddDate(-1, 0, 0), End: now.AddDate(5, 0, 0)}}}},
		"no day is open":  {Hours: &window.Hours{To: time.Hour, Zone: time.UTC}},
	} {
		if next, ok := s.Next(now); ok || s.Open(now) {
			t.Errorf("%s: opens at %s", name, next)
		}
	}
	if next, ok := (window.Schedule{}).Next(now); !ok || next != now {
		t.Errorf("without windows it opens at %s, %v", next, ok)
	}
	empty := window.Schedule{Freezes: []window.Freeze{{Span: window.Span{Start: now, End: now}}}}
	if !empty.Open(now) {
		t.Error("a freeze that takes no time blocks")
	}
	night := window.Schedule{Hours: &window.Hours{Days: everyDay, Zone: time.UTC}}
	if spans := night.Openings(now, now.AddDate(0, 0, 5)); len(spans) != 1 {
		t.Errorf("whole days are not put together: %v", spans)
	}
}

// TestNextIsTheFirstOpenMinute makes schedules at random and walks through 60 days minute by minute.
func TestNextIsTheFirstOpenMinute(t *testing.T) {
	const seed1, seed2 = 20260302, 9
	r := rand.New(rand.NewPCG(seed1, seed2))
	zones := []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"}
	begins := []string{"2026-03-01T00:00:00Z", "2026-09-25T00:00:00Z", "2026-03-20T00:00:00Z"}
	const minutes = 60 * 24 * 60
	found := 0
	for n := range 40 {
		begin := at(t, begins[r.IntN(len(begins))])
		s := window.Schedule{Hours: &window.Hours{From: time.Duration(r.IntN(96)) * 15 * time.Minute, To: time.Duration(r.IntN(96)) * 15 * time.Minute, Zone: in(t, zones[r.IntN(len(zones))])}}
		s.Hours.Days[r.IntN(7)], s.Hours.Days[r.IntN(7)] = true, true
		if r.IntN(4) == 0 {
			s.Hours = nil
		}
		for range r.IntN(6) {
			start := begin.Add(time.Duration(r.IntN(minutes)-1000) * time.Minute)
			s.Freezes = append(s.Freezes, window.Freeze{Span: window.Span{Start: start, End: start.Add(time.Duration(r.IntN(8000)) * time.Minute)}})
		}
		open := make([]bool, minutes)
		for i := range open {
			open[i] = s.Open(begin.Add(time.Duration(i) * time.Minute))
		}
		for range 20 {
			i := r.IntN(minutes)
			from := begin.Add(time.Duration(i) * time.Minute)
			next, ok := s.Next(from)
			first := i
			for first < minutes && !open[first] {
				first++
			}
			if first == minutes {
				continue // beyond what was walked through
			}
			found++
			if want := begin.Add(time.Duration(first) * time.Minute); !ok || !next.Equal(want) {
				t.Fatalf("case %d (seeds %d, %d): from %s the next opening is %s, %v; want %s of %+v", n, seed1, seed2, from, next, ok, want, s)
			}
		}
	}
	if found < 300 {
		t.Errorf("only %d openings were found; the generator no longer tests what it should", found)
	}
}
