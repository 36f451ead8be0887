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
	byWords   shelf[words, target]
	byPull    shelf[string, target]
	described shelf[string, target] // typed changes by description alone
	byPatch   shelf[string, target]
	patches   map[string]string // by commit id
	claimed   map[target]bool   // some revert's already
}

// id is one by which a commit is known: its own, or that of the commit it was picked from.
type id struct {
	text string
	rank int
}

// listIDs learns the ids. One that is released is that commit alone, and not what was picked from it.
func (p *past) listIDs(released []string) {
	for rank := range p.order {
		c := p.commit(rank)
		p.ids = append(p.ids, id{strings.ToLower(c.SHA), rank})
		for _, picked := range commit.Picks(c.Message) {
			if !slices.Contains(released, picked) {
				p.ids = append(p.ids, id{picked, rank})
			}
		}
	}
	slices.SortFunc(p.ids, id.compare)
}

// remember takes up a change, which is older than all that is asked from now on.
func (p *past) remember(rank, at int) {
	c, whole := &p.changes[at], p.whole(rank)
	alone := p.first[rank]+1 == p.first[rank+1]
	t := target{rank, at}
	if at == p.first[rank] { // the commit's own words stand for all of it
		all := target{rank, -1}
		p.know(all, *whole)
		if p.titled[rank] { // by the merge's own subject too
			said, _ := commit.Parse(p.commit(rank).Subject())
			p.know(all, said)
		}
		if whole.Pull != "" {
			p.byPull.add(whole.Pull, all)
		}
		if alone {
			t = all
		}
	}
	if !sameWords(c.Change, *whole) {
		p.know(t, c.Change)
	}
	if u := p.undoing[at]; u != nil {
		if u.depth > 0 {
			p.push(wordsOf(u.depth, u.quoted), t)
		}
		for _, undone := range u.targets { // Reapply quotes what the revert reverted, whatever its own words
			p.push(wordsOf(1, *p.of(undone)), t)
		}
	}
}

// of is what a target says.
func (p *past) of(t target) *commit.Change {
	if t.change >= 0 {
		return &p.changes[t.change].Change
	}
	return p.whole(t.rank)
}

func (p *past) know(t target, c commit.Change) {
	p.push(wordsOf(0, c), t)
	if c.Type != "" && c.Type != "revert" {
		p.described.add(c.Description, t)
	}
}

func (p *past) push(w words, t target) {
	if known := p.byWords.of(w); len(known) == 0 || known[len(known)-1] != t {
		p.byWords.add(w, t)
	}
}

// byID are the commits known by an id, which may be cut down as long as it is one commit's. Those
// that the revert builds on come before others.
func (p *past) byID(rank int, text, mainline string) []target {
	at := p.from(id{text, 0})
	if at == len(p.ids) || !strings.HasPrefix(p.ids[at].text, text) {
		return nil
	}
	full := p.ids[at].text
	if next := p.from(id{full, len(p.order)}); next < len(p.ids) && strings.HasPrefix(p.ids[next].text, text) {
		return nil // two commits begin so
	}
	var found []target
	for at = p.from(id{full, rank + 1}); at < len(p.ids) && p.ids[at].text == full && len(found) < looks; at++ {
		i := p.ids[at]
		if parents := p.commit(i.rank).Parents; mainline != "" && len(parents) > 1 && !strings.HasPrefix(parents[0], mainline) &&
			slices.ContainsFunc(parents, func(id string) bool { return strings.HasPrefix(id, mainline) }) {
			break // what it takes back is not what the merge brought, but all else
		}
		found = append(found, target{i.rank, -1})
	}
	return p.ancestors(rank, found)
}

// known tells whether any of the commits is known by an id, or several are.
func (p *past) known(text string) bool {
	at := p.from(id{text, 0})
	return at < len(p.ids) && strings.HasPrefix(p.ids[at].text, text)
}

// from is the place of the first id that is not before the given one.
func (p *past) from(i id) int {
	at, _ := slices.BinarySearchFunc(p.ids, i, id.compare)
	return at
}

func (i id) compare(other id) int {
	return cmp.Or(strings.Compare(i.text, other.text), cmp.Compare(i.rank, other.rank))
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
	want := wordsOf(0, u.quoted)
	return p.best(p.byPull.of(number), func(t target) int {
		score := 0
		if p.descends(rank, t.rank) {
			score += 4
		}
		if wordsOf(0, *p.whole(t.rank)) == want {
			score += 2
		}
		if p.commit(t.rank).Merge() {
			score++
		}
		return score
	})
}

// best is the one with the highest score of those known, and the newest of those with the same. One
// with a score below zero is none.
func (p *past) best(known []target, score func(target) int) []target {
	var best []target
	highest := -1
	for _, t := range newest(known) {
		if s := score(t); s > highest {
			best, highest = []target{t}, s
		}
	}
	return best
}

// newest are those known, the newest first.
func newest(known []target) []target {
	known = slices.Clone(known)
	slices.Reverse(known)
	return known
}

// quoted is the newest change that has the words that a revert quotes, and that no other reverts.
func (p *past) quoted(rank int, u *undoing) []target {
	known := p.byWords.of(wordsOf(u.depth-1, u.quoted))
	if described := p.described.of(u.quoted.Description); len(known) == 0 && len(described) == 1 && u.depth == 1 && !u.typed && !u.loose {
		known = described // "revert: x" for "feat: x"
	}
	return p.best(known, func(t target) int {
		if contradict(p.whole(t.rank), &commit.Change{Pull: u.number}) {
			return -1
		}
		score := 0
		if !p.claimed[t] {
			score += 2
		}
		if p.descends(rank, t.rank) {
			score++
		}
		return score
	})
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
	for at, n := p.from(id{sha, rank + 1}), 0; at < len(p.ids) && p.ids[at].text == sha && n < looks; at, n = at+1, n+1 {
		add(target{p.ids[at].rank, -1})
	}
	c := p.of(t)
	for _, twin := range newest(p.byWords.of(wordsOf(0, *c))) {
		if p.brings(twin.rank, t.rank) && !p.commit(t.rank).Merge() || !contradict(c, p.whole(twin.rank)) && p.apart(twin.rank, t.rank) {
			add(twin)
		}
	}
	for _, twin := range newest(p.byPatch.of(p.patches[p.commit(t.rank).SHA])) {
		if p.apart(twin.rank, t.rank) {
			add(twin)
		}
	}
	return found
}
