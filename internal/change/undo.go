package change

import (
	"cmp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/commit"
)

// words are what a revert quotes: a header without numbers, and how often it is reverted.
type words struct {
	depth                    int
	kind, scope, description string
}

func wordsOf(depth int, c commit.Change) words {
	return words{depth, c.Type, c.Scope, c.Description}
}

// past is what a revert can be of: all that is older. It grows while a history is read from its
// oldest commit on.
type past struct {
	*reading
	ids       []id // sorted
	byWords   map[words][]target
	byPull    map[string][]target
	described map[string][]target // typed changes by description alone
	byPatch   map[string][]target
	patches   map[string]string // by commit id
	claimed   map[target]bool   // some revert's already
}

// id is one by which a commit is known: its own, or that of the commit it was picked from.
type id struct {
	text string
	rank int
}

// looks is how many of the newest that fit are looked at, so that thousands of commits with the same
// words take no longer than a few.
const looks = 32

// undo finds what reverts revert, then what stands in the end: a revert that is reverted reverts
// nothing.
func (r *reading) undo(o Options) {
	if len(r.undoing) == 0 {
		return
	}
	p := &past{
		reading: r, byWords: map[words][]target{}, byPull: map[string][]target{}, described: map[string][]target{},
		byPatch: map[string][]target{}, patches: o.PatchIDs, claimed: map[target]bool{},
	}
	p.listIDs()
	for rank := len(r.order) - 1; rank >= 0; rank-- {
		for at := r.first[rank]; at < r.first[rank+1]; at++ {
			if u := r.undoing[at]; u != nil {
				p.resolve(rank, u)
			}
			p.remember(rank, at)
		}
		if patch := o.PatchIDs[r.commit(rank).SHA]; patch != "" {
			p.byPatch[patch] = append(p.byPatch[patch], target{rank, -1})
		}
	}
	r.markUndone()
}

func (p *past) listIDs() {
	for rank := range p.order {
		c := p.commit(rank)
		p.ids = append(p.ids, id{strings.ToLower(c.SHA), rank})
		for _, picked := range commit.Picks(c.Message) {
			p.ids = append(p.ids, id{picked, rank})
		}
	}
	slices.SortFunc(p.ids, func(a, b id) int { return cmp.Or(strings.Compare(a.text, b.text), a.rank-b.rank) })
}

// remember takes up a change, which is older than all that is asked from now on.
func (p *past) remember(rank, at int) {
	c, whole := &p.changes[at], p.wholes[rank]
	alone := p.first[rank]+1 == p.first[rank+1]
	t := target{rank, at}
	if at == p.first[rank] { // the commit's own words stand for all of it
		all := target{rank, -1}
		p.know(all, whole.Change, whole.parsed)
		if subject := p.commit(rank).Subject(); whole.titled { // by the merge's own subject too
			said, _ := commit.Parse(subject)
			p.know(all, said, false)
		}
		if whole.Pull != "" {
			p.byPull[whole.Pull] = append(p.byPull[whole.Pull], all)
		}
		if alone {
			t = all
		}
	}
	if !sameWords(c.Change, whole.Change) {
		p.know(t, c.Change, c.Parsed)
	}
	if u := p.undoing[at]; u != nil {
		if u.depth > 0 {
			p.push(wordsOf(u.depth, u.quoted), t)
		}
		for _, undone := range u.targets { // Reapply quotes what the revert reverted, whatever its own words
			quoted, depth := p.wholes[undone.rank].Change, 1
			if undone.change >= 0 {
				quoted = p.changes[undone.change].Change
			}
			p.push(wordsOf(depth, quoted), t)
		}
	}
}

func (p *past) know(t target, c commit.Change, typed bool) {
	p.push(wordsOf(0, c), t)
	if typed && c.Type != "revert" {
		p.described[c.Description] = append(p.described[c.Description], t)
	}
}

func (p *past) push(w words, t target) {
	if known := p.byWords[w]; len(known) == 0 || known[len(known)-1] != t {
		p.byWords[w] = append(known, t)
	}
}

// resolve finds what a revert reverts: by id first, then by number, then by the words it quotes.
func (p *past) resolve(rank int, u *undoing) {
	missing := 0
	for _, text := range u.ids {
		found := p.byID(rank, text, u.mainline)
		if found == nil {
			missing++
		}
		u.targets = append(u.targets, found...)
	}
	u.whole = missing == 0
	if len(u.targets) == 0 {
		for _, number := range u.pulls {
			u.targets = append(u.targets, p.numbered(rank, number, u)...)
		}
		if len(u.targets) == 0 && u.depth > 0 {
			u.targets = p.quoted(rank, u)
		}
		if len(u.targets) == 0 && u.number != "" && u.depth == 1 {
			u.targets = p.numbered(rank, u.number, u)
		}
		for _, number := range u.refs {
			if len(u.targets) == 0 {
				u.targets = p.numbered(rank, number, u)
			}
		}
		u.whole = len(u.targets) > 0
	}
	for _, t := range u.targets {
		u.targets = append(u.targets, p.twins(rank, t)...)
	}
	u.targets = unique(u.targets)
	for _, t := range u.targets {
		p.claimed[t] = true
	}
}

func unique(targets []target) []target {
	var once []target
	for _, t := range targets {
		if !slices.Contains(once, t) {
			once = append(once, t)
		}
	}
	return once
}

// byID are the commits known by an id, which may be cut down as long as it is one commit's. Those
// that the revert builds on come before others.
func (p *past) byID(rank int, text, mainline string) []target {
	at, _ := slices.BinarySearchFunc(p.ids, text, func(i id, text string) int { return strings.Compare(i.text, text) })
	var found []target
	full := ""
	for ; at < len(p.ids) && strings.HasPrefix(p.ids[at].text, text) && len(found) < looks; at++ {
		i := p.ids[at]
		if i.rank <= rank {
			continue
		}
		if full != "" && i.text != full {
			return nil // two commits begin so
		}
		full = i.text
		if parents := p.commit(i.rank).Parents; mainline != "" && len(parents) > 1 && !strings.HasPrefix(parents[0], mainline) &&
			slices.ContainsFunc(parents, func(id string) bool { return strings.HasPrefix(id, mainline) }) {
			continue // what it takes back is not what the merge brought, but all else
		}
		found = append(found, target{i.rank, -1})
	}
	return p.ancestors(rank, found)
}

// ancestors are those on which a commit builds; where it builds on none, all.
func (p *past) ancestors(rank int, found []target) []target {
	var below []target
	for _, t := range found {
		if p.descends(rank, t.rank) {
			below = append(below, t)
		}
	}
	if below == nil {
		return found
	}
	return below
}

// numbered is the commit that a pull request became. Several with one number are as many changes, for
// people write issues' numbers there: the one whose words are quoted, then a merge, then the newest.
func (p *past) numbered(rank int, number string, u *undoing) []target {
	known := newest(p.byPull[number])
	if len(known) == 0 {
		return nil
	}
	want := wordsOf(0, u.quoted)
	slices.SortStableFunc(known, func(a, b target) int {
		return cmp.Or(
			first(p.descends(rank, a.rank), p.descends(rank, b.rank)),
			first(wordsOf(0, p.wholes[a.rank].Change) == want, wordsOf(0, p.wholes[b.rank].Change) == want),
			first(p.commit(a.rank).Merge(), p.commit(b.rank).Merge()),
		)
	})
	return known[:1]
}

// first sorts what holds before what does not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// newest are the last few of those known, the newest first.
func newest(known []target) []target {
	known = slices.Clone(known[max(0, len(known)-looks):])
	slices.Reverse(known)
	return known
}

// quoted is the newest change that has the words that a revert quotes, and that no other reverts.
func (p *past) quoted(rank int, u *undoing) []target {
	known := newest(p.byWords[wordsOf(u.depth-1, u.quoted)])
	if u.depth == 1 && len(known) == 0 && !u.typed && !u.loose {
		if described := p.described[u.quoted.Description]; len(described) == 1 { // "revert: x" for "feat: x"
			known = described
		}
	}
	known = slices.DeleteFunc(slices.Clone(known), func(t target) bool {
		whole := p.wholes[t.rank]
		return u.number != "" && whole.Pull != "" && u.number != whole.Pull && !slices.Contains(whole.Mentions, u.number)
	})
	slices.SortStableFunc(known, func(a, b target) int {
		return cmp.Or(first(!p.claimed[a], !p.claimed[b]), first(p.descends(rank, a.rank), p.descends(rank, b.rank)))
	})
	return known[:min(1, len(known))]
}

// twins are what brings the same change as the target and is undone with it: picks of it and what it
// was picked from, merges of it, and what has its words or its patch and was made beside it. One that
// was made after it in one line is a change of its own.
func (p *past) twins(rank int, t target) []target {
	var found []target
	add := func(twin target) {
		if twin.rank != t.rank && twin.rank > rank && p.descends(rank, twin.rank) {
			found = append(found, twin)
		}
	}
	sha := strings.ToLower(p.commit(t.rank).SHA)
	at, _ := slices.BinarySearchFunc(p.ids, sha, func(i id, text string) int { return strings.Compare(i.text, text) })
	for n := 0; at < len(p.ids) && p.ids[at].text == sha && n < looks; at, n = at+1, n+1 {
		add(target{p.ids[at].rank, -1})
	}
	c := p.wholes[t.rank].Change
	if t.change >= 0 {
		c = p.changes[t.change].Change
	}
	for _, twin := range newest(p.byWords[wordsOf(0, c)]) {
		other := p.wholes[twin.rank]
		if p.brings(twin.rank, t.rank) && !p.commit(t.rank).Merge() || !contradict(c, other.Change) && p.apart(twin.rank, t.rank) {
			add(twin)
		}
	}
	for _, twin := range newest(p.byPatch[p.patches[p.commit(t.rank).SHA]]) {
		if p.apart(twin.rank, t.rank) {
			add(twin)
		}
	}
	return found
}

// contradict tells whether two changes name different pull requests, and neither names the other's.
func contradict(a, b commit.Change) bool {
	return a.Pull != "" && b.Pull != "" && a.Pull != b.Pull && !slices.Contains(a.Mentions, b.Pull) && !slices.Contains(b.Mentions, a.Pull)
}

// markUndone goes from the newest commit to the oldest, so that a revert is known to stand or not
// before what it reverts. What a merge brought is undone with it.
func (r *reading) markUndone() {
	n := len(r.order)
	byCommit, brought, byChange := make([]int, n), make([]int, n), map[int]int{} // the change that undoes, -1 for none
	for rank := range n {
		byCommit[rank] = -1
	}
	for rank := range n {
		brought[rank] = byCommit[rank]
		if m := r.via[rank]; brought[rank] < 0 && m >= 0 {
			brought[rank] = brought[m]
		}
		for at := r.first[rank+1] - 1; at >= r.first[rank]; at-- {
			by := brought[rank]
			if undoer, ok := byChange[at]; ok {
				by = undoer
			}
			c, u := &r.changes[at], r.undoing[at]
			about := u != nil && u.whole && !u.aside && (u.depth > 0 && !u.loose || c.Type != "feat" && !c.Breaking)
			if about && !c.Parsed {
				c.Type, c.Parsed = "revert", true
			}
			switch {
			case by >= 0:
				c.State, c.Other = Reverted, r.changes[by].Commit.SHA
			case u != nil:
				for _, t := range u.targets {
					if t.change >= 0 {
						if _, ok := byChange[t.change]; !ok {
							byChange[t.change] = at
						}
					} else if byCommit[t.rank] < 0 {
						byCommit[t.rank] = at
					}
					if sha := r.commit(t.rank).SHA; !slices.Contains(c.Undoes, sha) {
						c.Undoes = append(c.Undoes, sha)
					}
				}
				if about {
					c.State, c.Other = Reverts, c.Undoes[0]
				}
			}
		}
	}
}
