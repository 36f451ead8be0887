// Package versionbump computes the next version from the history since the last release, writes it
// into the files that carry it, and tags it where it is told to. It reads the repository, and writes
// in the workspace and at GitHub alone.
package versionbump

import (
	"context"
	"slices"

	"github.com/slipway-actions/slipway/internal/action"
)

// Action is version-bump.
var Action = action.Action{Name: "version-bump", Run: run}

func run(ctx context.Context, w *action.World, in *action.Inputs) (action.Outcome, error) {
	files, publishing := declaredFiles(in, w), readPublishing(in, w)
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
	finish := func(e evidence, d decision, parts []component) (action.Outcome, error) {
		o, err := files.carry(w, d, outcome(e, d, parts))
		if err != nil {
			return action.Outcome{}, err
		}
		return publishing.run(ctx, e, d, r.head, o), nil
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
		return finish(parts[i].evidence, parts[i].decision, nil)
	}
	e, err := collect(ctx, repo, r, inputs)
	if err != nil {
		return action.Outcome{}, err
	}
	d := decide(e)
	return finish(e, d, parts)
}
