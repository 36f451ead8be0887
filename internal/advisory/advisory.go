// Package advisory asks a database of OSV records about packages: a folder of them, or a server
// that speaks the API of osv.dev. It does the I/O and says what it could not find out; judging is
// left to others. What fails is a Problem beside the answer, never an empty answer.
package advisory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
)

// Answer is what a database knows.
type Answer struct {
	Source     string // the database, for people
	Candidates map[osv.Package][]Candidate
	// Aliases are other records of the vulnerabilities that affect a package, by id in capitals:
	// those of GHSA and CVE, where the candidates give no score. They need not be about the package.
	Aliases  map[string]*osv.Record
	Sets     []Set     // what was read, by ecosystem
	Problems []Problem // what is not known, by ecosystem
}

// Candidate is a record about a package.
type Candidate struct {
	Record *osv.Record
	// Affects says that the database has found the version affected. Where it is false, that is
	// still to be judged.
	Affects bool
}

// Set is the data of one ecosystem.
type Set struct {
	Ecosystem string
	Records   int
	Newest    time.Time // when a record last changed; zero where the records do not tell
	AsOf      time.Time // when the data was published, by the word of a mirror; else zero
	// Digest is sha256:… of the files; for a server, of the records that it named. "" where some of
	// it could not be had.
	Digest string
	// Named says that only the records about the packages were seen, not all of the data. So Newest
	// says nothing of its age.
	Named bool
}

// Problem is a part of the answer that is missing.
type Problem struct {
	Ecosystem string // "" concerns all
	Text      string
	Next      string
}

// Database answers for packages, each of which is given once.
type Database interface {
	Ask(ctx context.Context, packages []osv.Package) Answer
}

// sorted puts an answer in an order that depends on its content alone.
func (a Answer) sorted() Answer {
	for _, candidates := range a.Candidates {
		slices.SortStableFunc(candidates, func(a, b Candidate) int { return cmp.Compare(a.Record.ID, b.Record.ID) })
	}
	slices.SortFunc(a.Sets, func(a, b Set) int { return cmp.Compare(a.Ecosystem, b.Ecosystem) })
	slices.SortFunc(a.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Ecosystem, b.Ecosystem), cmp.Compare(a.Text, b.Text))
	})
	return a
}
