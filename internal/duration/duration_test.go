package duration_test

import (
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"0s": 0, "5s": 5 * time.Second, "1h30m": 90 * time.Minute, "7d": 168 * time.Hour, "1d12h": 36 * time.Hour, "0d": 0,
	} {
		if got, err := duration.Parse(in); err != nil || got != want {
			t.Errorf("Parse(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "5", "d", "-1s", "1.5d", "1d-1h", "5 s", "99999999999d", "1w", "1d1d"} {
		if got, err := duration.Parse(in); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", in, got)
		}
	}
}

func TestFormat(t *testing.T) {
	for in, want := range map[time.Duration]string{
		0: "0s", 1500 * time.Millisecond: "1s", 200 * time.Millisecond: "200ms", 90 * time.Second: "1m30s", time.Minute: "1m",
		time.Hour: "1h", 90 * time.Minute: "1h30m", 24 * time.Hour: "1d", 51 * time.Hour: "2d3h",
	} {
		if got := duration.Format(in); got != want {
			t.Errorf("Format(%v) = %q, want %q", in, got, want)
		}
	}
}
