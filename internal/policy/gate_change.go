package policy

// Risk says what the score of a change is reckoned from, beyond the history.
type Risk struct {
	Incidents []string `yaml:"incidents"` // labels of issues that are incidents while they are open; none are asked for without
	Medium    int      `yaml:"medium"`    // from which score on; default 30
	High      int      `yaml:"high"`      // from which score on; default 60
}

func (r *Risk) validate(*Gate) *misfit { return nil }

// Migrations are files that change a database.
type Migrations struct {
	Paths []string `yaml:"paths"` // globs from the top of the repository
}

func (m *Migrations) validate(string) *misfit { return nil }
