package gonogo

// judgeTicket wants the fields of the change ticket that only a person can fill.
func judgeTicket(e evidence, _ known) []criterion {
	if e.Ticket == "none" || e.Ticket == "" {
		return nil
	}
	return []criterion{unjudged("ticket", "the change ticket")}
}
