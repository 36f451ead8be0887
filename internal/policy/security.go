package policy

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Security says what the security gate lets through.
type Security struct {
	FailOn          Threshold         `yaml:"fail-on"`          // default high
	UnknownSeverity Treatment         `yaml:"unknown-severity"` // default fail
	UnfixableGrace  Duration          `yaml:"unfixable-grace"`
	MinCoverage     *Percentage       `yaml:"min-coverage"`   // of manifests that must be scanned; default 100
	MaxAcceptance   Duration          `yaml:"max-acceptance"` // longest time to the expiry of an acceptance; 0 is no limit
	MaxDataAge      *Duration         `yaml:"max-data-age"`   // of an ecosystem's newest advisory; nil where the team has set none
	Digests         map[string]string `yaml:"digests"`        // of the advisories that must be used, by ecosystem: sha256:…
	Reachability    Reachability      `yaml:"reachability"`   // default show
	InSource        bool              `yaml:"in-source"`      // suppressions that a report found in the sources count
	VEX             []string          `yaml:"vex"`            // files beside the policy, at the same commit
	KEV             string            `yaml:"kev"`            // file in the workspace
	EPSS            *EPSS             `yaml:"epss"`
	Licenses        *Licenses         `yaml:"licenses"`
	Accepted        []Acceptance      `yaml:"accepted"`
}

// Acceptance is a risk that somebody carries until a day.
type Acceptance struct {
	ID       string `yaml:"id"` // of the advisory, or one of its aliases; of a secret or another tool's result its fingerprint
	Package  string `yaml:"package"`
	Versions string `yaml:"versions"` // such as ">=1.2.0 <1.4.0"; empty is every one
	Path     string `yaml:"path"`     // glob of the files that it is about; empty is every one
	Owner    string `yaml:"owner"`
	Reason   string `yaml:"reason"`
	Since    Date   `yaml:"since"`   // when it was accepted; may be left out
	Expires  Date   `yaml:"expires"` // the last day it holds, UTC
}

// EPSS is a file of scores and the score from which a vulnerability is at least high.
type EPSS struct {
	File string   `yaml:"file"` // in the workspace
	From *float64 `yaml:"from"` // 0 to 1; default 0.1
}

// Licenses are those that packages may have.
type Licenses struct {
	Allow  []string          `yaml:"allow"`  // SPDX ids; empty is every one that is not denied
	Deny   []string          `yaml:"deny"`   // SPDX ids; they win
	Stated map[string]string `yaml:"stated"` // SPDX expression by package, for those whose manifests state none
}

// Reachability is what it counts for whether vulnerable Go code is called.
type Reachability string

// Reachabilities are the allowed ones: off asks nobody, show tells; with imported or called only such
// vulnerabilities can fail, and those of which nobody can tell.
var Reachabilities = []string{"off", "show", "imported", "called"}

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
	if s.Reachability == "" {
		s.Reachability = "show"
	}
	if s.EPSS != nil && s.EPSS.From == nil {
		from := 0.1
		s.EPSS.From = &from
	}
}

// constraint is a list of bounds on a version, all of which hold.
var constraint = regexp.MustCompile(`^\s*(?:<=|>=|<|>|=)\s*[^\s,<>=]+(?:[\s,]+(?:<=|>=|<|>|=)\s*[^\s,<>=]+)*\s*$`)

var sha256Digest = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

func (s *Security) validate() *misfit {
	for i, a := range s.Accepted {
		at := fmt.Sprintf("security.accepted[%d]", i)
		for _, field := range []struct {
			name string
			set  bool
		}{{"id", strings.TrimSpace(a.ID) != ""}, {"owner", strings.TrimSpace(a.Owner) != ""}, {"reason", strings.TrimSpace(a.Reason) != ""}, {"expires", !a.Expires.IsZero()}} {
			if !field.set {
				return misfitf(at, "%s is missing; an accepted risk needs id, owner, reason and expires", field.name)
			}
		}
		switch {
		case a.Versions != "" && a.Package == "":
			return misfitf(at+".versions", "versions of which package? Add package")
		case a.Versions != "" && !constraint.MatchString(a.Versions):
			return misfitf(at+".versions", "%q is no range such as \">=1.2.0 <1.4.0\"", a.Versions)
		case !a.Since.IsZero() && a.Since.After(a.Expires.Time):
			return misfitf(at+".since", "it lies after expires")
		}
	}
	for _, ecosystem := range slices.Sorted(maps.Keys(s.Digests)) {
		if !sha256Digest.MatchString(s.Digests[ecosystem]) {
			return misfitf("security.digests", "the digest of %s is %q; it is sha256: and 64 digits of 0-9 and a-f, as the gate's summary shows it", ecosystem, s.Digests[ecosystem])
		}
	}
	if e := s.EPSS; e != nil {
		if e.File == "" {
			return misfitf("security.epss", "file is missing: the scores of EPSS, as CSV")
		}
		if e.From != nil && (*e.From <= 0 || *e.From > 1) {
			return misfitf("security.epss.from", "%v is no probability above 0 and up to 1", *e.From)
		}
	}
	if l := s.Licenses; l != nil && len(l.Allow) == 0 && len(l.Deny) == 0 {
		return misfitf("security.licenses", "it allows and denies nothing; list SPDX ids under allow or deny")
	}
	for i, file := range s.VEX {
		if strings.ContainsAny(file, "*?") {
			return misfitf(fmt.Sprintf("security.vex[%d]", i), "%q is a pattern; name each file", file)
		}
	}
	return nil
}
