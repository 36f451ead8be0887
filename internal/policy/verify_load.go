package policy

import (
	"fmt"
	"maps"
	"slices"
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
	if !ok || err != nil || seconds == 0 || !(n/seconds > 0 && n/seconds <= maxRate) {
		return 0, fmt.Errorf("%q is no rate such as 30/s or 90/m; allowed: above 0 and up to %d/s", s, maxRate)
	}
	return n / seconds, nil
}

// Percentile is the share of requests that a name such as p95 is about: 0.95.
func Percentile(name string) (share float64, ok bool) {
	number, ok := strings.CutPrefix(name, "p")
	n, err := strconv.ParseFloat(number, 64)
	return n / 100, ok && err == nil && n >= 1 && n <= 99.9
}

// ParseShareLimit reads what a share must be below, such as "<0.5%", as a share from 0 to 1.
func ParseShareLimit(s string) (float64, error) {
	below, ok := strings.CutPrefix(strings.TrimSpace(s), "<")
	share, err := ParseShare(below)
	if !ok || err != nil {
		return 0, fmt.Errorf("%q is no limit such as \"<0.5%%\"", s)
	}
	return share, nil
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
	if !slices.Contains([]string{"", "GET", "HEAD", "POST"}, l.Method) {
		return misfitf("verify.load.method", "%q is not allowed here; allowed: GET, HEAD, POST. Load does not delete or change things", l.Method)
	}
	if l.Body != "" && l.Method != "POST" {
		return misfitf("verify.load.body", "only a POST has a body; set method: POST")
	}
	for _, name := range slices.Sorted(maps.Keys(l.Headers)) {
		if m := headerValue("verify.load.headers."+name, name, l.Headers[name]); m != nil {
			return m
		}
	}
	if l.Timeout < 0 || l.Timeout > Duration(time.Minute) {
		return misfitf("verify.load.timeout", "allowed: from 0s to 1m")
	}
	if len(l.Expect) == 0 {
		return misfitf("verify.load", "it expects nothing, so it shows nothing; such as expect: {p95: \"<300ms\", errors: \"<0.5%%\"}")
	}
	for _, what := range slices.Sorted(maps.Keys(l.Expect)) {
		at := "verify.load.expect." + what
		if what == "errors" {
			if _, err := ParseShareLimit(l.Expect[what]); err != nil {
				return misfitf(at, "%v", err)
			}
			continue
		}
		if _, ok := Percentile(what); !ok {
			return misfitf(at, "%q is not allowed here; allowed: errors, and percentiles from p1 to p99.9, such as p95", what)
		}
		if bound, err := ParseLatency(l.Expect[what]); err != nil || bound == 0 {
			return misfitf(at, "%q is no bound such as \"<300ms\"", l.Expect[what])
		}
	}
	if l.For <= 0 || time.Duration(l.For) > maxLoadTime {
		return misfitf("verify.load.for", "allowed: above 0s and up to %s", maxLoadTime)
	}
	return nil
}
