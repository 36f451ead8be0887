// Package change turns the commits of a release into its changes: what each message says, which
// commits bring the same change, and which undo each other. No commit is dropped: one that does not
// count says why. It does no I/O.
package change

import (
	"slices"

	"github.com/slipway-actions/slipway/internal/commit"
)

// Change is one change as a commit brings it. A commit brings several where its message lists them.
type Change struct {
	commit.Change                // what the message says of it
	Commit        *commit.Commit // the newest that brings it, one of those given
	Parsed        bool           // it has a conventional header, or undoes something
	State         State
	Other         string   // id of the commit because of which it does not count; "" where it counts, and where it Merges
	Also          []string // ids of further commits that bring the same
	Undoes        []string // ids of the commits among the given that it reverts; some may be so even where it counts
	Astray        []string // ids that it names but that are not among the given, where it was taken for a revert of what has its words
}

// State is whether a change counts, and if not, why.
type State int

// The states. Whatever is not Counts asks for no version and stands in no notes.
const (
	Counts   State = iota
	Merges         // a merge that says nothing of its own: what it merges counts
	Repeats        // the same change as Other's
	Reverted       // undone by Other, which is as unreleased, and may be a later line of the same list
	Reverts        // undoes Other, which is as unreleased
)

// Fresh tells whether a change is news to somebody who has all commits but those that are fresh, such
// as a user of the last pre-release. A change that counts is news where its commit is. One that
// Reverts is so too where it is fresh and takes back what the other has: a feature of rc.1 that is
// reverted asks for an rc.2, though neither counts for the version that both lead to.
func (c Change) Fresh(fresh func(id string) bool) bool {
	switch c.State {
	case Counts:
		return fresh(c.Commit.SHA)
	case Reverts:
		return fresh(c.Commit.SHA) && slices.ContainsFunc(c.Undoes, func(id string) bool { return !fresh(id) })
	}
	return false
}

// Options are what the messages alone do not tell.
type Options struct {
	Repository   string            // owner/name, for references such as "Reverts acme/shop#7"; may be empty
	SquashBodies bool              // read the commits that the body of a squash merge lists
	Types        []string          // in lower case: types that begin a message in a list or an override, besides the usual ones
	PatchIDs     map[string]string // by commit id, "" where it has none; nil where nobody asked
	Released     []string          // ids out of Astray and PickedBefore, as written there, of commits that came before all the given
}

// Astray are the ids of all changes that went astray. They may be of commits that a rebase replaced, which
// the words then find rightly, or of released ones whose words somebody wrote again. Which they are the
// given commits do not show; once it is known, it goes into the options.
func Astray(changes []Change) []string {
	all := newSet[string]()
	for _, c := range changes {
		all.add(c.Astray...)
	}
	return all.all
}

// PickedBefore are the ids that commits say they were picked from, where those are none of the given; by the
// commit's own id. It leaves out commits whose changes do not matter, as they repeat others. What they are is for the whole history to tell, as with Astray.
func PickedBefore(changes []Change, given []commit.Commit) map[string]string {
	var picked map[string]string
	var g commit.Graph
	for _, c := range changes {
		if c.State != Counts && c.State != Reverted {
			continue
		}
		for _, id := range commit.Picks(c.Commit.Message) {
			if picked == nil {
				picked, g = map[string]string{}, commit.NewGraph(given)
			}
			if _, in := g.Find(id); !in {
				picked[c.Commit.SHA] = id
			}
		}
	}
	return picked
}

// Of reads the changes of commits, in their order. What a commit is to another is told by the whole
// history: whoever wants a part, such as the commits below a path, best takes it from the result.
// Where the commits' paths are given, a change repeats another of the same line only where it touched
// nothing else, so that no part misses it.
func Of(commits []commit.Commit, o Options) []Change {
	h := newHistory(commits) // history.go: who descends from whom, and which merge brought what
	r := read(h, o)          // reading.go: what each message says
	r.undo(o)                // undoing.go: what a revert says; past.go: what that can be; undo.go: which reverts stand
	r.nameReverts()          // undo.go: what those bring that undo nothing here
	r.attribute()            // reading.go: the number of the pull request whose merge brought a commit
	r.settleMerges()         // merges.go: which merges say nothing of their own
	r.unite(o)               // unite.go: which changes came more than once
	return r.inOrder()
}
