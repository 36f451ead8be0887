package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Dispatch starts a workflow on a tag that this run pushed, once. Where an earlier attempt pushed it,
// GitHub's list of the workflow's runs tells whether that one got so far; where it cannot tell, nothing
// is started, for a release that runs twice is worse than one that a person starts.
func (h Hub) Dispatch(ctx context.Context, workflow string, t Tagged, tag string) result.Finding {
	byHand := fmt.Sprintf("If it has not run, start it: gh workflow run %s --ref %s", workflow, tag)
	switch {
	case h.DryRun:
		return dispatchStep.would("start %s on %s", workflow, tag)
	case !t.OK:
		return dispatchStep.skipped("%s was not started, for %s is not tagged", workflow, tag)
	case !t.Ours:
		return dispatchStep.skipped("%s was not started: it is for the run that tagged %s to start it", workflow, tag)
	case !t.Pushed:
		started, err := h.GitHub.Dispatched(ctx, h.Repository, workflow, tag)
		if err != nil {
			return dispatchStep.finding(verdict.Undecided, byHand, "%s was not started, for it cannot be told whether an earlier attempt did: %v", workflow, err)
		}
		if started {
			return dispatchStep.done("%s was started on %s before: it has a run there", workflow, tag)
		}
	}
	err := h.GitHub.Dispatch(ctx, h.Repository, workflow, tag)
	if err != nil {
		f := dispatchStep.failed(err)
		switch {
		case github.Uncertain(err):
			f.Next = byHand
		case errors.Is(err, fs.ErrNotExist):
			f.Next = fmt.Sprintf("Check that .github/workflows/%s is on the default branch and at the tag, with workflow_dispatch under on, and that the job has the permission actions: write. %s", workflow, byHand)
		}
		return f
	}
	return dispatchStep.done("%s started on %s", workflow, tag)
}
