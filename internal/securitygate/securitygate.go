// Package securitygate judges what a tree is made of: packages by the advisories that are known about
// them and by their licenses, files and commits by the secrets in them, and what other tools report. It
// reads files and asks a database; it writes the reports that it is asked for.
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
	e, err := collect(ctx, w, inventory.OSVScanner{}, inputs)
	if errors.Is(err, fs.ErrNotExist) {
		return action.Outcome{}, action.Wrong("input path is %q; there is no such folder in the workspace. Correct the path, or check the repository out before this step", in.Text("path"))
	}
	if err != nil {
		return action.Outcome{}, action.Undecided("Make sure that the whole tree can be read, or set the input path to the part of it that matters.", "the tree could not be looked through: %w", err)
	}
	d := decide(e)
	o := outcome(e, d)
	files, err := written(w, inputs, e, d)
	if err != nil {
		return action.Outcome{}, err
	}
	o.Outputs = append(o.Outputs, files...)
	if inputs.comment {
		tell(ctx, w, &o)
	}
	return o, nil
}
