// Package commit reads commit messages as Conventional Commits 1.0.0: the header strictly, any
// body tolerantly, so that nothing people write can hide a change. It does no I/O.
package commit

import (
	"strings"
	"time"
)

// Commit is one commit of a history. Its texts are valid UTF-8: what was none is replaced.
type Commit struct {
	SHA     string
	Parents []string  // full ids; more than one for a merge
	Author  string    // name
	Email   string    // of the author
	Time    time.Time // of the commit, not of its authoring
	Message string
	Paths   []string // files it touches, from the top, for a merge against its first parent; nil where nobody asked
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

// Short is as much of a commit's id as people read.
func Short(id string) string { return id[:min(len(id), 7)] }
