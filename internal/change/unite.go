package change

import (
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/commit"
)

// groups are changes that are one; each change knows one of its group that stands for more.
type groups []int

func (g groups) of(at int) int {
	for g[at] != at {
		g[at] = g[g[at]]
		at = g[at]
	}
	return at
}

func (g groups) join(a, b int) { g[g.of(a)] = g.of(b) }

// unite finds the changes that came in more than one commit, and lets one of each count.
func (r *reading) unite(o Options) {
	var counting []int // newest first
	for at := range r.changes {
		if r.changes[at].State == Counts {
			counting = append(counting, at)
		}
	}
	g := make(groups, len(r.changes))
	for at := range g {
		g[at] = at
	}
	r.uniteWords(g, counting)
	r.uniteFixups(g, counting)
	var alone []int // changes that are all of their commit: what is said of the commit is said of them
	for _, at := range counting {
		if rank := r.rank[at]; r.first[rank]+1 == r.first[rank+1] {
			alone = append(alone, at)
		}
	}
	r.unitePulls(g, alone)
	r.unitePicks(g, alone)
	r.unitePatches(g, alone, o.PatchIDs)
	r.settleGroups(g, counting)
}

// uniteWords joins changes of the same words that do not name different pull requests. Of those
// without a type only what was made side by side is one, such as a pick; "wip" after "wip" is not.
func (r *reading) uniteWords(g groups, counting []int) {
	known := map[words][]int{} // of those with as many pull requests, the newest of each
	for _, at := range counting {
		c := r.changes[at]
		w := wordsOf(0, c.Change)
		former := known[w][max(0, len(known[w])-looks):]
		i := slices.IndexFunc(former, func(other int) bool {
			return !contradict(c.Change, r.changes[other].Change) && (c.Parsed || r.apart(r.rank[at], r.rank[other]))
		})
		if i < 0 {
			known[w] = append(known[w], at)
			continue
		}
		g.join(at, former[i])
		if r.changes[former[i]].Pull == "" {
			former[i] = at // from here on the group has a number
		}
	}
}

// uniteFixups joins what git commit --fixup left behind with the change that it is to be folded into.
func (r *reading) uniteFixups(g groups, counting []int) {
	waiting := map[words][]int{}
	for _, at := range counting {
		c := r.changes[at]
		w := wordsOf(0, c.Change)
		for _, fixup := range waiting[w] {
			g.join(fixup, at)
		}
		delete(waiting, w)
		if c.Parsed || !hasAny(c.Description, fixups...) {
			continue
		}
		description := c.Description
		for hasAny(description, fixups...) {
			_, description, _ = strings.Cut(description, "! ")
		}
		folded, _ := commit.Parse(description)
		waiting[wordsOf(0, folded)] = append(waiting[wordsOf(0, folded)], at)
	}
}

var fixups = []string{"fixup! ", "squash! ", "amend! "}

// unitePulls joins the commits of one pull request that were made side by side: its squash and its
// branch, or a port of it. In one line they are as many changes, for people write issues' numbers
// there; so are two that came in different pull requests.
func (r *reading) unitePulls(g groups, alone []int) {
	known := map[string][]int{}
	for _, at := range alone {
		pull := r.changes[at].Pull
		if pull == "" {
			continue
		}
		former := known[pull]
		for _, other := range former[max(0, len(former)-looks/2):] {
			if g.of(at) != g.of(other) && r.ofOnePull(at, other) && r.apart(r.rank[at], r.rank[other]) {
				g.join(at, other)
			}
		}
		known[pull] = append(former, at)
	}
}

// ofOnePull tells whether two changes with the same number can be one pull request's: one at least
// was written with it, and they did not come with the same merge, nor with merges of others.
func (r *reading) ofOnePull(a, b int) bool {
	ofA, ofB := r.carriers[r.rank[a]], r.carriers[r.rank[b]]
	if ofA >= 0 && ofA == ofB {
		return false
	}
	number := r.changes[a].Pull
	carries := func(merge int) bool { return merge >= 0 && r.wholes[merge].Pull == number }
	if ofA >= 0 && ofB >= 0 {
		return carries(ofA) != carries(ofB)
	}
	return true
}

// unitePicks joins what git cherry-pick -x made with what it was made from.
func (r *reading) unitePicks(g groups, alone []int) {
	var ids map[string]int
	for _, at := range alone {
		for _, picked := range commit.Picks(r.changes[at].Commit.Message) {
			if ids == nil {
				ids = make(map[string]int, len(alone))
				for _, at := range alone {
					ids[strings.ToLower(r.changes[at].Commit.SHA)] = at
				}
			}
			if original, ok := ids[picked]; ok {
				g.join(at, original)
			}
		}
	}
}

func (r *reading) unitePatches(g groups, alone []int, patches map[string]string) {
	if len(patches) == 0 {
		return
	}
	known := map[string]int{}
	for _, at := range alone {
		patch := patches[r.changes[at].Commit.SHA]
		if patch == "" {
			continue
		}
		if other, ok := known[patch]; ok {
			g.join(at, other)
		}
		known[patch] = at
	}
}

// settleGroups lets the strongest of each group count, which takes up what the others say.
func (r *reading) settleGroups(g groups, counting []int) {
	members := map[int][]int{}
	for _, at := range counting {
		if of := g.of(at); of != at || members[of] != nil {
			members[of] = append(members[of], at)
		}
	}
	for of, group := range members {
		if !slices.Contains(group, of) {
			group = append(group, of)
			slices.Sort(group)
		}
		best := group[0]
		for _, at := range group[1:] {
			if r.strength(at) > r.strength(best) {
				best = at
			}
		}
		c := &r.changes[best]
		for _, at := range group {
			other := &r.changes[at]
			if at == best || other.Commit.SHA == c.Commit.SHA {
				continue
			}
			other.State, other.Other = Repeats, c.Commit.SHA
			absorb(&c.Change, other.Change)
			if !slices.Contains(c.Also, other.Commit.SHA) {
				c.Also = append(c.Also, other.Commit.SHA)
			}
		}
	}
}

// strength sorts what says more of a change before what says less. Of the same strength is the newest.
func (r *reading) strength(at int) int {
	c := &r.changes[at]
	strength := 0
	switch {
	case c.Type == "feat":
		strength = 6
	case c.Type == "fix", c.Type == "perf", c.Type == "revert":
		strength = 4
	case c.Parsed:
		strength = 2
	case hasAny(c.Description, fixups...):
		return 0
	}
	if !c.Commit.Merge() {
		strength++ // what a merge repeats came in the commits that it merges
	}
	return strength
}
