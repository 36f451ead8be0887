package gonogo

import (
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// judgeClock is undecided where the moment is not known, or where this machine's clock is wrong: by it old evidence looks fresh, and a window
// that is closed looks open. A replay reckons from a time that was given to it.
func judgeClock(e evidence) []criterion {
	if e.Now.IsZero() {
		return []criterion{{id: "clock", findings: []result.Finding{{
			ID: "clock", Outcome: verdict.Undecided, Title: "clock", Observed: "the moment of the decision is not known", Threshold: "a moment that ages and windows are reckoned from", Next: "Decide anew.",
		}}}}
	}
	if e.Skew == 0 {
		return nil
	}
	seen := "this machine's clock is " + duration.Format(e.Skew.Abs().Round(time.Second))
	if e.Skew > 0 {
		seen += " ahead of GitHub's"
	} else {
		seen += " behind GitHub's"
	}
	return []criterion{{id: "clock", findings: []result.Finding{{
		ID: "clock", Outcome: verdict.Undecided, Title: "clock", Observed: seen, Threshold: "a difference of at most " + duration.Format(skew),
		Next: "Set the clock of the runner, best by NTP, and run this step again. Whoever is sure of the time can pass it in the input now.",
	}}}}
}
