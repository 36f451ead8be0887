package gonogo

import (
	"context"
	"time"
)

// ticketed is the issue that is the change ticket, as it was found.
type ticketed struct {
	Number   int       `json:"number,omitempty"` // 0 where there is none yet
	URL      string    `json:"url,omitempty"`
	Body     string    `json:"body,omitempty"`
	Open     bool      `json:"open,omitempty"`
	Labels   []string  `json:"labels,omitempty"`
	Comments []comment `json:"comments,omitempty"` // only those with a command, such as /approve as sre
	Problem  problem   `json:"problem,omitzero"`   // why it could not be read
}

// comment is what somebody wrote on the ticket.
type comment struct {
	By      string    `json:"by"` // login
	Body    string    `json:"body"`
	Created time.Time `json:"createdAt"`
	Updated time.Time `json:"updatedAt"` // after Created where somebody edited it, who need not be By
	URL     string    `json:"url"`
}

// ticket finds and reads the change ticket's issue, where the caller wants one.
func (c collector) ticket(context.Context, *evidence) {}
