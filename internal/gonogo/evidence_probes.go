package gonogo

import "context"

// probed is what an endpoint answered.
type probed struct {
	Problem problem `json:"problem,omitzero"`
}

// probes asks the endpoints that criteria are about.
func (c collector) probes(context.Context, *evidence) {}
