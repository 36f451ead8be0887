package github

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	api "github.com/google/go-github/v60/github"
)

// CheckRun is one run of a check on a commit. Of a check that was run again there are several.
type CheckRun struct {
	ID          int64
	Name        string
	App         string // short name of the app that reports it, such as github-actions
	Suite       int64  // what the app ran together; a job that is run again stays in its suite
	Status      string // completed, or one of those before: queued, in_progress, waiting …
	Conclusion  string // of a completed one: success, failure …
	StartedAt   time.Time
	CompletedAt time.Time
	URL         string // of the details
	ExternalID  string // what the app calls it; "" for most
}

// Status is one report about a commit in the older way. The newest of a context is what holds.
type Status struct {
	ID          int64
	Context     string
	State       string // success, failure, error, pending
	Description string
	URL         string
	CreatedAt   time.Time
}

// Job is a job of a workflow run. Its id is that of its check run.
type Job struct {
	ID         int64
	Name       string
	Status     string
	RunnerName string
}

// CheckRuns are all check runs of a commit, in all their attempts.
func (c *Client) CheckRuns(ctx context.Context, repository, sha string) ([]CheckRun, error) {
	var runs []CheckRun
	q := question{fmt.Sprintf("the check runs of %s at %s", repository, short(sha)), "checks: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all((*api.CheckRun).GetID, func(number int) (page[*api.CheckRun], error) {
			list, resp, err := c.api.Checks.ListCheckRunsForRef(ctx, owner, name, sha, &api.ListCheckRunsOptions{Filter: api.String("all"), ListOptions: options(number)})
			if err != nil || list == nil {
				return page[*api.CheckRun]{resp: resp}, err
			}
			return page[*api.CheckRun]{items: list.CheckRuns, total: list.GetTotal(), resp: resp}, nil
		})
		for _, r := range found {
			if head := r.GetHeadSHA(); head != "" && !strings.EqualFold(head, sha) {
				runs = nil
				return fmt.Errorf("%w: the check run %d came, which is about %s", errIncomplete, r.GetID(), short(head))
			}
			runs = append(runs, CheckRun{
				ID: r.GetID(), Name: r.GetName(), App: r.GetApp().GetSlug(), Suite: r.GetCheckSuite().GetID(),
				Status: r.GetStatus(), Conclusion: r.GetConclusion(),
				StartedAt: r.GetStartedAt().Time, CompletedAt: r.GetCompletedAt().Time,
				URL: cmp.Or(r.GetDetailsURL(), r.GetHTMLURL()), ExternalID: r.GetExternalID(),
			})
		}
		return err
	})
	return runs, err
}

// Statuses are all commit statuses of a commit, superseded ones too.
func (c *Client) Statuses(ctx context.Context, repository, sha string) ([]Status, error) {
	var statuses []Status
	q := question{fmt.Sprintf("the commit statuses of %s at %s", repository, short(sha)), "statuses: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all((*api.RepoStatus).GetID, func(number int) (page[*api.RepoStatus], error) {
			o := options(number)
			list, resp, err := c.api.Repositories.ListStatuses(ctx, owner, name, sha, &o)
			return page[*api.RepoStatus]{items: list, total: -1, resp: resp}, err
		})
		for _, s := range found {
			statuses = append(statuses, Status{
				ID: s.GetID(), Context: s.GetContext(), State: s.GetState(), Description: s.GetDescription(),
				URL: s.GetTargetURL(), CreatedAt: s.GetCreatedAt().Time,
			})
		}
		return err
	})
	return statuses, err
}

// Jobs are the jobs of one attempt of a workflow run.
func (c *Client) Jobs(ctx context.Context, repository string, run, attempt int64) ([]Job, error) {
	var jobs []Job
	q := question{fmt.Sprintf("the jobs of run %d of %s", run, repository), "actions: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all((*api.WorkflowJob).GetID, func(number int) (page[*api.WorkflowJob], error) {
			o := options(number)
			list, resp, err := c.api.Actions.ListWorkflowJobsAttempt(ctx, owner, name, run, attempt, &o)
			if err != nil || list == nil {
				return page[*api.WorkflowJob]{resp: resp}, err
			}
			return page[*api.WorkflowJob]{items: list.Jobs, total: list.GetTotalCount(), resp: resp}, nil
		})
		for _, j := range found {
			jobs = append(jobs, Job{ID: j.GetID(), Name: j.GetName(), Status: j.GetStatus(), RunnerName: j.GetRunnerName()})
		}
		return err
	})
	return jobs, err
}

func short(sha string) string { return sha[:min(len(sha), 7)] }
