package github

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	api "github.com/google/go-github/v60/github"
)

// WorkflowRun is one run of a workflow, whatever its attempt.
type WorkflowRun struct {
	ID      int64
	Name    string    // of the workflow
	File    string    // of the workflow, such as .github/workflows/ci.yml
	Suite   int64     // of the check runs of its jobs
	Created time.Time // when GitHub made it; zero where the answer does not say
}

// workflowRuns is a page of them. go-github's own leaves out the file.
type workflowRuns struct {
	Total *int `json:"total_count"`
	Runs  []*struct {
		ID      int64     `json:"id"`
		Name    string    `json:"name"`
		Path    string    `json:"path"`
		Head    string    `json:"head_sha"`
		Suite   int64     `json:"check_suite_id"`
		Created time.Time `json:"created_at"`
	} `json:"workflow_runs"`
}

// WorkflowRuns are the runs of workflows for a commit.
func (c *Client) WorkflowRuns(ctx context.Context, repository, sha string) ([]WorkflowRun, error) {
	q := question{fmt.Sprintf("the workflow runs of %s at %s", repository, short(sha)), "actions: read"}
	var runs []WorkflowRun
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all(func(r WorkflowRun) int64 { return r.ID }, func(number int) (page[WorkflowRun], error) {
			address := fmt.Sprintf("repos/%s/%s/actions/runs?head_sha=%s&page=%d&per_page=%d", owner, name, url.QueryEscape(sha), number, pageSize)
			request, err := c.api.NewRequest(http.MethodGet, address, nil)
			if err != nil {
				return page[WorkflowRun]{}, err
			}
			var list workflowRuns
			resp, err := c.api.Do(ctx, request, &list)
			return pageOfRuns(list, resp, sha, err)
		})
		runs = found
		return err
	})
	return runs, err
}

func pageOfRuns(list workflowRuns, resp *api.Response, sha string, err error) (page[WorkflowRun], error) {
	p := page[WorkflowRun]{total: -1, resp: resp}
	if err != nil || list.Runs == nil {
		return p, err
	}
	if list.Total != nil {
		p.total = *list.Total
	}
	p.items = []WorkflowRun{}
	for _, r := range list.Runs {
		switch {
		case r == nil || r.ID == 0:
			return p, fmt.Errorf("%w: a workflow run came without id", errIncomplete)
		case r.Head != "" && !strings.EqualFold(r.Head, sha):
			return p, fmt.Errorf("%w: the run %d came, which is about %s", errIncomplete, r.ID, short(r.Head))
		}
		file, _, _ := strings.Cut(r.Path, "@") // some are named with the ref that they were read at
		p.items = append(p.items, WorkflowRun{ID: r.ID, Name: r.Name, File: file, Suite: r.Suite, Created: r.Created})
	}
	return p, nil
}
