package timeseries_test

import (
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

// A slot holds what was recorded after its beginning, up to and including its end.
func TestSlot(t *testing.T) {
	from := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := timeseries.Window{From: from, Width: 30 * time.Second, Slots: 4}
	if want := from.Add(2 * time.Minute); !w.To().Equal(want) {
		t.Errorf("the window ends at %s, want %s", w.To(), want)
	}
	for _, tc := range []struct {
		after time.Duration
		slot  int
		ok    bool
	}{
		{-time.Second, 0, false},
		{0, 0, false},
		{1, 0, true},
		{30 * time.Second, 0, true},
		{30*time.Second + 1, 1, true},
		{time.Minute, 1, true},
		{119 * time.Second, 3, true},
		{2 * time.Minute, 3, true},
		{2*time.Minute + 1, 0, false},
	} {
		if slot, ok := w.Slot(from.Add(tc.after)); slot != tc.slot || ok != tc.ok {
			t.Errorf("%s after the beginning: slot %d, %t; want %d, %t", tc.after, slot, ok, tc.slot, tc.ok)
		}
	}
}

func TestProblem(t *testing.T) {
	p := &timeseries.Problem{Name: timeseries.Empty, Detail: "no series", Next: "look"}
	if got := p.Error(); got != "empty: no series" {
		t.Errorf("got %q", got)
	}
}
