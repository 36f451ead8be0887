package deployverify

import (
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// loaded is what came of the traffic that was made.
type loaded struct{}

// judgeLoad says what the traffic shows.
func judgeLoad(e evidence) []result.Finding {
	if e.verify.Load == nil {
		return nil
	}
	return []result.Finding{{ID: "load", Outcome: verdict.Undecided, Title: "verify.load", Observed: "the policy asks for it, and this release does not judge it yet", Next: "Judge it by other means."}}
}
