package gonogo

import (
	"encoding/json"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/runner"
)

// approving is a gate that wants the approval of one role.
func approving(role string) policy.Gate {
	rule := &policy.ApprovalRule{Any: []string{role}}
	return policy.Gate{Roles: roles, Approvals: &policy.Approvals{Normal: rule, Standard: rule}, Criteria: []policy.Criterion{requires("unit")}}
}

const unitPassed = `"check_runs": [{"name": "unit", "head_sha": "$SHA", "conclusion": "success"}]`

// pulled is a pull request by eve that was merged as a commit, with the review of one person.
func pulled(number int, sha, by string) string {
	return fmt.Sprintf(`"pulls": [{"number": %d, "state": "closed", "title": "x", "user": "eve", "head": {"ref": "x", "sha": "ffff%[2]s"}, "base": {"ref": "main"}, "merged_at": "2026-03-02T10:00:00Z", "merge_commit_sha": "$%[3]s"}],
		"reviews": {"%[1]d": [{"user": %[4]q, "state": "APPROVED", "submitted_at": "2026-03-02T09:00:00Z"}]}, "teams": {"acme/sre": ["kim"]},
		"beside": {"GET /orgs/acme/teams/sre": {"slug": "sre"}, "GET /repos/acme/shop/pulls/%[1]d/commits": [{"sha": "ffff%[2]s", "author": {"login": "eve"}}]}`, number, another[4:], sha, by)
}

// withTicket lets the caller name a ticket for a standard change, of which fields may be empty.
func withTicket(i *inputs) { i.Ticket, i.ChangeType = "12", "standard" }

var aftermath = func() asker {
	gate := approving("sre")
	gate.Approvals.Emergency = &policy.ApprovalRule{Any: []string{"sre"}, ReviewWithin: policy.Duration(24 * time.Hour)}
	body, _ := json.Marshal(mark + fmt.Sprintf(`{"commit":%q,"type":"emergency","decided":"2026-03-01T10:00:00Z","environment":"production"} -->`, another))
	return asker{gate: gate, list: true, seed: `{` + unitPassed + `, "issues": [{"number": 5, "state": "closed", "labels": ["change"], "body": ` + string(body) + `}],
		"comments": {"5": [{"user": "ada", "body": "/approve as sre", "created_at": "2026-03-01T12:00:00Z"}]},
		"commits": [{"sha": "$ANOTHER", "author": "eve", "committer": "eve"}], ` + pulled(7, "SHA", "ada") + `}`}
}()

func (a asker) on(request string) asker { a.request = request; return a }

func (a asker) single() asker { a.list = false; return a }

func (a asker) saying(words map[string]string) asker {
	a.words = maps.Clone(a.words)
	if a.words == nil {
		a.words = map[string]string{}
	}
	maps.Copy(a.words, words)
	return a
}

// moreAskers are the criteria that ask about more than checks and files, and what writes a decision.
var moreAskers = func() map[string]asker {
	issue := func(rule policy.Issues) asker {
		return asker{gate: criteriaOf(policy.Criterion{ID: "bugs", Issues: &rule}), list: true,
			seed: `{"labels": ["bug", "severity: critical"], "milestones": [{"title": "1.5", "number": 1, "state": "open"}], "issues": [{"number": 3, "labels": ["docs"]}]}`}
	}
	labelled, planned, severe := issue(policy.Issues{Labels: []string{"bug"}}), issue(policy.Issues{Milestone: "1.5"}), issue(policy.Issues{Severities: []policy.Severity{"critical"}})
	upstreams := func(environment string) asker {
		return asker{gate: criteriaOf(policy.Criterion{ID: "warehouse", Release: &policy.Upstream{Repository: "acme/warehouse", AtLeast: "2.1.0", Environment: environment}}), list: true,
			seed: `{"repositories": {"acme/warehouse": {"releases": [{"id": 1, "tag_name": "v2.1.0"}], "deployments": [{"id": 1, "sha": "$SHA", "ref": "v2.1.0", "environment": "production", "created_at": "2026-03-02T10:00:00Z"}],
				"deployment_statuses": {"1": [{"state": "success", "environment": "production", "created_at": "2026-03-02T10:00:00Z"}]}}}}`}
	}
	reviewed := asker{gate: approving("sre"), list: true, seed: `{` + unitPassed + `, ` + pulled(7, "SHA", "kim") + `}`}
	admitted := asker{gate: approving("qa"), seed: `{` + unitPassed + `, "commits": [{"sha": "$SHA", "author": "eve", "committer": "eve"}], "workflow_runs": [{"id": 42, "name": "CI", "head_sha": "$SHA", "actor": "eve", "triggering_actor": "eve"}],
		"run_approvals": {"42": [{"state": "approved", "environments": [{"name": "production"}], "user": "bob"}]}}`}
	const ticket12 = `"issues": [{"number": 12, "body": "- [x] a", "labels": ["change"], "title": "x"}]`
	commented := asker{gate: approving("qa"), change: withTicket, list: true, seed: `{` + unitPassed + `, ` + ticket12 + `, "comments": {"12": [{"user": "bob", "body": "/approve as qa for $SHA"}]}, ` + pulled(7, "SHA", "kim") + `}`}
	listed := asker{gate: policy.Gate{Roles: roles, Criteria: []policy.Criterion{{ID: "list", Checklist: &policy.Checklist{By: "sre"}}}}, change: withTicket,
		seed: `{` + ticket12 + `, "beside": {"POST /graphql": {"data": {"repository": {"issue": {"number": 12, "createdAt": "2026-03-02T10:00:00Z", "body": "- [x] a", "author": {"login": "ada"}, "userContentEdits": {"totalCount": 0, "nodes": []}}}}}}}`}
	owned := asker{gate: approving("owner"), facts: func(f *runner.Facts) { f.BaseRef = "main" },
		seed: `{` + unitPassed + `, "files": {"main:.github/CODEOWNERS": "*.go @kim\n"}, "pull_files": {"7": [{"filename": "a.go", "status": "added", "additions": 1, "deletions": 0, "changes": 1, "sha": null, "blob_url": "https://github.com/a", "raw_url": "https://github.com/a", "contents_url": "https://github.com/a"}]}, ` + pulled(7, "SHA", "kim") + `}`}
	risky := asker{gate: policy.Gate{Risk: &policy.Risk{Incidents: []string{"incident"}}, Criteria: []policy.Criterion{asserts("risk.score < 90")}}, list: true,
		given: func(e *evidence) { e.Change = changed(added("a.go")).Change }, seed: `{"labels": ["incident"], "issues": [{"number": 3, "labels": ["docs"]}]}`}
	sought := asker{gate: criteriaOf(requires("unit")), change: func(i *inputs) { i.Ticket, i.ChangeType = "create", "standard" }, list: true, seed: `{` + unitPassed + `}`}
	writing := sought.single()
	writing = writing.saying(map[string]string{"422": "422 Unprocessable Entity", "moved": "leads to another server", "skew": harmless}) // the clock is told by what was read before
	writing.publish, writing.change = true, func(i *inputs) { i.Ticket, i.ChangeType, i.Check = "create", "standard", true }
	editing := writing
	editing.change = func(i *inputs) { withTicket(i); i.Check = true }
	editing.seed = `{` + ticket12 + `, "check_runs": [{"id": 1, "name": "unit", "head_sha": "$SHA", "conclusion": "success"}, {"id": 9, "name": "slipway go-no-go (production)", "external_id": "slipway/go-no-go/production", "head_sha": "$SHA", "conclusion": "failure"}]}`
	return map[string]asker{
		"issues by label": labelled.on("GET .*/issues$"), "issues of a milestone": planned.on("GET .*/issues$"), "milestones": planned.on("GET .*/milestones$"), "issues by severity": severe.on("GET .*/issues$"), "labels": severe.on("GET .*/labels$"),
		"releases": upstreams("").on("GET .*/warehouse/releases$").saying(map[string]string{"loop": harmless}), "deployments": upstreams("production").on("GET .*/warehouse/deployments$").saying(map[string]string{"loop": harmless}), "deployment statuses": upstreams("production").on("GET .*/deployments/1/statuses$"),
		"pull requests of the commit": reviewed.on("GET .*/commits/.*/pulls$"), "commits of the pull request": reviewed.on("GET .*/pulls/7/commits$"), "reviews": reviewed.on("GET .*/pulls/7/reviews$"), "membership": reviewed.single().on("GET .*/memberships/kim$").saying(map[string]string{"404": "nobody yet", "moved": "nobody yet"}),
		"approvals of the run": admitted.on("GET .*/runs/42/approvals$"), "the run": admitted.on("GET .*/runs/42$"), "the commit's author": admitted.on("GET .*/commits/" + commit + "$"),
		"the ticket": commented.single().on("GET .*/issues/12$"), "comments of the ticket": commented.on("GET .*/issues/12/comments$"), "the search for a ticket": sought.on("GET .*/issues$"), "who ticked a box": listed.on("POST /graphql$").saying(map[string]string{"moved": "leads to another server", "graphql-errors": "403 Forbidden: the token most likely lacks the permission"}),
		"what owners own": func() asker { a := owned.on("GET .*/pulls/7/files$"); a.list = true; return a }(),
		"code owners":     owned.on("GET .*/contents/.*CODEOWNERS$").saying(map[string]string{"404": "there is no CODEOWNERS", "moved": "there is no CODEOWNERS", "graphql-errors": "it cannot be read", "shape": "it cannot be read"}), "incidents": risky.on("GET .*/issues$"),
		"tickets of emergencies": aftermath.on("GET .*/issues$"), "an emergency's pull requests": aftermath.on("GET .*/commits/" + another + "/pulls$"), "an emergency's comments": aftermath.on("GET .*/issues/5/comments$"),
		"opening the ticket": writing.on("POST .*/issues$"), "writing the ticket": editing.on("PATCH .*/issues/12$"), "a new check run": writing.on("POST .*/check-runs$"), "the check run again": editing.on("PATCH .*/check-runs/9$"),
	}
}()

// workspaceOf gives a world a folder to write to.
func workspaceOf(t *testing.T) *runner.Workspace {
	t.Helper()
	files, err := runner.OpenWorkspace(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	return files
}
