package gonogo

import (
	"fmt"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// skew is how far two machines' clocks may differ.
const skew = 5 * time.Minute

// judged is what one document says about the commit.
type judged struct {
	outcome        verdict.Outcome
	observed, next string
}

// judgeDocument holds a result against the commit, the clock and its own verdict. Only a fresh pass
// for this very commit passes, and only where its figures are what the rule requires.
func judgeDocument(d document, rule policy.Evidence, e evidence) judged {
	again := "Run " + d.Action + " for this commit and hand in that result."
	unknown := func(format string, args ...any) judged {
		return judged{verdict.Undecided, fmt.Sprintf(format, args...), again}
	}
	age := e.Now.Sub(d.Finished)
	if d.Action == "" {
		again = "See why the step before did not write what it judged."
	}
	rule = ruleFor(rule, d.Action, e)
	signature := judgeSignature(d.Envelope, rule.Keys, e)
	switch {
	case signature.outcome != verdict.Passed:
		return signature
	case len(d.Subjects) > 0 && !e.concerns(d.Subjects):
		return unknown("%s", elsewhere(d.Subjects))
	case d.Action == "":
		return unknown("the result does not say which action made it")
	case d.Repository == "" && e.Repository != "":
		return unknown("the result names no repository")
	case e.Repository != "" && !strings.EqualFold(d.Repository, e.Repository):
		return unknown("the result is about the repository %s", shorten(d.Repository))
	case d.SHA == "":
		return unknown("the result names no commit")
	case !e.sameImage(d) && d.SHA != e.SHA && (d.SHA != e.Merge || e.Merge == ""):
		return unknown("the result is about another commit, %s", shorten(d.SHA))
	case e.otherImage(d):
		return unknown("the result is about another image, %s", shorten(d.Digest))
	case d.Finished.IsZero():
		return unknown("the result does not say when it was made")
	case age < -skew:
		return unknown("the result is from the future, %s", d.Finished.UTC().Format(time.RFC3339))
	case d.Verdict == verdict.Fail:
		return judged{verdict.Failed, said(d), "See what " + d.Action + " found, mend it, and run it again."}
	case d.Verdict != verdict.Pass:
		return judged{verdict.Undecided, said(d), "See why " + d.Action + " could not decide, and run it again."}
	case rule.MaxAge > 0 && age > time.Duration(rule.MaxAge):
		return unknown("the result is %s old, and the policy believes it for %s", duration.Format(age), duration.Format(time.Duration(rule.MaxAge)))
	}
	if j := judgeFields(rule.Require, d.Data); j.outcome != verdict.Passed {
		return j
	}
	observed := said(d)
	if d.SHA != e.SHA && e.sameImage(d) {
		observed += " It is about this very image, though for the commit " + shorten(d.SHA) + "."
	}
	if signature.observed != "" {
		observed += " It is " + signature.observed + "."
	}
	return judged{verdict.Passed, observed, ""}
}

// stale tells that a result is older than the policy believes one of its action anywhere. A fail is still
// one then, but its figures are no longer known to hold.
func (d document) stale(e evidence) bool {
	most := time.Duration(ruleFor(policy.Evidence{}, d.Action, e).MaxAge)
	return most > 0 && e.Now.Sub(d.Finished) > most
}

func said(d document) string { return string(d.Verdict) + ": " + shorten(d.Sentence) }

// judgeResults wants results of an action, all of them passing.
func judgeResults(id string, rule policy.Evidence, e evidence) criterion {
	f := result.Finding{
		ID: id, Outcome: verdict.Undecided, Title: id, Threshold: "pass of " + rule.Action + " for this commit" + atMost(rule.MaxAge) + signedBy(rule.Keys),
		Observed: "no result of " + rule.Action + " was handed in",
		Next:     "Run " + rule.Action + " before this step and hand in its result in the input evidence.",
	}
	of := func(d document) bool { return d.Action == rule.Action }
	return criterion{id: id, findings: []result.Finding{judgeDocuments(f, of, rule, e)}}
}

// judgeHandedIn judges a result that no criterion names: who hands it in wants it to count.
func judgeHandedIn(d document, e evidence) criterion {
	if d.Problem != "" {
		return criterion{id: d.Source, findings: []result.Finding{{
			ID: "evidence/" + d.Source, Outcome: verdict.Undecided, Title: "evidence " + d.Source, Observed: d.Problem, Threshold: "a result document of Slipway",
			Next: "Correct the input evidence, or see why the step before did not write this result.",
		}}}
	}
	f := result.Finding{ID: d.Action, Title: d.Action, Threshold: "pass for this commit"}
	return criterion{id: d.Action, findings: []result.Finding{d.finding(f, judgeDocument(d, policy.Evidence{}, e))}}
}

// isHistory tells whether a result is a former decision about another commit of this repository: it says
// what happened then, and nothing about this one.
func isHistory(d document, e evidence) bool {
	return d.Problem == "" && d.Action == "go-no-go" && d.SHA != "" && d.SHA != e.SHA && d.SHA != e.Merge && e.Repository != "" && strings.EqualFold(d.Repository, e.Repository)
}

// judgeDocuments completes a finding with the worst of the documents that are meant, and leaves it
// as it is where there are none.
func judgeDocuments(f result.Finding, meant func(document) bool, rule policy.Evidence, e evidence) result.Finding {
	rank := map[verdict.Outcome]int{verdict.Passed: 1, verdict.Undecided: 2, verdict.Failed: 3}
	worst := 0
	for _, d := range e.Documents {
		if d.Problem != "" || !meant(d) {
			continue
		}
		if j := judgeDocument(d, rule, e); rank[j.outcome] > worst {
			worst, f = rank[j.outcome], d.finding(f, j)
		}
	}
	return f
}

func (d document) finding(f result.Finding, j judged) result.Finding {
	f.Outcome, f.Observed, f.Next, f.Evidence, f.Where = j.outcome, j.observed, j.next, d.URL, nil
	if d.File != "" {
		f.Where = &result.Where{File: d.File}
	}
	return f
}

func signedBy(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return ", signed with the key of " + strings.Join(keys, " or ")
}

func atMost(age policy.Duration) string {
	if age == 0 {
		return ""
	}
	return ", at most " + duration.Format(time.Duration(age)) + " old"
}
