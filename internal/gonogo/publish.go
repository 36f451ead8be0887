package gonogo

import (
	"context"
	"slices"

	"github.com/slipway-actions/slipway/internal/verdict"
)

// published is what was written for the decision, and what could not be.
type published struct {
	Ticket     int       `json:"ticket,omitempty"` // number of the issue that was opened; 0 where none was
	TicketURL  string    `json:"ticketURL,omitempty"`
	TicketFile string    `json:"ticketFile,omitempty"`
	Body       string    `json:"-"` // of the issue, as it was written last; "" where it was not
	CheckURL   string    `json:"checkURL,omitempty"`
	RecordFile string    `json:"recordFile,omitempty"`
	SVRFile    string    `json:"svrFile,omitempty"`
	Problems   []problem `json:"problems,omitempty"`
}

// fail notes what could not be written, once.
func (p *published) fail(why problem) {
	if why.What != "" && !slices.Contains(p.Problems, why) {
		p.Problems = append(p.Problems, why)
	}
}

// publish writes the decision where the caller wants it. What cannot be written leaves the decision
// without its record, and so unknown: e and d are then those of a decision that knows.
func (c collector) publish(ctx context.Context, e evidence, d decision) (evidence, decision, error) {
	e, d = written(ctx, e, d, c.lookAgain, c.keepTicket, c.writeTicket, c.writeRecord, c.writeCheck)
	e.Requests = c.GitHub.Requests()
	return e, d, nil
}

// written lets writers write a decision one after the other, each what the one before has left of it.
// Where a go does not outlive that, all of them write again, for the first have told of a go that is none.
func written(ctx context.Context, e evidence, d decision, writers ...func(context.Context, *evidence, decision)) (evidence, decision) {
	for again := true; again; {
		said := d.verdict
		for _, write := range writers {
			write(ctx, &e, d)
			d = decide(e)
		}
		again = said == verdict.Pass && d.verdict != verdict.Pass // a verdict gets no better by problems, so this ends
	}
	return e, d
}
