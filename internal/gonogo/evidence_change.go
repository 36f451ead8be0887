package gonogo

import (
	"context"
	"time"
)

// change is what differs between what was released last and the judged commit; for a pull request,
// between its target branch and its newest commit.
type change struct {
	Base    string          `json:"base,omitempty"`  // commit that was released last; "" where nothing was
	Since   string          `json:"since,omitempty"` // the tag or branch that base is known by
	Commits []changedCommit `json:"commits,omitempty"`
	Files   []changedFile   `json:"files,omitempty"`
	Problem problem         `json:"problem,omitzero"` // why it could not be read; all else is empty then
}

// changedCommit is one commit of a change, newest first.
type changedCommit struct {
	SHA        string    `json:"sha"`
	Subject    string    `json:"subject"`
	Author     string    `json:"author"` // name
	At         time.Time `json:"at"`
	New        bool      `json:"new,omitempty"`        // its author has no commit before base
	References []string  `json:"references,omitempty"` // work items that its message names, such as #12 or SHOP-34
}

// changedFile is one file of a change.
type changedFile struct {
	Path    string `json:"path"`
	Status  string `json:"status"`            // A added, M modified, D deleted
	Added   int    `json:"added,omitempty"`   // lines; 0 for a binary file
	Removed int    `json:"removed,omitempty"` // lines; 0 for a binary file
}

// change reads the change from the clone.
func (c collector) change(context.Context, evidence) change {
	return change{Problem: problem{What: "this release does not read the change yet"}}
}
