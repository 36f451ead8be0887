package policy

// Role is the people who may speak for it.
type Role struct {
	Users []string `yaml:"users"`
	Teams []string `yaml:"teams"` // organisation/team
}

// Approvals are the rules by type of change.
type Approvals struct {
	Standard     *ApprovalRule  `yaml:"standard"`
	Normal       *ApprovalRule  `yaml:"normal"`
	Emergency    *ApprovalRule  `yaml:"emergency"`
	Also         []AlsoApproval `yaml:"also"`
	SelfApproval bool           `yaml:"self-approval"`
}

// ApprovalRule asks for any or all of some roles.
type ApprovalRule struct {
	Any          []string `yaml:"any"`
	All          []string `yaml:"all"`
	ReviewWithin Duration `yaml:"review-within"`
}

// AlsoApproval asks for one more role under a condition.
type AlsoApproval struct {
	Role string `yaml:"role"`
	When string `yaml:"when"` // an expression
}

func (a *Approvals) validate(*Gate) *misfit { return nil }

// Waivers say who may set a criterion aside, how long, and which never.
type Waivers struct {
	Allow []string `yaml:"allow"`
	Max   Duration `yaml:"max"`
	Never []string `yaml:"never"`
}

func (w *Waivers) validate(*Gate) *misfit { return nil }

// Checklist is a list in Markdown of which every box must be ticked.
type Checklist struct {
	Path    string `yaml:"path"`    // of a file at the judged commit; empty is the change ticket
	Section string `yaml:"section"` // heading that the list stands under; empty is the whole text
	By      string `yaml:"by"`      // role that must have ticked the boxes of a ticket; empty is anybody
}

func (c *Checklist) validate(string, *Gate) *misfit { return nil }
