package commit

// Graph is how some commits descend from each other. Commits outside of it count as not there.
type Graph struct {
	Commits []Commit // in the order given
	at      map[string]int
}

// NewGraph reads the parents of commits, whatever their order.
func NewGraph(commits []Commit) Graph {
	g := Graph{Commits: commits, at: make(map[string]int, len(commits))}
	for i, c := range commits {
		g.at[c.SHA] = i
	}
	return g
}

// Find is the place of a commit in Commits; ok is false where it is not among them.
func (g Graph) Find(sha string) (at int, ok bool) {
	at, ok = g.at[sha]
	return at, ok
}

// Reach marks in seen, which is as long as Commits, all that the given commits reach, themselves
// included, and returns the places that were not marked before. It takes time in proportion to those.
func (g Graph) Reach(seen []bool, shas ...string) []int {
	var found []int
	visit := func(sha string) {
		if i, ok := g.at[sha]; ok && !seen[i] {
			seen[i] = true
			found = append(found, i)
		}
	}
	for _, sha := range shas {
		visit(sha)
	}
	for next := 0; next < len(found); next++ {
		for _, parent := range g.Commits[found[next]].Parents {
			visit(parent)
		}
	}
	return found
}
