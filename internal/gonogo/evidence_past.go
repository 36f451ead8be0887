package gonogo

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/ticket"
)

// past is an emergency change that an earlier decision let through.
type past struct {
	Commit   string    `json:"commit"`
	Decided  time.Time `json:"decidedAt"`
	Ticket   int       `json:"ticket,omitempty"` // 0 where a result that was handed in tells of it
	Since    time.Time `json:"since,omitzero"`   // when the commit took the ticket over; zero where no other had it
	URL      string    `json:"url,omitempty"`
	Spoken   spoken    `json:"spoken,omitzero"`
	Comments []comment `json:"comments,omitempty"`
}

const (
	pastHorizon = 30 * 24 * time.Hour // how long ago a ticket may have changed last
	pastLimit   = 20                  // changes whose reviews are read
	markLimit   = 4096                // bytes of the mark in a ticket
	mark        = "<!-- slipway:change "
)

// past reads the emergency changes that went to this environment, and who has looked at them since.
func (c collector) past(ctx context.Context, e *evidence) {
	if !e.reviewsLater() {
		return
	}
	found := slices.DeleteFunc(pastOf(e.Documents, e.inputs), func(p past) bool { return !gitrepo.IsCommitID(p.Commit) })
	now := c.Now()
	if !e.Replay.IsZero() {
		now = e.Replay
	}
	labels := []string{"change"}
	if t := e.Gate.Ticket; t != nil && len(t.Labels) > 0 {
		labels = t.Labels
	}
	tickets, err := c.GitHub.TicketsSince(ctx, c.in.Repository, labels, now.Add(-pastHorizon))
	if err != nil {
		e.People.Unread = append(e.People.Unread, problemOf(err))
	}
	for _, t := range tickets {
		if p, ok := marked(t.Body, e.inputs); ok && t.Trusted {
			p.Ticket, p.URL = t.Number, t.URL
			found = append(found, p)
		}
	}
	found = once(found)
	if len(found) > pastLimit {
		e.People.Unread = append(e.People.Unread, problem{
			What: fmt.Sprintf("of %d emergency changes only the newest %d are looked at", len(found), pastLimit),
			Next: "Take the label off the tickets of those that were reviewed.",
		})
		found = found[:pastLimit]
	}
	for i := range found {
		p := &found[i]
		p.Spoken = c.spoken(ctx, p.Commit, true, 0)
		if p.Ticket == 0 {
			continue
		}
		comments, err := c.GitHub.TicketComments(ctx, c.in.Repository, p.Ticket)
		if err != nil {
			p.Spoken.Problems = append(p.Spoken.Problems, problemOf(err))
		}
		for _, r := range comments {
			if one := (comment{By: r.By, Body: r.Body, Created: r.Created, Updated: r.Updated, URL: r.URL}); len(commandsOf([]comment{one})) > 0 {
				p.Comments = append(p.Comments, one)
			}
		}
	}
	e.People.Past = found
}

// once keeps one entry for each commit: with its earliest decision, and its ticket. The newest come first.
func once(all []past) []past {
	slices.SortStableFunc(all, func(a, b past) int {
		return cmp.Or(strings.Compare(a.Commit, b.Commit), a.Decided.Compare(b.Decided), a.Ticket-b.Ticket)
	})
	var kept []past
	for _, p := range all {
		last := len(kept) - 1
		if last < 0 || kept[last].Commit != p.Commit {
			kept = append(kept, p)
		} else if kept[last].Ticket == 0 {
			kept[last].Ticket, kept[last].URL, kept[last].Since = p.Ticket, p.URL, p.Since
		}
	}
	slices.SortStableFunc(kept, func(a, b past) int { return b.Decided.Compare(a.Decided) })
	return kept
}

// pastOf are the emergency changes that results tell of.
func pastOf(documents []document, i inputs) []past {
	var found []past
	for _, d := range documents {
		text := func(name string) string { s, _ := d.Data[name].(string); return s }
		if d.Problem == "" && d.Action == "go-no-go" && strings.EqualFold(d.Repository, i.Repository) && text("changeType") == "emergency" && text("decision") == "go" && text("environment") == i.Environment {
			found = append(found, past{Commit: d.SHA, Decided: d.Finished, URL: d.URL})
		}
	}
	return found
}

// marked reads the mark of a change ticket; false where it holds none of an emergency change that was
// let through to this environment.
func marked(body string, i inputs) (past, bool) {
	_, rest, ok := strings.Cut(body, mark)
	text, _, closed := strings.Cut(rest[:min(len(rest), markLimit)], "-->")
	var m ticket.Marker
	if !ok || !closed || json.Unmarshal([]byte(text), &m) != nil {
		return past{}, false
	}
	m.Commit = strings.ToLower(m.Commit)
	at := passed(m)
	return past{Commit: m.Commit, Decided: at.UTC(), Since: m.Since.UTC()}, m.Environment == i.Environment && gitrepo.IsCommitID(m.Commit) && !at.IsZero()
}

// passed is when a ticket's commit was let through as an emergency, zero where it was not.
func passed(m ticket.Marker) time.Time {
	if m.Emergency.IsZero() && m.Type == "emergency" && (m.Decision == "go" || m.Decision == "") {
		return m.Decided
	}
	return m.Emergency
}

// keeps tells that a ticket stays with its commit, as the only one that tells of an emergency that is to be
// reviewed.
func (i inputs) keeps(m ticket.Marker) bool { return i.reviewsLater() && !passed(m).IsZero() }

// reviewsLater tells whether emergency changes are to be reviewed afterwards.
func (i inputs) reviewsLater() bool {
	a := i.Gate.Approvals
	return a != nil && a.Emergency != nil && a.Emergency.ReviewWithin > 0
}
