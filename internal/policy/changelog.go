package policy

// Changelog says how notes are arranged.
type Changelog struct {
	Sections  []Section           `yaml:"sections"`
	Audiences map[string]Audience `yaml:"audiences"`
}

// Section is a heading and the commit types under it.
type Section struct {
	Title string   `yaml:"title"`
	Types []string `yaml:"types"`
}

// Audience is what one kind of reader is spared.
type Audience struct {
	HideScopes []string `yaml:"hide-scopes"`
	HideTypes  []string `yaml:"hide-types"`
}

// fillDefaults takes the headings of https://keepachangelog.com/en/1.1.0/.
func (c *Changelog) fillDefaults() {
	if c.Sections == nil {
		c.Sections = []Section{
			{Title: "Added", Types: []string{"feat"}},
			{Title: "Changed", Types: []string{"perf", "revert"}},
			{Title: "Fixed", Types: []string{"fix"}},
		}
	}
}
