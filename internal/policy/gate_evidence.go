package policy

// Evidence is a result of another action, or any JSON file.
type Evidence struct {
	Action  string            `yaml:"action"`
	File    string            `yaml:"file"`
	MaxAge  Duration          `yaml:"max-age"` // 0 is no limit
	Require map[string]string `yaml:"require"`
}

func (e *Evidence) validate(at string) *misfit {
	if (e.Action == "") == (e.File == "") {
		return misfitf(at, "set either action or file")
	}
	return nil
}

// Document is a file with sections that are not empty.
type Document struct {
	Path     string   `yaml:"path"`
	Sections []string `yaml:"sections"`
	MaxAge   Duration `yaml:"max-age"`
}

func (d *Document) validate(string) *misfit { return nil }

// Issues must not be open.
type Issues struct {
	Labels    []string `yaml:"labels"`
	Milestone string   `yaml:"milestone"`
	Max       int      `yaml:"max"`
}

func (i *Issues) validate(string) *misfit { return nil }

// GateProbe is an endpoint that must answer.
type GateProbe struct {
	URL    string `yaml:"url"`
	Status int    `yaml:"status"`
}

func (p *GateProbe) validate(string) *misfit { return nil }

// Upstream is a repository whose release must be there first.
type Upstream struct {
	Repository string `yaml:"repository"`
	AtLeast    string `yaml:"at-least"`
}

func (u *Upstream) validate(string) *misfit { return nil }
