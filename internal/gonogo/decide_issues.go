package gonogo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// issueRows is the most issues that get a row of their own.
const issueRows = 10

// questionOf is which issues a rule asks for; unasked says why it cannot be asked.
func questionOf(rule policy.Issues, e evidence) (q issueQuestion, unasked problem) {
	q = issueQuestion{Repository: cmp.Or(rule.Repository, e.Repository), Labels: rule.Labels, Milestone: rule.Milestone, Severities: rule.Severities}
	if q.Repository == "" {
		return q, problem{What: "the repository's name is not known, for there is no remote called origin", Next: "Set GITHUB_REPOSITORY to owner/name."}
	}
	if strings.Contains(q.Milestone, versionVariable) {
		r := releaseOf(e)
		if !r.known || r.version == "" {
			return q, problem{
				What: "the version that is released is not known, and so neither is the milestone " + shorten(q.Milestone),
				Next: "Run version-bump for this commit before this step and hand in its result in the input evidence.",
			}
		}
		q.Milestone = strings.ReplaceAll(q.Milestone, versionVariable, r.version)
	}
	return q, problem{}
}

// versionVariable stands for the released version in a milestone's title.
const versionVariable = "${version}"

func (q issueQuestion) is(other issueQuestion) bool {
	return q.Repository == other.Repository && q.Milestone == other.Milestone && slices.Equal(q.Labels, other.Labels) && slices.Equal(q.Severities, other.Severities)
}

// judgeIssues wants no more than so many open issues. Those that could be read count also where the rest
// could not.
func judgeIssues(id string, rule policy.Issues, e evidence) criterion {
	q, unasked := questionOf(rule, e)
	found := e.Issues[id]
	f := result.Finding{ID: id, Outcome: verdict.Undecided, Title: id, Threshold: fmt.Sprintf("at most %d %s", rule.Max, q.words()), Evidence: found.URL}
	j := criterion{id: id}
	count := max(found.Count, len(found.Open))
	asked := unasked.What == "" && found.Asked.is(q)
	if asked && count > rule.Max {
		many := f
		many.Outcome, many.Observed, many.Next = verdict.Failed, counted(count), "Close them, move them out of what the policy asks for, or have a waiver granted."
		j.findings = append(j.findings, many)
		j.listIssues(found, count, many)
		if found.Problem.What == "" {
			return j
		}
		f.Title = id + ": the others"
	}
	switch {
	case unasked.What != "":
		f.Observed, f.Next = unasked.What, unasked.Next
	case !asked:
		f.Observed, f.Next = "these issues were not asked for", "Run the gate again with this policy."
	case found.Problem.What != "":
		f.Observed, f.Next = found.Problem.What, found.Problem.Next
		if found.Problem.Passing && j.findings == nil {
			j.open = append(j.open, id)
		}
	default:
		f.Outcome, f.Observed = verdict.Passed, counted(count)
	}
	j.findings = append(j.findings, f)
	return j
}

// listIssues gives the first issues a row each.
func (j *criterion) listIssues(found issues, count int, of result.Finding) {
	var names []string
	for i, issue := range found.Open {
		name := fmt.Sprintf("#%d", issue.Number)
		if i < 3 {
			names = append(names, name)
		}
		if i < issueRows {
			j.findings = append(j.findings, result.Finding{
				ID: fmt.Sprintf("%s/%d", j.id, issue.Number), Outcome: verdict.Failed, Title: j.id + ": " + name, Observed: shorten(issue.Title), Threshold: "closed",
				Evidence: issue.URL, Owner: strings.Join(issue.Assignees, ", "), Next: "Close it when it is mended.",
			})
		}
	}
	if more := count - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	j.culprits = append(j.culprits, culprit{verdict.Failed, strings.Join(names, ", ")})
	if more := count - min(len(found.Open), issueRows); more > 0 && len(found.Open) > 0 {
		j.findings = append(j.findings, result.Finding{
			ID: j.id + "/more", Outcome: verdict.Failed, Title: fmt.Sprintf("%s: %d more", j.id, more), Observed: "open", Threshold: "closed", Evidence: of.Evidence, Next: "See the list.",
		})
	}
}

func counted(n int) string {
	if n == 1 {
		return "1 open issue"
	}
	return fmt.Sprintf("%d open issues", n)
}

// words are the question as people put it.
func (q issueQuestion) words() string {
	s := "open issues of " + q.Repository
	if len(q.Labels) > 0 {
		s += " labelled " + strings.Join(q.Labels, " or ")
	}
	if len(q.Severities) > 0 {
		var names []string
		for _, severity := range q.Severities {
			names = append(names, string(severity))
		}
		s += " of severity " + strings.Join(slices.Compact(names), " or ")
	}
	if q.Milestone != "" {
		s += " in the milestone " + q.Milestone
	}
	return shorten(s)
}
