package change

import "github.com/slipway-actions/slipway/internal/commit"

// history is how commits descend from each other. A commit is known by its rank, its place among the
// commits sorted so that none stands before its children.
type history struct {
	commits []commit.Commit
	order   []int   // by rank, the place in commits
	parents [][]int // by rank, the ranks of its parents; -1 for one outside
	line    []int   // by rank, which line of first parents it stands on
	via     []int   // by rank, the merge that brought its line into another one, the innermost; -1 for none

	stamp  int   // of the walk that goes on
	seen   []int // by rank, the last walk that came by
	budget int   // steps that walks may still take, so that no history makes them slow
}

func newHistory(commits []commit.Commit) *history {
	n := len(commits)
	h := &history{commits: commits, seen: make([]int, n), budget: 64*n + 1<<16}
	graph := commit.NewGraph(commits)
	rank := h.sort(graph)
	h.parents = make([][]int, n)
	total := 0
	for _, c := range commits {
		total += len(c.Parents)
	}
	all := make([]int, 0, total)
	for r, at := range h.order {
		start := len(all)
		for _, sha := range commits[at].Parents {
			parent := -1
			if p, ok := graph.Find(sha); ok && rank[p] > r { // a parent that is no older is none
				parent = rank[p]
			}
			all = append(all, parent)
		}
		h.parents[r] = all[start:len(all):len(all)]
	}
	h.findLines()
	return h
}

// sort fills order and returns its inverse. Commits that are in order already stay as they are.
func (h *history) sort(graph commit.Graph) []int {
	n := len(h.commits)
	children, sorted := make([]int, n), true
	for i, c := range h.commits {
		for _, sha := range c.Parents {
			if p, ok := graph.Find(sha); ok {
				children[p]++
				sorted = sorted && p > i
			}
		}
	}
	h.order = make([]int, 0, n)
	rank, placed := make([]int, n), make([]bool, n)
	place := func(i int) {
		rank[i], placed[i] = len(h.order), true
		h.order = append(h.order, i)
	}
	for i := range n {
		if sorted || children[i] == 0 {
			place(i)
		}
	}
	for next := 0; !sorted && next < len(h.order); next++ {
		for _, sha := range h.commits[h.order[next]].Parents {
			if p, ok := graph.Find(sha); ok && !placed[p] {
				if children[p]--; children[p] == 0 {
					place(p)
				}
			}
		}
	}
	for i := range n { // only a broken history has commits that descend from themselves
		if !placed[i] {
			place(i)
		}
	}
	return rank
}

// findLines follows first parents from the newest commit on, then from each merge's other parents,
// the oldest merge first, so that each line belongs to the merge that brought it first.
func (h *history) findLines() {
	n := len(h.order)
	h.line, h.via = make([]int, n), make([]int, n)
	type start struct{ rank, merge int }
	lines := 0
	for head := range n {
		stack := []start{{head, -1}}
		for len(stack) > 0 {
			s := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if s.rank < 0 || h.line[s.rank] > 0 {
				continue
			}
			lines++
			for r := s.rank; r >= 0 && h.line[r] == 0; {
				h.line[r], h.via[r] = lines, s.merge
				next := -1
				for i, parent := range h.parents[r] {
					if i == 0 {
						next = parent
					} else {
						stack = append(stack, start{parent, r})
					}
				}
				r = next
			}
		}
	}
}

// commit is the commit of a rank.
func (h *history) commit(r int) *commit.Commit { return &h.commits[h.order[r]] }

// brings tells whether a merge brought a commit into its line.
func (h *history) brings(merge, r int) bool {
	for ; r > merge && h.budget > 0; h.budget-- {
		if r = h.via[r]; r == merge {
			return true
		}
	}
	return false
}

// descends tells whether a commit has another one among its ancestors. Where finding that out takes
// too long, in a history made for it, the order decides.
func (h *history) descends(r, ancestor int) bool {
	if r >= ancestor {
		return false
	}
	for up := ancestor; up >= r && h.budget > 0; up = h.via[up] {
		if h.line[up] == h.line[r] {
			return true
		}
		h.budget--
	}
	h.stamp++
	queue := []int{r}
	for len(queue) > 0 {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if h.line[at] == h.line[ancestor] {
			return true // and at stands above it, for those below are passed over
		}
		if h.budget--; h.budget < 0 {
			return true
		}
		for _, parent := range h.parents[at] {
			if parent >= 0 && parent <= ancestor && h.seen[parent] != h.stamp {
				h.seen[parent] = h.stamp
				queue = append(queue, parent)
			}
		}
	}
	return false
}

// apart tells whether neither of two commits descends from the other.
func (h *history) apart(a, b int) bool {
	return a != b && !h.descends(min(a, b), max(a, b))
}
