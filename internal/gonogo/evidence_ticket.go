package gonogo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/ticket"
)

// ticketed is the issue that is the change ticket, as it was found. Its body's mark says which commit it
// is about and since when; see ticket.Marker.
type ticketed struct {
	Asked    string    `json:"asked,omitempty"`  // the input that it was sought by; "" where nobody sought it
	Number   int       `json:"number,omitempty"` // 0 where there is none yet
	URL      string    `json:"url,omitempty"`
	Body     string    `json:"body,omitempty"`
	Open     bool      `json:"open,omitempty"`
	Labels   []string  `json:"labels,omitempty"`
	Comments []comment `json:"comments,omitempty"` // only those with a command, such as /approve as sre
	Problem  problem   `json:"problem,omitzero"`   // why it could not be read
}

// others is the commit that the ticket is about until now; "" where that is the judged one, or no mark says.
func (t ticketed) others(i inputs) string {
	if _, m, err := ticket.Parse(t.Body); err == nil && m.Commit != i.SHA {
		return cmp.Or(m.Commit, "not known")
	}
	return ""
}

// comment is what somebody wrote on the ticket.
type comment struct {
	By      string    `json:"by"` // login
	Body    string    `json:"body"`
	Created time.Time `json:"createdAt"`
	Updated time.Time `json:"updatedAt"` // after Created where somebody edited it, who need not be By
	URL     string    `json:"url"`
}

const (
	commentLimit = 1000    // of one ticket
	commandBytes = 1 << 20 // bytes of all comments with commands
)

// ticketAPI is what this action asks GitHub about tickets.
type ticketAPI interface {
	Ticket(ctx context.Context, repository string, number int) (github.Ticket, error)
	OpenTickets(ctx context.Context, repository string, labels []string) ([]github.Ticket, error)
	TicketComments(ctx context.Context, repository string, number int) ([]github.TicketComment, error)
}

// ticket finds and reads the change ticket's issue, where the caller wants one.
func (c collector) ticket(ctx context.Context, e *evidence) {
	e.Ticketed = ticketed{}
	switch {
	case !e.wantsIssue():
	case e.Ticket == "create" && c.Facts.BaseRef != "":
		e.Ticketed.Problem = problem{
			What: "this run is about a pull request, and no ticket is opened for what is not merged: it would take the ticket of the commit before away from it",
			Next: "Set the input ticket for pushes alone: ${{ github.event_name == 'push' && 'create' || 'none' }}, or name an issue by its number.",
		}
	case e.Repository == "":
		e.Ticketed.Problem = problem{What: "the repository's name is not known, for there is no remote called origin", Next: "Set GITHUB_REPOSITORY to owner/name."}
	default:
		e.Ticketed = readTicket(ctx, c.GitHub, e.inputs)
		e.Ticketed.Asked = e.Ticket
	}
}

// wantsIssue tells whether the ticket is to be an issue, too.
func (i inputs) wantsIssue() bool { return i.Ticket != "none" && i.Ticket != "" }

func readTicket(ctx context.Context, api ticketAPI, i inputs) ticketed {
	found, err := findTicket(ctx, api, i)
	if err != nil {
		return ticketed{Problem: ticketProblem(err)}
	}
	if found.Number == 0 {
		return ticketed{}
	}
	t := ticketed{Number: found.Number, URL: found.URL, Body: found.Body, Open: found.Open, Labels: found.Labels}
	tooMany := problem{
		What: fmt.Sprintf("the ticket #%d has more comments than the %d, or commands than the %d kB, that are read", t.Number, commentLimit, commandBytes>>10),
		Next: "Close it, and name or open another one.",
	}
	if found.Comments > commentLimit {
		t.Problem = tooMany
		return t
	}
	comments, err := api.TicketComments(ctx, i.Repository, found.Number)
	if err != nil {
		t.Problem = ticketProblem(err)
		return t
	}
	size := 0
	for _, one := range comments {
		if holdsCommand(one.Body) {
			size += len(one.Body)
			t.Comments = append(t.Comments, comment{By: one.By, Body: one.Body, Created: one.Created, Updated: one.Updated, URL: one.URL})
		}
	}
	if len(comments) > commentLimit || size > commandBytes { // what is left out might be a rejection
		t.Problem, t.Comments = tooMany, nil
	}
	return t
}

// holdsCommand tells whether a line of a comment begins with a slash.
func holdsCommand(body string) bool {
	for line := range strings.Lines(body) {
		if strings.HasPrefix(strings.TrimSpace(line), "/") {
			return true
		}
	}
	return false
}

// findTicket reads the issue that the caller names, or looks for the open one of this environment: that of
// this very commit, else the newest that a new commit may still take over. Number is 0 where there is none.
func findTicket(ctx context.Context, api ticketAPI, i inputs) (github.Ticket, error) {
	if i.Ticket != "create" {
		number, err := strconv.Atoi(i.Ticket)
		if err != nil {
			return github.Ticket{}, err
		}
		return api.Ticket(ctx, i.Repository, number)
	}
	open, err := api.OpenTickets(ctx, i.Repository, i.Gate.Ticket.Marks())
	if err != nil {
		return github.Ticket{}, err
	}
	var other github.Ticket
	for _, t := range open { // newest first
		_, m, err := ticket.Parse(t.Body)
		if err != nil || !t.Trusted || m.Environment != i.Environment {
			continue
		}
		if m.Commit == i.SHA {
			return t, nil
		}
		if _, ok := m.State.On(ticket.NewCommit); ok && !i.keeps(m) && other.Number == 0 {
			other = t
		}
	}
	return other, nil
}

func ticketProblem(err error) problem {
	p := problemOf(err)
	var asked *github.Error
	switch {
	case errors.Is(err, github.ErrNoToken):
		p.Next = "In a workflow leave the input github-token out, and give the job the permission:\npermissions:\n  issues: write"
	case errors.Is(err, github.ErrNoTicket):
		p.Next = "Name an issue of this repository in the input ticket, or set it to create."
	case errors.As(err, &asked) && (asked.Status == http.StatusNotFound || asked.Status == http.StatusGone):
		p.Next = "Check the number in the input ticket, and that the job has the permission:\npermissions:\n  issues: write"
	}
	return p
}

// ticketSteps reads the files that the steps of a ticket are taken from, as they are at the commit.
func (c collector) ticketSteps(ctx context.Context, e *evidence) {
	if e.Gate.Ticket == nil {
		return
	}
	for _, source := range []string{e.Gate.Ticket.Deployment, e.Gate.Ticket.Rollback, e.Gate.Ticket.Validation} {
		path, _, _ := strings.Cut(source, "#")
		if _, known := e.Files[atCommit+path]; path != "" && !known {
			e.Files[atCommit+path] = c.fromCommit(ctx, path)
		}
	}
}
