package change

import "slices"

// undo finds what reverts revert, then what stands in the end: a revert that is reverted reverts
// nothing.
func (r *reading) undo(o Options) {
	if len(r.undoing) == 0 {
		return
	}
	p := &past{
		reading: r, byWords: newShelf[words, target](len(r.changes)), byPull: newShelf[string, target](0),
		described: newShelf[string, target](len(r.changes)), byPatch: newShelf[string, target](0), patches: o.PatchIDs, claimed: map[target]bool{},
	}
	p.listIDs(o.Released)
	for rank := len(r.order) - 1; rank >= 0; rank-- {
		for at := r.first[rank]; at < r.first[rank+1]; at++ {
			if u := r.undoing[at]; u != nil {
				p.resolve(rank, u, o)
			}
			p.remember(rank, at)
		}
		if patch := o.PatchIDs[r.commit(rank).SHA]; patch != "" {
			p.byPatch.add(patch, target{rank, -1})
		}
	}
	r.markUndone()
}

// resolve finds what a revert reverts: by id first, then by number, then by the words it quotes.
func (p *past) resolve(rank int, u *undoing, o Options) {
	missing, released := 0, false
	var unknown []string
	for _, text := range u.ids {
		found := p.byID(rank, text, u.mainline)
		if found == nil {
			missing++
		}
		if !p.known(text) {
			unknown = append(unknown, text)
			released = released || slices.Contains(o.Released, text)
		}
		u.targets = append(u.targets, found...)
	}
	u.whole = missing == 0
	if len(u.targets) == 0 && !released {
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
		if u.whole = len(u.targets) > 0; u.whole {
			u.astray = unknown
		}
	}
	all := newSet[target]()
	for _, t := range u.targets {
		all.add(t)
		all.add(p.twins(rank, t)...)
		p.claimed[t] = true
	}
	u.targets = all.all
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
			about := u != nil && u.only(c)
			if about && !c.Parsed {
				c.Type, c.Parsed = "revert", true
			}
			switch {
			case by >= 0:
				c.State, c.Other = Reverted, r.changes[by].Commit.SHA
			case u != nil:
				undone := newSet[string]()
				for _, t := range u.targets {
					if t.change >= 0 {
						if _, ok := byChange[t.change]; !ok {
							byChange[t.change] = at
						}
					} else if byCommit[t.rank] < 0 {
						byCommit[t.rank] = at
					}
					undone.add(r.commit(t.rank).SHA)
				}
				c.Undoes, c.Astray = undone.all, u.astray
				if about {
					c.State, c.Other = Reverts, c.Undoes[0]
				}
			}
		}
	}
}

// only tells whether a message that reverts, and found all of it, says nothing else. A feature, or what
// breaks, is more than a revert where the header is none.
func (u *undoing) only(c *Change) bool {
	return u.whole && !u.aside && (u.depth > 0 && !u.loose || c.Type != "feat" && !c.Breaking)
}

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
