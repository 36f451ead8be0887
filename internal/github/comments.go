package github

import (
	"context"
	"fmt"
	"slices"
	"strings"

	api "github.com/google/go-github/v60/github"
)

// trusted may have written a comment of ours: a bot, or somebody who may write to the repository. The
// mark alone says nothing, for everybody can copy it into a comment that stays their own to change.
var trusted = []string{"OWNER", "MEMBER", "COLLABORATOR"}

// Comment keeps one comment on a pull request: the first that begins with the mark is replaced, and where there
// is none one is made. It tells whether something had to be written.
func (c *Client) Comment(ctx context.Context, repository string, number int, mark, body string) (written bool, err error) {
	old, err := c.comment(ctx, repository, number, mark)
	if err != nil || old != nil && old.GetBody() == body {
		return false, err
	}
	q := question{fmt.Sprintf("comment on #%d of %s", number, repository), "pull-requests: write"}
	return true, c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		var made *api.IssueComment
		var err error
		if old == nil {
			made, _, err = c.api.Issues.CreateComment(ctx, owner, repo, number, &api.IssueComment{Body: &body})
		} else {
			made, _, err = c.api.Issues.EditComment(ctx, owner, repo, old.GetID(), &api.IssueComment{Body: &body})
		}
		if err != nil {
			return err
		}
		return numbered(made.GetID())
	})
}

// comment is the one that begins with a mark; nil where there is none.
func (c *Client) comment(ctx context.Context, repository string, number int, mark string) (ours *api.IssueComment, err error) {
	q := question{fmt.Sprintf("the comments on #%d of %s", number, repository), "pull-requests: write"}
	err = c.ask(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		found, err := all((*api.IssueComment).GetID, func(at int) (page[*api.IssueComment], error) {
			list, resp, err := c.api.Issues.ListComments(ctx, owner, repo, number, &api.IssueListCommentsOptions{ListOptions: options(at)})
			return page[*api.IssueComment]{items: list, total: -1, resp: resp}, err
		})
		for _, one := range found {
			if ours == nil && strings.HasPrefix(one.GetBody(), mark) && (one.GetUser().GetType() == "Bot" || slices.Contains(trusted, one.GetAuthorAssociation())) {
				ours = one
			}
		}
		return err
	})
	return ours, err
}
