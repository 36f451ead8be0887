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
	Risk         *Risk                  `yaml:"risk"`
	Ticket       *Ticket                `yaml:"ticket"`
}

// Environment is where a change goes, and where it must have been before.
type Environment struct {
	After []string `yaml:"after"`
}

// Criterion is one condition; exactly one of its kinds is set.
type Criterion struct {
	ID         string      `yaml:"id"`
	When       string      `yaml:"when"`  // an expression; the criterion is judged only where it holds
	Owner      string      `yaml:"owner"` // who sees to it: a role or a person, for people to read
	Checks     *Checks     `yaml:"checks"`
	Evidence   *Evidence   `yaml:"evidence"`
	Issues     *Issues     `yaml:"issues"`
	Document   *Document   `yaml:"document"`
	Checklist  *Checklist  `yaml:"checklist"`
	Coverage   *Coverage   `yaml:"coverage"`
	Probe      *GateProbe  `yaml:"probe"`
	Release    *Upstream   `yaml:"release"`
	Migrations *Migrations `yaml:"migrations"`
	Assert     string      `yaml:"assert"` // an expression that must hold
}

// Kinds are what a criterion can be about.
const Kinds = "checks, evidence, issues, document, checklist, coverage, probe, release, migrations, assert"

// Kind names the one kind of a criterion that is set, "" where there is none or more than one.
func (c Criterion) Kind() string {
	var kinds []string
	for _, k := range []struct {
		name string
		set  bool
	}{
		{"checks", c.Checks != nil}, {"evidence", c.Evidence != nil}, {"issues", c.Issues != nil},
		{"document", c.Document != nil}, {"checklist", c.Checklist != nil}, {"coverage", c.Coverage != nil},
		{"probe", c.Probe != nil}, {"release", c.Release != nil}, {"migrations", c.Migrations != nil},
		{"assert", c.Assert != ""},
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
		if m := c.validateID(at + ".id"); m != nil {
			return m
		}
		if m := c.validate(at, g); m != nil {
			return m
		}
	}
	if m := g.validateChangeTypes(); m != nil {
		return m
	}
	for _, name := range slices.Sorted(maps.Keys(g.Environments)) {
		for i, before := range g.Environments[name].After {
			if _, ok := g.Environments[before]; !ok {
				return misfitf(fmt.Sprintf("gate.environments.%s.after[%d]", name, i), "there is no environment %q", before)
			}
		}
	}
	for _, part := range []func(*Gate) *misfit{g.Approvals.validate, g.Windows.validate, g.Waivers.validate, g.Risk.validate, g.Ticket.validate} {
		if m := part(g); m != nil {
			return m
		}
	}
	return g.validateConditions()
}

// releaseWords are what a release can be called in change-types: by its bump, or by its type.
var releaseWords = []string{"none", "patch", "minor", "major", "prerelease", "feature", "hotfix", "security", "beta", "lts"}

// validateChangeTypes refuses what would quietly leave a change at normal.
func (g *Gate) validateChangeTypes() *misfit {
	for _, name := range slices.Sorted(maps.Keys(g.ChangeTypes)) {
		at := "gate.change-types." + name
		if name != "standard" && name != "emergency" {
			return misfitf(at, "%q is no type of change here; allowed: standard, emergency (all else is normal)", name)
		}
		for i, word := range g.ChangeTypes[name] {
			if !slices.Contains(releaseWords, word) {
				return misfitf(fmt.Sprintf("%s[%d]", at, i), "%q is neither a bump nor a type of a release; allowed: %s", word, strings.Join(releaseWords, ", "))
			}
		}
	}
	return nil
}

// reserved are what the decision calls what it adds by itself.
var reserved = []string{"approvals", "clock", "emergency-reviews", "publish", "ticket", "waivers", "windows"}

// validateID keeps names apart: a waiver or a reader means one thing by a name. A result that is handed in
// is called by its action, unless the criterion of that name is about it.
func (c Criterion) validateID(at string) *misfit {
	switch {
	case slices.Contains(reserved, c.ID), strings.HasPrefix(c.ID, "after "), strings.HasPrefix(c.ID, "evidence/"):
		return misfitf(at, "%q is a name that the decision itself uses; choose another. Taken are: %s, and what begins with \"after \" or \"evidence/\"", c.ID, strings.Join(reserved, ", "))
	case slices.Contains(judges, c.ID) && (c.Evidence == nil || c.Evidence.Action != c.ID):
		return misfitf(at, "%q is what a result of that action is called; choose another name, or make the criterion evidence: {action: %s}", c.ID, c.ID)
	}
	return nil
}

func (c Criterion) validate(at string, g *Gate) *misfit {
	switch c.Kind() {
	case "":
		return misfitf(at, "set exactly one of "+Kinds)
	case "checks":
		return c.Checks.validate(at + ".checks")
	case "evidence":
		return c.Evidence.validate(at + ".evidence")
	case "issues":
		return c.Issues.validate(at + ".issues")
	case "document":
		return c.Document.validate(at + ".document")
	case "checklist":
		return c.Checklist.validate(at+".checklist", g)
	case "coverage":
		return c.Coverage.validate(at + ".coverage")
	case "probe":
		return c.Probe.validate(at + ".probe")
	case "release":
		return c.Release.validate(at + ".release")
	case "migrations":
		return c.Migrations.validate(at + ".migrations")
	}
	return nil
}
