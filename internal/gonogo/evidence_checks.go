package gonogo

import (
	"context"
	"slices"
	"sync"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
)

// checkAPI is what this action asks GitHub about checks.
type checkAPI interface {
	CheckRuns(ctx context.Context, repository, sha string) ([]github.CheckRun, error)
	Statuses(ctx context.Context, repository, sha string) ([]github.Status, error)
	Jobs(ctx context.Context, repository string, run, attempt int64) ([]github.Job, error)
}

// asksForChecks tells whether any criterion is about checks, so whether the API is needed for them.
func (i inputs) asksForChecks() bool {
	return slices.ContainsFunc(i.Gate.Criteria, func(c policy.Criterion) bool { return c.Checks != nil })
}

// ask reads the checks of the commit. Each half that cannot be read is a problem; the other half
// is judged all the same, for a failure in it is one.
func (own *identity) ask(ctx context.Context, api checkAPI, i inputs) checks {
	if i.Repository == "" {
		return checks{Problems: []problem{{What: "the repository's name is not known, for there is no remote called origin", Next: "Set GITHUB_REPOSITORY to owner/name. " + tokenAdvice}}}
	}
	var (
		both               sync.WaitGroup
		runs               []github.CheckRun
		statuses           []github.Status
		runsErr, statusErr error
	)
	both.Go(func() { runs, runsErr = api.CheckRuns(ctx, i.Repository, i.SHA) })
	both.Go(func() { statuses, statusErr = api.Statuses(ctx, i.Repository, i.SHA) })
	both.Wait()
	var c checks
	for _, err := range []error{runsErr, statusErr} {
		if p := problemOf(err); err != nil && !slices.Contains(c.Problems, p) {
			c.Problems = append(c.Problems, p)
		}
	}
	var all []check
	for _, r := range runs {
		if !tellsDecision(r) {
			all = append(all, checkOfRun(r))
		}
	}
	c.All, c.Own, c.OwnWhy = own.findOwn(ctx, api, newest(all))
	all = nil
	for _, s := range statuses {
		all = append(all, checkOfStatus(s))
	}
	c.All = append(c.All, newest(all)...)
	return c
}
