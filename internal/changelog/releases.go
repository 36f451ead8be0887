package changelog

import (
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
	room := make([]commit.Commit, 0, owned)
	releases := make([]release, 1, len(before)+1)
	for n, r := range before {
		one := release{version: r.Version, tag: r.Name, tip: r.SHA, counts: asked.counts, commits: room[:0:sizes[n]]}
		room = room[sizes[n]:sizes[n]]
		if n+1 < len(before) {
			one.previous = before[n+1].Name
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
