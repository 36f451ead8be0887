package walltime_test

import (
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/walltime"
)

// What a clock shows is taken to the second, whatever zone it came in.
func TestSecondsOfAnyZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	shown := time.Date(2026, 3, 2, 12, 0, 30, 999, time.FixedZone("", 5*3600))
	want := time.Date(2026, 3, 2, 11, 0, 30, 0, time.UTC)
	if got := walltime.At(shown, berlin); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}
