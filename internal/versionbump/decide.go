package versionbump

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/semver"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// decision is the next version and why.
type decision struct {
	version     *semver.Version // never nil unless unknown
	previous    *semver.Release // nil for a first release
	bump        string          // major, minor, patch, prerelease, none
	changed     bool
	releaseType string
	reason      string // of the version, one clause
	findings    []result.Finding
}

// decide works out the next version. Whatever makes the evidence incomplete makes it unknown.
func decide(e evidence) decision {
	if f, missing := e.tags.Missing(e.line.prefix); missing {
		return decision{findings: []result.Finding{f}}
	}
	d := next(e)
	d.previous = e.latest
	if d.changed {
		d.releaseType = releaseType(e)
	}
	d.findings = append(d.findings, result.Finding{ID: "version", Outcome: verdict.Passed, Title: "Next version", Observed: d.version.String() + ": " + d.reason})
	d.findings = append(d.findings, warnings(e, d)...)
	return d
}

// decideAll decides for the components of a monorepo. One that is built from another which changes
// gets at least a patch, and so on to those that are built from it.
func decideAll(all []evidence) []decision {
	decided := make([]decision, len(all))
	for i, e := range all {
		decided[i] = decide(e)
	}
	changes := func(name string) bool {
		i := slices.IndexFunc(all, func(e evidence) bool { return e.line.component == name })
		return i >= 0 && decided[i].changed
	}
	for again := true; again; {
		again = false
		for i, e := range all {
			at := slices.IndexFunc(e.line.dependsOn, changes)
			if at < 0 || decided[i].changed || decided[i].version == nil || e.bump == "none" {
				continue
			}
			all[i].dependency = e.line.dependsOn[at]
			decided[i], again = decide(all[i]), true
		}
	}
	return decided
}

func next(e evidence) decision {
	level, cause := wanted(e)
	fresh := slices.DeleteFunc(slices.Clone(e.commits), func(c change) bool { return !c.Fresh })
	switch {
	case e.bump == "none":
		return unchanged(e, "bump is none")
	case e.dependency != "":
	case len(e.commits) == 0 && e.latest == nil:
		return unchanged(e, "there is no commit"+e.line.within())
	case e.latest == nil:
	case len(fresh) == 0 || e.bump == "auto" && level == semver.None && count(fresh) == 0:
		return unchanged(e, "no commit since "+e.latest.Name+e.line.within())
	case e.bump == "auto" && level == semver.None:
		return unchanged(e, fmt.Sprintf("none of %s since %s%s asks for a version", report.Count(count(fresh), "commit"), e.latest.Name, e.line.within()))
	}
	d := free(e, target(e, level, cause))
	if e.channel == "" {
		return d
	}
	n := uint64(1)
	for _, r := range e.releases {
		if m, ok := semver.PrereleaseNumber(r.Version); ok && semver.SameRelease(r.Version, d.version) && semver.Channel(r.Version) == e.channel {
			n = max(n, m+1)
		}
	}
	d.version, d.bump = semver.OnChannel(d.version, e.channel, n), "prerelease"
	d.reason += ", on the channel " + e.channel
	return d
}

// target is the final version that the release is, or is a pre-release of.
func target(e evidence, level semver.Level, cause string) decision {
	d := decision{changed: true}
	if e.final == nil {
		d.version, d.reason = e.initial, "the first release"
		if r := highest(e.releases, true); r != nil && r.Version.GreaterThan(e.initial) {
			d.version, d.reason = semver.Final(r.Version), "completes "+r.Name
		}
		d.bump = bumpOfFirst(d.version)
		return d
	}
	d.version, d.bump, d.reason = level.Next(e.final.Version), level.String(), fmt.Sprintf("a %s release after %s, because %s", level, e.final.Name, cause)
	// A channel never goes back behind what it has announced.
	if e.latest.Version.GreaterThan(d.version) {
		d.version = semver.Final(e.latest.Version)
		d.reason += ", still on the way to what " + e.latest.Name + " announced"
	}
	return d
}

// wanted is the highest level that the caller or the commits ask for. On a channel only what is
// fresh makes a release, but all since the last final version makes its number.
func wanted(e evidence) (semver.Level, string) {
	if e.bump != "auto" && e.bump != "prerelease" && e.bump != "none" {
		level, _ := semver.ParseLevel(e.bump) // the input was checked
		return level, "the input bump says so"
	}
	most, fresh := semver.None, semver.None
	var cause change
	for _, c := range e.commits {
		if c.Level > most {
			most, cause = c.Level, c
		}
		if c.Fresh {
			fresh = max(fresh, c.Level)
		}
	}
	level, reason := most, "of "+cite(cause)
	if e.final != nil && e.final.Version.Major() == 0 {
		switch most {
		case semver.Major:
			level = semver.Level(*e.types.ZeroMajor.Breaking)
			reason += ", which breaks, while the version is still 0.y.z"
		case semver.Minor:
			level = semver.Level(*e.types.ZeroMajor.Feature)
		}
	}
	switch {
	case e.dependency != "" && level == semver.None:
		return semver.Patch, "the component " + e.dependency + " changes, which it depends on"
	case e.bump == "prerelease" && level == semver.None:
		return semver.Patch, "the input bump says so"
	case e.bump == "auto" && e.dependency == "" && fresh == semver.None:
		return semver.None, ""
	}
	return level, reason
}

// free moves on from versions that are tagged elsewhere, for a tag is never moved.
func free(e evidence, d decision) decision {
	step, _ := semver.ParseLevel(d.bump) // of our own making
	for taken := tagged(e.releases, d.version); taken != nil; taken = tagged(e.releases, d.version) {
		d.version = step.Next(semver.Final(d.version))
		d.reason += fmt.Sprintf("; %s is taken by another branch", taken.Name)
	}
	return d
}

func tagged(releases []semver.Release, v *semver.Version) *semver.Release {
	for i, r := range releases {
		if r.Version.Equal(v) {
			return &releases[i]
		}
	}
	return nil
}

// highest is the first of those that can be reached, or of those that cannot.
func highest(releases []semver.Release, reachable bool) *semver.Release {
	for i, r := range releases {
		if r.Reachable == reachable {
			return &releases[i]
		}
	}
	return nil
}

func unchanged(e evidence, reason string) decision {
	d := decision{version: e.initial, bump: "none", reason: reason}
	if e.latest != nil {
		d.version = e.latest.Version
	}
	return d
}

// bumpOfFirst names the first number of a first release that is not zero.
func bumpOfFirst(v *semver.Version) string {
	switch {
	case v.Major() > 0:
		return "major"
	case v.Minor() > 0:
		return "minor"
	}
	return "patch"
}

func releaseType(e evidence) string {
	switch {
	case e.channel != "":
		return "beta"
	case mendsSecurity(e.commits):
		return "security"
	case strings.HasPrefix(e.ref, "hotfix/"):
		return "hotfix"
	case e.branch.Maintenance:
		return "lts"
	}
	return "feature"
}

func mendsSecurity(changes []change) bool {
	for _, c := range changes {
		for _, f := range c.Footers {
			if strings.EqualFold(f.Token, "Security") || strings.EqualFold(f.Token, "Fixes") && len(commit.Advisories(f.Value)) > 0 {
				return true
			}
		}
	}
	return false
}

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
	}
	if r := highest(e.releases, true); r != nil && d.changed && r.Version.GreaterThan(d.version) {
		warn("announced", "Announced version", fmt.Sprintf("%s is in this history, yet it is higher than %s", r.Name, d.version),
			"To complete it, set the input bump to the level that leads there; if it was a trial, delete the tag.")
	}
	unread := 0
	for _, c := range e.commits {
		if !c.Parsed && !c.Merge() {
			unread++
		}
	}
	if unread > 0 {
		warn("unparsed-commits", "Commits without a type", fmt.Sprintf("%d of %s without a type of Conventional Commits; such a commit asks for no version unless it has a BREAKING CHANGE footer", unread, report.Count(count(e.commits), "commit")),
			"Look through them below; write subjects such as \"fix: …\" or \"feat(api): …\".")
	}
	return findings
}

// count leaves merges out, which repeat what they merge.
func count(changes []change) int {
	n := 0
	for _, c := range changes {
		if !c.Merge() {
			n++
		}
	}
	return n
}

func cite(c change) string {
	return c.SHA[:min(len(c.SHA), 7)] + " " + short(commit.Subject(c.Message))
}

// short cuts a subject that would drown what stands around it.
func short(subject string) string { return report.Clip(subject, 100) }
