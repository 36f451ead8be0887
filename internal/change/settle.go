package change

import (
	"slices"
	"strings"
)

// nameReverts says what reverts bring that undo nothing among the given commits: taking back what is
// released is a change of the type "revert". Bringing back what was taken back is that change again,
// for what it adds or breaks it does so now.
func (r *reading) nameReverts() {
	for at, u := range r.undoing {
		c := &r.changes[at]
		if c.State != Counts || u.whole || u.aside || u.loose || c.Commit.Merge() && !c.Parsed {
			continue
		}
		switch {
		case u.depth == 0 && !c.Parsed:
			c.Type, c.Parsed = "revert", true
		case u.depth > 0 && u.depth%2 == 0:
			c.Type, c.Scope, c.Parsed = u.quoted.Type, u.quoted.Scope, u.typed
			c.Description, c.Breaking = u.quoted.Description, c.Breaking || u.quoted.Breaking
		case u.depth > 0:
			if u.typed || c.Type == "" {
				c.Description = `revert "` + u.quoted.Description + `"`
			}
			if c.Scope == "" {
				c.Scope = u.quoted.Scope
			}
			if u.number != "" && u.number != c.Pull && !slices.Contains(c.Mentions, u.number) {
				c.Mentions = append(slices.Clip(c.Mentions), u.number)
			}
			c.Type, c.Parsed = "revert", true
		}
	}
}

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
			case !c.Parsed || r.wholes[rank].titled:
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
	brought := branches[merge]
	for i := 0; i < len(brought) && i < furthest; i++ {
		rank := brought[i]
		if r.commit(rank).Merge() && len(brought) < furthest {
			brought = append(brought[:len(brought):len(brought)], branches[rank]...)
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
