package securitygate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// decision is what was found and what becomes of it.
type decision struct {
	found    []vulnerability // not accepted; the most severe first
	accepted []vulnerability
	failing  int // of found
	fixable  int // of failing
	findings []result.Finding
}

// decide judges the inventory by the advisories and the rules. Whatever makes the evidence
// incomplete is unknown, and only a complete one without a failing vulnerability passes.
func decide(e evidence) decision {
	if len(e.tree.Manifests) == 0 {
		return decision{findings: []result.Finding{nothing(e)}}
	}
	found, open := judge(e)
	var d decision
	var unused []policy.Acceptance
	d.found, d.accepted, unused = accept(found, e.rules, e.now)
	var incomplete []result.Finding
	for _, u := range open {
		incomplete = append(incomplete, unjudgedFinding(u))
	}
	incomplete = append(incomplete, problems(e)...)
	incomplete = append(incomplete, coverage(e)...)
	for _, v := range d.found {
		f := e.weigh(v)
		if f.Outcome == verdict.Failed {
			d.failing++
			if v.fixed != "" {
				d.fixable++
			}
		}
		d.findings = append(d.findings, f)
	}
	slices.SortStableFunc(d.findings, func(a, b result.Finding) int { return rank(a.Outcome) - rank(b.Outcome) })
	if d.failing == 0 && len(incomplete) == 0 {
		d.findings = append([]result.Finding{passing(e, d)}, d.findings...)
	}
	d.findings = append(d.findings, incomplete...)
	d.findings = append(d.findings, gaps(e)...)
	d.findings = append(d.findings, acceptances(e, d.accepted)...)
	if len(incomplete) == 0 { // else the vulnerability may be where nobody could look
		d.findings = append(d.findings, unusedFindings(unused)...)
	}
	return d
}

func rank(o verdict.Outcome) int {
	return slices.Index([]verdict.Outcome{verdict.Failed, verdict.Undecided, verdict.Warned}, o)
}

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
		ID: "vulnerabilities", Outcome: verdict.Passed, Title: "Known vulnerabilities", Threshold: e.rules.wanted(),
		Observed: fmt.Sprintf("%s of %s judged; %s below the threshold or let through, %d accepted",
			report.Count(len(distinct(e.tree)), "package"), report.Count(e.tree.Scanned(), "manifest"), report.Count(len(d.found), "vulnerability"), len(d.accepted)),
	}
}

// weigh decides about one vulnerability.
func (e evidence) weigh(v vulnerability) result.Finding {
	f := result.Finding{
		ID: v.id, Title: v.id + " in " + v.pkg.String(), Outcome: verdict.Warned, Threshold: e.rules.wanted(),
		Where: &v.places[0], Evidence: v.link(), Next: next(v),
	}
	observed := []string{"severity " + severity(v.rating)}
	if v.summary != "" {
		observed[0] += ": " + report.Clip(v.summary, 200)
	}
	bad := v.rating.Level >= e.failOn
	if v.rating.Level == osv.Unrated {
		bad = e.failUnrated
	}
	if v.fixed == "" {
		observed = append(observed, "no fixed version is known")
	} else {
		observed = append(observed, "fixed in "+v.fixed)
	}
	switch until := v.published.Add(e.grace); {
	case !bad:
	case v.fixed == "" && e.fixableOnly:
		observed = append(observed, "fixable-only is set")
	case v.fixed == "" && e.grace > 0 && !v.published.IsZero() && e.now.Before(until):
		observed = append(observed, "published "+v.published.Format(time.DateOnly)+", so within the policy's unfixable-grace until "+until.Format(time.DateOnly))
	default:
		f.Outcome = verdict.Failed
	}
	if v.note != "" {
		observed = append(observed, v.note)
	}
	if len(v.places) > 1 {
		observed = append(observed, fmt.Sprintf("named by %d manifests", len(v.places)))
	}
	f.Observed = strings.Join(observed, "; ")
	return f
}

// wanted says what the rules let through.
func (r rules) wanted() string {
	switch {
	case r.failOn == osv.Low && r.failUnrated:
		return "no known vulnerability"
	case r.failUnrated:
		return "nothing " + r.failOn.String() + " or above, nothing of unknown severity"
	}
	return "nothing " + r.failOn.String() + " or above"
}
