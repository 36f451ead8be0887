package securitygate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/advisory"
	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// missing is something that could not be looked at, and so is unknown.
type missing struct{ id, title, observed, next string }

func missingf(id, title, next, format string, args ...any) missing {
	return missing{id, title, fmt.Sprintf(format, args...), next}
}

func undecided(all []missing) []result.Finding {
	var findings []result.Finding
	for _, m := range all {
		findings = append(findings, result.Finding{ID: m.id, Outcome: verdict.Undecided, Title: m.title, Observed: report.Clip(m.observed, 500), Threshold: "complete evidence", Next: m.next})
	}
	return findings
}

// unjudgedFinding is about a package that advisories are about, and nobody can tell whether its
// version is affected.
func unjudgedFinding(u unjudged) result.Finding {
	next := "Pin a released version in " + u.places[0].File + ", or look at the advisories by hand."
	return result.Finding{
		ID: "unjudged:" + u.pkg.Name, Outcome: verdict.Undecided, Title: "Version of " + u.pkg.String(), Where: &u.places[0],
		Observed:  fmt.Sprintf("%s about it, such as %s; %s", report.Count(len(u.ids), "advisory"), u.ids[0], u.reason),
		Threshold: "a version that can be compared", Next: next,
	}
}

// problems are what the database did not answer.
func problems(e evidence) []result.Finding {
	var findings []result.Finding
	for _, p := range e.answer.Problems {
		f := result.Finding{ID: "database", Outcome: verdict.Undecided, Title: "Advisories of " + e.answer.Source, Observed: p.Text, Threshold: "complete data", Next: p.Next}
		if p.Ecosystem != "" {
			f.ID, f.Title = "database:"+p.Ecosystem, "Advisories for "+p.Ecosystem
			n := 0
			for _, pkg := range distinct(e.tree) {
				if osv.BaseEcosystem(pkg.Ecosystem) == p.Ecosystem {
					n++
				}
			}
			f.Observed = p.Text
			if n > 0 { // else it is the base that has some
				f.Observed = fmt.Sprintf("%s not fully judged: %s", report.Count(n, "package"), p.Text)
			}
		}
		findings = append(findings, f)
	}
	return findings
}

// coverage are the manifests that are there and broken, and a coverage that is too low.
func coverage(e evidence) []result.Finding {
	var findings []result.Finding
	for _, m := range e.tree.Manifests {
		if m.State == manifest.Broken {
			findings = append(findings, result.Finding{
				ID: "manifest:" + m.Path, Outcome: verdict.Undecided, Title: m.Path + " is broken", Observed: report.Clip(m.Reason, 500),
				Threshold: "a file that can be read", Where: &result.Where{File: m.Path}, Next: m.Next,
			})
		}
	}
	all, read := len(e.tree.Manifests), e.tree.Scanned()
	switch {
	case all == 0: // there are reports alone
	case read == 0:
		findings = append(findings, result.Finding{
			ID: "coverage", Outcome: verdict.Undecided, Title: "Coverage", Observed: fmt.Sprintf("none of %s could be scanned, so nothing was judged", report.Count(all, "manifest")),
			Threshold: "at least one", Next: "Commit a lockfile.",
		})
	case 100*read < e.minCoverage*all:
		findings = append(findings, result.Finding{
			ID: "coverage", Outcome: verdict.Undecided, Title: "Coverage", Observed: fmt.Sprintf("%d of %d manifests could be scanned, %d%%", read, all, e.tree.Coverage()),
			Threshold: fmt.Sprintf("at least %d%%", e.minCoverage), Next: "Commit the lockfiles that are missing; they are named below. Or accept the gap: set min-coverage.",
		})
	}
	return findings
}

// old is the age from which data is worth a warning: new advisories appear every day.
const old = 30 * 24 * time.Hour

// dated is when a set of advisories was last known to be current: when its newest one changed, or when
// the mirror says that it was made.
func (e evidence) dated(s advisory.Set) time.Time {
	at := s.Newest
	if s.AsOf.After(at) {
		at = s.AsOf
	}
	if at.After(e.now.Add(day)) { // a date to come tells nothing of an age
		return time.Time{}
	}
	return at
}

// unpinned are digests that the policy has for data that was not used. One that differs from a set by its
// spelling alone was meant for that, and holds nothing.
func unpinned(e evidence) []result.Finding {
	var findings []result.Finding
	for _, name := range slices.Sorted(maps.Keys(e.digests)) {
		f := result.Finding{
			ID: "digest:" + name, Outcome: verdict.Warned, Title: "Digest of the advisories for " + name, Threshold: "data of an ecosystem that is here", Observed: "no package here is of that ecosystem",
			Next: "Spell it as the summary does, or take it out of the policy's security.digests.",
		}
		exact := slices.ContainsFunc(e.answer.Sets, func(s advisory.Set) bool { return s.Ecosystem == name })
		exact = exact || slices.ContainsFunc(e.answer.Problems, func(p advisory.Problem) bool { return p.Ecosystem == name })
		if exact {
			continue
		}
		if slices.ContainsFunc(e.answer.Sets, func(s advisory.Set) bool { return strings.EqualFold(s.Ecosystem, name) }) {
			f.Outcome = verdict.Undecided
		}
		findings = append(findings, f)
	}
	return findings
}

// stale are the sets that are too old to say that something is safe. What they do not tell of their age is
// unknown where the policy sets a limit of its own.
func stale(e evidence) []result.Finding {
	var findings []result.Finding
	for _, s := range e.answer.Sets {
		at := e.dated(s)
		f := result.Finding{
			ID: "age:" + s.Ecosystem, Outcome: verdict.Undecided, Title: "Age of the advisories for " + s.Ecosystem,
			Threshold: "at most " + duration.Format(e.maxDataAge), Next: "Get newer data; what became known since then is not found. Or let the policy's security.max-data-age allow it.",
		}
		switch {
		case s.Named || s.Records == 0 || e.maxDataAge == 0:
			continue
		case !at.IsZero() && e.now.Sub(at) > e.maxDataAge:
			f.Observed = fmt.Sprintf("the newest is of %s, %s ago", at.Format(time.DateOnly), report.Count(int(e.now.Sub(at)/day), "day"))
		case at.IsZero() && e.ageLimited:
			f.Observed = "none of them tells when it was changed"
		default:
			continue
		}
		findings = append(findings, f)
	}
	return findings
}

// gaps are what a reader should know of the evidence, though it changes no verdict.
func gaps(e evidence) []result.Finding {
	var findings []result.Finding
	for _, m := range e.tree.Manifests {
		switch {
		case m.State == manifest.Missing:
			findings = append(findings, result.Finding{
				ID: "manifest:" + m.Path, Outcome: verdict.Warned, Title: m.Path + " was not scanned", Observed: m.Reason, Where: &result.Where{File: m.Path}, Next: m.Next,
			})
		case m.State == manifest.Scanned && m.Reason != "" && len(m.Packages) > 0:
			findings = append(findings, result.Finding{
				ID: "manifest:" + m.Path, Outcome: verdict.Warned, Title: m.Path + " tells not all", Observed: m.Reason, Where: &result.Where{File: m.Path}, Next: "Commit a lockfile with all packages in exact versions.",
			})
		}
	}
	for _, s := range e.answer.Sets {
		if at := e.dated(s); !s.Named && !at.IsZero() && e.now.Sub(at) > old && (e.maxDataAge == 0 || e.now.Sub(at) <= e.maxDataAge) {
			findings = append(findings, result.Finding{
				ID: "age:" + s.Ecosystem, Outcome: verdict.Warned, Title: "Age of the advisories for " + s.Ecosystem,
				Observed: "the newest is of " + at.Format(time.DateOnly), Next: "Get newer data; what became known since then is not found.",
			})
		}
	}
	findings = append(findings, e.remarks...)
	if e.exposed {
		findings = append(findings, result.Finding{
			ID: "transport", Outcome: verdict.Warned, Title: "Way to the database", Observed: "the answers come over http, where anybody on the way can change them", Next: "Use https for the input database.",
		})
	}
	return findings
}

// acceptances are the risks that somebody carries.
func acceptances(e evidence, accepted []risk) []result.Finding {
	var findings []result.Finding
	for _, r := range accepted {
		f := result.Finding{
			ID: r.id, Outcome: verdict.Skipped, Title: r.title(), Where: &r.places[0], Owner: r.accepted.owner, Evidence: r.link,
			Observed: fmt.Sprintf("severity %s; accepted until %s: %s", severity(r.rating), date(r.accepted.expires), r.accepted.reason),
		}
		if r.accepted.expires.IsZero() {
			f.Observed = fmt.Sprintf("severity %s; %s says: %s", severity(r.rating), r.accepted.source, r.accepted.reason)
		}
		findings = append(findings, f)
	}
	return findings
}

func unusedFindings(unused []policy.Acceptance) []result.Finding {
	var findings []result.Finding
	for _, a := range unused {
		about := strings.TrimSpace(a.ID + " " + a.Package)
		findings = append(findings, result.Finding{
			ID: "acceptance:" + about, Outcome: verdict.Warned, Title: "Acceptance of " + about, Owner: a.Owner,
			Observed: "nothing here has this risk", Next: "Remove it from the policy's security.accepted.",
		})
	}
	return findings
}
