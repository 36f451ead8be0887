// Package duration reads the time spans of inputs and policies: Go's syntax, plus d for days of 24
// hours ("1d12h"). It does no I/O.
package duration

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

var days = regexp.MustCompile(`^(\d+)d(.*)$`)

const day = 24 * time.Hour

// Parse reads a span, which is never negative.
func Parse(s string) (time.Duration, error) {
	rest, whole := s, time.Duration(0)
	if m := days.FindStringSubmatch(s); m != nil {
		n, err := strconv.ParseInt(m[1], 10, 32)
		if err != nil || n > int64(1<<63-1)/int64(day) {
			return 0, fmt.Errorf("%q is too long", s)
		}
		whole, rest = time.Duration(n)*day, m[2]
		if rest == "" {
			return whole, nil
		}
	}
	d, err := time.ParseDuration(rest)
	if err != nil {
		return 0, fmt.Errorf("%q is not a duration such as 90s, 3m, 1h30m or 7d", s)
	}
	if d < 0 || whole+d < whole {
		return 0, fmt.Errorf("%q is negative or too long", s)
	}
	return whole + d, nil
}

// Format writes a span the way people say it: 2d, 1d3h, 45m, 8s.
func Format(d time.Duration) string {
	switch {
	case d >= day && d%day < time.Hour:
		return fmt.Sprintf("%dd", d/day)
	case d >= day:
		return fmt.Sprintf("%dd%dh", d/day, d%day/time.Hour)
	case d >= time.Hour && d%time.Hour < time.Minute:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d >= time.Hour:
		return fmt.Sprintf("%dh%dm", d/time.Hour, d%time.Hour/time.Minute)
	case d >= time.Minute && d%time.Minute < time.Second:
		return fmt.Sprintf("%dm", d/time.Minute)
	case d >= time.Minute:
		return fmt.Sprintf("%dm%ds", d/time.Minute, d%time.Minute/time.Second)
	case d >= time.Second:
		return fmt.Sprintf("%ds", d/time.Second)
	}
	return d.String()
}
