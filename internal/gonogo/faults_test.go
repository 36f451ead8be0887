package gonogo

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/fakegithub"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/runner"
	"github.com/slipway-actions/slipway/internal/verdict"
)

const hubToken = "ghs_verysecret"

// asker is a criterion that asks the API, a world in which it passes, and the requests that it makes.
// A new one is a new row in askers.
type asker struct {
	gate    policy.Gate
	seed    string            // for the hub; $SHA is the judged commit
	request string            // pattern of "METHOD /path" that the faults fall on
	list    bool              // the answer is a list, with pages
	words   map[string]string // what a reason says instead, where a fault means something else here
	change  func(*inputs)     // what the caller wants besides; may be nil
	facts   func(*runner.Facts)
	given   func(*evidence) // what a clone would tell; may be nil
	publish bool            // the decision is written as well
}

// harmless is said of a fault that falls on what is not needed.
const harmless = "harmless"

func criteriaOf(c ...policy.Criterion) policy.Gate { return policy.Gate{Criteria: c} }

var askers = map[string]asker{
	"check runs": {gate: criteriaOf(requires("unit")), list: true, request: "GET .*/check-runs$",
		seed: `{"check_runs": [{"name": "unit", "head_sha": "$SHA", "conclusion": "success"}]}`},
	"check runs, all": {gate: criteriaOf(policy.Criterion{ID: "checks", Checks: &policy.Checks{}}), list: true, request: "GET .*/check-runs$",
		seed: `{"check_runs": [{"name": "unit", "head_sha": "$SHA", "conclusion": "success"}], "statuses": [{"sha": "$SHA", "context": "ci", "state": "success"}]}`},
	"statuses": {gate: criteriaOf(policy.Criterion{ID: "checks", Checks: &policy.Checks{}}), list: true, request: "GET .*/statuses$",
		seed: `{"check_runs": [{"name": "unit", "head_sha": "$SHA", "conclusion": "success"}], "statuses": [{"sha": "$SHA", "context": "ci", "state": "success"}]}`},
	"workflow runs": {gate: criteriaOf(policy.Criterion{ID: "tests", Checks: &policy.Checks{Require: []policy.RequiredCheck{{Name: "unit", Workflow: "CI"}}}}), list: true, request: "GET .*/actions/runs$",
		seed: `{"check_runs": [{"name": "unit", "head_sha": "$SHA", "conclusion": "success", "check_suite": {"id": 9}}], "workflow_runs": [{"id": 42, "name": "CI", "head_sha": "$SHA", "check_suite_id": 9}]}`},
	"a document": {gate: criteriaOf(policy.Criterion{ID: "plan", Document: &policy.Document{Path: "docs/plan.md", Sections: []string{"Application"}}}), request: "GET .*/contents/docs/plan.md$",
		seed:  `{"files": {"docs/plan.md": "# Application\nroll back\n"}}`,
		words: map[string]string{"404": "the commit has no such file", "moved": "the commit has no such file", "graphql-errors": "it cannot be read", "shape": "it cannot be read", "422": "."}},
}

// faultWords are the kinds of faults, and what a reason says of each.
var faultWords = map[string]string{
	"403": "403 Forbidden: the token most likely lacks the permission", "scope": "the token most likely lacks the permission", "401": "not valid, or has expired",
	"403-limit": "the rate limit is used up until", "403-retry": "the rate limit is used up until", "429": "the rate limit is used up", "429-retry": "the rate limit is used up until",
	"404": "no such thing", "moved": "no such thing", "422": "no such commit", "500": "trouble answering", "502": "trouble answering", "503": "trouble answering", "504": "trouble answering",
	"cut": "no answer from", "half": "broke off", "html": "not JSON", "none": "not JSON", "graphql-errors": "no list|no answer that can be used|incomplete", "shape": "no list|no answer that can be used|incomplete",
	"empty": "is empty, and leads on|no list", "loop": "leads back", "skew": "clock",
}

// TestFaults lets each kind of fault fall on each criterion that asks the API: it is never a go, the reason
// names the fault, and the token is in none of it.
func TestFaults(t *testing.T) {
	all := maps.Clone(askers)
	maps.Copy(all, moreAskers)
	for name, a := range all {
		t.Run(name, func(t *testing.T) {
			if e, d := a.decide(t, nil); d.verdict != verdict.Pass || lacking(e) != "" {
				t.Fatalf("without a fault: %s, %s", reasons(d), lacking(e))
			}
			for how, words := range faultWords {
				if !a.list && (how == "empty" || how == "loop") {
					continue
				}
				e, d := a.decide(t, &fakegithub.Fault{How: how, Request: regexp.MustCompile(a.request)})
				if own := a.words[how]; own == harmless {
					continue
				} else if own != "" {
					words = own
				}
				text := reasons(d) + sentence(evidence{}, d)
				if d.verdict == verdict.Pass || decisionOf(d) != "no-go" || !regexp.MustCompile(words).MatchString(text) {
					t.Errorf("%s: %s, %s; want %s", how, d.verdict, text, words)
				}
				if lacks := how == "403" || how == "scope"; lacks && lacking(e) == "" {
					t.Errorf("%s: no permission is named", how)
				}
				if strings.Contains(text, hubToken) {
					t.Errorf("%s: the token is in %s", how, text)
				}
			}
		})
	}
}

// decide makes a decision of the real collector with the real client, without any waiting between attempts.
func (a asker) decide(t *testing.T, fault *fakegithub.Fault) (evidence, decision) {
	t.Helper()
	h, w := hubWorld(t, a.seed)
	if fault != nil {
		h.Add(fault)
	}
	c := collector{w, inputs{Environment: "production", Repository: "acme/shop", SHA: commit, Ticket: "none", ChangeType: "auto", Timezone: "UTC", Gate: a.gate}}
	if a.change != nil {
		a.change(&c.in)
	}
	w.Facts.SHA = commit
	if a.facts != nil {
		a.facts(&w.Facts)
	}
	if a.publish {
		w.Files, w.Redact = workspaceOf(t), func(s string) string { return s }
	}
	own := &identity{facts: w.Facts}
	e := c.collect(t.Context())
	if a.given != nil {
		a.given(&e)
	}
	e, d, err := wait(t.Context(), w, func(ctx context.Context, e *evidence) { c.refresh(ctx, own, e) }, e)
	if err == nil && a.publish {
		e, d, err = c.publish(t.Context(), e, d)
	}
	if err != nil {
		t.Fatal(err)
	}
	return e, d
}

// hubWorld is a world around a GitHub that keeps what it is seeded with. The test fails where GitHub's
// description does not know what was asked or answered.
func hubWorld(t *testing.T, seed string) (*fakegithub.Hub, *action.World) {
	t.Helper()
	h := fakegithub.New("acme/shop", "", hubToken)
	h.Now = func() time.Time { return noon }
	if err := h.Seed([]byte(strings.NewReplacer("$SHA", commit, "$ANOTHER", another).Replace(seed))); err != nil {
		t.Fatal(err)
	}
	address := h.Start()
	t.Cleanup(func() {
		h.Close()
		for _, c := range h.Complaints() {
			t.Error(c)
		}
	})
	var naps []time.Duration
	w := clock(&naps)
	client, err := github.New(github.Options{APIURL: address, Token: hubToken, Sleep: func(context.Context, time.Duration) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	w.RepoErr = gitrepo.ErrNotARepository
	w.GitHub, w.Facts = client, runner.Facts{Repository: "acme/shop", RunID: 42, RunAttempt: 1, Job: "gate", RunnerName: "runner-1"}
	return h, w
}

// TestCostByWorkflow holds 300 check runs to eight requests, where the policy names workflows and this job is
// one of them; asked for again, nothing of it costs anything.
func TestCostByWorkflow(t *testing.T) {
	var runs, jobs []string
	for i := range 300 {
		conclusion, state := `"success"`, "completed"
		if i == 299 {
			conclusion, state = "null", "in_progress"
		}
		runs = append(runs, fmt.Sprintf(`{"id": %d, "name": "job %d", "head_sha": "$SHA", "status": %q, "conclusion": %s, "check_suite": {"id": 9}, "details_url": "https://github.com/acme/shop/actions/runs/42/job/%d"}`, i+1, i, state, conclusion, i+1))
		jobs = append(jobs, fmt.Sprintf(`{"id": %d, "name": "job %d", "run_id": 42, "run_attempt": 1, "head_sha": "$SHA", "status": %q, "conclusion": %s, "runner_name": "runner-%d"}`, i+1, i, state, conclusion, 300-i))
	}
	h, w := hubWorld(t, fmt.Sprintf(`{"check_runs": [%s], "jobs": [%s], "workflow_runs": [{"id": 42, "name": "CI", "head_sha": "$SHA", "check_suite_id": 9}]}`, strings.Join(runs, ","), strings.Join(jobs, ",")))
	e := with(policy.Criterion{ID: "tests", Checks: &policy.Checks{Require: []policy.RequiredCheck{{Name: "job *", Workflow: "CI"}}}})
	refresh := asking(w.GitHub, w.Facts)
	e, d, err := wait(t.Context(), w, refresh, e)
	if err != nil || d.verdict != verdict.Pass || e.Checks.Own == nil || e.Checks.Own.Name != "job 299" || len(e.Checks.All) != 299 || e.Checks.All[0].Workflow != "CI" {
		t.Fatalf("%s, %v, %d checks: %s", d.verdict, err, len(e.Checks.All), reasons(d))
	}
	first := w.GitHub.Requests()
	if first > 8 || h.Unchanged() != 0 {
		t.Errorf("it took %d requests, %d of them for nothing new", first, h.Unchanged())
	}
	left := w.GitHub.Budget().Remaining
	refresh(t.Context(), &e)
	if again := w.GitHub.Requests() - first; again != h.Unchanged() || again == 0 || w.GitHub.Budget().Remaining != left {
		t.Errorf("asking again took %d requests, of which %d had nothing new; %d of %d are left", again, h.Unchanged(), w.GitHub.Budget().Remaining, left)
	}
}

// TestNap sleeps longer where little is left of the rate limit, and never beyond what the caller gave.
func TestNap(t *testing.T) {
	budget := func(remaining int, until time.Duration) github.Budget {
		return github.Budget{Known: true, Limit: 1000, Remaining: remaining, Reset: noon.Add(until)}
	}
	for name, tt := range map[string]struct {
		github.Budget
		left, nap time.Duration
		why       string
	}{
		"plenty":               {budget(900, time.Hour), time.Hour, 20 * time.Second, ""},
		"nobody said":          {github.Budget{}, time.Hour, 20 * time.Second, ""},
		"a little":             {budget(99, 10*time.Minute), time.Hour, 10 * time.Minute, "only 99 of 1000 requests are left until 2026-03-02T12:10:00Z; "},
		"renewed in a moment":  {budget(99, 10*time.Second), time.Hour, 20 * time.Second, ""},
		"renewed already":      {budget(0, -time.Hour), time.Hour, 20 * time.Second, ""},
		"more than may be":     {budget(1, time.Hour), 5 * time.Minute, 5 * time.Minute, "only 1 of 1000 requests are left until 2026-03-02T13:00:00Z; "},
		"little time, plenty":  {budget(900, time.Hour), 5 * time.Second, 5 * time.Second, ""},
		"renewed in ten years": {budget(1, 87600*time.Hour), 5 * time.Minute, 5 * time.Minute, "only 1 of 1000 requests are left until 2036-02-28T12:00:00Z; "},
	} {
		if nap, why := napOf(20*time.Second, tt.left, tt.Budget, noon); nap != tt.nap || why != tt.why {
			t.Errorf("%s: %s, %q; want %s, %q", name, nap, why, tt.nap, tt.why)
		}
	}
}

// TestWaitWithinBudget says in the log why it asks so seldom.
func TestWaitWithinBudget(t *testing.T) {
	h, w := hubWorld(t, `{"check_runs": [{"name": "unit", "head_sha": "$SHA", "status": "in_progress"}]}`)
	h.Limit = fakegithub.Limit{Total: 1000, Remaining: 40, Reset: noon.Add(30 * time.Minute)}
	var log []string
	w.Log = func(text string) { log = append(log, text) }
	e := with()
	e.Wait = time.Hour
	_, d, err := wait(t.Context(), w, asking(w.GitHub, w.Facts), e)
	if err != nil || d.verdict != verdict.Unknown || len(log) == 0 || !strings.Contains(log[0], "requests are left until 2026-03-02T12:30:00Z; asking again in 30m") {
		t.Errorf("%s, %v, %q", d.verdict, err, log)
	}
}
