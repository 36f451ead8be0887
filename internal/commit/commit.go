// Package commit reads commit messages as Conventional Commits 1.0.0: the header strictly, any
// body tolerantly, so that nothing people write can hide a change. It does no I/O.
package commit

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Commit is one commit of a history. Its texts are valid UTF-8: what was none is replaced.
type Commit struct {
	SHA      string
	Parents  []string // full ids; more than one for a merge
	Author   string   // name
	Email    string   // of the author
	Authored time.Time
	Time     time.Time // of the commit, not of its authoring
	Message  string
	Paths    []string // files it touches, from the top, for a merge against its first parent; nil where nobody asked
}

// Merge tells whether it joins histories.
func (c Commit) Merge() bool { return len(c.Parents) > 1 }

// Subject is the first line of the message that holds something.
func (c Commit) Subject() string { return Subject(c.Message) }

// Subject is the first line of a message that holds something.
func Subject(message string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(message), "\n")
	return strings.TrimSpace(line)
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

// Values are the values of a footer, whose token may be written in any case.
func (c Change) Values(token string) []string {
	var values []string
	for _, f := range c.Footers {
		if strings.EqualFold(f.Token, token) {
			values = append(values, f.Value)
		}
	}
	return values
}

// advisory is the id of a published vulnerability.
var advisory = regexp.MustCompile(`(?i)\b(CVE-\d{4}-\d{4,}|GHSA(-[23456789cfghjmpqrvwx]{4}){3})\b`)

// Advisories are the ids of vulnerabilities that a text names: CVE in upper case, GHSA with lower
// case behind it, each once.
func Advisories(text string) []string {
	var ids []string
	for _, id := range advisory.FindAllString(text, -1) {
		id = strings.ToUpper(id)
		if rest, ok := strings.CutPrefix(id, "GHSA"); ok {
			id = "GHSA" + strings.ToLower(rest)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// header is rule 1 to 5 and 13 of the specification: type, optional scope, optional "!", colon,
// space, description. Types are nouns, so letters first; rule 15 makes case irrelevant.
var header = regexp.MustCompile(`^(\pL[\pL\pM\pN_-]*)(?:\(([^()\r\n]*)\))?(!)?: +(\S.*)$`)

// pull is the reference that a squash merge leaves behind the subject.
var pull = regexp.MustCompile(`^(.*\S)\s*\(#(\d+)\)$`)

// footer is rule 8 to 10: a token with hyphens for blanks, then ": " or " #", then a value,
// which may begin on the next line. BREAKING CHANGE is the one token with a blank, must be upper
// case and have a colon (rules 12, 15 and 16); a blank that was forgotten behind it hides nothing.
var footer = regexp.MustCompile(`^(?:(BREAKING[ -]CHANGE):|([A-Za-z][A-Za-z0-9-]*)(?::(?: |$)| #))(.*)$`)

// Parse reads a message. ok is false where its header is no conventional one; Change then holds
// the subject as Description and a breaking footer still counts.
func Parse(message string) (c Change, ok bool) {
	message = strings.TrimLeft(strings.ReplaceAll(message, "\r\n", "\n"), "\ufeff\n \t")
	subject, body, _ := strings.Cut(message, "\n")
	subject = strings.TrimSpace(subject)
	c.Description = subject
	if m := footer.FindStringSubmatch(subject); m != nil && m[1] != "" { // all there is is a footer
		body = message
	} else if m := header.FindStringSubmatch(subject); m != nil {
		ok = true
		c.Type, c.Scope, c.Breaking, c.Description = strings.ToLower(m[1]), strings.TrimSpace(m[2]), m[3] == "!", m[4]
	}
	if strings.HasSuffix(c.Description, ")") { // most have none, and the expression is slow to say so
		if m := pull.FindStringSubmatch(c.Description); m != nil {
			c.Description, c.Pull = m[1], m[2]
		}
	}
	c.Footers = footers(body)
	var migration []string
	for _, f := range c.Footers {
		if breaking(f.Token) {
			c.Breaking = true
			migration = append(migration, f.Value)
		}
	}
	c.Migration = strings.TrimSpace(strings.Join(migration, "\n\n"))
	return c, ok
}

// footers reads trailers wherever a paragraph begins with one, and the breaking ones at the start
// of any line, for people write them above other text. A value goes on until the next trailer;
// an ordinary one ends with its paragraph as well.
func footers(body string) []Footer {
	var found []Footer
	var value []string // lines of the last one
	finish := func() {
		if len(found) > 0 {
			found[len(found)-1].Value = strings.TrimSpace(strings.Join(value, "\n"))
		}
	}
	open, paragraphStart := false, true
	for line := range strings.Lines(body) {
		line = strings.TrimRight(line, "\n \t")
		m := footer.FindStringSubmatch(line)
		if m != nil && breaking(m[2]) { // " #" behind it is prose
			m = nil
		}
		switch {
		case line == "":
			open = open && breaking(found[len(found)-1].Token)
		case m != nil && (paragraphStart || open || m[1] != ""):
			finish()
			found, value, open = append(found, Footer{Token: m[1] + m[2]}), nil, true
			line = m[3]
		}
		if open {
			value = append(value, line)
		}
		paragraphStart = line == "" && m == nil
	}
	finish()
	return found
}

func breaking(token string) bool { return token == "BREAKING CHANGE" || token == "BREAKING-CHANGE" }
