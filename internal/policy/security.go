package policy

import "fmt"

// Security says what the security gate lets through.
type Security struct {
	FailOn          Threshold    `yaml:"fail-on"`          // default high
	UnknownSeverity Treatment    `yaml:"unknown-severity"` // default fail
	UnfixableGrace  Duration     `yaml:"unfixable-grace"`
	MinCoverage     *Percentage  `yaml:"min-coverage"`   // of manifests that must be scanned; default 100
	MaxAcceptance   Duration     `yaml:"max-acceptance"` // longest time to the expiry of an acceptance; 0 is no limit
	Accepted        []Acceptance `yaml:"accepted"`
}

// Acceptance is a risk that somebody carries until a day.
type Acceptance struct {
	ID      string `yaml:"id"` // of the advisory, or one of its aliases
	Package string `yaml:"package"`
	Owner   string `yaml:"owner"`
	Reason  string `yaml:"reason"`
	Expires Date   `yaml:"expires"` // the last day it holds, UTC
}

func (s *Security) fillDefaults() {
	if s.FailOn == "" {
		s.FailOn = "high"
	}
	if s.MinCoverage == nil {
		all := Percentage(100)
		s.MinCoverage = &all
	}
	if s.UnknownSeverity == "" {
		s.UnknownSeverity = "fail"
	}
}

func (s *Security) validate() *misfit {
	for i, a := range s.Accepted {
		for _, field := range []struct {
			name string
			set  bool
		}{{"id", a.ID != ""}, {"owner", a.Owner != ""}, {"reason", a.Reason != ""}, {"expires", !a.Expires.IsZero()}} {
			if !field.set {
				return misfitf(fmt.Sprintf("security.accepted[%d]", i), "%s is missing; an accepted risk needs id, owner, reason and expires", field.name)
			}
		}
	}
	return nil
}
