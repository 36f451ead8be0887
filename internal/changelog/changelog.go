// Package changelog turns the commits of a version into notes, and into a section of the changelog
// file that is written once, and publishes them where it is told to. It reads the repository, and writes
// in the workspace and at GitHub.
package changelog

import (
	"context"
	"errors"

	"github.com/slipway-actions/slipway/internal/action"
)

// Action is changelog.
var Action = action.Action{Name: "changelog", Run: run}

// notesFile is where the notes lie for later steps: an input cannot hold more than 128 KiB.
const notesFile = ".slipway/notes.md"

func run(ctx context.Context, w *action.World, in *action.Inputs) (action.Outcome, error) {
	publishing := readPublishing(ctx, in, w)
	inputs, err := readInputs(in, w)
	if err != nil {
		return action.Outcome{}, err
	}
	repo, err := w.History(true)
	if err != nil {
		return action.Outcome{}, err
	}
	var l links
	if w.Facts.Repository != "" {
		l.repository = w.Facts.ServerURL + "/" + w.Facts.Repository
	}
	e, err := collect(ctx, repo, w.Files, inputs, w.Now(), l)
	if err != nil {
		return action.Outcome{}, err
	}
	d := decide(e)
	changed, err := write(w, inputs.file, d)
	if err != nil {
		return action.Outcome{}, err
	}
	return publishing.run(ctx, w, repo, e, d, outcome(e, d, changed, notesFile))
}

// write puts down what was decided. The notes come first: a changelog that was written is the sign
// that all was.
func write(w *action.World, file string, d decision) (changed bool, err error) {
	if d.unknown {
		return false, nil
	}
	_, err = w.Write(notesFile, []byte(d.body))
	if err == nil && d.file != nil {
		changed, err = w.Write(file, d.file)
	}
	if err != nil {
		err = errors.Join(errors.New("the notes could not be written"), err)
	}
	return changed, err
}
