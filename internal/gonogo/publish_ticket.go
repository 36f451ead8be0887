package gonogo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/ticket"
)

// ticketFile is where the ticket lies in the workspace.
const ticketFile = ".slipway/change-ticket.md"

// keepTicket writes the ticket as a file, whether or not there is an issue.
func (c collector) keepTicket(_ context.Context, e *evidence, d decision) {
	draft, err := draftOf(*e, d.known)
	if err != nil { // the issue is another's; this one's ticket is still to be seen
		fresh := *e
		fresh.Ticketed = ticketed{}
		draft, _ = draftOf(fresh, d.known)
	}
	text := c.Redact(ticket.Render(draft.decided(*e, d, c.Facts.RunURL())))
	for _, file := range []struct{ path, text string }{{".slipway/.gitignore", "*\n"}, {ticketFile, text}} {
		if _, err := c.Write(file.path, []byte(file.text)); err != nil {
			e.Published.fail(problem{What: "write the change ticket: " + err.Error(), Next: "Make " + ticketFile + " in the workspace a file that this step can write."})
			return
		}
	}
	if !c.DryRun {
		e.Published.TicketFile = ticketFile
	}
}

// lookAgain reads the text of the ticket once more before it is written anew: what somebody changed there while
// this step decided is judged, and kept. A tick in it is nobody's that is known.
func (c collector) lookAgain(ctx context.Context, e *evidence, _ decision) {
	t := &e.Ticketed
	if t.Number == 0 || t.Problem.What != "" || e.Published.Body != "" || c.DryRun {
		return
	}
	now, err := c.GitHub.Ticket(ctx, e.Repository, t.Number)
	switch {
	case err != nil:
		why := ticketProblem(err)
		why.What = "the change ticket, before it is written: " + why.What
		e.Published.fail(why)
		return
	case !sameText(now.Body, t.Body) && len(e.People.Ticks) > 0:
		e.People.Ticks, e.People.Unticks = nil, problem{What: "the ticket changed while it was read", Next: "Run the step again.", Passing: true}
	}
	t.Body, t.Open, t.Labels = now.Body, now.Open, now.Labels
}

// writeTicket opens the issue, or brings it up to date. One that could not be read, or is about another
// change, is left alone; the decision says so.
func (c collector) writeTicket(ctx context.Context, e *evidence, d decision) {
	e.Published.TicketURL = cmp.Or(e.Published.TicketURL, e.Ticketed.URL)
	if !e.wantsIssue() || e.Ticketed.Problem.What != "" || c.DryRun {
		return
	}
	draft, err := draftOf(*e, d.known)
	if err != nil {
		return
	}
	t := draft.decided(*e, d, c.Facts.RunURL())
	text := github.TicketText{Body: c.Redact(ticket.Render(t)), Labels: ticket.Labels(e.Ticketed.Labels, t.State)}
	var written github.Ticket
	switch number := cmp.Or(e.Ticketed.Number, e.Published.Ticket); {
	case number == 0:
		text.Title = c.Redact(draft.title)
		text.Labels = append(slices.Clone(e.Gate.Ticket.Marks()), text.Labels...)
		if written, err = c.GitHub.CreateTicket(ctx, e.Repository, text); err == nil {
			e.Published.Ticket = written.Number
			err = labelled(written, e.Gate.Ticket.Marks())
		}
	case e.Published.Body == "" && sameText(e.Ticketed.Body, text.Body) && sameLabels(e.Ticketed.Labels, text.Labels):
		return
	default:
		if number == e.Published.Ticket { // opened just now, with the labels that it is to have but for its state
			text.Labels = append(slices.Clone(e.Gate.Ticket.Marks()), text.Labels...)
		}
		if draft.taken && e.Ticket == "create" {
			text.Title = c.Redact(draft.title)
		}
		written, err = c.GitHub.EditTicket(ctx, e.Repository, number, text)
	}
	e.Published.Body = text.Body
	if err != nil {
		why := ticketProblem(err)
		why.What = "the change ticket: " + why.What
		e.Published.fail(why)
	}
	e.Published.TicketURL = cmp.Or(written.URL, e.Published.TicketURL)
}

// labelled wants the labels on a new ticket, by which the next run finds it. GitHub leaves them out
// without a word where the token may not label.
func labelled(t github.Ticket, want []string) error {
	for _, w := range want {
		if !slices.ContainsFunc(t.Labels, func(l string) bool { return strings.EqualFold(l, w) }) {
			return fmt.Errorf("#%d was opened without its label %s, and the next run would not find it", t.Number, w)
		}
	}
	return nil
}

// sameText compares as GitHub keeps a text: with its own line ends, and none at its end.
func sameText(a, b string) bool {
	plain := func(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }
	return plain(a) == plain(b)
}

func sameLabels(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
