package gonogo

import "context"

// upstream is what another repository has released or deployed.
type upstream struct {
	Problem problem `json:"problem,omitzero"`
}

// releases reads what upstream repositories have released.
func (c collector) releases(context.Context, *evidence) {}
