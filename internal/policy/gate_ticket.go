package policy

// Ticket says what a change ticket is filled from, and how its issue is marked.
type Ticket struct {
	Labels     []string `yaml:"labels"`     // default: change
	Deployment string   `yaml:"deployment"` // file at the commit with the steps; a heading may follow behind #
	Rollback   string   `yaml:"rollback"`
	Validation string   `yaml:"validation"`
	Duration   Duration `yaml:"duration"` // from start to end of the schedule; default 1h
}

func (t *Ticket) validate(*Gate) *misfit { return nil }
