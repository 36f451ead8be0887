package gonogo

// waive sets criteria aside that a waiver is for.
func waive(criteria []criterion, e evidence) []criterion {
	if e.Gate.Waivers == nil {
		return criteria
	}
	return append(criteria, unjudged("waivers", "gate.waivers"))
}
