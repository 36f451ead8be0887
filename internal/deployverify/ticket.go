package deployverify

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/ticket"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// changeTicket is the issue that the deployment is noted on, number 0 where there is none.
type changeTicket struct {
	number int
	w      *action.World
}

// readTicket reads the input ticket: the number of an issue, or its address as go-no-go hands it on.
func readTicket(in *action.Inputs, repository string) int {
	given := in.Text("ticket")
	if given == "" || given == "none" {
		return 0
	}
	number, ok := issueNumber(given, repository)
	if !ok {
		in.Refuse("ticket", shown(given), "allowed: the number of an issue of this repository, or its address, such as the output ticket-url of go-no-go")
	}
	return number
}

// deployed notes that the change is deployed and is being looked at now.
func (t changeTicket) deployed(ctx context.Context) []result.Finding {
	return t.note(ctx, "", ticket.Started, ticket.Deployed)
}

// judged notes what the looks came to. Only a version that stands closes the ticket.
func (t changeTicket) judged(ctx context.Context, e evidence, d decision) []result.Finding {
	switch {
	case d.act == promote && e.Stage.Last:
		return t.note(ctx, sentence(d), ticket.Verified)
	case d.act == rollback:
		return t.note(ctx, sentence(d), ticket.RolledBack)
	}
	return t.note(ctx, sentence(d))
}

// note moves the ticket on and says why. A ticket that cannot be moved endangers nobody, so what goes
// wrong is a warning and changes no decision.
func (t changeTicket) note(ctx context.Context, said string, events ...ticket.Event) []result.Finding {
	if t.number == 0 || t.w.DryRun {
		return nil
	}
	observed, next := t.move(ctx, said, events)
	if observed == "" {
		return nil
	}
	return []result.Finding{{ID: "ticket", Outcome: verdict.Warned, Title: fmt.Sprintf("Change ticket #%d", t.number), Observed: observed, Next: next}}
}

// move returns what went wrong, and what to do about it.
func (t changeTicket) move(ctx context.Context, said string, events []ticket.Event) (observed, next string) {
	const other = "Give the ticket of this change, such as the output ticket-url of go-no-go, and deploy after its go."
	found, err := t.w.GitHub.Ticket(ctx, t.w.Facts.Repository, t.number)
	if err != nil {
		return err.Error(), "Give the job the permission to keep the ticket up to date:\npermissions:\n  issues: write"
	}
	fields, m, err := ticket.Parse(found.Body)
	switch {
	case err != nil:
		return "it is no change ticket of go-no-go: " + err.Error(), other
	case !strings.EqualFold(m.Commit, t.w.SHA()):
		return fmt.Sprintf("it is about the commit %.12s, and this run is about %.12s", report.OneLine(m.Commit), t.w.SHA()), other
	case m.State != ticket.Deploying && m.State != ticket.Validating && m.Decision != string(ticket.Go):
		return fmt.Sprintf("it is %s and its decision is no go: this deployment was not authorised by it", m.State), other
	}
	if m.State == ticket.Validating || m.State == ticket.Closed { // a later look at the same deployment
		events = slices.DeleteFunc(slices.Clone(events), func(e ticket.Event) bool { return e == ticket.Started || e == ticket.Deployed })
	}
	for _, event := range events {
		state, ok := m.State.On(event)
		if !ok {
			return fmt.Sprintf("it is %s, in which it cannot be %s", m.State, event), other
		}
		m.State = state
	}
	fields.Filled[ticket.CurrentState] = ticket.StateText(m.State, t.words(said))
	text := github.TicketText{Body: t.w.Redact(ticket.Render(ticket.Ticket{Marker: m, Fields: fields})), Labels: ticket.Labels(found.Labels, m.State), Close: m.State == ticket.Closed}
	if strings.TrimSpace(strings.ReplaceAll(found.Body, "\r\n", "\n")) == strings.TrimSpace(text.Body) && found.Open != text.Close {
		return "", ""
	}
	if _, err := t.w.GitHub.EditTicket(ctx, t.w.Facts.Repository, t.number, text); err != nil {
		return err.Error(), "Give the job the permission to keep the ticket up to date:\npermissions:\n  issues: write"
	}
	return "", ""
}

// words are what the ticket says about the run that moved it.
func (t changeTicket) words(said string) string {
	if said == "" {
		said = "deploy-verify looks at it."
	}
	text := report.T(said)
	if url := t.w.Facts.RunURL(); url != "" {
		text = report.Join(text, report.T(" See "), report.Link("the run", url), report.T("."))
	}
	return strings.TrimSpace(report.Page{report.Paragraph{Text: text}}.Markdown(report.SummaryLimit))
}
