package gonogo

import "github.com/slipway-actions/slipway/internal/policy"

func judgeIssues(id string, _ policy.Issues, _ evidence) criterion {
	return unjudged(id, "criteria of the kind issues")
}
