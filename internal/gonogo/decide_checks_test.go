package gonogo

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// TestStatesByPolicy goes through what the policy says of each conclusion that is no success and no failure.
func TestStatesByPolicy(t *testing.T) {
	for conclusion, tt := range map[string]struct {
		set    func(r *policy.Checks, f policy.Failing)
		preset verdict.Verdict
	}{
		"cancelled":       {func(r *policy.Checks, f policy.Failing) { r.Cancelled = f }, verdict.Fail},
		"timed_out":       {func(r *policy.Checks, f policy.Failing) { r.TimedOut = f }, verdict.Fail},
		"action_required": {func(r *policy.Checks, f policy.Failing) { r.ActionRequired = f }, verdict.Fail},
		"stale":           {func(r *policy.Checks, f policy.Failing) { r.Stale = f }, verdict.Unknown},
		"":                {func(r *policy.Checks, f policy.Failing) { r.Pending = f }, verdict.Unknown},
	} {
		for said, want := range map[policy.Failing]verdict.Verdict{"": tt.preset, "fail": verdict.Fail, "unknown": verdict.Unknown} {
			c := requires("unit")
			tt.set(c.Checks, said)
			e := with(c)
			e.Checks.All = []check{ran("unit", conclusion), ran("lint", "success")}
			d := decide(e)
			if d.verdict != want {
				t.Errorf("%q by %q: %s, want %s", conclusion, said, d.verdict, want)
			}
			if open := conclusion == ""; len(d.open()) > 0 != open {
				t.Errorf("%q by %q is open: %v", conclusion, said, d.open())
			}
		}
	}
}

func TestRequiredBy(t *testing.T) {
	job := func(name, conclusion, workflow, file string) check {
		return check{Name: name, App: "github-actions", Workflow: workflow, WorkflowFile: file, Conclusion: conclusion, State: conclusion}
	}
	ci, nightly := job("unit", "success", "CI", ".github/workflows/ci.yml"), job("unit", "failure", "Nightly", ".github/workflows/nightly.yml")
	scanner := check{Name: "unit", App: "scanner", Conclusion: "failure", State: "failure"}
	status := check{Name: "unit", Conclusion: "failure", State: "failure"}
	lost := job("unit", "failure", "", "")
	for name, tt := range map[string]struct {
		wanted  policy.RequiredCheck
		checks  checks
		verdict verdict.Verdict
		reasons string
		open    int
	}{
		"any":                           {policy.RequiredCheck{Name: "unit"}, checks{All: []check{ci, nightly}}, verdict.Fail, "tests failed: unit: failure", 0},
		"by the workflow's name":        {policy.RequiredCheck{Name: "unit", Workflow: "CI"}, checks{All: []check{ci, nightly, scanner, status}}, verdict.Pass, "", 0},
		"by its file":                   {policy.RequiredCheck{Name: "un*", Workflow: ".github/workflows/ci.yml"}, checks{All: []check{ci, nightly}}, verdict.Pass, "", 0},
		"by another name":               {policy.RequiredCheck{Name: "unit", Workflow: "ci"}, checks{All: []check{ci}}, verdict.Unknown, "tests is unknown: unit of workflow ci: never reported", 1},
		"the one that failed":           {policy.RequiredCheck{Name: "unit", Workflow: "Nightly"}, checks{All: []check{ci, nightly}}, verdict.Fail, "tests failed: unit: failure", 0},
		"by the app":                    {policy.RequiredCheck{Name: "unit", App: "github-actions"}, checks{All: []check{ci, scanner, status}}, verdict.Pass, "", 0},
		"by another app":                {policy.RequiredCheck{Name: "unit", App: "scanner"}, checks{All: []check{ci, scanner}}, verdict.Fail, "tests failed: unit: failure", 0},
		"a status is of no app":         {policy.RequiredCheck{Name: "unit", App: "scanner"}, checks{All: []check{status, ci}}, verdict.Unknown, "tests is unknown: unit of app scanner: never reported", 1},
		"of an unknown workflow":        {policy.RequiredCheck{Name: "unit", Workflow: "CI"}, checks{All: []check{ci, lost}}, verdict.Unknown, "tests is unknown: unit: failure, and no run of a workflow is known that it belongs to", 1},
		"another app claims a workflow": {policy.RequiredCheck{Name: "unit", Workflow: "CI"}, checks{All: []check{{Name: "unit", App: "evil", Workflow: "CI", Conclusion: "success"}}}, verdict.Unknown, "tests is unknown: unit of workflow CI: never reported", 1},
		"workflows are not known": {policy.RequiredCheck{Name: "unit", Workflow: "CI"}, checks{All: []check{ci}, Workflows: problem{What: "no answer", Passing: true}}, verdict.Unknown,
			"tests is unknown: unit of workflow CI: which workflow a check belongs to is not known: no answer", 1},
	} {
		t.Run(name, func(t *testing.T) {
			e := with(policy.Criterion{ID: "tests", Checks: &policy.Checks{Require: []policy.RequiredCheck{tt.wanted}}})
			e.Checks = tt.checks
			d := decide(e)
			holdWords(t, e, d)
			if d.verdict != tt.verdict || reasons(d) != tt.reasons || len(d.open()) != tt.open {
				t.Errorf("%s, open %v\n%s\nwant %s, %d open\n%s", d.verdict, d.open(), reasons(d), tt.verdict, tt.open, tt.reasons)
			}
		})
	}
	e := with(policy.Criterion{ID: "tests", Checks: &policy.Checks{Require: []policy.RequiredCheck{{Name: "unit", Workflow: "Ci"}}}})
	e.Checks.All = []check{ci, nightly}
	if got := decide(e).findings()[0].Next; !strings.Contains(got, "is reported by: .github/workflows/ci.yml, .github/workflows/nightly.yml") {
		t.Errorf("who looks for a misspelt workflow reads %q", got)
	}
}

// TestFormerDecision leaves out what an earlier decision for the same environment has published, and
// nothing that only looks like it.
func TestFormerDecision(t *testing.T) {
	name, id := ownCheck("production")
	former := check{Name: name, ExternalID: id, App: "github-actions", Conclusion: "failure", State: "failure"}
	change := func(f func(*check)) check { c := former; f(&c); return c }
	for what, tt := range map[string]struct {
		check
		publisher string
		verdict   verdict.Verdict
	}{
		"a former no-go":            {former, "", verdict.Pass},
		"one that waits":            {change(func(c *check) { c.Conclusion, c.State = "", "in_progress" }), "", verdict.Pass},
		"of another app":            {change(func(c *check) { c.App = "scanner" }), "", verdict.Fail},
		"of the app that publishes": {change(func(c *check) { c.App = "acme-release" }), "acme-release", verdict.Pass},
		"of the job, not the app":   {former, "acme-release", verdict.Fail},
		"another external id":       {change(func(c *check) { c.ExternalID = "42" }), "", verdict.Fail},
		"no external id":            {change(func(c *check) { c.ExternalID = "" }), "", verdict.Fail},
		"of another environment":    {change(func(c *check) { c.Name, c.ExternalID = ownCheck("staging") }), "", verdict.Pass},
		"of two environments":       {change(func(c *check) { c.Name, _ = ownCheck("staging") }), "", verdict.Fail},
		"a status of that name":     {check{Name: name, Conclusion: "failure", State: "failure"}, "", verdict.Fail},
	} {
		e := with(policy.Criterion{ID: "checks", Checks: &policy.Checks{PublishedBy: tt.publisher}})
		e.Checks.All = []check{ran("unit", "success"), tt.check}
		if d := decide(e); d.verdict != tt.verdict {
			t.Errorf("%s: %s, want %s", what, d.verdict, tt.verdict)
		}
	}
	e := with()
	e.Checks.All = []check{former}
	if d := decide(e); d.verdict != verdict.Unknown || !cmp.Equal(d.open(), []string{"the first check"}) {
		t.Errorf("a former decision alone: %s, open %v", d.verdict, d.open())
	}
}

func TestClock(t *testing.T) {
	for seconds, want := range map[int]string{0: "", 3600: "this machine's clock is 1h ahead of GitHub's", -400: "this machine's clock is 6m40s behind GitHub's"} {
		e := with()
		e.Checks.All = []check{ran("unit", "success")}
		e.Skew = time.Duration(seconds) * time.Second
		d := decide(e)
		if (d.verdict == verdict.Pass) != (want == "") || !strings.Contains(reasons(d), want) {
			t.Errorf("%d s: %s, %s", seconds, d.verdict, reasons(d))
		}
	}
}
