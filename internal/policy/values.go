package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/semver"
)

// Duration is a span of time such as 30d or 1h30m.
type Duration time.Duration

// UnmarshalYAML reads a span.
func (d *Duration) UnmarshalYAML(node ast.Node) error {
	s, err := scalar(node)
	if err != nil {
		return err
	}
	span, err := duration.Parse(s)
	if err != nil {
		return refuse(node, "%v", err)
	}
	*d = Duration(span)
	return nil
}

// Date is a day such as 2027-01-31.
type Date struct{ time.Time }

// UnmarshalYAML reads a day.
func (d *Date) UnmarshalYAML(node ast.Node) error {
	s, err := scalar(node)
	if err != nil {
		return err
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return refuse(node, "%q is not a date such as 2027-01-31", s)
	}
	d.Time = day
	return nil
}

// Level is none, patch, minor or major.
type Level semver.Level

// UnmarshalYAML reads a level.
func (l *Level) UnmarshalYAML(node ast.Node) error {
	s, err := scalar(node)
	if err != nil {
		return err
	}
	level, err := semver.ParseLevel(s)
	if err != nil {
		return refuse(node, "%v", err)
	}
	*l = Level(level)
	return nil
}

// Threshold is from which severity on a vulnerability fails the gate.
type Threshold string

// Thresholds are the allowed ones, lowest bar first; "any" also counts what has no severity.
var Thresholds = []string{"any", "low", "medium", "high", "critical"}

// UnmarshalYAML reads a threshold.
func (t *Threshold) UnmarshalYAML(node ast.Node) error { return oneOf(node, (*string)(t), Thresholds) }

// Treatment is what becomes of a vulnerability without severity.
type Treatment string

// Treatments are the allowed ones.
var Treatments = []string{"fail", "warn"}

// UnmarshalYAML reads a treatment.
func (t *Treatment) UnmarshalYAML(node ast.Node) error { return oneOf(node, (*string)(t), Treatments) }

// UnmarshalYAML reads what reachability counts for.
func (r *Reachability) UnmarshalYAML(node ast.Node) error {
	return oneOf(node, (*string)(r), Reachabilities)
}

// Passing says whether a conclusion that is neither success nor failure counts as one.
type Passing string

// UnmarshalYAML reads pass or fail.
func (p *Passing) UnmarshalYAML(node ast.Node) error {
	return oneOf(node, (*string)(p), []string{"pass", "fail"})
}

// Failing says what a conclusion counts as that is no success: a no, or nothing that is known.
type Failing string

// UnmarshalYAML reads fail or unknown.
func (f *Failing) UnmarshalYAML(node ast.Node) error {
	return oneOf(node, (*string)(f), []string{"fail", "unknown"})
}

// Percentage is 0 to 100.
type Percentage int

// UnmarshalYAML reads a percentage, with or without the sign.
func (p *Percentage) UnmarshalYAML(node ast.Node) error {
	s, err := scalar(node)
	if err != nil {
		return err
	}
	var n int
	if _, err := fmt.Sscanf(strings.TrimSuffix(s, "%")+"\n", "%d\n", &n); err != nil || n < 0 || n > 100 {
		return refuse(node, "%q is not a whole percentage from 0 to 100", s)
	}
	*p = Percentage(n)
	return nil
}

func oneOf(node ast.Node, field *string, allowed []string) error {
	s, err := scalar(node)
	if err != nil {
		return err
	}
	if !slices.Contains(allowed, s) {
		return refuse(node, "%q is not allowed here; allowed: %s", s, strings.Join(allowed, ", "))
	}
	*field = s
	return nil
}

// scalar is the text of a node that must be a single value.
func scalar(node ast.Node) (string, error) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, nil
	case *ast.NullNode:
		return "", refuse(node, "a value is missing here")
	case ast.ScalarNode:
		return n.GetToken().Value, nil
	}
	return "", refuse(node, "a single value is wanted here, not a %s", strings.ToLower(node.Type().YAMLName()))
}

func refuse(node ast.Node, format string, args ...any) error {
	return &invalid{token: node.GetToken(), message: fmt.Sprintf(format, args...)}
}

// Moment is a time in RFC 3339, or a day, in UTC.
type Moment struct {
	time.Time
	Day bool // only the day was given
}

// UnmarshalYAML reads a moment.
func (m *Moment) UnmarshalYAML(node ast.Node) error {
	s, err := scalar(node)
	if err != nil {
		return err
	}
	moment, err := ParseMoment(s)
	if err != nil {
		return refuse(node, "%v", err)
	}
	*m = moment
	return nil
}

// ParseMoment reads a time such as 2026-03-02T12:00:00Z, or a day such as 2026-03-02.
func ParseMoment(s string) (Moment, error) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return Moment{day, true}, nil
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return Moment{}, fmt.Errorf("%q is neither a time such as 2026-03-02T12:00:00Z nor a day such as 2026-03-02", s)
	}
	return Moment{at.UTC(), false}, nil
}

// End is when what lasts until this moment is over: a day counts to its end.
func (m Moment) End() time.Time {
	if m.Day {
		return m.AddDate(0, 0, 1)
	}
	return m.Time
}
