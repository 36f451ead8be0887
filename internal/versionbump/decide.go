package versionbump

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/semver"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// decision is the next version and why.
type decision struct {
	version     *semver.Version // never nil unless unknown or wrong
	previous    *semver.Release // nil for a first release
	bump        string          // major, minor, patch, prerelease, none
	changed     bool
	releaseType string
	typeReason  string      // why it is of that type
	reason      string      // of the version, one clause
	rules       []rule      // that led to the version, in order
	candidates  []candidate // versions that were tried, in order
	findings    []result.Finding
	// wrong is what the caller has to mend before there can be a version; "" where nothing.
	wrong string
}

// rule is one that was applied, and what came of it.
type rule struct{ name, says string }

// candidate is a version that was tried.
type candidate struct {
	version *semver.Version
	taken   string // why it cannot be; "" where it is free
}

// decide works out the next version. Whatever makes the evidence incomplete makes it unknown.
func decide(e evidence) decision {
	if f, missing := e.tags.Missing(e.line.prefix); missing {
		return decision{findings: []result.Finding{f}}
	}
	if e.strict {
		if text := untyped(e); text != "" {
			return decision{wrong: text}
		}
	}
	w, ignored := asked(e)
	d := next(e, w)
	d.rules = append(baseRules(e), d.rules...)
	if d.changed {
		d.wrong = outside(e, d)
	}
	d.previous = e.latest
	if d.changed {
		d.releaseType, d.typeReason = releaseType(e)
	}
	d.findings = append(d.findings, result.Finding{ID: "version", Outcome: verdict.Passed, Title: "Next version", Observed: d.version.String() + ": " + d.reason})
	d.findings = append(d.findings, ignored...)
	d.findings = append(d.findings, warnings(e, d)...)
	return d
}

// decideAll decides for the components of a monorepo. One that is built from another which changes, or
// has changed since, gets at least a patch, and so on to those that are built from it. What is tagged on this very commit
// has that already: a run that comes again, while the other is not tagged yet, makes no second patch.
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
			cause := e.moved
			if at := slices.IndexFunc(e.line.dependsOn, changes); at >= 0 {
				cause = e.line.dependsOn[at]
			}
			if cause == "" || decided[i].changed || decided[i].version == nil || e.still || e.bump == "none" {
				continue
			}
			all[i].dependency = cause
			decided[i], again = decide(all[i]), true
		}
	}
	return decided
}

// next is the version that follows, and on a channel its next pre-release.
func next(e evidence, w *wish) decision {
	level, cause := wanted(e)
	fresh := e.commits
	if stale := func(c judged) bool { return !c.New }; slices.ContainsFunc(fresh, stale) {
		fresh = slices.DeleteFunc(slices.Clone(fresh), stale)
	}
	asks := level != semver.None || anew(e) != semver.None
	switch {
	case e.bump == "none":
		return unchanged(e, "bump is none")
	case e.dependency != "":
	case w != nil && w.fresh:
	case len(e.commits) == 0 && e.latest == nil:
		return unchanged(e, "there is no commit"+e.line.within())
	case e.latest == nil:
	case len(fresh) == 0 || e.bump == "auto" && !asks && count(fresh) == 0:
		return unchanged(e, "no commit since "+e.latest.Name+e.line.within())
	case e.bump == "auto" && (!asks || anew(e) == semver.None):
		return unchanged(e, fmt.Sprintf("none of %s since %s%s asks for a version", report.Count(count(fresh), "commit"), e.latest.Name, e.line.within()))
	}
	var d decision
	if w != nil {
		d = decision{changed: true, version: w.version, bump: bumpFrom(e.final, w.version), reason: fmt.Sprintf("commit %s says Release-As: %s", commit.Short(w.sha), short(w.text))}
		d.rules = append(d.rules, rule{"release as", "wins over the level: " + d.reason})
		if w.version.Prerelease() != "" {
			d.bump, d.candidates = "prerelease", []candidate{{version: w.version}}
			return d
		}
		d.candidates = []candidate{{version: d.version}}
	} else {
		d = target(e, level, cause)
		if e.latest != nil {
			d.rules = append([]rule{{"level", level.String() + ", because " + cause}}, d.rules...)
		}
		d = free(e, enter(e, d))
	}
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
	d.rules = append(d.rules, rule{"channel", fmt.Sprintf("%s makes it %s, the first number there that no tag has", e.channel, d.version)})
	d.candidates = append(d.candidates, candidate{version: d.version})
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
	d.version, d.bump = level.Next(e.final.Version), level.String()
	d.reason = fmt.Sprintf("a %s release after %s, because %s", level, e.final.Name, cause)
	if level == semver.None {
		d.reason = "a release after " + e.final.Name + ", because " + cause
	}
	// A channel never goes back behind what it has announced.
	if e.latest.Version.GreaterThan(d.version) {
		d.version = semver.Final(e.latest.Version)
		d.bump = bumpFrom(e.final, d.version)
		d.reason += ", still on the way to what " + e.latest.Name + " announced"
		d.rules = append(d.rules, rule{"announced", e.latest.Name + " is out, and a channel never goes back behind it"})
	}
	return d
}

// free moves on from versions that are tagged already, for a tag is never moved.
func free(e evidence, d decision) decision {
	step, _ := semver.ParseLevel(d.bump) // of our own making
	for {
		taken := holder(e, d.version)
		d.candidates = append(d.candidates, candidate{d.version, taken})
		if taken == "" {
			return d
		}
		d.version = max(step, semver.Patch).Next(semver.Final(d.version))
		d.reason += "; " + taken
	}
}

// holder says which tag has a version already, "" where none has.
func holder(e evidence, v *semver.Version) string {
	if r := tagged(e.releases, v); r != nil && r.Reachable {
		return r.Name + " is taken in this history"
	} else if r != nil {
		return r.Name + " is taken by another branch"
	}
	for _, p := range e.passed {
		if p.Name == e.line.prefix+v.String() {
			return p.Name + " is taken by a tag that is ignored"
		}
	}
	return ""
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

// count is how many commits there are. It leaves merges out, which repeat what they merge.
func count(changes []judged) int {
	n, last := 0, ""
	for _, c := range changes {
		if !c.Commit.Merge() && c.Commit.SHA != last {
			n++
		}
		last = c.Commit.SHA
	}
	return n
}

func cite(c judged) string { return commit.Short(c.Commit.SHA) + " " + short(subject(c)) }

// subject is what a change is called: the commit's subject, or what its body lists.
func subject(c judged) string { return cmp.Or(c.Commit.Subject(), c.Description) }

// short cuts a subject that would drown what stands around it.
func short(subject string) string { return report.Clip(subject, 100) }
