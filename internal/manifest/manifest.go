// Package manifest is what is known of a tree's manifests and lockfiles: which there are, what they
// hold, and which could not be read. It does no I/O.
package manifest

import "github.com/slipway-actions/slipway/internal/osv"

// Tree is what a folder and those below it hold.
type Tree struct {
	Manifests []File   // by path
	Passed    []Passed // folders that were not entered, by path
}

// State says what became of a manifest.
type State string

// The states. Only Scanned has packages. Missing is known before anything is read, Broken after.
const (
	Scanned State = "scanned"
	Missing State = "not scanned" // no lockfile, a form that cannot be read, a link, too large
	Broken  State = "broken"      // it is there and cannot be read
)

// File is a manifest: a file that says which packages are used.
type File struct {
	Path     string // slash-separated, relative to the workspace
	State    State
	Reason   string // why it is not scanned, or what a scanned one leaves open; may be empty
	Next     string // what to do about Reason
	Packages []Entry
}

// Entry is a package where a manifest names it.
type Entry struct {
	osv.Package
	Line int // from 1; 0 where the format does not tell
}

// Passed is a folder that was not entered.
type Passed struct{ Path, Reason string }

// Coverage is how many of all manifests were scanned, in whole percent, rounded down.
func (t Tree) Coverage() int {
	if len(t.Manifests) == 0 {
		return 0
	}
	return 100 * t.Scanned() / len(t.Manifests)
}

// Scanned is how many manifests were scanned.
func (t Tree) Scanned() int {
	n := 0
	for _, m := range t.Manifests {
		if m.State == Scanned {
			n++
		}
	}
	return n
}
