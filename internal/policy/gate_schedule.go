package policy

// Windows are when a deployment may happen.
type Windows struct {
	Deploy *DeployWindow `yaml:"deploy"`
	Freeze []Freeze      `yaml:"freeze"`
}

// DeployWindow is days of the week and hours in the policy's time zone.
type DeployWindow struct {
	Days []string `yaml:"days"`
	From string   `yaml:"from"`
	To   string   `yaml:"to"`
	When string   `yaml:"when"` // an expression; empty is always
}

// Freeze is a time without deployments.
type Freeze struct {
	From     Date     `yaml:"from"`
	To       Date     `yaml:"to"` // the last day of it
	Reason   string   `yaml:"reason"`
	Calendar string   `yaml:"calendar"`
	Holidays []string `yaml:"holidays"`
	When     string   `yaml:"when"` // an expression; empty is always
}

func (w *Windows) validate(*Gate) *misfit { return nil }

// Coverage is people on call.
type Coverage struct {
	Calendar string   `yaml:"calendar"`
	Primary  int      `yaml:"primary"`
	Backup   int      `yaml:"backup"`
	For      Duration `yaml:"for"`
}

func (c *Coverage) validate(string) *misfit { return nil }
