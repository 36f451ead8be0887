// Package released reads the changes of a range with what was released before it in mind: a message may
// name a commit that is out of the range. Asking the history is I/O through the caller's port.
package released

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

// Changes reads the changes of a range that ends in head. Where a revert names a commit that is not in it, yet one in it
// has the same words, the history below tells which of the two was meant; and what is a pick of a commit
// that is there already.
func Changes(ctx context.Context, h History, head string, commits []commit.Commit, o change.Options) ([]change.Change, error) {
	changes := change.Of(commits, o)
	astray, picked := change.Astray(changes), change.PickedBefore(changes, commits)
	if len(astray)+len(picked) == 0 {
		return changes, nil
	}
	released, err := h.Ancestors(ctx, head, append(astray, slices.Collect(maps.Values(picked))...))
	if err != nil || len(released) == 0 {
		return changes, err
	}
	if o.Released = released; len(astray) > 0 {
		changes = change.Of(commits, o)
	}
	return changes, repeatReleased(ctx, h, changes, picked, released)
}

// repeatReleased settles the picks of what is released: a fix that went to a maintenance branch, and comes
// back with it, is what it was picked from. One that was made on top of that brings it once more, as after
// somebody took it back.
func repeatReleased(ctx context.Context, h History, changes []change.Change, picked map[string]string, released []string) error {
	for i, c := range changes {
		id := picked[c.Commit.SHA]
		if c.State != change.Counts || id == "" || !slices.Contains(released, id) {
			continue
		}
		onTop, err := h.Ancestors(ctx, c.Commit.SHA, []string{id})
		if err != nil {
			return err
		}
		if len(onTop) == 0 {
			changes[i].State, changes[i].Other = change.Repeats, id
		}
	}
	return nil
}
