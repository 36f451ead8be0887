// Package inventory finds the manifests of a tree and the packages they hold. It walks the tree
// itself, takes every manifest it knows by name into account, and tells which of them could not be
// read: what is not scanned must not look as if it were safe. It reads files and writes none, and
// never leaves the tree.
package inventory

import "time"

// sizeLimit is the most bytes a manifest may have.
const sizeLimit = 200 << 20

// parseTime is the longest that all lockfiles of a tree take together.
const parseTime = 5 * time.Minute

// The most entries of a tree that are looked at, and the most manifests read. Past either the tree
// is not judged at all.
const (
	entryLimit    = 2_000_000
	manifestLimit = 5_000
)
