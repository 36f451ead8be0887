package change

import (
	"slices"
	"strings"
)

// settleMerges finds the merges that say nothing of their own. The title of a pull request does not,
// where a commit of it says as much; a header that somebody wrote for the merge itself counts.
func (r *reading) settleMerges() {
	branches := r.branches()
	for rank := len(r.order) - 1; rank >= 0; rank-- {
		if !r.commit(rank).Merge() {
			continue
		}
		for at := r.first[rank]; at < r.first[rank+1]; at++ {
			c := &r.changes[at]
			switch {
			case c.State != Counts || len(c.Undoes) > 0:
			case !c.Parsed && !c.Breaking:
				c.State = Merges
			case !c.Parsed || r.titled[rank]:
				if r.saidBelow(branches, rank, c) {
					c.State = Merges
				}
			}
		}
	}
}

// branches are, by rank, the commits that a merge brought into its line, without those that a merge
// among them brought.
func (r *reading) branches() map[int][]int {
	branches := map[int][]int{}
	for rank, merge := range r.via {
		if merge >= 0 {
			branches[merge] = append(branches[merge], rank)
		}
	}
	return branches
}

// furthest is how many commits of a branch are asked whether they say what their merge says.
const furthest = 1000

// saidBelow tells whether a commit that a merge brought says what the merge says: for a header of its
// title a change of the same type, which breaks where the title does; for a footer the same footer. A
// change of the same words repeats it, which is not decided here.
func (r *reading) saidBelow(branches map[int][]int, merge int, said *Change) bool {
	found := false
	brought := slices.Clone(branches[merge])
	for i := 0; i < len(brought) && i < furthest; i++ {
		rank := brought[i]
		if len(brought) < furthest {
			brought = append(brought, branches[rank]...)
		}
		for at := r.first[rank]; at < r.first[rank+1]; at++ {
			c := &r.changes[at]
			switch {
			case c.State != Counts:
			case said.Parsed && sameWords(c.Change, said.Change):
				return false
			case said.Parsed && c.Type == said.Type && (c.Breaking || !said.Breaking),
				!said.Parsed && c.Breaking && strings.Contains(c.Migration, said.Migration):
				found = true
			}
		}
	}
	return found
}
