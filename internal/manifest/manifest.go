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
	Line     int      // of its version, from 1; 0 where the format does not tell
	Relation Relation // how the project comes to it
	Through  []string // names on the shortest way to it, from a direct package to its parent; empty where direct or unknown
	Licenses []string // SPDX expressions that the manifest states, all of which hold; nil where it states none
	Layer    *Layer   // of a container image; nil elsewhere
}

// Relation is how a project comes to a package.
type Relation string

// The relations. A format that does not tell leaves it unknown.
const (
	UnknownRelation Relation = ""
	Direct          Relation = "direct"
	Transitive      Relation = "transitive"
)

// Layer is the part of a container image that brought a package.
type Layer struct {
	Index   int    // from 0, the bottom
	Digest  string // sha256:… of the uncompressed layer
	Command string // that made it, as the image's history states; may be empty
}

// Passed is a folder that was not entered.
type Passed struct{ Path, Reason string }

// Coverage is how many of all manifests were scanned, in whole percent; 100 only where all were.
func (t Tree) Coverage() int {
	all, scanned := len(t.Manifests), t.Scanned()
	switch {
	case all == 0:
		return 0
	case scanned == all:
		return 100
	}
	return min(99, (200*scanned+all)/(2*all))
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
