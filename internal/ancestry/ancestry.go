// Package ancestry reads the changes of a range with what was released before it in mind: a message may
// name a commit that is out of the range. Asking the history is I/O through the caller's port.
package ancestry

import (
	"context"
	"maps"
	"slices"

	"github.com/slipway-actions/slipway/internal/change"
	"github.com/slipway-actions/slipway/internal/commit"
)

// History knows which of some ids, maybe cut down, are commits that another one builds on.
type History interface {
	Ancestors(ctx context.Context, of string, ids []string) ([]string, error)
}

// Before is what commits that came before a range have to do with it.
type Before struct {
	named  []string          // ids that messages name, as written there, of commits that are released
	picked map[string]string // what each commit was picked from, where that is released
}

// Of reads the changes of the range, or of a part of it.
func (b Before) Of(commits []commit.Commit, o change.Options) []change.Change {
	o.Released = b.named
	changes := change.Of(commits, o)
	for i, c := range changes {
		if id := b.picked[c.Commit.SHA]; id != "" && c.State == change.Counts {
			changes[i].State, changes[i].Other = change.Repeats, id
		}
	}
	return changes
}

// Changes reads the changes of a range that ends in head. Where a revert names a commit that is not in it,
// yet one in it has the same words, the history below tells which of the two was meant; and what is a pick
// of a commit that is there already. Only then does it ask.
func Changes(ctx context.Context, h History, head string, commits []commit.Commit, o change.Options) ([]change.Change, Before, error) {
	var b Before
	changes := b.Of(commits, o)
	astray, picked := change.Astray(changes), change.PickedBefore(changes, commits)
	if len(astray)+len(picked) == 0 {
		return changes, b, nil
	}
	found, err := h.Ancestors(ctx, head, append(astray, slices.Collect(maps.Values(picked))...))
	if err != nil || len(found) == 0 {
		return changes, b, err
	}
	b = Before{named: found, picked: map[string]string{}}
	for sha, id := range picked {
		if !slices.Contains(found, id) {
			continue
		}
		// One that was made on top of its original brings it once more, as after somebody took it back. One
		// that went to a maintenance branch, and comes back with it, is what it was picked from.
		onTop, err := h.Ancestors(ctx, sha, []string{id})
		if err != nil {
			return nil, b, err
		}
		if len(onTop) == 0 {
			b.picked[sha] = id
		}
	}
	return b.Of(commits, o), b, nil
}
