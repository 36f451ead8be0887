// Package versionbump computes the next version from the history since the last release, and
// tags it where it is told to. It reads the repository and writes at GitHub alone.
package versionbump

import (
	"context"
	"slices"

	"github.com/slipway-actions/slipway/internal/action"
)

// Action is version-bump.
var Action = action.Action{Name: "version-bump", Run: run}

func run(ctx context.Context, w *action.World, in *action.Inputs) (action.Outcome, error) {
	publishing := readPublishing(in, w)
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
	if r, err = publishing.asBefore(ctx, repo, r, inputs.line.prefix); err != nil {
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
		return publishing.run(ctx, parts[i].evidence, parts[i].decision, r.head, outcome(parts[i].evidence, parts[i].decision, nil)), nil
	}
	e, err := collect(ctx, repo, r, inputs)
	if err != nil {
		return action.Outcome{}, err
	}
	d := decide(e)
	return publishing.run(ctx, e, d, r.head, outcome(e, d, parts)), nil
}
