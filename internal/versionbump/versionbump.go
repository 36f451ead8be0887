// Package versionbump computes the next version from the history since the last release. It reads
// the repository and writes nothing.
package versionbump

import (
	"context"

	"github.com/slipway-actions/slipway/internal/action"
)

// Action is version-bump.
var Action = action.Action{Name: "version-bump", Run: run}

func run(ctx context.Context, w *action.World, in *action.Inputs) (action.Outcome, error) {
	inputs, components, err := readInputs(in, w.Policy.Versioning, w.Branch(ctx))
	if err != nil {
		return action.Outcome{}, err
	}
	repo, err := w.History(true)
	if err != nil {
		return action.Outcome{}, err
	}
	tags, err := repo.Tags(ctx, repo.Head)
	if err != nil {
		return action.Outcome{}, err
	}
	e, err := collect(ctx, repo, repo.Head, inputs, tags)
	if err != nil {
		return action.Outcome{}, err
	}
	var decided []component
	for _, line := range components {
		one := inputs
		one.line = line
		e, err := collect(ctx, repo, repo.Head, one, tags)
		if err != nil {
			return action.Outcome{}, err
		}
		decided = append(decided, component{line, decide(e)})
	}
	return outcome(e, decide(e), decided), nil
}
