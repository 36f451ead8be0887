package gonogo

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/policy"
)

func TestPermissions(t *testing.T) {
	lacks := func(permission string) problem { return problem{What: "403", Permission: permission} }
	gate := []policy.Criterion{
		requires("unit"),
		{ID: "plan", Document: &policy.Document{Path: "plan.md"}},
		{ID: "blockers", Issues: &policy.Issues{}},
	}
	for name, tt := range map[string]struct {
		change func(e *evidence)
		states string
		lacks  string
		block  string
	}{
		"all there": {func(e *evidence) {}, "checks: read granted, issues: read granted, statuses: read granted", "", ""},
		"no statuses": {func(e *evidence) { e.Checks.Problems = []problem{lacks("statuses: read")} }, "checks: read granted, issues: read granted, statuses: read missing",
			"the token lacks: statuses: read (tests)", "permissions:\n  checks: read\n  issues: read\n  statuses: read"},
		"several": {func(e *evidence) {
			e.Checks.Problems = []problem{lacks("checks: read")}
			e.Issues = map[string]issues{"blockers": {Problem: lacks("issues: read")}}
			e.Files[atCommit+"plan.md"] = file{Problem: lacks("contents: read")}
		}, "checks: read missing, contents: read missing, issues: read missing, statuses: read granted",
			"the token lacks: checks: read (tests), contents: read (plan), issues: read (blockers)", "permissions:\n  checks: read\n  contents: read\n  issues: read\n  statuses: read"},
		"trouble tells nothing": {func(e *evidence) { e.Checks.Problems = []problem{{What: "500", Passing: true}} }, "checks: read unknown, issues: read unknown, statuses: read unknown", "", ""},
		"writing includes reading": {func(e *evidence) { e.Ticket = "create"; e.Ticketed.Problem = lacks("issues: write") },
			"checks: read granted, issues: read missing, issues: write missing, statuses: read granted",
			"the token lacks: issues: read (blockers), issues: write (ticket)", "permissions:\n  checks: read\n  issues: write\n  statuses: read"},
		"something else": {func(e *evidence) { e.Checks.Problems = []problem{lacks("members: read")} },
			"checks: read granted, issues: read granted, members: read missing, statuses: read granted",
			"the token lacks: members: read (this step)", "permissions:\n  checks: read\n  issues: read\n  statuses: read"},
		"a workflow is named": {func(e *evidence) {
			e.Gate.Criteria[0].Checks.Require[0].Workflow = "CI"
			e.Checks.Workflows = lacks("actions: read")
		},
			"actions: read missing, checks: read granted, issues: read granted, statuses: read granted",
			"the token lacks: actions: read (tests)", "permissions:\n  actions: read\n  checks: read\n  issues: read\n  statuses: read"},
		"the jobs of the run": {func(e *evidence) { e.Checks.OwnWhy, e.Checks.Jobs = "by its name", lacks("actions: read") },
			"actions: read missing, checks: read granted, issues: read granted, statuses: read granted",
			"the token lacks: actions: read (tests)", "permissions:\n  actions: read\n  checks: read\n  issues: read\n  statuses: read"},
		"what else asks": {func(e *evidence) {
			e.Gate.Criteria = []policy.Criterion{
				{ID: "staged", Release: &policy.Upstream{Environment: "staging"}}, {ID: "upstream", Release: &policy.Upstream{}},
				{ID: "ready", Checklist: &policy.Checklist{}}, {ID: "here", Checklist: &policy.Checklist{Path: "list.md"}},
			}
			e.Gate.Risk = &policy.Risk{Incidents: []string{"incident"}}
			e.Gate.Approvals = &policy.Approvals{Emergency: &policy.ApprovalRule{ReviewWithin: 1}}
			e.Issues = map[string]issues{"x": {Problem: lacks("issues: read")}}
		},
			"actions: read granted, contents: read granted, deployments: read granted, issues: read missing, pull-requests: read granted",
			"the token lacks: issues: read (ready, approvals, risk)", "permissions:\n  actions: read\n  contents: read\n  deployments: read\n  issues: read\n  pull-requests: read"},
		"authors who cannot waive": {func(e *evidence) { e.People.Spoken = spoken{Pull: 7, Authorless: lacks("pull-requests: read")} },
			"checks: read granted, issues: read granted, pull-requests: read missing, statuses: read granted",
			"the token lacks: pull-requests: read (waivers)", "permissions:\n  checks: read\n  issues: read\n  pull-requests: read\n  statuses: read"},
		"what others say": {func(e *evidence) {
			e.Documents = []document{{Problem: "403", Data: map[string]any{"permission": "contents: write"}}}
			e.Files[inWorkspace+"x.json"] = file{Problem: lacks("contents: write")}
		}, "checks: read granted, issues: read granted, statuses: read granted", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := with(gate...)
			e.Gate.Criteria[0] = requires("unit")
			tt.change(&e)
			states := ""
			for i, row := range permissionRows(e) {
				if i > 0 {
					states += ", "
				}
				states += row.Permission + " " + row.State
			}
			if states != tt.states || lacking(e) != tt.lacks {
				t.Errorf("%s\n%q\nwant %s\n%q", states, lacking(e), tt.states, tt.lacks)
			}
			said := ""
			selfCheck(func(text string) { said += text }, e)
			want := ""
			if tt.lacks != "" {
				want = tt.lacks + "; give the job these permissions:\n" + tt.block
			}
			if diff := cmp.Diff(want, said); diff != "" {
				t.Error(diff)
			}
		})
	}
}
