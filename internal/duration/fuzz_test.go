package duration_test

import (
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
)

// A span is never negative, is Go's own where no days stand before it, and days are 24 hours.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"90s", "1d12h", "7d", "106751d", "106752d", "-1h", "1d-1h", "0d", "1h30m", "1d1d", "", "9223372036854775807ns", "106751d24h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := duration.Parse(s)
		theirs, refused := time.ParseDuration(s)
		switch {
		case err != nil && refused == nil && theirs >= 0:
			t.Fatalf("%q is %v for Go, and refused: %v", s, theirs, err)
		case err != nil:
			return
		case d < 0:
			t.Fatalf("%q is %v", s, d)
		case refused == nil && d != theirs:
			t.Fatalf("%q is %v, and for Go %v", s, d, theirs)
		case refused != nil && !strings.Contains(s, "d"):
			t.Fatalf("%q is %v, and Go refuses it: %v", s, d, refused)
		}
		// What is written the way people say it leaves out the smaller units, and is never longer.
		if again, err := duration.Parse(duration.Format(d)); err != nil || again > d || d-again > d/2+time.Second {
			t.Fatalf("%v is written %q, which is %v (%v)", d, duration.Format(d), again, err)
		}
	})
}
