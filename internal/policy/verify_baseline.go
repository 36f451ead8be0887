package policy

import (
	"fmt"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
)

// ParseBaseline reads how long before a baseline of the same query lies, such as 7d; 0 for previous and
// before, which are no spans.
func ParseBaseline(s string) (time.Duration, error) {
	if s == "" || s == "previous" || s == "before" {
		return 0, nil
	}
	before, err := duration.Parse(s)
	if err != nil || before <= 0 || before > 366*24*time.Hour {
		return 0, fmt.Errorf("%q is no baseline; allowed: previous, before, or how long before, such as 7d", s)
	}
	return before, nil
}
