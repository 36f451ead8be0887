package policy

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Load is traffic made for the verification, at a constant rate whatever the answers do.
type Load struct {
	Target  string            `yaml:"target"`  // http or https
	Method  string            `yaml:"method"`  // GET (the default), HEAD or POST
	Body    string            `yaml:"body"`    // of a POST
	Headers map[string]string `yaml:"headers"` // values may be env:NAME
	Rate    string            `yaml:"rate"`    // such as 30/s
	For     Duration          `yaml:"for"`
	Timeout Duration          `yaml:"timeout"` // of one request; 0 is 10s
	Expect  map[string]string `yaml:"expect"`  // p50, p95, p99: "<300ms"; errors: "<0.5%"
}

// Bounds of load. Whoever needs more needs a tool of its own, and the consent of those who run the target.
const (
	maxRate     = 1000 // requests a second
	maxLoadTime = 10 * time.Minute
)

// ParseRate reads requests a second, such as 30/s or 90/m.
func ParseRate(s string) (perSecond float64, err error) {
	number, per, ok := strings.Cut(strings.TrimSpace(s), "/")
	n, err := strconv.ParseFloat(number, 64)
	seconds := map[string]float64{"s": 1, "m": 60}[per]
	if !ok || err != nil || seconds == 0 || !(n > 0) || n/seconds > maxRate {
		return 0, fmt.Errorf("%q is no rate such as 30/s or 90/m; allowed: above 0 and up to %d/s", s, maxRate)
	}
	return n / seconds, nil
}

func (v *Verify) validateLoad() *misfit {
	if v.Load == nil {
		return nil
	}
	l := v.Load
	if _, err := ParseAddress(l.Target); err != nil {
		return misfitf("verify.load.target", "%v", err)
	}
	if _, err := ParseRate(l.Rate); err != nil {
		return misfitf("verify.load.rate", "%v", err)
	}
	if l.For <= 0 || time.Duration(l.For) > maxLoadTime {
		return misfitf("verify.load.for", "allowed: above 0s and up to %s", maxLoadTime)
	}
	return nil
}
