package policy

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
)

// Role is the people who may speak for it.
type Role struct {
	Users      []string `yaml:"users"`
	Teams      []string `yaml:"teams"`      // organisation/team
	CodeOwners bool     `yaml:"codeowners"` // the owners of the changed files: each file that has owners needs one of them
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
	ReviewWithin Duration `yaml:"review-within"` // of an emergency: how soon the roles of the normal rule must have looked at it; 0 is never
}

// AlsoApproval asks for one more role under a condition.
type AlsoApproval struct {
	Role string `yaml:"role"`
	When string `yaml:"when"` // an expression; empty is always
}

// Roles are all roles that some approval may need, each once, sorted.
func (a *Approvals) Roles() []string {
	if a == nil {
		return nil
	}
	var names []string
	for _, rule := range []*ApprovalRule{a.Standard, a.Normal, a.Emergency} {
		if rule != nil {
			names = slices.Concat(names, rule.Any, rule.All)
		}
	}
	for _, also := range a.Also {
		names = append(names, also.Role)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

var (
	login    = regexp.MustCompile(`^@?[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\[bot\])?$`)
	teamName = regexp.MustCompile(`^@?[A-Za-z0-9][A-Za-z0-9_-]{0,99}/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$`)
	oneWord  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$`)
)

// validateRoles is for what a role is made of: one that nobody can hold is a mistake.
func (g *Gate) validateRoles() *misfit {
	for _, name := range slices.Sorted(maps.Keys(g.Roles)) {
		role, at := g.Roles[name], "gate.roles."+name
		if !oneWord.MatchString(name) {
			return misfitf("gate.roles", "%q cannot be a role's name; allowed: one word of letters, digits, -, _ and ., for people write /approve as <role>", name)
		}
		if len(role.Users) == 0 && len(role.Teams) == 0 && !role.CodeOwners {
			return misfitf(at, "nobody can hold this role; set users, teams or codeowners: true")
		}
		for i, user := range role.Users {
			if !login.MatchString(user) {
				return misfitf(fmt.Sprintf("%s.users[%d]", at, i), "%q is no login of GitHub such as ada; a team goes into teams", user)
			}
		}
		for i, team := range role.Teams {
			if !teamName.MatchString(team) {
				return misfitf(fmt.Sprintf("%s.teams[%d]", at, i), "%q is no team such as acme/release: the organisation, and the team as its address has it", team)
			}
		}
	}
	return nil
}

// validateRole is for a role that is used. Where one person has to speak for it, the owners of files
// do not do: together they may be many.
func (g *Gate) validateRole(at, name string, onePerson bool) *misfit {
	role, ok := g.Roles[name]
	switch {
	case !ok && len(g.Roles) == 0:
		return misfitf(at, "there is no role %q; define it in gate.roles", name)
	case !ok:
		return misfitf(at, "there is no role %q; gate.roles has: %s", name, strings.Join(slices.Sorted(maps.Keys(g.Roles)), ", "))
	case onePerson && role.CodeOwners:
		return misfitf(at, "the role %q is held by the owners of files, who can only approve; name a role of users and teams", name)
	}
	return nil
}

func (a *Approvals) validate(g *Gate) *misfit {
	if m := g.validateRoles(); m != nil || a == nil {
		return m
	}
	for _, r := range []struct {
		name string
		rule *ApprovalRule
	}{{"standard", a.Standard}, {"normal", a.Normal}, {"emergency", a.Emergency}} {
		at := "gate.approvals." + r.name
		if r.rule == nil {
			continue
		}
		if len(r.rule.Any) == 0 && len(r.rule.All) == 0 {
			return misfitf(at, "it asks for nobody; name roles in any or all")
		}
		for i, role := range r.rule.Any {
			if m := g.validateRole(fmt.Sprintf("%s.any[%d]", at, i), role, false); m != nil {
				return m
			}
		}
		for i, role := range r.rule.All {
			if m := g.validateRole(fmt.Sprintf("%s.all[%d]", at, i), role, false); m != nil {
				return m
			}
		}
		switch {
		case r.rule.ReviewWithin < 0:
			return misfitf(at+".review-within", "it is negative")
		case r.rule.ReviewWithin > 0 && r.name != "emergency":
			return misfitf(at+".review-within", "only emergency changes are reviewed afterwards")
		case r.rule.ReviewWithin > 0 && a.Normal == nil:
			return misfitf(at+".review-within", "it needs gate.approvals.normal, whose roles review")
		case r.rule.ReviewWithin > Duration(reviewHorizon):
			return misfitf(at+".review-within", "it is longer than 30d, and older decisions are not looked for")
		}
	}
	if a.Standard == nil && a.Normal == nil && a.Emergency == nil {
		return misfitf("gate.approvals", "no type of change has a rule; set normal, and standard and emergency where they differ")
	}
	for i, also := range a.Also {
		if m := g.validateRole(fmt.Sprintf("gate.approvals.also[%d].role", i), also.Role, false); m != nil {
			return m
		}
	}
	return nil
}

// reviewHorizon is how far back emergency changes are looked for.
const reviewHorizon = 30 * 24 * time.Hour

// Waivers say who may set a criterion aside, how long, and which never.
type Waivers struct {
	Allow   []string  `yaml:"allow"`
	Max     Duration  `yaml:"max"` // default 72h
	Never   []string  `yaml:"never"`
	Granted []Granted `yaml:"granted"`
}

// Granted is a waiver that stands in the policy.
type Granted struct {
	Criterion string `yaml:"criterion"`
	By        string `yaml:"by"` // login of somebody with a role of allow
	Reason    string `yaml:"reason"`
	Ticket    string `yaml:"ticket"` // may be empty
	Since     Moment `yaml:"since"`
	Until     Moment `yaml:"until"` // of a day: its end
}

// defaultWaiver is how long a waiver may last where the policy does not say.
const defaultWaiver = Duration(72 * time.Hour)

// Longest is how long a waiver may last.
func (w *Waivers) Longest() time.Duration { return time.Duration(cmp.Or(w.Max, defaultWaiver)) }

// builtIn are criteria that need no entry: the gate's own, and results that are handed in.
var builtIn = append([]string{"approvals", "emergency-reviews", "windows", "ticket"}, judges...)

// waivable are the names that a waiver can be about. A misspelt one under never would waive what
// must not be.
func (g *Gate) waivable() []string {
	names := slices.Clone(builtIn)
	for _, c := range g.Criteria {
		names = append(names, c.ID)
	}
	if len(g.Criteria) == 0 {
		names = append(names, "checks")
	}
	for name := range g.Environments {
		names = append(names, "after "+name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (w *Waivers) validate(g *Gate) *misfit {
	if w == nil {
		return nil
	}
	if len(w.Allow) == 0 {
		return misfitf("gate.waivers.allow", "nobody may waive; name roles, or take waivers out")
	}
	for i, role := range w.Allow {
		if m := g.validateRole(fmt.Sprintf("gate.waivers.allow[%d]", i), role, true); m != nil {
			return m
		}
	}
	if w.Max < 0 {
		return misfitf("gate.waivers.max", "it is negative")
	}
	names := g.waivable()
	for i, id := range w.Never {
		if !slices.Contains(names, id) {
			return misfitf(fmt.Sprintf("gate.waivers.never[%d]", i), "there is no criterion %q; there are: %s", id, strings.Join(names, ", "))
		}
	}
	for i, granted := range w.Granted {
		if m := w.validateGranted(fmt.Sprintf("gate.waivers.granted[%d]", i), granted, names); m != nil {
			return m
		}
	}
	return nil
}

func (w *Waivers) validateGranted(at string, one Granted, names []string) *misfit {
	switch {
	case !slices.Contains(names, one.Criterion):
		return misfitf(at+".criterion", "there is no criterion %q; there are: %s", one.Criterion, strings.Join(names, ", "))
	case slices.Contains(w.Never, one.Criterion):
		return misfitf(at+".criterion", "%q is under never", one.Criterion)
	case !login.MatchString(one.By):
		return misfitf(at+".by", "%q is no login of GitHub such as ada; it is a person who waives", one.By)
	case strings.TrimSpace(one.Reason) == "":
		return misfitf(at+".reason", "it is missing; say why the criterion may be waived")
	case one.Since.IsZero():
		return misfitf(at+".since", "it is missing; say from when on the waiver holds")
	case one.Until.IsZero():
		return misfitf(at+".until", "it is missing; a waiver ends")
	case !one.Until.End().After(one.Since.Time):
		return misfitf(at+".until", "it is not after since")
	case one.Until.End().Sub(one.Since.Time) > w.Longest():
		return misfitf(at+".until", "the waiver is longer than gate.waivers.max, %s", duration.Format(w.Longest()))
	}
	return nil
}

// Checklist is a list in Markdown of which every box must be ticked.
type Checklist struct {
	Path    string `yaml:"path"`    // of a file at the judged commit; empty is the change ticket
	Section string `yaml:"section"` // heading that the list stands under; empty is the whole text
	By      string `yaml:"by"`      // role that must have ticked the boxes of a ticket; empty is anybody
}

func (c *Checklist) validate(at string, g *Gate) *misfit {
	switch {
	case c.By == "":
	case c.Path != "":
		return misfitf(at+".by", "who ticked a box of a file is not known; leave by out, or path, and the list of the change ticket is meant")
	default:
		if m := g.validateRole(at+".by", c.By, true); m != nil {
			return m
		}
	}
	switch {
	case strings.HasPrefix(c.Path, "/"), strings.Contains(c.Path, `\`), slices.Contains(strings.Split(c.Path, "/"), ".."):
		return misfitf(at+".path", "%q is no path inside the repository, from its top, such as docs/checklist.md", c.Path)
	case c.Section != strings.TrimSpace(c.Section), strings.HasPrefix(c.Section, "#"):
		return misfitf(at+".section", "%q is no heading; write its text alone, without the marks", c.Section)
	}
	return nil
}
