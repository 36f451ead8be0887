package github

import (
	"context"
	"fmt"

	api "github.com/google/go-github/v60/github"
)

// Pull is a pull request and its labels.
type Pull struct {
	Number int
	Merged bool
	Labels []string
}

// Pull is the pull request of that number; ok is false where there is none: the number is an issue's, or
// of another repository. GitHub says the same where the token may not look.
func (c *Client) Pull(ctx context.Context, repository string, number int) (p Pull, ok bool, err error) {
	q := question{fmt.Sprintf("the labels of #%d of %s", number, repository), "pull-requests: read"}
	err = c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		pull, _, err := c.api.PullRequests.Get(ctx, owner, name, number)
		if missing(err) {
			return nil
		}
		if err != nil {
			return err
		}
		p, err = labelledPull(pull)
		if ok = err == nil && p.Number == number; err == nil && !ok {
			err = fmt.Errorf("%w: the pull request #%d came", errIncomplete, p.Number)
		}
		return err
	})
	return p, ok, err
}

// Pulls are the pull requests that a commit came with.
func (c *Client) Pulls(ctx context.Context, repository, sha string) ([]Pull, error) {
	var pulls []Pull
	q := question{fmt.Sprintf("the pull requests of %s with %s", repository, short(sha)), "pull-requests: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all((*api.PullRequest).GetID, func(number int) (page[*api.PullRequest], error) {
			o := options(number)
			list, resp, err := c.api.PullRequests.ListPullRequestsWithCommit(ctx, owner, name, sha, &o)
			return page[*api.PullRequest]{items: list, total: -1, resp: resp}, err
		})
		for _, p := range found {
			if err == nil {
				var pull Pull
				pull, err = labelledPull(p)
				pulls = append(pulls, pull)
			}
		}
		return err
	})
	return pulls, err
}

// labelledPull takes a pull request only with its list of labels: one without says nothing of them.
func labelledPull(p *api.PullRequest) (Pull, error) {
	if p.GetNumber() == 0 || p.Labels == nil {
		return Pull{}, fmt.Errorf("%w: a pull request came without number or labels", errIncomplete)
	}
	pull := Pull{Number: p.GetNumber(), Merged: !p.GetMergedAt().IsZero()}
	for _, l := range p.Labels {
		pull.Labels = append(pull.Labels, l.GetName())
	}
	return pull, nil
}
