package gonogo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway"
	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/runner"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// clock is a world whose time passes only by sleeping.
func clock(naps *[]time.Duration) *action.World {
	now := noon
	return &action.World{
		Now:   func() time.Time { return now },
		Sleep: func(_ context.Context, d time.Duration) error { *naps, now = append(*naps, d), now.Add(d); return nil },
		Log:   func(string) {},
	}
}

// asking reads the checks and nothing else.
func asking(api checkAPI, facts runner.Facts) func(context.Context, *evidence) {
	own := &identity{facts: facts}
	return func(ctx context.Context, e *evidence) { e.Checks = own.ask(ctx, api, e.inputs) }
}

func TestWait(t *testing.T) {
	run := func(status, conclusion string) []github.CheckRun {
		return []github.CheckRun{{ID: 1, Name: "unit", Status: status, Conclusion: conclusion}}
	}
	done, failed, running := run("completed", "success"), run("completed", "failure"), run("in_progress", "")
	s := time.Second
	for name, tt := range map[string]struct {
		wait    time.Duration
		runs    [][]github.CheckRun // in turn; the last ones stay
		naps    []time.Duration
		verdict verdict.Verdict
	}{
		"no wait":                 {0, [][]github.CheckRun{running}, nil, verdict.Unknown},
		"nothing to wait for":     {time.Hour, [][]github.CheckRun{done}, nil, verdict.Pass},
		"failed at once":          {time.Hour, [][]github.CheckRun{failed}, nil, verdict.Fail},
		"done in time":            {time.Hour, [][]github.CheckRun{running, running, done}, []time.Duration{10 * s, 20 * s}, verdict.Pass},
		"failed meanwhile":        {time.Hour, [][]github.CheckRun{running, failed}, []time.Duration{10 * s}, verdict.Fail},
		"not there yet":           {time.Hour, [][]github.CheckRun{nil, running, done}, []time.Duration{10 * s, 20 * s}, verdict.Pass},
		"too late":                {3 * time.Minute, [][]github.CheckRun{running}, []time.Duration{10 * s, 20 * s, 40 * s, 60 * s, 50 * s}, verdict.Unknown},
		"just in time":            {15 * s, [][]github.CheckRun{running, running, done}, []time.Duration{10 * s, 5 * s}, verdict.Pass},
		"nothing that may change": {time.Hour, [][]github.CheckRun{run("completed", "stale")}, nil, verdict.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			var naps []time.Duration
			asked := 0
			api := &fakeAPI{runs: func() []github.CheckRun { asked++; return tt.runs[min(asked, len(tt.runs))-1] }}
			e := with()
			e.Wait = tt.wait
			e, d, err := wait(t.Context(), clock(&naps), asking(api, runner.Facts{}), e)
			if err != nil || d.verdict != tt.verdict || !cmp.Equal(naps, tt.naps) || e.Now != noon.Add(e.Waited) {
				t.Errorf("%s after %v, %v; want %s after %v", d.verdict, naps, err, tt.verdict, tt.naps)
			}
		})
	}
}

// A check that is not done is waited for, even where the policy calls that a failure.
func TestWaitForAFailure(t *testing.T) {
	var naps []time.Duration
	asked := 0
	api := &fakeAPI{runs: func() []github.CheckRun {
		asked++
		return []github.CheckRun{{ID: 1, Name: "unit", Status: map[bool]string{true: "in_progress", false: "completed"}[asked == 1], Conclusion: "success"}}
	}}
	e := with(policy.Criterion{ID: "tests", Checks: &policy.Checks{Pending: "fail"}})
	e.Wait = time.Hour
	if _, d, err := wait(t.Context(), clock(&naps), asking(api, runner.Facts{}), e); err != nil || d.verdict != verdict.Pass || len(naps) != 1 {
		t.Errorf("%s after %v, %v", d.verdict, naps, err)
	}
}

func TestWaitEnds(t *testing.T) {
	var naps []time.Duration
	w := clock(&naps)
	w.Sleep = func(ctx context.Context, _ time.Duration) error { return context.Canceled }
	api := &fakeAPI{runs: func() []github.CheckRun { return nil }}
	e := with()
	e.Wait, e.Replay = time.Hour, noon.Add(-time.Hour)
	if _, _, err := wait(t.Context(), w, asking(api, runner.Facts{}), e); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled while it slept: %v", err)
	}
	e.Wait = 0
	if e, _, err := wait(t.Context(), w, asking(api, runner.Facts{}), e); err != nil || e.Now != noon.Add(-time.Hour) {
		t.Errorf("a replay reckons from %s, %v", e.Now, err)
	}
}

// TestCost holds 300 check runs to eight requests, the search for this job among as many included.
func TestCost(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var page int
		fmt.Sscan(r.URL.Query().Get("page"), &page)
		if page < 3 {
			w.Header().Set("Link", fmt.Sprintf(`<http://x/?page=%d>; rel="next"`, page+1))
		}
		var items []string
		for i := range 100 {
			id := page*100 + i
			items = append(items, fmt.Sprintf(`{"id":%d,"name":"job %d","status":%q,"conclusion":"success","runner_name":"runner-%d","details_url":"https://x/actions/runs/42/job/%d"}`,
				id, id, map[bool]string{true: "in_progress", false: "completed"}[id == 399], id, id))
		}
		switch list := strings.Join(items, ","); {
		case strings.HasSuffix(r.URL.Path, "/check-runs"):
			fmt.Fprintf(w, `{"total_count":300,"check_runs":[%s]}`, list)
		case strings.HasSuffix(r.URL.Path, "/jobs"):
			fmt.Fprintf(w, `{"total_count":300,"jobs":[%s]}`, list)
		default:
			w.Header().Del("Link")
			fmt.Fprint(w, `[]`)
		}
	}))
	defer server.Close()
	client, err := github.New(github.Options{APIURL: server.URL, Token: "t"})
	if err != nil {
		t.Fatal(err)
	}
	var naps []time.Duration
	w := clock(&naps)
	w.Facts = runner.Facts{Repository: "acme/shop", RunID: 42, RunAttempt: 1, RunnerName: "runner-399"}
	e, d, err := wait(t.Context(), w, asking(client, w.Facts), with())
	if err != nil || d.verdict != verdict.Pass || len(e.Checks.All) != 299 || e.Checks.Own == nil {
		t.Fatalf("%s of %d checks, %v: %s", d.verdict, len(e.Checks.All), err, reasons(d))
	}
	if n := client.Requests(); n > 8 {
		t.Errorf("it took %d requests", n)
	}
}

func TestReadInputs(t *testing.T) {
	source, err := slipway.ActionYAML("go-no-go")
	if err != nil {
		t.Fatal(err)
	}
	spec, err := action.ParseSpec(source)
	if err != nil {
		t.Fatal(err)
	}
	push := runner.Facts{Repository: "acme/shop", EventName: "push", SHA: another}
	pull := runner.Facts{Repository: "acme/shop", EventName: "pull_request", SHA: another, HeadSHA: commit}
	target := runner.Facts{Repository: "acme/shop", EventName: "pull_request_target", SHA: another, HeadSHA: commit}
	gate := &policy.Gate{Environments: map[string]policy.Environment{"live": {}, "test": {}}, Criteria: []policy.Criterion{{ID: "x", Assert: "y"}}}
	for name, tt := range map[string]struct {
		given      map[string]string
		facts      runner.Facts
		checkedOut string
		gate       *policy.Gate
		sha, merge string
		fault      string // in the error's text
	}{
		"what is checked out":        {nil, push, commit, nil, commit, "", ""},
		"as given":                   {map[string]string{"sha": strings.ToUpper(commit)}, push, another, nil, commit, "", ""},
		"a pull request":             {nil, pull, another, nil, commit, another, ""},
		"a pull request, as given":   {map[string]string{"sha": commit}, pull, another, nil, commit, another, ""},
		"another commit":             {map[string]string{"sha": strings.Repeat("a", 64)}, pull, another, nil, strings.Repeat("a", 64), "", ""},
		"the base of a pull request": {nil, target, another, nil, commit, "", ""},
		"no commit":                  {nil, runner.Facts{}, "", nil, "", "", "the commit to judge is not known"},
		"a short one":                {map[string]string{"sha": commit[:39]}, push, commit, nil, "", "", "input sha"},
		"a branch":                   {map[string]string{"sha": "main"}, push, commit, nil, "", "", "input sha"},
		"an unknown environment":     {nil, push, commit, gate, "", "", `input environment is "production"; allowed by the policy's gate.environments: live, test`},
		"a known environment":        {map[string]string{"environment": "live"}, push, commit, gate, commit, "", ""},
		"any environment":            {map[string]string{"environment": "moon"}, push, commit, nil, commit, "", ""},
		"a negative wait":            {map[string]string{"wait": "-1s"}, push, commit, nil, "", "", "input wait"},
		"a change type":              {map[string]string{"change-type": "urgent"}, push, commit, nil, "", "", "allowed: auto, standard, normal, emergency"},
		"a ticket":                   {map[string]string{"ticket": "#7"}, push, commit, nil, "", "", "the number of an issue"},
		"a digest":                   {map[string]string{"image-digest": "latest"}, push, commit, nil, "", "", "input image-digest"},
	} {
		t.Run(name, func(t *testing.T) {
			i, err := readInputs(action.NewInputs(spec, tt.given), tt.facts, tt.checkedOut, policy.Policy{Gate: tt.gate})
			if (err == nil) != (tt.fault == "") || err != nil && !strings.Contains(err.Error(), tt.fault) {
				t.Fatalf("the error is %v, want %q", err, tt.fault)
			}
			if i.SHA != tt.sha || i.Merge != tt.merge {
				t.Errorf("judges %s with %q, want %s with %q", i.SHA, i.Merge, tt.sha, tt.merge)
			}
			if err == nil && len(i.Gate.Criteria) != 1 {
				t.Errorf("the criteria are %v", i.Gate.Criteria)
			}
		})
	}
}
