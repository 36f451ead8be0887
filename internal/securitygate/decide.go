package securitygate

import (
	"fmt"
	"slices"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// decision is what was found and what becomes of it.
type decision struct {
	found    []risk            // not accepted; the worst first
	outcomes []verdict.Outcome // of found
	accepted []risk
	fixed    []risk // of the base or of the state before, that are gone here
	counts   counts // of found
	failing  int
	fixable  int // of failing
	findings []result.Finding
	measures measures
}

// decide judges the evidence by the rules. Whatever makes the evidence incomplete is unknown, and only
// a complete one without a failing risk passes.
func decide(e evidence) decision {
	var d decision
	found, open := e.vulnerabilities(e.tree)
	leaks := e.leaks()
	found = slices.Concat(e.joined(found), leaks)
	denied, unstated := e.licenses()
	found = append(found, denied...)
	e.raise(found)
	gone, baseOpen := e.compare(found)
	slices.SortStableFunc(found, bySeverity)

	var unused []policy.Acceptance
	d.found, d.accepted, unused = accept(found, e)
	var incomplete []result.Finding
	if e.nothingToJudge() {
		incomplete = append(incomplete, nothing(e))
	}
	for _, u := range open {
		incomplete = append(incomplete, unjudgedFinding(u))
	}
	incomplete = slices.Concat(incomplete, baseOpen, unstated, problems(e), stale(e), of(unpinned(e), verdict.Undecided), undecided(e.missing), coverage(e))
	for _, r := range d.found {
		f := e.weigh(r)
		d.outcomes = append(d.outcomes, f.Outcome)
		if f.Outcome == verdict.Failed {
			d.failing++
			if r.fixed != "" {
				d.fixable++
			}
		}
		d.findings = append(d.findings, f)
	}
	slices.SortStableFunc(d.findings, func(a, b result.Finding) int { return rank(a.Outcome) - rank(b.Outcome) })
	if d.failing == 0 && len(incomplete) == 0 {
		d.findings = append([]result.Finding{passing(e, d)}, d.findings...)
	}
	d.counts = count(d.found)
	d.fixed = e.fixed(gone, found, len(incomplete) == 0)
	d.findings = slices.Concat(d.findings, incomplete, gaps(e), of(unpinned(e), verdict.Warned), acceptances(e, d.accepted))
	if len(incomplete) == 0 { // else the risk may be where nobody could look
		d.findings = append(d.findings, unusedFindings(unused)...)
	}
	d.measures = measure(e, d)
	return d
}

func rank(o verdict.Outcome) int {
	return slices.Index([]verdict.Outcome{verdict.Failed, verdict.Undecided, verdict.Warned}, o)
}

// nothingToJudge tells that there is neither a manifest nor a report. Files without secrets alone say
// nothing of what is built from them.
func (e evidence) nothingToJudge() bool { return len(e.tree.Manifests) == 0 && len(e.reports) == 0 }

// nothing is what is said of a tree without manifests: there was nothing to judge, and that is no pass.
func nothing(e evidence) result.Finding {
	return result.Finding{
		ID: "inventory", Outcome: verdict.Undecided, Title: "Manifests",
		Observed:  fmt.Sprintf("no manifest or lockfile was found below %s, so nothing was judged", e.path),
		Threshold: "at least one of: " + e.known,
		Next:      "Set the input path to the folder that holds the project, and check that it is checked out before this step.",
	}
}

// passing states the positive evidence.
func passing(e evidence, d decision) result.Finding {
	return result.Finding{
		ID: "vulnerabilities", Outcome: verdict.Passed, Title: "Known risks", Threshold: e.rules.wanted(),
		Observed: fmt.Sprintf("%s; %s below the threshold or let through, %d accepted", e.judged(), report.Count(len(d.found), "risk"), len(d.accepted)),
	}
}
