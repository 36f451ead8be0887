package gonogo

import "context"

// published is what was written for the decision, and what could not be.
type published struct {
	TicketURL  string    `json:"ticketURL,omitempty"`
	TicketFile string    `json:"ticketFile,omitempty"`
	CheckURL   string    `json:"checkURL,omitempty"`
	RecordFile string    `json:"recordFile,omitempty"`
	SVRFile    string    `json:"svrFile,omitempty"`
	Problems   []problem `json:"problems,omitempty"`
}

// publish writes the decision where the caller wants it. What cannot be written leaves the decision
// without its record, and so unknown: e and d are then those of a decision that knows.
func (c collector) publish(_ context.Context, e evidence, d decision) (evidence, decision, error) {
	e, d = c.recorded(e, d)
	e.Requests = c.GitHub.Requests()
	return e, d, nil
}
