package gonogo

import "time"

// judgeWindows judges the moment: whether the deploy window is open, and no freeze is on.
func judgeWindows(e evidence, _ known) []criterion {
	if e.Gate.Windows == nil {
		return nil
	}
	return []criterion{unjudged("windows", "gate.windows")}
}

// earliestGo is the first moment, from now on, that the windows allow; false where there is none or
// it is not known.
func earliestGo(e evidence, _ known) (time.Time, bool) {
	return e.Now, e.Gate.Windows == nil
}
