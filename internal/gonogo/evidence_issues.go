package gonogo

import "context"

// issues are the open issues that a criterion is about.
type issues struct {
	Problem problem `json:"problem,omitzero"`
}

// issues reads the issues that criteria are about.
func (c collector) issues(context.Context, *evidence) {}
