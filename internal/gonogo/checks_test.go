package gonogo

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/runner"
)

// attempt is a check of one suite that ran from one minute past noon to another; 0 is not known.
func attempt(id int64, conclusion string, from, to int) check {
	c := check{ID: id, Name: "unit", App: "github-actions", Suite: 1, Conclusion: conclusion, State: conclusion}
	if from > 0 {
		c.Started = noon.Add(time.Duration(from) * time.Minute)
	}
	if to > 0 {
		c.Completed = noon.Add(time.Duration(to) * time.Minute)
	}
	return c
}

func TestNewest(t *testing.T) {
	in := func(c check, f func(*check)) check { f(&c); return c }
	for name, tt := range map[string]struct {
		all  []check
		want []int64
	}{
		"one":                              {[]check{attempt(1, "failure", 1, 2)}, []int64{1}},
		"run again":                        {[]check{attempt(1, "failure", 1, 2), attempt(2, "success", 3, 4)}, []int64{2}},
		"run again and again, in disorder": {[]check{attempt(3, "success", 5, 6), attempt(1, "failure", 1, 2), attempt(2, "failure", 3, 4)}, []int64{3}},
		"the newer one has the lower id":   {[]check{attempt(2, "failure", 1, 2), attempt(1, "success", 3, 4)}, []int64{1}},
		"the newer one failed":             {[]check{attempt(1, "success", 1, 2), attempt(2, "failure", 3, 4)}, []int64{2}},
		"the newer one is not done":        {[]check{attempt(1, "success", 1, 2), attempt(2, "", 3, 0)}, []int64{2}},
		"the newer one has not begun":      {[]check{attempt(1, "success", 1, 2), attempt(2, "", 0, 0)}, []int64{2}},
		"no times at all":                  {[]check{attempt(1, "failure", 0, 0), attempt(2, "success", 0, 0)}, []int64{2}},
		"begun at once":                    {[]check{attempt(1, "failure", 1, 0), attempt(2, "success", 1, 0)}, []int64{2}},
		"two jobs of one name":             {[]check{attempt(1, "failure", 1, 4), attempt(2, "success", 2, 3)}, []int64{1, 2}},
		"two jobs, one not done":           {[]check{attempt(1, "", 1, 0), attempt(2, "success", 2, 3)}, []int64{1, 2}},
		"another app leaves one open":      {[]check{in(attempt(1, "", 1, 0), func(c *check) { c.App = "scanner" }), in(attempt(2, "success", 2, 3), func(c *check) { c.App = "scanner" })}, []int64{2}},
		"another suite":                    {[]check{attempt(1, "failure", 1, 2), in(attempt(2, "success", 3, 4), func(c *check) { c.Suite = 2 })}, []int64{1, 2}},
		"another app":                      {[]check{attempt(1, "failure", 1, 2), in(attempt(2, "success", 3, 4), func(c *check) { c.App = "scanner" })}, []int64{1, 2}},
		"the very same twice":              {[]check{attempt(0, "success", 0, 0), attempt(0, "failure", 0, 0)}, []int64{0, 0}},
		"nobody replaces the last":         {[]check{attempt(1, "failure", 5, 6), attempt(2, "success", 0, 0), attempt(3, "success", 3, 4)}, []int64{2}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []int64
			for _, c := range newest(tt.all) {
				got = append(got, c.ID)
			}
			slices.Sort(got)
			if !cmp.Equal(got, tt.want) {
				t.Errorf("kept %v, want %v", got, tt.want)
			}
		})
	}
}

// fakeAPI answers from its fields.
type fakeAPI struct {
	workflows    []github.WorkflowRun
	workflowsErr error
	runs         func() []github.CheckRun
	statuses     []github.Status
	jobs         []github.Job
	jobsErr      error
	asked        []string
}

func (f *fakeAPI) CheckRuns(context.Context, string, string) ([]github.CheckRun, error) {
	return f.runs(), nil
}

func (f *fakeAPI) Statuses(context.Context, string, string) ([]github.Status, error) {
	return f.statuses, nil
}

func (f *fakeAPI) WorkflowRuns(context.Context, string, string) ([]github.WorkflowRun, error) {
	f.asked = append(f.asked, "workflows")
	return f.workflows, f.workflowsErr
}

func (f *fakeAPI) Jobs(_ context.Context, _ string, run, attempt int64) ([]github.Job, error) {
	f.asked = append(f.asked, "jobs")
	return f.jobs, f.jobsErr
}

func TestOwn(t *testing.T) {
	facts := runner.Facts{RunID: 42, RunAttempt: 1, Job: "gate", RunnerName: "runner-1"}
	at := func(id int64, name, conclusion string, run string) check {
		return check{ID: id, Name: name, App: "github-actions", Suite: id, Conclusion: conclusion, URL: "https://github.com/acme/shop/actions/runs/" + run + "/job/1"}
	}
	gate, unit := at(1, "gate", "", "42"), at(2, "unit", "", "42")
	here := github.Job{ID: 2, Status: "in_progress", RunnerName: "runner-1"}
	for name, tt := range map[string]struct {
		all   []check
		jobs  []github.Job
		err   error
		facts runner.Facts
		want  int64 // 0 is none
		why   string
		asked bool
	}{
		"by its runner":                 {[]check{gate, unit}, []github.Job{here, {ID: 1, Status: "in_progress", RunnerName: "runner-2"}}, nil, facts, 2, "runs on this runner", true},
		"the runner had another before": {[]check{gate, unit}, []github.Job{here, {ID: 1, Status: "completed", RunnerName: "runner-1"}}, nil, facts, 2, "runs on this runner", true},
		"two on runners of one name":    {[]check{gate, unit}, []github.Job{here, {ID: 1, Status: "in_progress", RunnerName: "runner-1"}}, nil, facts, 1, "named gate", true},
		"by its name":                   {[]check{gate, unit}, nil, errors.New("403"), facts, 1, "named gate (the jobs of this run could not be read: 403)", true},
		"by its name in a matrix":       {[]check{at(3, "gate (eu)", "", "42"), unit}, nil, nil, facts, 3, "named gate", true},
		"by its name below a caller":    {[]check{at(3, "release / gate", "", "42"), unit}, nil, nil, facts, 3, "named gate", true},
		"two of that name":              {[]check{at(3, "gate (eu)", "", "42"), at(4, "gate (us)", "", "42")}, nil, nil, facts, 0, "2 unfinished checks belong to this run", true},
		"the only one":                  {[]check{at(3, "Gate for production", "", "42"), at(4, "unit", "success", "42")}, nil, nil, facts, 3, "only unfinished job", true},
		"no name fits":                  {[]check{at(3, "one", "", "42"), at(4, "two", "", "42")}, nil, nil, facts, 0, "2 unfinished", true},
		"another run":                   {[]check{at(1, "gate", "", "420"), at(2, "gate", "", "4")}, nil, nil, facts, 0, "", false},
		"finished":                      {[]check{at(1, "gate", "failure", "42")}, nil, nil, facts, 0, "", false},
		"another app":                   {[]check{{ID: 1, Name: "gate", App: "evil", URL: gate.URL}}, nil, nil, facts, 0, "", false},
		"what this action publishes":    {[]check{{ID: 1, Name: "slipway go-no-go (eu)", ExternalID: "slipway/go-no-go/eu", App: "github-actions", URL: gate.URL}}, nil, nil, facts, 0, "", false},
		"a laptop":                      {[]check{at(1, "gate", "", "0")}, nil, nil, runner.Facts{}, 0, "", false},
		"a job that is no check here":   {[]check{gate, unit}, []github.Job{{ID: 9, Status: "in_progress", RunnerName: "runner-1"}}, nil, facts, 1, "named gate", true},
	} {
		t.Run(name, func(t *testing.T) {
			api := &fakeAPI{jobs: tt.jobs, jobsErr: tt.err}
			rest, own, why := (&identity{facts: tt.facts}).findOwn(t.Context(), api, tt.all)
			var id int64
			if own != nil {
				id = own.ID
			}
			if id != tt.want || !strings.Contains(why, tt.why) || len(rest) != len(tt.all)-min(1, int(tt.want)) || len(api.asked) > 0 != tt.asked {
				t.Errorf("left out %d (%s), %d stay, asked %v; want %d (%s)", id, why, len(rest), api.asked, tt.want, tt.why)
			}
			if own != nil && slices.Contains(rest, *own) {
				t.Error("it stays all the same")
			}
		})
	}
}
