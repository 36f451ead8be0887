package gonogo

import (
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// judgePublished holds back a decision that could not be written where it was asked for: whoever
// reads it there would not know of it.
func judgePublished(e evidence) []criterion {
	if len(e.Published.Problems) == 0 {
		return nil
	}
	c := criterion{id: "publish"}
	for _, p := range e.Published.Problems {
		c.findings = append(c.findings, result.Finding{
			ID: c.id, Outcome: verdict.Undecided, Title: c.id, Observed: p.What, Threshold: "the decision is written where it was asked for", Next: p.Next,
		})
	}
	return []criterion{c}
}
