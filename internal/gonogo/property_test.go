package gonogo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// TestWorseIsNeverBetter makes gates and evidence at random, then makes one piece of the evidence
// worse, or takes one away that the gate names: a no-go must stay one.
func TestWorseIsNeverBetter(t *testing.T) {
	const seed1, seed2 = 20260302, 1
	r := rand.New(rand.NewPCG(seed1, seed2))
	gos, changes := 0, 0
	for n := range 20_000 {
		e := randomEvidence(r)
		before := decide(e)
		if before.verdict == verdict.Pass {
			gos++
		}
		what, worse := worsen(r, e)
		after := decide(worse)
		if before.verdict != after.verdict {
			changes++
		}
		if before.verdict != verdict.Pass && after.verdict == verdict.Pass {
			t.Fatalf("case %d (seeds %d, %d): %s turned a no-go into a go\nbefore: %+v\nafter:  %+v", n, seed1, seed2, what, e, worse)
		}
	}
	if gos < 1000 || changes < 1000 {
		t.Fatalf("of 20000 cases %d were a go and %d changed; the generator no longer tests what it should", gos, changes)
	}
}

var (
	names   = []string{"unit", "e2e (chrome)", "e2e (firefox)", "lint"}
	actions = []string{"version-bump", "changelog", "security-gate"}
)

func oftenBest[T any](r *rand.Rand, best T, others ...T) T {
	if r.IntN(5) > 0 {
		return best
	}
	return others[r.IntN(len(others))]
}

// randomEvidence is a gate that names each check and each action that may be there, and mostly
// good evidence for it.
func randomEvidence(r *rand.Rand) evidence {
	rule := &policy.Checks{Skipped: oftenBest[policy.Passing](r, "", "fail"), Neutral: oftenBest[policy.Passing](r, "", "fail"),
		Cancelled: oftenBest[policy.Failing](r, "", "unknown"), Pending: oftenBest[policy.Failing](r, "", "fail")}
	e := with(policy.Criterion{ID: "tests", Checks: rule})
	for _, name := range names {
		if r.IntN(2) == 0 {
			continue
		}
		wanted := policy.RequiredCheck{Name: name}
		if r.IntN(3) == 0 {
			wanted.Workflow = "CI"
		}
		rule.Require = append(rule.Require, wanted)
		if r.IntN(10) > 0 {
			k := ran(name, oftenBest(r, "success", "skipped", "neutral", "failure", "", "stale", "cancelled"))
			k.App, k.Workflow = "github-actions", oftenBest(r, "CI", "", "Nightly")
			e.Checks.All = append(e.Checks.All, k)
		}
	}
	if len(rule.Require) == 0 {
		rule.Require = []policy.RequiredCheck{{Name: "unit"}}
	}
	for _, action := range actions {
		if r.IntN(2) == 0 {
			continue
		}
		e.Gate.Criteria = append(e.Gate.Criteria, policy.Criterion{ID: action, Evidence: &policy.Evidence{Action: action, MaxAge: policy.Duration(r.IntN(3)) * policy.Duration(time.Hour)}})
		if r.IntN(10) > 0 {
			d := passing(action)
			d.Verdict = oftenBest(r, verdict.Pass, verdict.Unknown, verdict.Fail)
			d.SHA = oftenBest(r, commit, another)
			e.Documents = append(e.Documents, d)
		}
	}
	if r.IntN(20) == 0 {
		e.Checks.Problems = []problem{{What: "no answer"}}
	}
	return e
}

// worsen changes one piece for the worse, or takes it away.
func worsen(r *rand.Rand, e evidence) (what string, worse evidence) {
	worse = e
	worse.Checks.All, worse.Documents = slices.Clone(e.Checks.All), slices.Clone(e.Documents)
	switch n := r.IntN(8); {
	case n == 0:
		worse.Checks.Problems = append(worse.Checks.Problems, problem{What: "a list that broke off"})
		return "a problem with the API", worse
	case n < 4 && len(worse.Checks.All) > 0:
		i := r.IntN(len(worse.Checks.All))
		c := &worse.Checks.All[i]
		switch r.IntN(6) {
		case 0:
			c.Workflow, c.App = "", oftenBest(r, c.App, "scanner")
			return "a check of nobody knows what workflow", worse
		case 1:
			worse.Checks.Workflows = problem{What: "a list that broke off"}
			return "workflows that are not known", worse
		case 2:
			worse.Checks.All = slices.Delete(worse.Checks.All, i, i+1)
			return "a check that is gone", worse
		}
		c.Conclusion = map[string]string{"success": "skipped", "skipped": "", "neutral": "stale", "": "cancelled", "stale": "failure", "cancelled": "failure", "failure": "timed_out"}[c.Conclusion]
		return "a check that came to " + c.Conclusion, worse
	case len(worse.Documents) > 0:
		i := r.IntN(len(worse.Documents))
		d := &worse.Documents[i]
		switch r.IntN(6) {
		case 0:
			worse.Documents = slices.Delete(worse.Documents, i, i+1)
			return "a result that is gone", worse
		case 1:
			d.Verdict = map[verdict.Verdict]verdict.Verdict{verdict.Pass: verdict.Unknown, verdict.Unknown: verdict.Fail, verdict.Fail: verdict.Fail}[d.Verdict]
		case 2:
			d.SHA = fmt.Sprintf("%040x", r.Uint64())
		case 3:
			d.Finished = d.Finished.Add(-time.Duration(r.IntN(100)) * time.Hour)
		case 4:
			d.Finished = noon.Add(time.Hour)
		case 5:
			d.Problem = "it is broken"
		}
		return "a worse result", worse
	}
	worse.Repository = "acme/other"
	return "another repository", worse
}
