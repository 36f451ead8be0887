package gonogo

import (
	"cmp"
	"slices"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// decision is go or no-go, and why.
type decision struct {
	known
	criteria []criterion
	waivers  []waiver
	verdict  verdict.Verdict
}

// criterion is one condition as it was judged. It holds only where none of its findings says
// otherwise and at least one is positive.
type criterion struct {
	id       string
	findings []result.Finding
	culprits []culprit // the checks in it that are to blame; may be empty
	open     []string  // what may still change by itself
	spoken   []word    // the approvals that it passes by
	waived   bool      // a person has set it aside; it weighs nothing then
	waiver   waiver    // by which they have
}

// culprit is what a sentence names, shortly.
type culprit struct {
	outcome verdict.Outcome
	name    string
}

func (c criterion) verdict() verdict.Verdict { return result.VerdictOf(c.findings) }

// weighs tells whether the decision depends on the criterion: only shown are those that were not asked
// for, that a person has set aside, or that only warn.
func (c criterion) weighs() bool {
	return !c.waived && (len(c.findings) == 0 || slices.ContainsFunc(c.findings, func(f result.Finding) bool { return f.Outcome != verdict.Warned && f.Outcome != verdict.Skipped }))
}

// skipped tells that the criterion was not asked for.
func (c criterion) skipped() bool {
	return len(c.findings) == 1 && c.findings[0].Outcome == verdict.Skipped
}

// decide judges each criterion by itself. A go needs all of them.
func decide(e evidence) decision {
	e = e.unasked()
	e.Documents = reread(e.Documents)
	d := decision{known: knownOf(e)}
	named := map[string]bool{} // actions whose results a criterion has judged
	for _, c := range e.Gate.Criteria {
		j := judge(c, e, d.known)
		if c.Evidence != nil && c.Evidence.Action != "" && !j.skipped() {
			named[c.Evidence.Action] = true
		}
		d.criteria = append(d.criteria, j)
	}
	d.criteria = append(d.criteria, judgeApprovals(e, d.known)...)
	d.criteria = append(d.criteria, judgeWindows(e, d.known)...)
	d.criteria = append(d.criteria, judgeBefore(e)...)
	d.criteria = append(d.criteria, judgeTicket(e, d.known)...)
	for _, doc := range e.Documents {
		if (!named[doc.Action] || doc.Problem != "") && !isHistory(doc, e) {
			d.criteria = append(d.criteria, judgeHandedIn(doc, e))
		}
	}
	for i, c := range d.criteria {
		if len(c.findings) == 0 { // nothing was found out, so nothing is known
			d.criteria[i] = unjudged(c.id, "it")
		}
	}
	d.criteria, d.waivers = waive(d.criteria, e)
	d.criteria = append(d.criteria, judgeClock(e)...) // no waiver sets these aside
	d.criteria = append(d.criteria, judgePublished(e)...)
	d.verdict = result.VerdictOf(d.findings())
	return d
}

// judge judges one criterion of the policy, if it is to be judged at all.
func judge(c policy.Criterion, e evidence, k known) criterion {
	if c.When != "" {
		switch holds, err := holdsNow(c.When, e, k); {
		case err != nil:
			return criterion{id: c.ID, findings: []result.Finding{{
				ID: c.ID, Outcome: verdict.Undecided, Title: c.ID, Observed: "whether it is to be judged is not known: " + whatLacks(err), Threshold: "when: " + c.When,
				Next: whatHelps(err),
			}}}
		case !holds:
			return criterion{id: c.ID, findings: []result.Finding{{ID: c.ID, Outcome: verdict.Skipped, Title: c.ID, Observed: "not asked for here", Threshold: "when: " + c.When}}}
		}
	}
	j := judgeKind(c, e, k)
	for i := range j.findings {
		j.findings[i].Owner = cmp.Or(j.findings[i].Owner, c.Owner)
	}
	return j
}

func judgeKind(c policy.Criterion, e evidence, k known) criterion {
	switch {
	case c.Checks != nil:
		return judgeChecks(c.ID, *c.Checks, e)
	case c.Evidence != nil && c.Evidence.Action != "":
		return judgeResults(c.ID, *c.Evidence, e)
	case c.Evidence != nil:
		return judgeFile(c.ID, *c.Evidence, e)
	case c.Issues != nil:
		return judgeIssues(c.ID, *c.Issues, e)
	case c.Document != nil:
		return judgeText(c.ID, *c.Document, e)
	case c.Checklist != nil:
		return judgeChecklist(c.ID, *c.Checklist, e)
	case c.Coverage != nil:
		return judgeCoverage(c.ID, *c.Coverage, e)
	case c.Probe != nil:
		return judgeProbe(c.ID, *c.Probe, e)
	case c.Release != nil:
		return judgeRelease(c.ID, *c.Release, e)
	case c.Migrations != nil:
		return judgeMigrations(c.ID, *c.Migrations, e)
	case c.Assert != "":
		return judgeAssert(c, e, k)
	}
	return unjudged(c.ID, "criteria of this kind")
}

func unjudged(id, what string) criterion {
	return criterion{id: id, findings: []result.Finding{{
		ID: id, Outcome: verdict.Undecided, Title: id,
		Observed: "this release does not judge " + what + " yet", Threshold: "what the policy says",
		Next: "Take it out of the policy's gate and have a person watch over it, or keep another gate for it.",
	}}}
}

// judgeBefore wants a verified deployment of the same commit in the environments before this one.
func judgeBefore(e evidence) []criterion {
	var criteria []criterion
	for _, before := range e.Gate.Environments[e.Environment].After {
		f := result.Finding{
			ID: "after " + before, Outcome: verdict.Undecided, Title: "after " + before, Threshold: "pass of deploy-verify for this commit" + orImage(e) + " in " + before,
			Observed: "no result of deploy-verify that names the environment " + before + " was handed in",
			Next:     "Hand in the result of a deploy-verify that ran in " + before + " in the input evidence; its data must name the environment.",
		}
		there := func(d document) bool { return d.Action == "deploy-verify" && d.Data["environment"] == before }
		criteria = append(criteria, criterion{id: f.ID, findings: []result.Finding{judgeDocuments(f, there, policy.Evidence{}, e)}})
	}
	return criteria
}

func (d decision) findings() []result.Finding {
	var all []result.Finding
	for _, c := range d.criteria {
		all = append(all, c.findings...)
	}
	return all
}

// asked are the criteria that the decision depends on, or would without a waiver.
func (d decision) asked() []criterion {
	return slices.DeleteFunc(slices.Clone(d.criteria), func(c criterion) bool { return !c.waived && !c.weighs() })
}

// open is what may still change by itself while one waits.
func (d decision) open() []string {
	var open []string
	for _, c := range d.criteria {
		open = append(open, c.open...)
	}
	return open
}
