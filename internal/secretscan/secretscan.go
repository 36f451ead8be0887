// Package secretscan finds secrets in the files of a tree and in the lines that commits add, with the
// rules of gitleaks. It reads files, never leaves the tree, and prints nothing.
//
// Of gitleaks it takes the rules and the decoders. The search is its own: that of the library logs
// what it finds, reads a file whole where it should not, and costs the program an archive reader and
// a template engine. The same text gives the same findings as the command does, but for this: nothing
// in the tree, in a comment or in the environment switches a rule off. What a secret's text is leaves
// this package as a fingerprint alone.
package secretscan

import (
	"github.com/slipway-actions/slipway/internal/secret"
)

// What is looked at, at most.
const (
	sizeLimit  = 100 << 20 // bytes of one file; a larger text is named, not searched
	entryLimit = 2_000_000 // entries of a tree; past them it is not judged at all
	fileLeaks  = 1_000     // leaks of one file; past them the file is named as well
	leakLimit  = 20_000    // leaks in all; past them it is an error
	depth      = 5         // how often what was decoded is decoded again, as the command does
)

// Scanner searches with the rules that the program was built with. It has no settings, so that there
// is nothing that a change under test could set. Its rules are compiled on first use.
type Scanner struct{}

// New is a scanner.
func New() *Scanner { return &Scanner{} }

// Result is what a search found, and what it did not look at. Lists are sorted, without doubles.
type Result struct {
	Leaks   []secret.Leak
	Files   int              // that were searched to their end; of commits, each time a commit changes one
	Bytes   int64            // of those files, or lines
	Skipped []secret.Skipped // what should have been searched and was not
	Passed  []secret.Skipped // folders that need not be entered
	Allowed int              // files that the rules leave out by their path, such as lockfiles and images
	Binary  int              // files that hold no text
}
