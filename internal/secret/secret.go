// Package secret is what is known of the secrets that a tree or its history gives away: where each
// is, and a name for it. It never holds the text of one, and does no I/O.
package secret

import (
	"cmp"
	"strings"
)

// Leak is a secret where it can be read. No field of it holds the secret's text, so that it can go
// into logs, reports and files.
type Leak struct {
	Rule        string // that found it, as the rules name it
	Description string // what the rule says it is
	File        string // slash-separated, relative to the workspace
	Line        int    // where what gives it away begins, from 1; 0 where the file as a whole is the secret
	EndLine     int    // where that ends; 0 with Line
	Column      int    // in characters, from 1; 0 with Line
	Commit      string // full id of the one that added it; "" for the working tree
	Fingerprint string // see the function of that name
}

// Compare orders leaks by place, and at one place by what they are.
func (l Leak) Compare(m Leak) int {
	return cmp.Or(
		strings.Compare(l.File, m.File), cmp.Compare(l.Line, m.Line), cmp.Compare(l.Column, m.Column), cmp.Compare(l.EndLine, m.EndLine),
		strings.Compare(l.Rule, m.Rule), strings.Compare(l.Fingerprint, m.Fingerprint), strings.Compare(l.Commit, m.Commit),
	)
}

// Skipped is a file or folder that was not searched, and why.
type Skipped struct{ Path, Reason string }

// Compare orders by path.
func (s Skipped) Compare(t Skipped) int {
	return cmp.Or(strings.Compare(s.Path, t.Path), strings.Compare(s.Reason, t.Reason))
}
