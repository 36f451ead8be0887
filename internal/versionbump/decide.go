package versionbump

import (
	"fmt"
	"regexp"
	"strings"

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
	if f, missing := e.tags.Missing(); missing {
		return decision{findings: []result.Finding{f}}
	}
	d := next(e)
	d.previous = e.latest
	if d.changed {
		d.releaseType = releaseType(e)
	}
	d.findings = append(d.findings, result.Finding{ID: "version", Outcome: verdict.Passed, Title: "Next version", Observed: d.version.String() + ": " + d.reason})
	d.findings = append(d.findings, warnings(e)...)
	return d
}

func next(e evidence) decision {
	level, cause := wanted(e)
	switch {
	case e.bump == "none":
		return unchanged(e, "bump is none")
	case len(e.commits) == 0 && e.latest != nil:
		return unchanged(e, "no commit since "+e.latest.Name)
	case e.bump == "auto" && e.latest != nil && level == semver.None:
		return unchanged(e, fmt.Sprintf("none of %s since %s asks for a version", report.Count(count(e.commits), "commit"), e.latest.Name))
	case len(e.commits) == 0:
		return unchanged(e, "there is no commit to release")
	}
	target, bump, reason := target(e, level, cause)
	if e.channel == "" {
		return free(e, target, bump, reason)
	}
	n := uint64(1)
	for _, r := range e.releases {
		if m, ok := semver.PrereleaseNumber(r.Version); ok && semver.SameRelease(r.Version, target) && semver.Channel(r.Version) == e.channel {
			n = max(n, m+1)
		}
	}
	return decision{version: semver.OnChannel(target, e.channel, n), bump: "prerelease", changed: true, reason: reason + ", on the channel " + e.channel}
}

// target is the final version that the release is, or is a pre-release of.
func target(e evidence, level semver.Level, cause string) (*semver.Version, string, string) {
	if e.final == nil {
		first, reason := e.initial, "the first release"
		if r := highestReachable(e.releases); r != nil && r.Version.GreaterThan(first) {
			first, reason = semver.Final(r.Version), "completes "+r.Name
		}
		return first, bumpOfFirst(first), reason
	}
	version, reason := level.Next(e.final.Version), fmt.Sprintf("a %s release after %s, because %s", level, e.final.Name, cause)
	// A channel never goes back behind what it has announced.
	if e.latest.Version.GreaterThan(version) {
		return semver.Final(e.latest.Version), level.String(), reason + ", still on the way to what " + e.latest.Name + " announced"
	}
	return version, level.String(), reason
}

// wanted is the highest level that the caller or the commits ask for. On a channel only what is
// fresh makes a release, but all since the last final version makes its number.
func wanted(e evidence) (semver.Level, string) {
	if e.bump != "auto" && e.bump != "prerelease" && e.bump != "none" {
		level, _ := semver.ParseLevel(e.bump) // the input was checked
		return level, "the input bump says so"
	}
	highest, fresh := semver.None, semver.None
	var cause change
	for _, c := range e.commits {
		if c.Level > highest {
			highest, cause = c.Level, c
		}
		if c.Fresh {
			fresh = max(fresh, c.Level)
		}
	}
	if fresh == semver.None && e.bump != "prerelease" {
		return semver.None, ""
	}
	if highest == semver.None {
		return semver.Patch, "the input bump says so"
	}
	level, reason := highest, "of "+cite(cause)
	if e.final != nil && e.final.Version.Major() == 0 {
		switch highest {
		case semver.Major:
			level = semver.Level(*e.types.ZeroMajor.Breaking)
			reason += ", which breaks, while the version is still 0.y.z"
		case semver.Minor:
			level = semver.Level(*e.types.ZeroMajor.Feature)
		}
	}
	return level, reason
}

// free moves on from versions that are tagged elsewhere, for a tag is never moved.
func free(e evidence, v *semver.Version, bump, reason string) decision {
	step, err := semver.ParseLevel(bump)
	if err != nil || step == semver.None {
		step = semver.Patch
	}
	for taken := tagged(e.releases, v); taken != nil; taken = tagged(e.releases, v) {
		v = step.Next(v)
		reason += fmt.Sprintf("; %s is taken by another branch", taken.Name)
	}
	return decision{version: v, bump: bump, changed: true, reason: reason}
}

func tagged(releases []semver.Release, v *semver.Version) *semver.Release {
	for i, r := range releases {
		if r.Version.Equal(v) {
			return &releases[i]
		}
	}
	return nil
}

func highestReachable(releases []semver.Release) *semver.Release {
	for i, r := range releases {
		if r.Reachable {
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

// advisory is the id of a published vulnerability.
var advisory = regexp.MustCompile(`(?i)\b(CVE-\d{4}-\d{4,}|GHSA(-[23456789cfghjmpqrvwx]{4}){3})\b`)

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
			if strings.EqualFold(f.Token, "Security") || strings.EqualFold(f.Token, "Fixes") && advisory.MatchString(f.Value) {
				return true
			}
		}
	}
	return false
}

// warnings are what a release manager should see, though it changes no version.
func warnings(e evidence) []result.Finding {
	var findings []result.Finding
	if f, doubt := e.tags.Doubt(); doubt {
		findings = append(findings, f)
	}
	unread := 0
	for _, c := range e.commits {
		if !c.Parsed && c.Parents < 2 {
			unread++
		}
	}
	if unread > 0 {
		findings = append(findings, result.Finding{
			ID: "unparsed-commits", Outcome: verdict.Warned, Title: "Commits without a type", Observed: fmt.Sprintf("%d of %s without a type of Conventional Commits, which counts for nothing", unread, report.Count(count(e.commits), "commit")),
			Next: "Look through them below; write subjects such as \"fix: …\" or \"feat(api): …\".",
		})
	}
	return findings
}

// count leaves merges out, which repeat what they merge.
func count(changes []change) int {
	n := 0
	for _, c := range changes {
		if c.Parents < 2 {
			n++
		}
	}
	return n
}

func cite(c change) string { return c.SHA[:min(len(c.SHA), 7)] + " " + subject(c) }
