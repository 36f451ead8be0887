package gonogo

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/ticket"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// judgeTicket wants every field of the change ticket filled in. An empty one stops a normal change; a
// standard one is known already and an emergency cannot wait, so there it is a warning.
func judgeTicket(e evidence, k known) []criterion {
	if !e.wantsIssue() {
		return nil
	}
	j := criterion{id: "ticket"}
	f := result.Finding{ID: j.id, Outcome: verdict.Undecided, Title: j.id, Threshold: "every field of the change ticket filled in", Evidence: e.Ticketed.URL}
	draft, err := draftOf(e, k)
	switch p := e.Ticketed.Problem; {
	case p.What != "":
		f.Observed, f.Next = p.What, p.Next
		if p.Passing {
			j.open = []string{"the change ticket"}
		}
	case errors.Is(err, errStray):
		f.Outcome, f.Observed, f.Next = verdict.Failed, err.Error(), "Name the ticket of this change in the input ticket, or set it to create."
	case err != nil:
		f.Observed = fmt.Sprintf("the ticket #%d cannot be read: %v", e.Ticketed.Number, err)
		f.Next = "Give its text the first line back that it had, from the issue's history of edits; or close it, and run this step again."
	default:
		j.findings, j.open = judgeDraft(draft, f, e, k)
		return []criterion{j}
	}
	j.findings = []result.Finding{f}
	return []criterion{j}
}

// judgeDraft judges the fields of a ticket that is this change's.
func judgeDraft(d draft, f result.Finding, e evidence, k known) (findings []result.Finding, open []string) {
	var empty, unread []string
	for _, field := range d.Missing() {
		if d.unread[field].What != "" {
			unread = append(unread, string(field))
		} else {
			empty = append(empty, string(field))
		}
	}
	if len(empty)+len(unread) == 0 {
		f.Outcome, f.Observed = verdict.Passed, "all of them are filled in"
		return []result.Finding{f}, nil
	}
	weigh := func(o verdict.Outcome) verdict.Outcome {
		if k.changeType == "normal" {
			return o
		}
		return verdict.Warned
	}
	if k.changeType != "normal" {
		passed := f
		passed.Outcome, passed.Observed, passed.Threshold = verdict.Passed, "it is there", "a change ticket; a "+k.changeType+" change may leave fields of it empty"
		findings = append(findings, passed)
	}
	if len(empty) > 0 {
		f := f
		f.Outcome, f.Observed = weigh(verdict.Failed), "empty: "+strings.Join(empty, ", ")
		f.Next = fmt.Sprintf("Edit the text of the ticket #%d: write below the headings %s, then run this step again.", e.Ticketed.Number, strings.Join(empty, ", "))
		if e.Ticketed.Number == 0 {
			f.Next = "Edit the text of the ticket that this step opens (output ticket-url): write below the headings " + strings.Join(empty, ", ") + ", then run this step again."
		}
		for _, field := range empty {
			if why := d.why[ticket.Field(field)]; why != "" {
				f.Next += fmt.Sprintf(" %s: %s.", field, why)
			}
		}
		findings = append(findings, f)
		if e.Ticketed.Number != 0 {
			open = append(open, "the change ticket's "+strings.Join(empty, ", "))
		}
	}
	for _, name := range unread {
		f, p := f, d.unread[ticket.Field(name)]
		f.Outcome, f.Observed, f.Next = weigh(verdict.Undecided), name+": "+p.What, p.Next
		findings = append(findings, f)
		if p.Passing && !slices.Contains(open, name) {
			open = append(open, name)
		}
	}
	return findings, open
}

// judgePublished makes what was asked for and could not be written unknown: a decision without its
// record is none. No waiver sets that aside.
func judgePublished(e evidence) []criterion {
	if len(e.Published.Problems) == 0 {
		return nil
	}
	j := criterion{id: "publish"}
	for _, p := range e.Published.Problems {
		j.findings = append(j.findings, result.Finding{
			ID: j.id, Outcome: verdict.Undecided, Title: j.id, Observed: p.What, Threshold: "the decision is written where the inputs ask for it", Next: p.Next,
		})
	}
	return []criterion{j}
}
