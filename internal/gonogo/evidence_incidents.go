package gonogo

import (
	"context"
	"slices"
)

// incidents are the open issues that the policy's labels call incidents.
type incidents struct {
	Asked   bool    `json:"asked,omitempty"`
	Numbers []int   `json:"numbers,omitempty"` // of the issues, rising
	Problem problem `json:"problem,omitzero"`  // why they could not be read
}

// incidents asks for open incidents, where the policy says what one is.
func (c collector) incidents(ctx context.Context, e *evidence) {
	if c.in.Gate.Risk == nil || len(c.in.Gate.Risk.Incidents) == 0 {
		return
	}
	e.Incidents = incidents{Asked: true}
	for _, label := range c.in.Gate.Risk.Incidents {
		open, err := c.GitHub.OpenIssues(ctx, c.in.Repository, label, 0)
		if err != nil {
			e.Incidents = incidents{Asked: true, Problem: problemOf(err)}
			return
		}
		for _, issue := range open {
			e.Incidents.Numbers = append(e.Incidents.Numbers, issue.Number)
		}
	}
	slices.Sort(e.Incidents.Numbers)
	e.Incidents.Numbers = slices.Compact(e.Incidents.Numbers)
}
