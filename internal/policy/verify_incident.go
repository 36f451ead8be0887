package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/expression"
)

// Incident says how grave what goes wrong is, and whom it is told.
type Incident struct {
	Severity []Grade  `yaml:"severity"` // the first that holds counts, and the usual rules where none does
	Labels   []string `yaml:"labels"`   // of the issue, where one is kept; empty is incident
}

// Grade is one rule: SEV1 to SEV4, and when.
type Grade struct {
	Level string `yaml:"level"`
	When  string `yaml:"when"` // a condition such as 'impact.users > 0.5'; empty is always
}

// SeverityLevels are the allowed ones, the gravest first.
var SeverityLevels = []string{"SEV1", "SEV2", "SEV3", "SEV4"}

const (
	maxGrades         = 20
	maxIncidentLabels = 5
	labelLength       = 50 // bytes; GitHub takes no longer one
)

func (v *Verify) validateIncident() *misfit {
	if v.Incident == nil {
		return nil
	}
	rules := v.Incident.Severity
	if len(rules) > maxGrades {
		return misfitf("verify.incident.severity", "there are %d rules; at most %d are kept", len(rules), maxGrades)
	}
	for i, s := range rules {
		at := fmt.Sprintf("verify.incident.severity[%d]", i)
		if s.Level == "" {
			return misfitf(at, "a rule needs a level, such as level: SEV1; allowed: %s", strings.Join(SeverityLevels, ", "))
		}
		if !slices.Contains(SeverityLevels, s.Level) {
			return misfitf(at+".level", "%q is not allowed here; allowed: %s", s.Level, strings.Join(SeverityLevels, ", "))
		}
		if m := condition(expression.ForwardFix, at+".when", s.When); m != nil {
			return m
		}
		if s.When == "" && i < len(rules)-1 {
			return misfitf(at, "it has no when, so it always holds, and the rules behind it never count; put it last")
		}
	}
	labels := v.Incident.Labels
	if len(labels) > maxIncidentLabels {
		return misfitf("verify.incident.labels", "there are %d labels; at most %d are kept", len(labels), maxIncidentLabels)
	}
	for i, label := range labels {
		at := fmt.Sprintf("verify.incident.labels[%d]", i)
		switch {
		case strings.TrimSpace(label) != label || label == "" || strings.Contains(label, ",") || len(label) > labelLength:
			return misfitf(at, "%q is no label; write the name of one, such as incident", label)
		case slices.ContainsFunc(labels[:i], func(l string) bool { return strings.EqualFold(l, label) }):
			return misfitf(at, "the label %q is there twice", label)
		}
	}
	return nil
}
