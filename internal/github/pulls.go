package github

import (
	"context"
	"fmt"
	"strings"

	api "github.com/google/go-github/v60/github"
)

// PullRequest is an open pull request.
type PullRequest struct {
	Number      int
	Title, Body string
	URL         string // of its page
}

// PullRequests are the open pull requests from a branch of the repository itself to another.
func (c *Client) PullRequests(ctx context.Context, repository, head, base string) ([]PullRequest, error) {
	var pulls []PullRequest
	q := question{fmt.Sprintf("the open pull requests of %s from %s", repository, head), "pull-requests: write"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		found, err := all(func(p *api.PullRequest) int64 { return int64(p.GetNumber()) }, func(number int) (page[*api.PullRequest], error) {
			list, resp, err := c.api.PullRequests.List(ctx, owner, repo, &api.PullRequestListOptions{State: "open", Head: owner + ":" + head, Base: base, ListOptions: options(number)})
			return page[*api.PullRequest]{items: list, total: -1, resp: resp}, err
		})
		for _, p := range found {
			if fits(p.GetState(), "open") && fits(p.GetHead().GetRef(), head) && fits(p.GetBase().GetRef(), base) &&
				fits(p.GetHead().GetRepo().GetFullName(), repository) && fits(p.GetHead().GetUser().GetLogin(), owner) {
				pulls = append(pulls, pullOf(p))
			}
		}
		return err
	})
	return pulls, err
}

// fits tells whether an answer says what was asked for, or leaves it out. A branch of a fork may have
// any name, and a fork that was deleted has none.
func fits(got, asked string) bool { return got == "" || strings.EqualFold(got, asked) }

// CreatePull opens a pull request; ErrExists where there is one for the two branches.
func (c *Client) CreatePull(ctx context.Context, repository, head, base, title, body string) (PullRequest, error) {
	var pull PullRequest
	q := question{fmt.Sprintf("open a pull request of %s from %s to %s", repository, head, base), "pull-requests: write"}
	err := c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		p, _, err := c.api.PullRequests.Create(ctx, owner, repo, &api.NewPullRequest{Title: &title, Head: &head, Base: &base, Body: &body})
		if err != nil {
			return err
		}
		pull = pullOf(p)
		return numbered(int64(pull.Number))
	})
	return pull, err
}

// EditPull changes title and body of a pull request.
func (c *Client) EditPull(ctx context.Context, repository string, number int, title, body string) error {
	q := question{fmt.Sprintf("update the pull request #%d of %s", number, repository), "pull-requests: write"}
	return c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		p, _, err := c.api.PullRequests.Edit(ctx, owner, repo, number, &api.PullRequest{Title: &title, Body: &body})
		if err != nil {
			return err
		}
		return numbered(int64(p.GetNumber()))
	})
}

func pullOf(p *api.PullRequest) PullRequest {
	return PullRequest{Number: p.GetNumber(), Title: p.GetTitle(), Body: p.GetBody(), URL: p.GetHTMLURL()}
}
