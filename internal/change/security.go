package change

import (
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/commit"
)

// mends are the footers that say what a change mends.
var mends = []string{"Fixes", "Fix", "Fixed", "Closes", "Resolves", "CVE", "GHSA", "Advisory"}

// inert are the types that mend nothing for whoever runs the software, whatever their text mentions.
var inert = []string{"docs", "doc", "test", "tests", "ci", "style", "revert"}

// mending is a line that says that an advisory is done with, which one that only compares does not.
var mending = regexp.MustCompile(`(?i)\b(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?|address(?:es|ed)?|mitigate[sd]?|patch(?:es|ed)?|prevents?)\b.*\b(?:CVE|GHSA)-`)

// Mends says how a change shows that it mends a vulnerability, such as "fixes CVE-2026-12345", and is ""
// where it does not. An advisory that is only mentioned in a body is prose.
func (c Change) Mends() string {
	for _, f := range c.Footers {
		if f.Value != "" && (strings.EqualFold(f.Token, "Security") || strings.EqualFold(f.Token, "Security-fix")) {
			return "has a footer " + f.Token
		}
		if slices.ContainsFunc(mends, func(token string) bool { return strings.EqualFold(f.Token, token) }) {
			for _, text := range []string{f.Value, f.Token + "-" + f.Value} { // CVE: 2026-12345
				if ids := commit.Advisories(text); len(ids) > 0 {
					return "fixes " + ids[0]
				}
			}
		}
	}
	switch {
	case c.Type == "security":
		return "is of the type security"
	case slices.Contains(inert, c.Type):
		return ""
	}
	if ids := commit.Advisories(c.Description); len(ids) > 0 {
		return "names " + ids[0]
	}
	if ids := commit.Advisories(c.Commit.Message); c.Type == "fix" && len(ids) > 0 && mending.MatchString(c.Commit.Message) {
		return "fixes " + ids[0]
	}
	if c.Type == "fix" && strings.EqualFold(c.Scope, "security") {
		return "is of the scope security"
	}
	return ""
}
