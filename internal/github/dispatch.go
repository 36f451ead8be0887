package github

import (
	"context"
	"fmt"

	api "github.com/google/go-github/v60/github"
)

// Dispatch starts a workflow on a tag or branch, by the name of its file.
func (c *Client) Dispatch(ctx context.Context, repository, workflow, ref string) error {
	q := question{fmt.Sprintf("start the workflow %s of %s on %s", workflow, repository, ref), "actions: write"}
	return c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		_, err := c.api.Actions.CreateWorkflowDispatchEventByFileName(ctx, owner, repo, workflow, api.CreateWorkflowDispatchEventRequest{Ref: ref})
		return err
	})
}

// Dispatched tells whether a workflow was ever started by hand or API on a tag or branch;
// fs.ErrNotExist where the repository has no such workflow.
func (c *Client) Dispatched(ctx context.Context, repository, workflow, ref string) (yes bool, err error) {
	q := question{fmt.Sprintf("the runs of the workflow %s of %s on %s", workflow, repository, ref), "actions: write"}
	err = c.find(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		runs, _, err := c.api.Actions.ListWorkflowRunsByFileName(ctx, owner, repo, workflow, &api.ListWorkflowRunsOptions{Branch: ref, Event: "workflow_dispatch", ListOptions: options(1)})
		if err != nil {
			return err
		}
		if runs.TotalCount == nil {
			return fmt.Errorf("%w: it has no total", errIncomplete)
		}
		yes = runs.GetTotalCount() > 0
		return nil
	})
	return yes, err
}
