package deployverify

import (
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// judgeNumbers judges the metrics by their slots alone. One that could not be read, or of which too
// little is known, is undecided.
func judgeNumbers(v policy.Verify, w watch) numbers {
	var n numbers
	for _, m := range v.Metrics {
		n.metrics = append(n.metrics, judged{metric: m, outcome: verdict.Undecided, bad: 1, findings: []result.Finding{{
			ID: "metric-" + m.Name, Title: m.Name, Outcome: verdict.Undecided, Observed: "it is not judged yet", Next: "Judge it by other means.",
		}}})
	}
	return n
}
