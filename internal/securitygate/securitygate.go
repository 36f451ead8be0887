// Package securitygate judges the packages of a tree by the advisories that are known about them.
// It reads lockfiles and asks a database; it writes nothing.
package securitygate

import (
	"context"
	"errors"
	"io/fs"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/inventory"
)

// Action is security-gate.
var Action = action.Action{Name: "security-gate", Run: run}

func run(ctx context.Context, w *action.World, in *action.Inputs) (action.Outcome, error) {
	inputs, err := readInputs(w, in)
	if err != nil {
		return action.Outcome{}, err
	}
	e, err := collect(ctx, inventory.OSVScanner{}, w.Files.Dir, inputs, w.Now())
	if errors.Is(err, fs.ErrNotExist) {
		return action.Outcome{}, action.Wrong("input path is %q; there is no such folder in the workspace. Correct the path, or check the repository out before this step", in.Text("path"))
	}
	if err != nil {
		return action.Outcome{}, action.Undecided("Make sure that the whole tree can be read, or set the input path to the part of it that matters.", "the tree could not be looked through: %w", err)
	}
	return outcome(e, decide(e)), nil
}
