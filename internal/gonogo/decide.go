package gonogo

import (
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// decision is go or no-go, and why.
type decision struct {
	criteria []criterion
	verdict  verdict.Verdict
}

// criterion is one condition as it was judged. It holds only where none of its findings says
// otherwise and at least one is positive.
type criterion struct {
	id       string
	findings []result.Finding
	culprits []culprit // the checks in it that are to blame; may be empty
	open     []string  // what may still change by itself
}

// culprit is what a sentence names, shortly.
type culprit struct {
	outcome verdict.Outcome
	name    string
}

func (c criterion) verdict() verdict.Verdict { return result.VerdictOf(c.findings) }

// decide judges each criterion by itself. A go needs all of them.
func decide(e evidence) decision {
	var d decision
	named := map[string]bool{} // actions whose results a criterion has judged
	for _, c := range e.gate.Criteria {
		switch {
		case c.When != "":
			d.criteria = append(d.criteria, unjudged(c.ID, "the condition when: of this criterion"))
		case c.Checks != nil:
			d.criteria = append(d.criteria, judgeChecks(c.ID, *c.Checks, e))
		case c.Evidence != nil && c.Evidence.Action != "":
			named[c.Evidence.Action] = true
			d.criteria = append(d.criteria, judgeResults(c.ID, *c.Evidence, e))
		case c.Evidence != nil:
			d.criteria = append(d.criteria, judgeFile(c.ID, *c.Evidence, e))
		case c.Document != nil:
			d.criteria = append(d.criteria, judgeText(c.ID, *c.Document, e))
		default:
			d.criteria = append(d.criteria, unjudged(c.ID, "criteria of the kind "+c.Kind()))
		}
	}
	d.criteria = append(d.criteria, judgeBefore(e)...)
	for _, doc := range e.documents {
		if !named[doc.action] || doc.problem != "" {
			d.criteria = append(d.criteria, judgeHandedIn(doc, e))
		}
	}
	d.criteria = append(d.criteria, unjudgedParts(e.gate)...)
	d.verdict = result.VerdictOf(d.findings())
	return d
}

// unjudgedParts are the parts of a gate that this release does not act on. To pass over them in
// silence would be a looser gate than the one that was written.
func unjudgedParts(g policy.Gate) []criterion {
	var parts []criterion
	for _, part := range []struct {
		name string
		set  bool
	}{
		{"approvals", g.Approvals != nil}, {"windows", g.Windows != nil}, {"waivers", g.Waivers != nil},
	} {
		if part.set {
			parts = append(parts, unjudged(part.name, "gate."+part.name))
		}
	}
	return parts
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
	for _, before := range e.gate.Environments[e.environment].After {
		f := result.Finding{
			ID: "after " + before, Outcome: verdict.Undecided, Title: "after " + before, Threshold: "pass of deploy-verify for this commit in " + before,
			Observed: "no result of deploy-verify that names the environment " + before + " was handed in",
			Next:     "Hand in the result of a deploy-verify that ran in " + before + " in the input evidence; its data must name the environment.",
		}
		there := func(d document) bool { return d.action == "deploy-verify" && d.data["environment"] == before }
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

// open is what may still change by itself while one waits.
func (d decision) open() []string {
	var open []string
	for _, c := range d.criteria {
		open = append(open, c.open...)
	}
	return open
}
