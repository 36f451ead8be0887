package versionbump

import (
	"fmt"
	"slices"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/semver"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// warnings are what a release manager should see, though it changes no version.
func warnings(e evidence, d decision) []result.Finding {
	var findings []result.Finding
	warn := func(id, title, observed, next string) {
		findings = append(findings, result.Finding{ID: id, Outcome: verdict.Warned, Title: title, Observed: observed, Next: next})
	}
	if f, doubt := e.tags.Doubt(); doubt {
		findings = append(findings, f)
	}
	if r := highest(e.releases, false); r != nil && e.latest == nil {
		warn("unreachable-releases", "Releases elsewhere", r.Name+" exists, but this commit does not build on it nor on any other release",
			"If it should, merge the release's commit; if this really is a first release, go on.")
	} else if r := elsewhere(e.releases); r != nil && d.changed && !e.maintains() && r.Version.GreaterThan(d.version) {
		warn("higher-elsewhere", "A higher release elsewhere", fmt.Sprintf("%s is on another branch, and higher than %s", r.Name, d.version),
			"If this branch is to go on from it, merge the release's commit. If it is an older line, list it in the policy: versioning: {branches: {\"…\": {maintenance: true}}}.")
	}
	if r := announced(e.releases); r != nil && d.changed && r.Version.GreaterThan(d.version) {
		warn("announced", "Announced version", fmt.Sprintf("%s is in this history, yet it is higher than %s", r.Name, d.version),
			"To complete it, set the input bump to the level that leads there; if it was a trial, delete the tag.")
	}
	if unread := untypedCommits(e); len(unread) > 0 {
		warn("unparsed-commits", "Commits without a type", fmt.Sprintf("%d of %s without a type of Conventional Commits; such a commit asks for no version unless it has a BREAKING CHANGE footer", len(unread), report.Count(count(e.commits), "commit")),
			"Look through them below; write subjects such as \"fix: …\" or \"feat(api): …\".")
	}
	if r := e.final; r != nil && dated(r.Version) && slices.ContainsFunc(e.releases, func(o semver.Release) bool { return !dated(o.Version) }) {
		warn("calendar-tags", "A date as a version", r.Name+" is a semantic version and looks like a date; it counts, as it is the highest",
			fmt.Sprintf("If it is a date, write into the policy: versioning: {ignore-tags: [%q]}", fmt.Sprintf("%s%d.*", e.line.prefix, r.Version.Major())))
	}
	return findings
}

// dated tells that a version begins with what looks like a year.
func dated(v *semver.Version) bool { return v.Major() >= 1990 && v.Major() < 2100 }

// announced is the highest release that leads to a final version. A nightly build, which has no number
// to count on from, leads to none.
func announced(releases []semver.Release) *semver.Release {
	for i, r := range releases {
		if _, numbered := semver.PrereleaseNumber(r.Version); r.Reachable && (numbered || r.Version.Prerelease() == "") {
			return &releases[i]
		}
	}
	return nil
}

// elsewhere is the highest final version that cannot be reached.
func elsewhere(releases []semver.Release) *semver.Release {
	for i, r := range releases {
		if !r.Reachable && r.Version.Prerelease() == "" {
			return &releases[i]
		}
	}
	return nil
}
