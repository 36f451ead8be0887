package github

import (
	"context"
	"fmt"
	"strings"

	api "github.com/google/go-github/v60/github"
)

// Proposal is a pull request as the way that a commit came, or is to come.
type Proposal struct {
	Number int
	Author string // login; "" where the account is gone
	Head   string // its newest commit
	Merge  string // the commit that it became; of an open one a trial merge
	Merged bool
	URL    string
}

// Contributor is who made a commit, by login; "" where the address belongs to no account.
type Contributor struct{ Author, Committer string }

// Proposal is the pull request of that number.
func (c *Client) Proposal(ctx context.Context, repository string, number int) (Proposal, error) {
	var p Proposal
	q := question{fmt.Sprintf("the pull request #%d of %s", number, repository), "pull-requests: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		pull, _, err := c.api.PullRequests.Get(ctx, owner, name, number)
		if err != nil {
			return err
		}
		p, err = proposalOf(pull, repository)
		if err == nil && p.Number != number {
			err = fmt.Errorf("%w: the pull request #%d came", errIncomplete, p.Number)
		}
		return err
	})
	return p, err
}

// Proposals are the pull requests that have a commit: the merged ones that brought it, and open ones.
func (c *Client) Proposals(ctx context.Context, repository, sha string) ([]Proposal, error) {
	var proposals []Proposal
	q := question{fmt.Sprintf("the pull requests of %s with %s", repository, short(sha)), "pull-requests: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all(func(p *api.PullRequest) int64 { return int64(p.GetNumber()) }, func(number int) (page[*api.PullRequest], error) {
			o := options(number)
			list, resp, err := c.api.PullRequests.ListPullRequestsWithCommit(ctx, owner, name, sha, &o)
			return page[*api.PullRequest]{items: list, total: -1, resp: resp}, err
		})
		for _, pull := range found {
			if err != nil {
				break
			}
			if base := pull.GetBase().GetRepo().GetFullName(); !fits(base, repository) {
				continue // a fork's own
			}
			var p Proposal
			p, err = proposalOf(pull, repository)
			proposals = append(proposals, p)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return proposals, nil
}

func proposalOf(p *api.PullRequest, repository string) (Proposal, error) {
	head := strings.ToLower(p.GetHead().GetSHA())
	if p.GetNumber() == 0 || head == "" {
		return Proposal{}, fmt.Errorf("%w: a pull request came without number or newest commit", errIncomplete)
	}
	if base := p.GetBase().GetRepo().GetFullName(); !fits(base, repository) {
		return Proposal{}, fmt.Errorf("%w: a pull request of %s came", errIncomplete, base)
	}
	return Proposal{
		Number: p.GetNumber(), Author: p.GetUser().GetLogin(), Head: head, Merge: strings.ToLower(p.GetMergeCommitSHA()),
		Merged: !p.GetMergedAt().IsZero(), URL: p.GetHTMLURL(),
	}, nil
}

// contributionLimit is the most commits of a pull request that GitHub lists.
const contributionLimit = 250

// Contributors are who made the commits of a pull request. GitHub lists 250 at most: more, or a list
// that does not end in head, are an error.
func (c *Client) Contributors(ctx context.Context, repository string, number int, head string) ([]Contributor, error) {
	var people []Contributor
	q := question{fmt.Sprintf("the commits of the pull request #%d of %s", number, repository), "pull-requests: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all(func(*api.RepositoryCommit) int64 { return 0 }, func(at int) (page[*api.RepositoryCommit], error) {
			o := options(at)
			list, resp, err := c.api.PullRequests.ListCommits(ctx, owner, name, number, &o)
			return page[*api.RepositoryCommit]{items: list, total: -1, resp: resp}, err
		})
		if err != nil {
			return err
		}
		if len(found) >= contributionLimit {
			return fmt.Errorf("%w: it has more than %d commits, and GitHub lists no more", errUnlisted, contributionLimit-1)
		}
		ends := false
		for _, one := range found {
			ends = ends || strings.EqualFold(one.GetSHA(), head)
			people = append(people, contributorOf(one))
		}
		if !ends {
			return fmt.Errorf("%w: %s is not among the commits", errIncomplete, short(head))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return people, nil
}

// changedLimit is the most files of a pull request that GitHub lists.
const changedLimit = 3000

// ChangedPaths are the files that a pull request changes, by their old names too. GitHub lists 3,000 at
// most: as many are an error.
func (c *Client) ChangedPaths(ctx context.Context, repository string, number int) ([]string, error) {
	var paths []string
	q := question{fmt.Sprintf("the files of the pull request #%d of %s", number, repository), "pull-requests: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all(func(*api.CommitFile) int64 { return 0 }, func(at int) (page[*api.CommitFile], error) {
			o := options(at)
			list, resp, err := c.api.PullRequests.ListFiles(ctx, owner, name, number, &o)
			return page[*api.CommitFile]{items: list, total: -1, resp: resp}, err
		})
		if err != nil {
			return err
		}
		if len(found) >= changedLimit {
			return fmt.Errorf("%w: it changes %d files or more, and GitHub lists no more", errUnlisted, changedLimit)
		}
		for _, f := range found {
			if f.GetFilename() == "" {
				return fmt.Errorf("%w: a file came without its name", errIncomplete)
			}
			paths = append(paths, f.GetFilename())
			if old := f.GetPreviousFilename(); old != "" {
				paths = append(paths, old)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return paths, nil
}

// Contributor is who made one commit.
func (c *Client) Contributor(ctx context.Context, repository, sha string) (Contributor, error) {
	var person Contributor
	q := question{fmt.Sprintf("the author of %s of %s", short(sha), repository), "contents: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		one, _, err := c.api.Repositories.GetCommit(ctx, owner, name, sha, &api.ListOptions{PerPage: 1})
		if err != nil {
			return err
		}
		if !strings.EqualFold(one.GetSHA(), sha) {
			return fmt.Errorf("%w: the commit %q came", errIncomplete, short(one.GetSHA()))
		}
		person = contributorOf(one)
		return nil
	})
	return person, err
}

// contributorOf leaves out the committer of what is committed on GitHub's pages, who is no person.
func contributorOf(c *api.RepositoryCommit) Contributor {
	p := Contributor{c.GetAuthor().GetLogin(), c.GetCommitter().GetLogin()}
	if p.Committer == "web-flow" {
		p.Committer = ""
	}
	return p
}
