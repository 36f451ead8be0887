package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Changelog says how notes are arranged.
type Changelog struct {
	Sections  []Section           `yaml:"sections"`
	Audiences map[string]Audience `yaml:"audiences"` // by name: all, external, internal, support
}

// Section is a heading and the commit types under it.
type Section struct {
	Title string   `yaml:"title"`
	Types []string `yaml:"types"`
}

// Audience is what one kind of reader is spared. A list that is set takes the place of the default one.
type Audience struct {
	HideScopes []string `yaml:"hide-scopes"`
	HideTypes  []string `yaml:"hide-types"`
}

// The audiences that notes are written for.
const (
	All      = "all"
	External = "external" // who uses the software and does not know the repository
	Internal = "internal" // who works on it
	Support  = "support"  // who answers questions about it
)

// Audiences are the allowed names.
var Audiences = []string{All, External, Internal, Support}

// fillDefaults takes the headings of https://keepachangelog.com/en/1.1.0/.
func (c *Changelog) fillDefaults() {
	if c.Sections == nil {
		c.Sections = []Section{
			{Title: "Added", Types: []string{"feat"}},
			{Title: "Changed", Types: []string{"perf", "revert"}},
			{Title: "Fixed", Types: []string{"fix"}},
		}
	}
	external := c.Audiences[External]
	if external.HideScopes == nil {
		external.HideScopes = []string{"internal", "ci", "test", "tests", "deps-dev"}
	}
	if external.HideTypes == nil {
		external.HideTypes = []string{"build", "chore", "ci", "refactor", "style", "test"}
	}
	c.Audiences = maps.Clone(c.Audiences)
	if c.Audiences == nil {
		c.Audiences = map[string]Audience{}
	}
	c.Audiences[External] = external
}

func (c *Changelog) validate() *misfit {
	for i, s := range c.Sections {
		if strings.TrimSpace(s.Title) == "" {
			return misfitf(fmt.Sprintf("changelog.sections[%d]", i), "title is missing; it is the section's heading")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Audiences)) {
		if !slices.Contains(Audiences, name) {
			return misfitf(fmt.Sprintf("changelog.audiences.'%s'", name), "there is no such audience; allowed: %s", strings.Join(Audiences, ", "))
		}
	}
	return nil
}
