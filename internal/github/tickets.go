package github

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	api "github.com/google/go-github/v60/github"
)

// TicketIssue is an issue with its text.
type TicketIssue struct {
	Number  int
	Body    string
	Trusted bool // it is by a bot, or by somebody who may write to the repository
	URL     string
}

// Remark is what somebody wrote under an issue.
type Remark struct {
	By      string
	Bot     bool
	Body    string
	Created time.Time
	Updated time.Time
	URL     string
}

// TicketIssues are the issues, open and closed, with all of some labels that changed since a moment.
func (c *Client) TicketIssues(ctx context.Context, repository string, labels []string, since time.Time) ([]TicketIssue, error) {
	var tickets []TicketIssue
	q := question{fmt.Sprintf("the issues of %s labelled %s", repository, strings.Join(labels, ", ")), "issues: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all((*api.Issue).GetID, func(number int) (page[*api.Issue], error) {
			list, resp, err := c.api.Issues.ListByRepo(ctx, owner, name, &api.IssueListByRepoOptions{State: "all", Labels: labels, Since: since.UTC(), ListOptions: options(number)})
			return page[*api.Issue]{items: list, total: -1, resp: resp}, err
		})
		for _, i := range found {
			if i.GetNumber() == 0 {
				return fmt.Errorf("%w: an issue came without its number", errIncomplete)
			}
			if !i.IsPullRequest() {
				tickets = append(tickets, TicketIssue{i.GetNumber(), i.GetBody(), isBot(i.GetUser()) || slices.Contains(trusted, i.GetAuthorAssociation()), i.GetHTMLURL()})
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return tickets, nil
}

// Remarks are all comments of an issue, oldest first.
func (c *Client) Remarks(ctx context.Context, repository string, number int) ([]Remark, error) {
	var remarks []Remark
	q := question{fmt.Sprintf("the comments on #%d of %s", number, repository), "issues: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all((*api.IssueComment).GetID, func(at int) (page[*api.IssueComment], error) {
			list, resp, err := c.api.Issues.ListComments(ctx, owner, name, number, &api.IssueListCommentsOptions{ListOptions: options(at)})
			return page[*api.IssueComment]{items: list, total: -1, resp: resp}, err
		})
		for _, one := range found {
			if one.GetID() == 0 || one.GetCreatedAt().IsZero() {
				return fmt.Errorf("%w: a comment came without its number or time", errIncomplete)
			}
			remarks = append(remarks, Remark{
				one.GetUser().GetLogin(), isBot(one.GetUser()), one.GetBody(), one.GetCreatedAt().Time, one.GetUpdatedAt().Time, one.GetHTMLURL(),
			})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return remarks, nil
}
