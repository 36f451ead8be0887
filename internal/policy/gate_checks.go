package policy

import (
	"fmt"
	"strings"
)

// Checks are check runs and commit statuses that must have succeeded.
type Checks struct {
	Require []string `yaml:"require"` // names or globs; empty is all that exist, and at least one
	Skipped Passing  `yaml:"skipped"` // default pass
	Neutral Passing  `yaml:"neutral"` // default pass
}

func (c *Checks) validate(at string) *misfit {
	for i, name := range c.Require {
		if strings.TrimSpace(name) == "" {
			return misfitf(fmt.Sprintf("%s.require[%d]", at, i), "the name is empty")
		}
	}
	return nil
}
