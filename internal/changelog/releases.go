package changelog

import (
	"slices"

	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/semver"
)

// parted gives each release its commits, in the order of the history. The one that is asked for has
// all since its predecessor, as without the others. Of those before, which come highest first, each
// has what no lower one has, so that a commit stands in one section. It takes
// time in proportion to commits and releases.
func parted(g commit.Graph, asked release, since string, before []semver.Release) []release {
	const nobody = -1
	owner := make([]int, len(g.Commits))
	for i := range owner {
		owner[i] = nobody
	}
	seen := make([]bool, len(g.Commits))
	sizes, owned := make([]int, len(before)), 0
	for n := len(before) - 1; n >= 0; n-- {
		for _, i := range g.Reach(seen, before[n].SHA) {
			owner[i] = n
			sizes[n]++
			owned++
		}
	}
	previous := predecessors(g, before)
	room := make([]commit.Commit, 0, owned)
	releases := make([]release, 1, len(before)+1)
	for n, r := range before {
		one := release{version: r.Version, tag: r.Name, tip: r.SHA, counts: asked.counts, commits: room[:0:sizes[n]]}
		room = room[sizes[n]:sizes[n]]
		if at := previous[n]; at < len(before) {
			one.previous = before[at].Name
		}
		if i, ok := g.Find(r.SHA); ok {
			one.date = g.Commits[i].Time
		}
		releases = append(releases, one)
	}
	clear(seen)
	g.Reach(seen, since)
	ours := make([]bool, len(g.Commits))
	for _, i := range g.Reach(seen, asked.tip) {
		ours[i] = true
	}
	for i, c := range g.Commits {
		if ours[i] {
			asked.commits = append(asked.commits, c)
		}
		if owner[i] != nobody {
			r := &releases[owner[i]+1]
			r.commits = append(r.commits, c)
		}
	}
	releases[0] = asked
	return releases
}

// predecessors are the releases that each of those before came after: the highest one below it that it
// holds, as a hotfix of an older line may be lower and not part of it. Len(before) stands for none. What
// holds a higher one was tagged out of order, and comes after the next lower one.
func predecessors(g commit.Graph, before []semver.Release) []int {
	none := len(before)
	at := make(map[int][]int, none) // releases by commit, highest first
	for n, r := range before {
		if i, ok := g.Find(r.SHA); ok {
			at[i] = append(at[i], n)
		}
	}
	previous := make([]int, none)
	highest := make([]int, len(g.Commits)) // release that a commit holds
	for i, c := range slices.Backward(g.Commits) {
		held := none
		for _, parent := range c.Parents {
			if p, ok := g.Find(parent); ok {
				held = min(held, highest[p])
			}
		}
		for _, n := range slices.Backward(at[i]) {
			if previous[n] = held; held < n {
				previous[n] = n + 1
			}
			held = min(held, n)
		}
		highest[i] = held
	}
	return previous
}
