package policy

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Bound is a limit of a value, such as <1000 or >=2.
type Bound struct {
	Operator string // <, <=, > or >=
	Value    float64
}

// Holds tells whether a value keeps it; what is no number does not.
func (b Bound) Holds(v float64) bool {
	switch b.Operator {
	case "<":
		return v < b.Value
	case "<=":
		return v <= b.Value
	case ">":
		return v > b.Value
	case ">=":
		return v >= b.Value
	}
	return false
}

// ParseBound reads a limit such as "<1000".
func ParseBound(s string) (Bound, error) {
	s = strings.TrimSpace(s)
	for _, operator := range []string{"<=", ">=", "<", ">"} {
		if number, ok := strings.CutPrefix(s, operator); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
			if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
				break
			}
			return Bound{operator, v}, nil
		}
	}
	return Bound{}, fmt.Errorf("%q is no limit such as \"<1000\" or \">=2\"; allowed: <, <=, > or >= and a number", s)
}

// ParsePercentileLimit reads the limit of a histogram, such as "p95<300ms": its name, the bound, and the
// share of requests that must be faster.
func ParsePercentileLimit(s string) (name string, bound time.Duration, share float64, ok bool) {
	name, rest, found := strings.Cut(strings.TrimSpace(s), "<")
	name = strings.TrimSpace(name)
	share, known := Percentile(name)
	bound, err := ParseLatency("<" + rest)
	return name, bound, share, found && known && err == nil && bound > 0
}

// ParseIncrease reads by how much a baseline may be exceeded, such as 20%, as a share: 0.2; 0 where there is
// none.
func ParseIncrease(s string) (float64, error) {
	if s == "" {
		return 0, nil
	}
	number, ok := strings.CutSuffix(strings.TrimSpace(s), "%")
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil || !(n >= 0 && n <= 10_000) {
		return 0, fmt.Errorf("%q is no increase such as 20%%", s)
	}
	return n / 100, nil
}
