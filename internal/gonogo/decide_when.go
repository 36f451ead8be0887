package gonogo

import (
	"errors"

	"github.com/slipway-actions/slipway/internal/policy"
)

// holdsNow evaluates an expression of the policy; an error where it needs something that is not known.
func holdsNow(source string, e evidence, k known) (bool, error) {
	return false, errors.New("this release does not evaluate expressions yet")
}

func judgeAssert(c policy.Criterion, _ evidence, _ known) criterion {
	return unjudged(c.ID, "criteria of the kind assert")
}
