// Package commit reads commit messages as Conventional Commits 1.0.0: the header strictly, any
// body tolerantly, so that nothing people write can hide a change. It does no I/O.
package commit

import (
	"regexp"
	"strings"
)

// Commit is one commit of the range that is released.
type Commit struct {
	SHA     string
	Parents int
	Author  string
	Message string // valid UTF-8
}

// Change is what a message says in the terms of the specification.
type Change struct {
	Type        string // lower case
	Scope       string // as written, "" for none
	Description string
	Breaking    bool
	Migration   string   // text of the BREAKING CHANGE footers, "" for none
	Footers     []Footer // in order
	Pull        string   // number of the pull request, from a trailing (#12), "" for none
}

// Footer is one trailer; Token is as written.
type Footer struct{ Token, Value string }

// header is rule 1 to 5 and 13 of the specification: type, optional scope, optional "!", colon,
// space, description. Types are nouns, so letters first; rule 15 makes case irrelevant.
var header = regexp.MustCompile(`^([\pL][\pL\pN_-]*)(?:\(([^()\r\n]*)\))?(!)?: +(\S.*)$`)

// pull is the reference that a squash merge leaves behind the subject.
var pull = regexp.MustCompile(`^(.*\S)\s*\(#(\d+)\)$`)

// footer is rule 8 to 10: a token with hyphens for blanks, then ": " or " #", then a value,
// which may begin on the next line.
// BREAKING CHANGE is the one token with a blank, and must be upper case (rules 15 and 16).
var footer = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9-]*|BREAKING CHANGE)(?::(?: |$)| #)(.*)$`)

// Parse reads a message. ok is false where its header is no conventional one; Change then holds
// the subject as Description and a breaking footer still counts.
func Parse(message string) (c Change, ok bool) {
	message = strings.ReplaceAll(message, "\r\n", "\n")
	subject, body, _ := strings.Cut(strings.TrimLeft(message, "\n \t"), "\n")
	subject = strings.TrimSpace(subject)
	c.Description = subject
	if m := header.FindStringSubmatch(subject); m != nil {
		ok = true
		c.Type, c.Scope, c.Breaking, c.Description = strings.ToLower(m[1]), strings.TrimSpace(m[2]), m[3] == "!", m[4]
	}
	if m := pull.FindStringSubmatch(c.Description); m != nil {
		c.Description, c.Pull = m[1], m[2]
	}
	c.Footers = footers(body)
	for _, f := range c.Footers {
		if f.Token == "BREAKING CHANGE" || f.Token == "BREAKING-CHANGE" {
			c.Breaking = true
			c.Migration = strings.TrimSpace(c.Migration + "\n\n" + f.Value)
		}
	}
	return c, ok
}

// footers reads trailers wherever a paragraph begins with one, and the breaking ones at the start
// of any line, for people write them above other text. A value goes on until the next trailer;
// an ordinary one ends with its paragraph as well.
func footers(body string) []Footer {
	var found []Footer
	open, paragraphStart := false, true
	for line := range strings.Lines(body) {
		line = strings.TrimRight(line, "\n \t")
		m := footer.FindStringSubmatch(line)
		switch {
		case line == "":
			paragraphStart = true
			if open && breaking(found[len(found)-1].Token) {
				found[len(found)-1].Value += "\n"
			} else {
				open = false
			}
			continue
		case m != nil && (paragraphStart || open || breaking(m[1])):
			found = append(found, Footer{m[1], m[2]})
			open = true
		case open:
			found[len(found)-1].Value += "\n" + line
		}
		paragraphStart = false
	}
	for i := range found {
		found[i].Value = strings.TrimSpace(found[i].Value)
	}
	return found
}

func breaking(token string) bool { return token == "BREAKING CHANGE" || token == "BREAKING-CHANGE" }
