package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Gate says what a yes needs.
type Gate struct {
	Roles        map[string]Role        `yaml:"roles"`
	Approvals    *Approvals             `yaml:"approvals"`
	ChangeTypes  map[string][]string    `yaml:"change-types"` // standard and emergency, by bump or release type
	Environments map[string]Environment `yaml:"environments"`
	Criteria     []Criterion            `yaml:"criteria"`
	Windows      *Windows               `yaml:"windows"`
	Waivers      *Waivers               `yaml:"waivers"`
}

// Role is the people who may speak for it.
type Role struct {
	Users []string `yaml:"users"`
	Teams []string `yaml:"teams"` // organisation/team
}

// Approvals are the rules by type of change.
type Approvals struct {
	Standard     *ApprovalRule  `yaml:"standard"`
	Normal       *ApprovalRule  `yaml:"normal"`
	Emergency    *ApprovalRule  `yaml:"emergency"`
	Also         []AlsoApproval `yaml:"also"`
	SelfApproval bool           `yaml:"self-approval"`
}

// ApprovalRule asks for any or all of some roles.
type ApprovalRule struct {
	Any          []string `yaml:"any"`
	All          []string `yaml:"all"`
	ReviewWithin Duration `yaml:"review-within"`
}

// AlsoApproval asks for one more role under a condition.
type AlsoApproval struct {
	Role string `yaml:"role"`
	When string `yaml:"when"`
}

// Environment is where a change goes, and where it must have been before.
type Environment struct {
	After []string `yaml:"after"`
}

// Criterion is one condition; exactly one of its kinds is set.
type Criterion struct {
	ID       string     `yaml:"id"`
	When     string     `yaml:"when"`
	Checks   *Checks    `yaml:"checks"`
	Evidence *Evidence  `yaml:"evidence"`
	Issues   *Issues    `yaml:"issues"`
	Document *Document  `yaml:"document"`
	Coverage *Coverage  `yaml:"coverage"`
	Probe    *GateProbe `yaml:"probe"`
	Release  *Upstream  `yaml:"release"`
	Assert   string     `yaml:"assert"`
}

// Checks are check runs and commit statuses that must have succeeded.
type Checks struct {
	Require []string `yaml:"require"` // names or globs; empty is all that exist, and at least one
	Skipped Passing  `yaml:"skipped"` // default pass
	Neutral Passing  `yaml:"neutral"` // default pass
}

// Evidence is a result of another action, or any JSON file.
type Evidence struct {
	Action  string            `yaml:"action"`
	File    string            `yaml:"file"`
	MaxAge  Duration          `yaml:"max-age"` // 0 is no limit
	Require map[string]string `yaml:"require"`
}

// Issues must not be open.
type Issues struct {
	Labels    []string `yaml:"labels"`
	Milestone string   `yaml:"milestone"`
	Max       int      `yaml:"max"`
}

// Document is a file with sections that are not empty.
type Document struct {
	Path     string   `yaml:"path"`
	Sections []string `yaml:"sections"`
	MaxAge   Duration `yaml:"max-age"`
}

// Coverage is people on call.
type Coverage struct {
	Calendar string   `yaml:"calendar"`
	Primary  int      `yaml:"primary"`
	Backup   int      `yaml:"backup"`
	For      Duration `yaml:"for"`
}

// GateProbe is an endpoint that must answer.
type GateProbe struct {
	URL    string `yaml:"url"`
	Status int    `yaml:"status"`
}

// Upstream is a repository whose release must be there first.
type Upstream struct {
	Repository string `yaml:"repository"`
	AtLeast    string `yaml:"at-least"`
}

// Windows are when a deployment may happen.
type Windows struct {
	Deploy *DeployWindow `yaml:"deploy"`
	Freeze []Freeze      `yaml:"freeze"`
}

// DeployWindow is days of the week and hours in the policy's time zone.
type DeployWindow struct {
	Days []string `yaml:"days"`
	From string   `yaml:"from"`
	To   string   `yaml:"to"`
}

// Freeze is a time without deployments.
type Freeze struct {
	From     Date     `yaml:"from"`
	To       Date     `yaml:"to"`
	Reason   string   `yaml:"reason"`
	Calendar string   `yaml:"calendar"`
	Holidays []string `yaml:"holidays"`
	When     string   `yaml:"when"`
}

// Waivers say who may set a criterion aside, how long, and which never.
type Waivers struct {
	Allow []string `yaml:"allow"`
	Max   Duration `yaml:"max"`
	Never []string `yaml:"never"`
}

// Kind names the one kind of a criterion that is set, "" where there is none or more than one.
func (c Criterion) Kind() string {
	var kinds []string
	for _, k := range []struct {
		name string
		set  bool
	}{
		{"checks", c.Checks != nil}, {"evidence", c.Evidence != nil}, {"issues", c.Issues != nil},
		{"document", c.Document != nil}, {"coverage", c.Coverage != nil}, {"probe", c.Probe != nil},
		{"release", c.Release != nil}, {"assert", c.Assert != ""},
	} {
		if k.set {
			kinds = append(kinds, k.name)
		}
	}
	if len(kinds) != 1 {
		return ""
	}
	return kinds[0]
}

func (g *Gate) validate() *misfit {
	seen := map[string]bool{}
	for i, c := range g.Criteria {
		at := fmt.Sprintf("gate.criteria[%d]", i)
		if c.ID == "" {
			return misfitf(at, "id is missing")
		}
		if seen[c.ID] {
			return misfitf(at+".id", "%q is taken already", c.ID)
		}
		seen[c.ID] = true
		if m := c.validate(at); m != nil {
			return m
		}
	}
	for _, name := range slices.Sorted(maps.Keys(g.Environments)) {
		for i, before := range g.Environments[name].After {
			if _, ok := g.Environments[before]; !ok {
				return misfitf(fmt.Sprintf("gate.environments.%s.after[%d]", name, i), "there is no environment %q", before)
			}
		}
	}
	return nil
}

func (c Criterion) validate(at string) *misfit {
	switch c.Kind() {
	case "":
		return misfitf(at, "set exactly one of checks, evidence, issues, document, coverage, probe, release, assert")
	case "evidence":
		if (c.Evidence.Action == "") == (c.Evidence.File == "") {
			return misfitf(at+".evidence", "set either action or file")
		}
	case "checks":
		for i, name := range c.Checks.Require {
			if strings.TrimSpace(name) == "" {
				return misfitf(fmt.Sprintf("%s.checks.require[%d]", at, i), "the name is empty")
			}
		}
	}
	return nil
}
