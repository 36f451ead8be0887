// Package versionbump computes the next version from the history since the last release, writes it
// into the files that carry it, and tags it where it is told to. It reads the repository, and writes
// in the workspace and at GitHub alone.
package versionbump

import (
	"context"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
)

// Action is version-bump.
var Action = action.Action{Name: "version-bump", Run: run, Page: shownAgain, Reference: reference}

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
	inputs.repository = w.Facts.Repository
	lines := needed(inputs, components)
	all, err := gather(ctx, w.Clone(repo), repo.Head, lines, resuming{publishing, repo}, labelSource{w.GitHub, w.Facts.Repository, inputs.types.Labels})
	if err != nil {
		return action.Outcome{}, err
	}
	decided := decideAll(all)
	if err := wrong(all, decided); err != nil {
		return action.Outcome{}, err
	}
	parts := make([]component, len(all))
	for i, d := range decided {
		parts[i] = component{all[i], d}
	}
	// The line that was asked for stands first.
	e, d := parts[0].evidence, parts[0].decision
	o, err := files.carry(w, d, outcome(e, d, others(parts)))
	if err != nil {
		return action.Outcome{}, err
	}
	return publishing.run(ctx, e, d, repo.Head, o), nil
}

// needed are the lines to decide: the one that is asked for, then all components beside the
// repository's own line, but beside a component only what it depends on.
func needed(i inputs, components []line) []inputs {
	wanted := func(line) bool { return true }
	if name := i.line.component; name != "" {
		names := []string{name}
		for n := 0; n < len(names); n++ {
			for _, l := range components {
				if l.component != names[n] {
					continue
				}
				for _, d := range l.dependsOn {
					if !slices.Contains(names, d) {
						names = append(names, d)
					}
				}
			}
		}
		wanted = func(l line) bool { return slices.Contains(names[1:], l.component) }
	}
	for _, l := range components {
		i.line.others = append(i.line.others, l.prefix)
	}
	lines := []inputs{i}
	for _, l := range components {
		if wanted(l) {
			one := i
			one.line, one.line.others = l, i.line.others
			lines = append(lines, one)
		}
	}
	return lines
}

// others are the components beside the repository's own line; nil beside a component.
func others(parts []component) []component {
	if parts[0].line.component != "" {
		return nil
	}
	return parts[1:]
}

// wrong is what the caller has to mend: in the component that is asked for, or in any line.
func wrong(all []evidence, decided []decision) error {
	if all[0].line.component != "" {
		decided = decided[:1]
	}
	var texts []string
	for i, d := range decided {
		name := all[i].line.component
		switch {
		case d.wrong == "", len(texts) > 0 && all[i].strict: // the repository's own line has named all commits
		case name != "":
			texts = append(texts, "component "+name+": "+d.wrong)
		default:
			texts = append(texts, d.wrong)
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return action.Wrong("%s", strings.Join(texts, "\n"))
}
