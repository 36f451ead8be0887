package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	api "github.com/google/go-github/v60/github"
)

// Ticket is an issue that is a change ticket, or may be one.
type Ticket struct {
	Number   int
	Title    string
	Body     string
	URL      string // of its page
	Open     bool
	Labels   []string
	Comments int  // how many there are
	Trusted  bool // a bot wrote it, or somebody who may write to the repository
}

// TicketText is what a ticket is to be.
type TicketText struct {
	Title, Body string   // "" leaves it as it is
	Labels      []string // nil leaves them as they are
	Close       bool
}

// TicketComment is a comment on a ticket.
type TicketComment struct {
	By      string // login; "" where the account is gone
	Body    string
	Created time.Time
	Updated time.Time
	URL     string
}

// Ticket reads an issue; ErrNoTicket where the number is something else's.
func (c *Client) Ticket(ctx context.Context, repository string, number int) (Ticket, error) {
	var (
		t     Ticket
		stray error // not told as a fault of the server, for it is none
	)
	q := question{fmt.Sprintf("the issue #%d of %s", number, repository), "issues: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		issue, _, err := c.api.Issues.Get(ctx, owner, repo, number)
		if err != nil {
			return err
		}
		if t, err = ticketOf(issue, repository, number); errors.Is(err, ErrNoTicket) {
			stray, err = fmt.Errorf("#%d of %s: %w", number, repository, err), nil
		}
		return err
	})
	return t, cmp.Or(stray, err)
}

// OpenTickets are the open issues with all of the labels, the newest first.
func (c *Client) OpenTickets(ctx context.Context, repository string, labels []string) ([]Ticket, error) {
	tickets, err := c.tickets(ctx, repository, "open ", &api.IssueListByRepoOptions{State: "open", Labels: labels, Sort: "created", Direction: "desc"})
	tickets = slices.DeleteFunc(tickets, func(t Ticket) bool { return !t.Open })
	slices.SortStableFunc(tickets, func(a, b Ticket) int { return b.Number - a.Number })
	return tickets, err
}

// tickets are the issues that a list asks for, without those that lack one of its labels.
func (c *Client) tickets(ctx context.Context, repository, which string, o *api.IssueListByRepoOptions) ([]Ticket, error) {
	var tickets []Ticket
	q := question{fmt.Sprintf("the %sissues of %s labelled %s", which, repository, strings.Join(o.Labels, ", ")), "issues: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		found, err := all(func(i *api.Issue) int64 { return int64(i.GetNumber()) }, func(number int) (page[*api.Issue], error) {
			o.ListOptions = options(number)
			list, resp, err := c.api.Issues.ListByRepo(ctx, owner, repo, o)
			return page[*api.Issue]{items: list, total: -1, resp: resp}, err
		})
		if err != nil {
			return err
		}
		for _, issue := range found {
			if issue.IsPullRequest() {
				continue
			}
			t, err := ticketOf(issue, repository, issue.GetNumber())
			if err != nil {
				tickets = nil
				return err
			}
			if !slices.ContainsFunc(o.Labels, func(label string) bool { return !labelled(issue.Labels, label) }) {
				tickets = append(tickets, t)
			}
		}
		return nil
	})
	return tickets, err
}

// TicketsSince are the issues, open and closed, with all of the labels that changed since a moment.
func (c *Client) TicketsSince(ctx context.Context, repository string, labels []string, since time.Time) ([]Ticket, error) {
	return c.tickets(ctx, repository, "", &api.IssueListByRepoOptions{State: "all", Labels: labels, Since: since.UTC()})
}

// CreateTicket opens an issue.
func (c *Client) CreateTicket(ctx context.Context, repository string, t TicketText) (Ticket, error) {
	var made Ticket
	q := question{fmt.Sprintf("open an issue of %s", repository), "issues: write"}
	err := c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		issue, _, err := c.api.Issues.Create(ctx, owner, repo, t.wire())
		if err != nil {
			return err
		}
		made, err = ticketOf(issue, repository, issue.GetNumber())
		return err
	})
	return made, err
}

// EditTicket changes an issue.
func (c *Client) EditTicket(ctx context.Context, repository string, number int, t TicketText) (Ticket, error) {
	var changed Ticket
	q := question{fmt.Sprintf("update the issue #%d of %s", number, repository), "issues: write"}
	err := c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		issue, _, err := c.api.Issues.Edit(ctx, owner, repo, number, t.wire())
		if err != nil {
			return err
		}
		changed, err = ticketOf(issue, repository, number)
		return err
	})
	return changed, err
}

// TicketComments are all comments on an issue, oldest first.
func (c *Client) TicketComments(ctx context.Context, repository string, number int) ([]TicketComment, error) {
	var comments []TicketComment
	q := question{fmt.Sprintf("the comments on #%d of %s", number, repository), "issues: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		found, err := all((*api.IssueComment).GetID, func(at int) (page[*api.IssueComment], error) {
			list, resp, err := c.api.Issues.ListComments(ctx, owner, repo, number, &api.IssueListCommentsOptions{ListOptions: options(at)})
			return page[*api.IssueComment]{items: list, total: -1, resp: resp}, err
		})
		if err != nil {
			return err
		}
		for _, one := range found {
			if one.GetID() == 0 || one.CreatedAt == nil {
				return fmt.Errorf("%w: a comment came without id or date", errIncomplete)
			}
			comments = append(comments, TicketComment{
				By: one.GetUser().GetLogin(), Body: one.GetBody(), Created: one.GetCreatedAt().Time, Updated: one.GetUpdatedAt().Time, URL: one.GetHTMLURL(),
			})
		}
		return nil
	})
	return comments, err
}

// ErrNoTicket says that a number is not that of an issue of the repository.
var ErrNoTicket = errors.New("that is no issue of this repository")

// ticketOf takes an issue only where it is the one that was asked for. One that was moved away is answered
// by the repository that has it now.
func ticketOf(i *api.Issue, repository string, number int) (Ticket, error) {
	got := i.GetNumber()
	switch {
	case got == 0 || i.State == nil || i.Labels == nil:
		return Ticket{}, fmt.Errorf("%w: an issue came without number, state or labels", errIncomplete)
	case got != number:
		return Ticket{}, fmt.Errorf("%w: the issue #%d came", errIncomplete, got)
	case i.IsPullRequest():
		return Ticket{}, fmt.Errorf("%w: it is a pull request", ErrNoTicket)
	}
	if _, at, known := strings.Cut(i.GetRepositoryURL(), "/repos/"); known && !strings.EqualFold(at, repository) {
		return Ticket{}, fmt.Errorf("%w: it was moved to another one", ErrNoTicket)
	}
	t := Ticket{
		Number: got, Title: i.GetTitle(), Body: i.GetBody(), URL: i.GetHTMLURL(), Open: i.GetState() == "open", Comments: i.GetComments(),
		Trusted: isBot(i.GetUser()) || slices.Contains(trusted, i.GetAuthorAssociation()),
	}
	for _, l := range i.Labels {
		t.Labels = append(t.Labels, l.GetName())
	}
	return t, nil
}

func (t TicketText) wire() *api.IssueRequest {
	r := &api.IssueRequest{Title: some(t.Title), Body: some(t.Body)}
	if t.Labels != nil {
		r.Labels = &t.Labels
	}
	if t.Close {
		r.State, r.StateReason = api.String("closed"), api.String("completed")
	}
	return r
}
