package gonogo

// judgeApprovals judges the approvals that the type of the change needs.
func judgeApprovals(e evidence, _ known) []criterion {
	if e.Gate.Approvals == nil {
		return nil
	}
	return []criterion{unjudged("approvals", "gate.approvals")}
}
