// Package securitygate judges what a tree is made of: packages by the advisories that are known about
// them and by their licenses, files and commits by the secrets in them, and what other tools report. It
// reads files and asks a database; it writes the reports that it is asked for.
package securitygate

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/inventory"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Action is security-gate.
var Action = action.Action{Name: "security-gate", Run: run, Page: shownAgain, Reference: reference}

func run(ctx context.Context, w *action.World, in *action.Inputs) (action.Outcome, error) {
	inputs, err := readInputs(w, in)
	if err != nil {
		return action.Outcome{}, err
	}
	o, err := judge(ctx, w, in, inputs)
	if inputs.comment && err == nil {
		tell(ctx, w, &o)
	} else if inputs.comment { // an old comment must not stand there as if it were still true
		tell(ctx, w, &action.Outcome{Verdict: verdict.Unknown, Sentence: report.OneLine(err.Error())})
	}
	return o, err
}

// judge collects the evidence, decides, and writes the files that were asked for.
func judge(ctx context.Context, w *action.World, in *action.Inputs, inputs inputs) (action.Outcome, error) {
	e, err := collect(ctx, w, inventory.OSVScanner{}, inputs)
	if _, gone := os.Lstat(filepath.Join(w.Files.Dir, filepath.FromSlash(inputs.path))); errors.Is(err, fs.ErrNotExist) && gone != nil {
		return action.Outcome{}, action.Wrong("input path is %q; there is no such folder in the workspace. Correct the path, or check the repository out before this step", in.Text("path"))
	}
	if err != nil {
		return action.Outcome{}, action.Undecided("Make sure that the whole tree can be read, or set the input path to the part of it that matters.", "the tree could not be looked through: %w", err)
	}
	d := decide(e)
	o := e.hide.outcome(outcome(e, d))
	files, err := written(w, inputs, e, d)
	if err != nil {
		return action.Outcome{}, err
	}
	o.Outputs = append(o.Outputs, files...)
	return o, nil
}
