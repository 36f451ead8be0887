package gonogo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/glob"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// rowLimit is how many checks of one outcome a criterion lists; the rest is counted. The result
// document's data has every check.
const rowLimit = 20

// judgeChecks judges the checks that a criterion requires, or all where it names none. Each that
// did not succeed is a finding, and so is each required one that is not there.
func judgeChecks(id string, rule policy.Checks, e evidence) criterion {
	c := criterion{id: id}
	for n, p := range e.Checks.Problems {
		c.add(result.Finding{
			ID: fmt.Sprintf("%s/api-%d", id, n+1), Outcome: verdict.Undecided, Title: id + ": checks of the commit",
			Observed: p.What, Threshold: "all check runs and commit statuses", Next: p.Next,
		}, "not all could be read")
		if p.Passing {
			c.open = append(c.open, "the API")
		}
	}
	found := e.Checks
	found.All = withoutFormer(found.All, rule, e.Environment)
	chosen := c.choose(rule.Require, found)
	succeeded, passed, former := 0, 0, ""
	var failed, undecided []check
	for _, k := range chosen {
		switch outcome(k, rule) {
		case verdict.Passed:
			passed++
			switch {
			case k.mayBeFormer(rule, e.Environment):
				former = ", beside what may be a former decision"
			case k.Conclusion == "success":
				succeeded++
			}
		case verdict.Failed:
			failed = append(failed, k)
		default:
			undecided = append(undecided, k)
		}
		if k.Conclusion == "" {
			c.open = append(c.open, k.Name)
		}
	}
	c.list(verdict.Failed, failed)
	c.list(verdict.Undecided, undecided)
	switch {
	case succeeded > 0:
		title := id
		if len(c.findings) > 0 {
			title += ": the others"
		}
		c.findings = append(c.findings, result.Finding{ID: id, Outcome: verdict.Passed, Title: title, Observed: tally(passed, succeeded, len(chosen)), Threshold: wantedOf(rule)})
	case passed > 0: // nothing was tried, so nothing is shown
		c.add(result.Finding{
			ID: id, Outcome: verdict.Undecided, Title: id, Observed: fmt.Sprintf("of %d only skipped or neutral ones have passed", len(chosen)) + former, Threshold: "at least one check that succeeded",
			Next: "See why every check was skipped; a commit that nothing was tried on is not known to be good.",
		}, "none succeeded")
		c.open = append(c.open, "a check that succeeds")
	case len(chosen) == 0 && len(rule.Require) == 0 && len(e.Checks.Problems) == 0:
		c.add(result.Finding{
			ID: id, Outcome: verdict.Undecided, Title: id, Observed: nothingReported(e), Threshold: wantedOf(rule),
			Next: "Let another job or workflow run the tests of this commit, for a job is no check of its own; give the input wait, such as wait: 10m, where they begin later.",
		}, "none reported")
		c.open = append(c.open, "the first check")
	}
	return c
}

// choose takes the checks that a list requires, each once. An entry that fits nothing is a finding, unless
// nobody knows what there is.
func (c *criterion) choose(required []policy.RequiredCheck, found checks) []check {
	if len(required) == 0 {
		return found.All
	}
	taken := make([]bool, len(found.All))
	for _, wanted := range required {
		if wanted.Workflow != "" && found.Workflows.What != "" {
			c.add(result.Finding{
				ID: c.id + "/" + wanted.String(), Outcome: verdict.Undecided, Title: c.id + ": " + wanted.String(), Threshold: "success",
				Observed: "which workflow a check belongs to is not known: " + found.Workflows.What, Next: found.Workflows.Next,
			}, wanted.Name)
			if found.Workflows.Passing {
				c.open = append(c.open, "the API")
			}
			continue
		}
		matched := false
		for i, k := range found.All {
			switch {
			case k.fits(wanted):
				taken[i], matched = true, true
			case wanted.Workflow != "" && k.mayFit(wanted):
				matched = true
				c.add(result.Finding{
					ID: c.id + "/" + k.Name, Outcome: verdict.Undecided, Title: c.id + ": " + k.Name, Threshold: "success of " + wanted.String(), Evidence: k.URL,
					Observed: k.observed() + ", and no run of a workflow is known that it belongs to",
					Next:     "Run this step again, for GitHub may list the run only later; if the run was deleted, run the workflow again.",
				}, k.Name)
				c.open = append(c.open, k.Name)
			}
		}
		if matched || len(found.Problems) > 0 {
			continue
		}
		observed := "never reported"
		if found.Own != nil && found.Own.fits(wanted) {
			observed = "only this very job has that name, and it cannot wait for itself"
		} else {
			c.open = append(c.open, wanted.String())
		}
		c.add(result.Finding{
			ID: c.id + "/" + wanted.String(), Outcome: verdict.Undecided, Title: c.id + ": " + wanted.String(), Observed: observed, Threshold: "success",
			Next: "Make sure that the check runs for this commit and is named so. " + namesOf(found.All, wanted),
		}, wanted.Name)
	}
	var chosen []check
	for i, k := range found.All {
		if taken[i] {
			chosen = append(chosen, k)
		}
	}
	return chosen
}

// fits tells whether a check is one that is required. A commit status is of no app and no workflow.
func (k check) fits(wanted policy.RequiredCheck) bool {
	return glob.Match(wanted.Name, k.Name) && (wanted.App == "" || wanted.App == k.App) &&
		(wanted.Workflow == "" || k.App == "github-actions" && (wanted.Workflow == k.Workflow || wanted.Workflow == k.WorkflowFile))
}

// mayFit tells whether a check would be one that is required if it were a job of that workflow, and nobody
// knows of which it is one.
func (k check) mayFit(wanted policy.RequiredCheck) bool {
	unknown := k.Workflow == "" && k.WorkflowFile == ""
	wanted.Workflow = ""
	return unknown && k.App == "github-actions" && k.fits(wanted)
}

// The name and the id of the check run that a decision is published as; the environment follows.
const (
	checkName = "slipway go-no-go ("
	checkID   = "slipway/go-no-go/"
)

func ownCheck(environment string) (name, id string) {
	return checkName + environment + ")", checkID + environment
}

// withoutFormer leaves out the check runs that earlier decisions have published: a no-go could never
// become a go. Where checks are named, one of another environment may be meant. Only the app that
// publishes them can, so one of another app stays.
func withoutFormer(all []check, rule policy.Checks, environment string) []check {
	return slices.DeleteFunc(slices.Clone(all), func(k check) bool {
		of, ours := strings.CutPrefix(k.ExternalID, checkID)
		name, _ := ownCheck(of)
		return ours && k.Name == name && k.App == rule.Publisher() && (of == environment || len(rule.Require) == 0)
	})
}

// mayBeFormer tells whether a check looks like one that an earlier decision has published, by whomever. It
// counts where it is a no; a yes of it is nothing that a decision can rest on.
func (k check) mayBeFormer(rule policy.Checks, environment string) bool {
	name, id := ownCheck(environment)
	if len(rule.Require) == 0 {
		return strings.HasPrefix(k.Name, checkName) || strings.HasPrefix(k.ExternalID, checkID)
	}
	return k.Name == name || k.ExternalID == id
}

// outcome weighs one check. What nobody knows is undecided.
func outcome(k check, rule policy.Checks) verdict.Outcome {
	lenient := func(p policy.Passing) verdict.Outcome {
		if p == "fail" {
			return verdict.Failed
		}
		return verdict.Passed
	}
	counts := func(f, preset policy.Failing) verdict.Outcome {
		if cmp.Or(f, preset) == "fail" {
			return verdict.Failed
		}
		return verdict.Undecided
	}
	switch k.Conclusion {
	case "success":
		return verdict.Passed
	case "neutral":
		return lenient(rule.Neutral)
	case "skipped":
		return lenient(rule.Skipped)
	case "cancelled":
		return counts(rule.Cancelled, "fail")
	case "timed_out":
		return counts(rule.TimedOut, "fail")
	case "action_required":
		return counts(rule.ActionRequired, "fail")
	case "stale":
		return counts(rule.Stale, "unknown")
	case "":
		return counts(rule.Pending, "unknown")
	case "failure", "startup_failure":
		return verdict.Failed
	}
	return verdict.Undecided // newer than this program
}

// list makes a finding of each check, and one of those beyond rowLimit.
func (c *criterion) list(o verdict.Outcome, checks []check) {
	for i, k := range checks {
		f := result.Finding{ID: c.id + "/" + k.Name, Outcome: o, Title: c.id + ": " + k.Name, Observed: k.observed(), Threshold: "success", Evidence: k.URL, Next: nextFor(k)}
		switch {
		case i < rowLimit:
			c.add(f, k.Name)
			continue
		case i == rowLimit:
			f.ID, f.Title = fmt.Sprintf("%s/more-%s", c.id, o), fmt.Sprintf("%s: %d more", c.id, len(checks)-i)
			f.Observed, f.Evidence = "see the list of all checks", ""
			c.findings = append(c.findings, f)
		}
		c.culprits = append(c.culprits, culprit{o, k.Name})
	}
}

// add takes a finding, and a name to blame for it.
func (c *criterion) add(f result.Finding, name string) {
	c.findings = append(c.findings, f)
	c.culprits = append(c.culprits, culprit{f.Outcome, shorten(name)})
}

func (k check) observed() string {
	text := cmp.Or(k.State, "no state")
	if k.Note != "" {
		text += ": " + shorten(k.Note)
	}
	return text
}

func nextFor(k check) string {
	switch k.Conclusion {
	case "":
		return "Wait until it has finished, then run this step again, or set the input wait, such as wait: 10m."
	case "cancelled", "timed_out", "stale", "startup_failure":
		return "Run the check again."
	case "action_required":
		return "Open the check and do what it asks for."
	case "failure":
		return "Open the check and mend what failed; a new commit, or running it again, gets a new decision."
	case "skipped", "neutral":
		return "See why the check did not judge; the policy wants it to succeed."
	}
	return "Open the check; this release does not know that conclusion."
}

func tally(passed, succeeded, all int) string {
	text := fmt.Sprintf("%d of %s succeeded", succeeded, report.Count(all, "check"))
	if rest := passed - succeeded; rest > 0 {
		text += fmt.Sprintf(", %d skipped or neutral", rest)
	}
	return text
}

func wantedOf(rule policy.Checks) string {
	if len(rule.Require) == 0 {
		return "all checks on the commit succeeded, at least one"
	}
	var names []string
	for _, r := range rule.Require {
		names = append(names, r.String())
	}
	return "success of " + strings.Join(names, ", ")
}

func nothingReported(e evidence) string {
	if e.Checks.Own != nil {
		return "no check but this very job has reported on the commit"
	}
	return "no check has reported on the commit"
}

// namesOf lists a few names, for whoever looks for a misspelt one, and says who reports a check of that very name.
func namesOf(all []check, wanted policy.RequiredCheck) string {
	if len(all) == 0 {
		return "No check has reported on the commit."
	}
	var names, same []string
	for _, k := range all {
		names = append(names, shorten(k.Name))
		if glob.Match(wanted.Name, k.Name) {
			same = append(same, shorten(cmp.Or(k.WorkflowFile, k.Workflow, k.App, "a commit status")))
		}
	}
	if len(same) > 0 {
		return "A check of that name is reported by: " + listed(same) + "."
	}
	return "There are: " + listed(names) + "."
}

// listed are the first of some names, in order and each once.
func listed(names []string) string {
	slices.Sort(names)
	names = slices.Compact(names)
	more := ""
	if n := len(names) - 8; n > 0 {
		names, more = names[:8], fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(names, ", ") + more
}
