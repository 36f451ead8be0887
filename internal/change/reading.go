package change

import (
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/commit"
)

// reading is what a history's messages say, while it is worked out what counts. Changes are known by
// their place in it; they are sorted by the rank of their commits, and as a message lists them.
type reading struct {
	*history
	changes  []Change
	rank     []int                 // by change
	first    []int                 // by rank, its first change; one more at the end
	wholes   map[int]commit.Change // by rank, what the message says that stands for others
	titled   map[int]bool          // by rank, the merges whose header is the title of a pull request
	carriers []int                 // by rank, the innermost merge of a pull request that brought it; -1 for none
	undoing  map[int]*undoing      // by change, of those that revert something
}

func read(h *history, o Options) *reading {
	n := len(h.order)
	r := &reading{
		history: h, changes: make([]Change, 0, n), rank: make([]int, 0, n), first: make([]int, 0, n+1),
		wholes: map[int]commit.Change{}, titled: map[int]bool{}, undoing: map[int]*undoing{},
	}
	for rank := range n {
		c := h.commit(rank)
		r.first = append(r.first, len(r.changes))
		said, ok := commit.Parse(c.Message)
		if parts := commit.Several(c.Message, o.SquashBodies && !c.Merge(), o.Types); parts != nil {
			r.wholes[rank] = said
			r.addParts(rank, parts, said.Pull, o)
		} else {
			r.add(rank, said, ok, c.Message, o)
			if c.Merge() && ok {
				_, r.titled[rank] = commit.ReadMerge(c.Message)
			}
		}
	}
	r.first = append(r.first, len(r.changes))
	r.carriers = make([]int, n)
	for rank, merge := range h.via {
		switch {
		case merge >= 0 && r.whole(merge).Pull == "":
			r.carriers[rank] = r.carriers[merge]
		default:
			r.carriers[rank] = merge
		}
	}
	return r
}

// whole is what a commit's own message says, whatever it may stand for.
func (r *reading) whole(rank int) *commit.Change {
	if c, ok := r.wholes[rank]; ok {
		return &c
	}
	return &r.changes[r.first[rank]].Change
}

// add takes up one change of a commit.
func (r *reading) add(rank int, said commit.Change, parsed bool, message string, o Options) {
	if u := readUndoing(message, said, parsed, o.Repository); u != nil {
		r.undoing[len(r.changes)] = u
	}
	r.changes = append(r.changes, Change{Change: said, Commit: r.commit(rank), Parsed: parsed})
	r.rank = append(r.rank, rank)
}

// addParts takes up the messages that a commit's message stands for. Those that say the same become
// one, and the title above the others is none of them where it has no type.
func (r *reading) addParts(rank int, parts []string, pull string, o Options) {
	known := map[words]int{}
	more := map[int][]commit.Change{}
	for i, message := range parts {
		said, ok := commit.Parse(message)
		if said.Pull == "" {
			said.Pull = pull
		}
		at, again := known[wordsOf(0, said)]
		title := i == 0 && !ok && !said.Breaking && len(parts) > 1 && readUndoing(message, said, ok, o.Repository) == nil
		switch {
		case title:
			more[len(r.changes)] = append(more[len(r.changes)], commit.Change{Footers: said.Footers})
		case ok && again:
			more[at] = append(more[at], said)
			if u := readUndoing(message, said, ok, o.Repository); u != nil && r.undoing[at] != nil {
				r.undoing[at].merge(u)
			}
		default:
			known[wordsOf(0, said)] = len(r.changes)
			r.add(rank, said, ok, message, o)
		}
	}
	for at, others := range more {
		absorb(&r.changes[at].Change, others...)
	}
}

// sameWords tells whether two headers say the same, but for "!" and numbers.
func sameWords(a, b commit.Change) bool {
	return a.Type == b.Type && a.Scope == b.Scope && a.Description == b.Description
}

// absorb takes into one change what others say of the same: the stronger wins.
func absorb(c *commit.Change, others ...commit.Change) {
	migrations, footers, mentions := newSet(c.Migration), newSet(c.Footers...), newSet(c.Mentions...)
	for _, other := range others {
		c.Breaking = c.Breaking || other.Breaking
		if c.Pull == "" {
			c.Pull = other.Pull
		}
		if other.Migration != "" {
			migrations.add(other.Migration)
		}
		footers.add(other.Footers...)
		mentions.add(other.Mentions...)
	}
	c.Migration = strings.TrimSpace(strings.Join(migrations.all, "\n\n"))
	c.Footers, c.Mentions = footers.all, mentions.all
}

// set holds each value once, in the order of their coming.
type set[T comparable] struct {
	all  []T
	seen map[T]bool
}

func newSet[T comparable](values ...T) *set[T] {
	s := &set[T]{all: slices.Clip(values), seen: map[T]bool{}}
	for _, v := range values {
		s.seen[v] = true
	}
	return s
}

func (s *set[T]) add(values ...T) {
	for _, v := range values {
		if !s.seen[v] {
			s.seen[v] = true
			s.all = append(s.all, v)
		}
	}
}

// attribute gives the commits that a pull request's merge brought its number where they name none.
func (r *reading) attribute() {
	for at := range r.changes {
		if c := &r.changes[at]; c.Pull == "" && !c.Commit.Merge() {
			if m := r.carriers[r.rank[at]]; m >= 0 {
				c.Pull = r.whole(m).Pull
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
