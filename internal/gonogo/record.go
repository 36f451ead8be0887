package gonogo

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/attest"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// subjectsOf are what a decision is about: the commit, and the image that is to be deployed where
// one was named.
func subjectsOf(e evidence) []attest.Resource {
	subjects := []attest.Resource{attest.Commit(cmp.Or(e.Repository, "commit"), e.SHA)}
	if e.Digest != "" {
		subjects = append(subjects, attest.Image("image", e.Digest))
	}
	return subjects
}

// recordOf is the decision record. It says the same of the same evidence, whenever it is made.
func recordOf(e evidence, d decision) attest.Decision {
	record := attest.Decision{
		Decision: decisionOf(d), Verdict: d.verdict, Sentence: sentence(e, d), Environment: e.Environment, ChangeType: d.changeType, Version: d.release.version,
		DecidedAt: e.Now.UTC(), Policy: policyOf(e), Criteria: []attest.Criterion{}, Approvals: []attest.Approval{}, Resources: resourcesOf(e), Run: e.Run, Tool: e.Tool,
	}
	if at, ok := earliestGo(e, d.known); ok {
		record.Earliest = at.UTC().Format(time.RFC3339)
	}
	if d.risk.known {
		record.Risk = &attest.Risk{Score: d.risk.value, Level: d.risk.level}
	}
	for _, c := range d.criteria {
		record.Criteria = append(record.Criteria, recordOfCriterion(c))
		for _, w := range c.spoken {
			record.Approvals = append(record.Approvals, attest.Approval{By: w.by, Role: w.role, How: w.how, At: w.at.UTC(), Evidence: w.url})
		}
	}
	return record
}

func recordOfCriterion(c criterion) attest.Criterion {
	record := attest.Criterion{ID: c.id, Outcome: c.outcome(), Observed: []attest.Observation{}}
	if w := c.waiver; c.waived {
		record.Waiver = &attest.Waiver{By: w.by, Role: w.role, Reason: w.reason, Ticket: w.ticket, Until: w.until.UTC()}
	}
	for _, f := range c.findings {
		record.Observed = append(record.Observed, attest.Observation{
			Outcome: f.Outcome, Title: f.Title, Observed: f.Observed, Wanted: f.Threshold, Evidence: f.Evidence, Owner: f.Owner,
		})
	}
	return record
}

// outcome is what a criterion comes to. One that was not asked for, or that a waiver set aside, is
// no unknown.
func (c criterion) outcome() verdict.Outcome {
	seen := map[verdict.Outcome]bool{}
	for _, f := range c.findings {
		seen[f.Outcome] = true
	}
	switch v := c.verdict(); {
	case c.waived:
		return verdict.Warned
	case v == verdict.Pass:
		return verdict.Passed
	case v == verdict.Fail:
		return verdict.Failed
	case len(seen) == 1 && seen[verdict.Skipped]:
		return verdict.Skipped
	case len(seen) > 0 && !seen[verdict.Undecided]:
		return verdict.Warned
	}
	return verdict.Undecided
}

// policyOf is the policy that was gone by.
func policyOf(e evidence) attest.Resource {
	if e.Policy == "" {
		return attest.Resource{Name: "the defaults of slipway " + e.Tool}
	}
	return attest.Resource{Name: cmp.Or(e.PolicyFrom, "policy"), Digest: map[string]string{"sha256": sum([]byte(e.Policy))}}
}

// resourcesOf are the documents and files that the decision rests on.
func resourcesOf(e evidence) []attest.Resource {
	resources := []attest.Resource{}
	for _, d := range e.Documents {
		if d.Sum != "" {
			resources = append(resources, attest.Resource{Name: d.Source, Digest: map[string]string{"sha256": d.Sum}})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.Files)) {
		if s := e.Files[name].Sum; s != "" {
			resources = append(resources, attest.Resource{Name: name, Digest: map[string]string{"sha256": s}})
		}
	}
	return resources
}

// svrOf is the simple verification result of a go: what was positively found. What a waiver set
// aside is not in it.
func svrOf(e evidence, d decision) attest.SVR {
	svr := attest.SVR{
		Verifier: attest.Verifier{ID: attest.VerifierID, Policy: policyOf(e)}, TimeCreated: e.Now.UTC(), Properties: []string{"SLIPWAY_GO_" + e.Environment},
	}
	for _, c := range d.criteria {
		if c.outcome() == verdict.Passed {
			svr.Properties = append(svr.Properties, "SLIPWAY_PASSED_"+c.id)
		}
	}
	return svr
}
