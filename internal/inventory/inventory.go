// Package inventory finds the manifests of a tree and the packages they hold. It walks the tree
// itself, takes every manifest it knows by name into account, and tells which of them could not be
// read: what is not scanned must not look as if it were safe. It reads files, writes copies of
// them to a temporary folder, and never leaves the tree.
package inventory

import (
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
)

// Inventory is what a tree holds.
type Inventory struct {
	Manifests []Manifest // by path
	Passed    []Passed   // folders that were not entered, by path
}

// State says what became of a manifest.
type State string

// The states. Only Scanned has packages. Missing is known before anything is read, Broken after.
const (
	Scanned State = "scanned"
	Missing State = "not scanned" // no lockfile, a form that cannot be read, a link, too large
	Broken  State = "broken"      // it is there and cannot be read
)

// Manifest is a file that says which packages are used.
type Manifest struct {
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
func (i Inventory) Coverage() int {
	if len(i.Manifests) == 0 {
		return 0
	}
	scanned := 0
	for _, m := range i.Manifests {
		if m.State == Scanned {
			scanned++
		}
	}
	return 100 * scanned / len(i.Manifests)
}

// size is the most bytes a manifest may have.
const size = 200 << 20

// parseTime is the longest that all lockfiles of a tree take together.
const parseTime = 5 * time.Minute

// The most entries of a tree that are looked at, and the most manifests read. Past either the tree
// is not judged at all.
const (
	entryLimit    = 2_000_000
	manifestLimit = 5_000
)
