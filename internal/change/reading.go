package change

import (
	"slices"

	"github.com/slipway-actions/slipway/internal/commit"
)

// reading is what a history's messages say, while it is worked out what counts. Changes are known by
// their place in it; they are sorted by the rank of their commits, and as a message lists them.
type reading struct {
	*history
	changes  []Change
	rank     []int            // by change
	first    []int            // by rank, its first change; one more at the end
	wholes   []wording        // by rank, what the whole message says
	carriers []int            // by rank, the innermost merge of a pull request that brought it; -1 for none
	undoing  map[int]*undoing // by change, of those that revert something
}

// wording is a message's own header, whatever it may stand for.
type wording struct {
	commit.Change
	parsed bool
	titled bool // the header is the title of the pull request that the merge brings
}

func read(h *history, o Options) *reading {
	n := len(h.order)
	r := &reading{
		history: h, changes: make([]Change, 0, n), rank: make([]int, 0, n), first: make([]int, 0, n+1), wholes: make([]wording, 0, n),
		undoing: map[int]*undoing{},
	}
	for rank := range n {
		c := h.commit(rank)
		r.first = append(r.first, len(r.changes))
		said, ok := commit.Parse(c.Message)
		whole := wording{Change: said, parsed: ok}
		if c.Merge() {
			_, whole.titled = commit.ReadMerge(c.Message)
			whole.titled = whole.titled && ok
		}
		r.wholes = append(r.wholes, whole)
		parts := commit.Several(c.Message, o.SquashBodies && !c.Merge(), o.Types)
		if parts == nil {
			r.add(rank, said, ok, c.Message, o)
		}
		for i, part := range parts {
			r.addPart(rank, part, i == 0, whole, o)
		}
		if len(r.changes) == r.first[rank] { // all its parts were nothing
			r.add(rank, said, ok, c.Message, o)
		}
	}
	r.first = append(r.first, len(r.changes))
	r.carriers = make([]int, n)
	for rank, merge := range h.via {
		switch {
		case merge >= 0 && r.wholes[merge].Pull == "":
			r.carriers[rank] = r.carriers[merge]
		default:
			r.carriers[rank] = merge
		}
	}
	return r
}

// add takes up one change of a commit.
func (r *reading) add(rank int, said commit.Change, parsed bool, message string, o Options) {
	if u := readUndoing(message, said, parsed, o.Repository); u != nil {
		r.undoing[len(r.changes)] = u
	}
	r.changes = append(r.changes, Change{Change: said, Commit: *r.commit(rank), Parsed: parsed})
	r.rank = append(r.rank, rank)
}

// addPart takes up one of the messages that a commit's message stands for. One that says the same as
// a former one becomes one with it.
func (r *reading) addPart(rank int, message string, head bool, whole wording, o Options) {
	said, ok := commit.Parse(message)
	if said.Pull == "" {
		said.Pull = whole.Pull
	}
	for at := r.first[rank]; at < len(r.changes); at++ {
		if former := &r.changes[at]; ok && former.Parsed && sameWords(former.Change, said) {
			absorb(&former.Change, said)
			if u, more := r.undoing[at], readUndoing(message, said, ok, o.Repository); u != nil && more != nil {
				u.merge(more)
			}
			return
		}
	}
	r.add(rank, said, ok, message, o)
	at := r.first[rank]
	if head || len(r.changes) != at+2 {
		return
	}
	// The title above a list of changes is none where it has no type.
	u := r.undoing[at+1]
	if title := r.changes[at]; !title.Parsed && !title.Breaking && r.undoing[at] == nil && (r.changes[at+1].Parsed || u != nil) {
		if u != nil {
			r.undoing[at] = u
			delete(r.undoing, at+1)
		}
		absorb(&r.changes[at+1].Change, commit.Change{Footers: title.Footers})
		r.changes[at] = r.changes[at+1]
		r.changes, r.rank = r.changes[:at+1], r.rank[:at+1]
	}
}

// sameWords tells whether two headers say the same, but for "!" and numbers.
func sameWords(a, b commit.Change) bool {
	return a.Type == b.Type && a.Scope == b.Scope && a.Description == b.Description
}

// absorb takes into one change what another says of the same: the stronger wins.
func absorb(c *commit.Change, other commit.Change) {
	c.Breaking = c.Breaking || other.Breaking
	switch {
	case c.Migration == "":
		c.Migration = other.Migration
	case other.Migration != "" && other.Migration != c.Migration:
		c.Migration += "\n\n" + other.Migration
	}
	if c.Pull == "" {
		c.Pull = other.Pull
	}
	c.Footers = slices.Clip(c.Footers)
	for _, f := range other.Footers {
		if !slices.Contains(c.Footers, f) {
			c.Footers = append(c.Footers, f)
		}
	}
	c.Mentions = slices.Clip(c.Mentions)
	for _, m := range other.Mentions {
		if m != c.Pull && !slices.Contains(c.Mentions, m) {
			c.Mentions = append(c.Mentions, m)
		}
	}
}

// attribute gives the commits that a pull request's merge brought its number where they name none.
func (r *reading) attribute() {
	for at := range r.changes {
		if c := &r.changes[at]; c.Pull == "" && !c.Commit.Merge() {
			if m := r.carriers[r.rank[at]]; m >= 0 {
				c.Pull = r.wholes[m].Pull
			}
		}
	}
}

// inOrder are the changes in the order in which their commits were given.
func (r *reading) inOrder() []Change {
	places := make([]int, len(r.order)) // ranks in the order given
	sorted := true
	for rank, at := range r.order {
		places[at] = rank
		sorted = sorted && at == rank
	}
	if sorted {
		return r.changes
	}
	changes := make([]Change, 0, len(r.changes))
	for _, rank := range places {
		changes = append(changes, r.changes[r.first[rank]:r.first[rank+1]]...)
	}
	return changes
}
