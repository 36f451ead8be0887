package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/commit"
)

// History is all that some commits reach. Of most it holds no more than how they hang together, so that
// one of a million commits fits; of the newest also their words.
type History struct {
	Tags  []Tag  // those that are in it, newest first; all are Reachable
	Tree  string // full id of the tree of the first tip
	Head  string // full id of the first tip
	known map[string]int32
	order []int32 // none before its children, and else newest first; a place in links
	links []link
	names map[string]int32 // of e-mail addresses, in lower case
	words []commit.Commit  // of the first in order
}

// link is a commit as part of a history.
type link struct {
	parents []int32
	email   int32
	time    int64 // of the commit, in seconds
	met     bool  // a commit that is named as a parent but not there, as in a broken clone, is not
}

// History reads what tips reach, each a full id or the full name of a ref, and the words of so many of
// the newest. The first tip must be an id. It walks without a range, so that no wrong clock hides a commit.
// The error is an ErrIncomplete where a tip is not in the clone.
func (r *Repo) History(ctx context.Context, words int, tips ...string) (*History, error) {
	mark := "commit" // each commit has as many fields as the others, so this only shows that nothing slipped
	h := &History{Head: tips[0], known: map[string]int32{}, names: map[string]int32{}}
	args := append([]string{
		"log", "-z", "--date-order", "--decorate=full", "--decorate-refs=refs/tags/*",
		"--format=" + mark + "%x00%T%x00%D%x00%H%x00%P%x00%an%x00%ae%x00%ct%x00%B", "--end-of-options",
	}, tips...)
	err := r.call(append(args, "--")...).stream(ctx, func(out io.Reader) error {
		for in := newRecords(out); ; {
			token, err := in.next()
			if err == io.EOF {
				return nil
			}
			if err != nil || string(token) != mark {
				return errors.Join(err, fmt.Errorf("git log answered %q where a commit begins", tail(string(token), 200)))
			}
			if token, err = in.next(); err != nil {
				return err
			}
			tree := string(token)
			if token, err = in.next(); err != nil {
				return err
			}
			refs := string(token)
			c, err := in.commit()
			if err != nil {
				return err
			}
			if c.SHA == h.Head {
				h.Tree = tree
			}
			if err := h.add(c, refs); err != nil {
				return err
			}
			if len(h.words) < words {
				h.words = append(h.words, c)
			}
		}
	})
	if err != nil {
		return nil, lacking(ctx, err)
	}
	if !h.Has(h.Head) || !IsCommitID(h.Tree) {
		return nil, fmt.Errorf("%w: git log of %s does not list it", ErrIncomplete, h.Head)
	}
	return h, nil
}

// add takes up a commit, which comes before its parents. Refs are as git log --decorate=full lists them;
// no ref's name holds a blank, so nothing in one can pass for the next.
func (h *History) add(c commit.Commit, refs string) error {
	if !IsCommitID(c.SHA) {
		return fmt.Errorf("git log answered %q where a commit's id stands", tail(c.SHA, 200))
	}
	at := h.place(c.SHA)
	email := strings.ToLower(c.Email)
	name, ok := h.names[email]
	if !ok {
		name = int32(len(h.names))
		h.names[strings.Clone(email)] = name
	}
	l := link{email: name, time: c.Time.Unix(), met: true}
	for _, p := range c.Parents {
		l.parents = append(l.parents, h.place(p))
	}
	h.links[at] = l
	h.order = append(h.order, at)
	for ref := range strings.SplitSeq(refs, ", ") {
		if tag, ok := strings.CutPrefix(ref, "tag: refs/tags/"); ok {
			h.Tags = append(h.Tags, Tag{Name: strings.ToValidUTF8(tag, "\uFFFD"), SHA: c.SHA, Reachable: true})
		}
	}
	return nil
}

func (h *History) place(id string) int32 {
	at, ok := h.known[id]
	if !ok {
		at = int32(len(h.links))
		h.known[strings.Clone(id)] = at
		h.links = append(h.links, link{})
	}
	return at
}

// Has tells whether a commit is in it.
func (h *History) Has(id string) bool {
	at, ok := h.known[id]
	return ok && h.links[at].met
}

// Time is when a commit of it was made; zero for any other.
func (h *History) Time(id string) time.Time {
	if !h.Has(id) {
		return time.Time{}
	}
	return time.Unix(h.links[h.known[id]].time, 0).UTC()
}

// Reached are the commits of a history that one of them reaches, itself included.
type Reached struct {
	h    *History
	here []bool
}

// Reach walks from a commit, "" for none. False where part of the way is not in the history.
func (h *History) Reach(id string) (Reached, bool) {
	r := Reached{h, make([]bool, len(h.links))}
	if id == "" {
		return r, true
	}
	if !h.Has(id) {
		return r, false
	}
	todo, whole := []int32{h.known[id]}, true
	r.here[todo[0]] = true
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		whole = whole && h.links[at].met
		for _, p := range h.links[at].parents {
			if !r.here[p] {
				r.here[p] = true
				todo = append(todo, p)
			}
		}
	}
	return r, whole
}

// Has tells whether a commit is reached.
func (r Reached) Has(id string) bool {
	at, ok := r.h.known[id]
	return ok && r.here[at]
}

// Commits are those of r that without does not reach, newest first, as far as their words are known; all
// counts those whose words are not, too.
func (r Reached) Commits(without Reached) (list []commit.Commit, all int) {
	for i, at := range r.h.order {
		if !r.here[at] || without.here[at] {
			continue
		}
		if all++; i < len(r.h.words) {
			list = append(list, r.h.words[i])
		}
	}
	return list, all
}

// Newcomers are the e-mail addresses, in lower case, of authors in r who have no commit in before.
func (r Reached) Newcomers(before Reached) map[string]bool {
	const here, there = 1, 2
	seen := make([]byte, len(r.h.names))
	for at, l := range r.h.links {
		switch {
		case !l.met:
		case before.here[at]:
			seen[l.email] |= there
		case r.here[at]:
			seen[l.email] |= here
		}
	}
	list := map[string]bool{}
	for name, at := range r.h.names {
		if seen[at] == here {
			list[name] = true
		}
	}
	return list
}
