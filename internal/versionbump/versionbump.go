// Package versionbump computes the next version from the history since the last release, and
// writes it into the files that carry it. It reads the repository and the workspace.
package versionbump

import (
	"context"
	"slices"

	"github.com/slipway-actions/slipway/internal/action"
)

// Action is version-bump.
var Action = action.Action{Name: "version-bump", Run: run}

func run(ctx context.Context, w *action.World, in *action.Inputs) (action.Outcome, error) {
	files := declaredFiles(in, w)
	inputs, components, err := readInputs(in, w.Policy.Versioning, w.Branch(ctx))
	if err != nil {
		return action.Outcome{}, err
	}
	repo, err := w.History(true)
	if err != nil {
		return action.Outcome{}, err
	}
	r, err := open(ctx, repo)
	if err != nil {
		return action.Outcome{}, err
	}
	var all []evidence
	for _, line := range components {
		one := inputs
		one.line = line
		e, err := collect(ctx, repo, r, one)
		if err != nil {
			return action.Outcome{}, err
		}
		all = append(all, e)
	}
	parts := make([]component, len(all))
	for i, d := range decideAll(all) {
		parts[i] = component{all[i], d}
	}
	if name := inputs.line.component; name != "" {
		i := slices.IndexFunc(parts, func(c component) bool { return c.line.component == name })
		return files.carry(w, parts[i].decision, outcome(parts[i].evidence, parts[i].decision, nil))
	}
	e, err := collect(ctx, repo, r, inputs)
	if err != nil {
		return action.Outcome{}, err
	}
	d := decide(e)
	return files.carry(w, d, outcome(e, d, parts))
}
