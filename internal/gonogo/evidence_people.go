package gonogo

import "context"

// people is who spoke for the commit, and as whom.
type people struct {
	Problems []problem `json:"problems,omitempty"`
}

// people reads who approved, where the policy asks for it.
func (c collector) people(context.Context, *evidence) {}
