package versionbump

import (
	"fmt"
	"strings"

	"github.com/slipway-actions/slipway/internal/change"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/semver"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// asked is the version that a Release-As asks for: the newest that can be had; nil where none can. One
// that is tagged has been obeyed, and those before it are history.
func asked(e evidence) (*wish, []result.Finding) {
	var ignored []result.Finding
	ignore := func(w wish, why string) {
		ignored = append(ignored, result.Finding{
			ID: "release-as", Outcome: verdict.Warned, Title: "Release-As is ignored", Observed: fmt.Sprintf("commit %s says Release-As: %s, %s", commit.Short(w.sha), short(w.text), why),
			Next: "Commit again with a footer such as Release-As: 3.0.0.",
		})
	}
	for _, w := range e.asked {
		if w.version == nil {
			ignore(w, "which is no semantic version")
			continue
		}
		taken := holder(e, w.version)
		switch {
		case taken != "":
			return nil, append(ignored, result.Finding{
				ID: "release-as", Outcome: verdict.Skipped, Title: "Release-As", Observed: fmt.Sprintf("the Release-As: %s of commit %s is spent: %s", short(w.text), commit.Short(w.sha), taken),
			})
		case e.latest != nil && !w.version.GreaterThan(e.latest.Version):
			ignore(w, "which is not above "+e.latest.Name)
		case e.bump != "auto" && e.bump != "prerelease":
			ignore(w, "but the input bump is "+e.bump)
		default:
			return &w, ignored
		}
	}
	return nil, ignored
}

// bounds is the range of versions of a maintenance branch; ok is false where there is none. A range from
// a branch's name is about the line it was named for: a component that stands elsewhere stays within its
// own major version.
func bounds(e evidence) (s semver.Span, from string, ok bool) {
	switch {
	case e.fixed:
		return *e.span, "by the policy's versioning.branches", true
	case e.span != nil && (e.line.component == "" || e.final != nil && e.span.Holds(e.final.Version)):
		return *e.span, "by its name", true
	case e.maintains() && e.final != nil:
		return semver.MajorOf(e.final.Version), "by its last release " + e.final.Name, true
	}
	return semver.Span{}, "", false
}

// enter raises a version to the first of a maintenance branch that begins with it.
func enter(e evidence, d decision) decision {
	s, _, ok := bounds(e)
	if ok && d.version.LessThan(s.First()) {
		d.version, d.bump = s.First(), bumpFrom(e.final, s.First())
		d.reason += ", and the first of the range " + s.String()
		d.rules = append(d.rules, rule{"range", fmt.Sprintf("%s is the first version of %s", d.version, s)})
	}
	return d
}

// outside says that a version leaves the range of its maintenance branch, "" where it does not.
func outside(e evidence, d decision) string {
	s, from, ok := bounds(e)
	if !ok || s.Holds(d.version) {
		return ""
	}
	return fmt.Sprintf("%s would be the next version (%s), but the branch %s keeps to %s, %s. Release this from another branch, or take the change that asks for it back; "+
		"if the branch may release it, name its range in the policy: versioning: {branches: {%q: {maintenance: true, range: %d.x}}}",
		e.line.prefix+d.version.String(), d.reason, report.Clip(e.ref, 100), s, from, report.Clip(e.ref, 100), d.version.Major())
}

// baseRules say which release the version builds on.
func baseRules(e evidence) []rule {
	var rules []rule
	switch {
	case e.final == nil && e.latest == nil:
		rules = append(rules, rule{"base", "there is no release of this line in the commit's history"})
	case e.final == nil:
		rules = append(rules, rule{"base", "there is no final release in the commit's history"})
	default:
		rules = append(rules, rule{"base", e.final.Name + " is the highest final release in the commit's history"})
	}
	if e.latest != nil && (e.final == nil || e.latest.Name != e.final.Name) {
		rules = append(rules, rule{"base", e.latest.Name + " is the highest release of the channel " + e.channel})
	}
	if s, from, ok := bounds(e); ok {
		rules = append(rules, rule{"range", fmt.Sprintf("the branch keeps to %s, %s", s, from)})
	}
	return rules
}

// untypedCommits are those whose message says nothing that could be judged.
func untypedCommits(e evidence) []judged {
	var found []judged
	for _, c := range e.commits {
		if c.untyped() && (len(found) == 0 || found[len(found)-1].Commit.SHA != c.Commit.SHA) {
			found = append(found, c)
		}
	}
	return found
}

// untyped says which commits have no type, where that is an error; "" where all have one.
func untyped(e evidence) string {
	found := untypedCommits(e)
	if len(found) == 0 {
		return ""
	}
	lines := []string{fmt.Sprintf("input strict is \"true\", and %s no Conventional Commit:", report.Count(len(found), "commit")+map[bool]string{true: " is", false: " are"}[len(found) == 1])}
	for _, c := range found[:min(len(found), 20)] {
		lines = append(lines, "  "+cite(c))
	}
	if more := len(found) - 20; more > 0 {
		lines = append(lines, fmt.Sprintf("  … and %d more", more))
	}
	return strings.Join(append(lines, "Write subjects such as \"fix: …\" or \"feat(api): …\"; or set strict to false, and such commits ask for nothing."), "\n")
}

// bumpFrom names the first number in which a version differs from its base.
func bumpFrom(base *semver.Release, v *semver.Version) string {
	switch {
	case base == nil:
		return bumpOfFirst(v)
	case v.Major() != base.Version.Major():
		return "major"
	case v.Minor() != base.Version.Minor():
		return "minor"
	}
	return "patch"
}

// releaseType is what a release is for those who decide about it, and why.
func releaseType(e evidence) (kind, why string) {
	if e.channel != "" {
		return "beta", "it is on the channel " + e.channel
	}
	for _, c := range e.commits {
		if why := c.Mends(); why != "" && (c.State == change.Counts || c.State == change.Merges) {
			return "security", "commit " + cite(c) + " " + why
		}
	}
	switch {
	case strings.HasPrefix(e.ref, "hotfix/"), strings.HasPrefix(e.ref, "hotfix-"):
		return "hotfix", "the branch is " + report.Clip(e.ref, 100)
	case e.maintains():
		return "lts", "the branch " + report.Clip(e.ref, 100) + " maintains an older version"
	}
	return "feature", "nothing makes it a hotfix, a security release or one of a maintenance branch"
}
