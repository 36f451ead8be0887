// Package changelog turns the commits of a version into notes, and into a section of the changelog
// file, and publishes them where it is told to. A section that is there already is brought up to date,
// and keeps what people did to it. It reads the repository, and writes in the workspace and at GitHub.
package changelog

import (
	"context"
	"errors"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
)

// Action is changelog.
var Action = action.Action{Name: "changelog", Run: run, Page: shownAgain, Reference: reference}

// notesFile is where the notes lie for later steps: an input cannot hold more than 128 KiB.
const notesFile = ".slipway/notes.md"

// templateTime bounds what a template takes, which may be written to never end.
const templateTime = 20 * time.Second

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
	l := links{server: w.Facts.ServerURL}
	if w.Facts.Repository != "" {
		l.repository = l.server + "/" + w.Facts.Repository
	}
	e, err := collect(ctx, sources{history: w.Clone(repo), files: w.Files, authors: w.GitHub, now: w.Now(), links: l}, inputs)
	if err != nil {
		return action.Outcome{}, err
	}
	d, err := decideInTime(ctx, e, templateTime)
	if err != nil {
		return action.Outcome{}, err
	}
	changed, err := write(w, inputs.file, d)
	if err != nil {
		return action.Outcome{}, err
	}
	return publishing.run(ctx, w, repo, e, d, outcome(e, d, changed, notesFile))
}

// decideInTime is decide, but for templates that are wrong or do not end.
func decideInTime(ctx context.Context, e evidence, limit time.Duration) (decision, error) {
	if e.arrangement.layout == nil {
		return decide(e), nil
	}
	decided := make(chan decision, 1)
	panicked := make(chan any, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				panicked <- r
			}
		}()
		decided <- decide(e)
	}()
	select {
	case r := <-panicked:
		panic(r) // the frame turns it into an error
	case d := <-decided:
		if d.wrong != nil {
			return d, action.Wrong("the template %s", trouble(e.template, d.wrong))
		}
		return d, nil
	case <-ctx.Done():
		return decision{}, ctx.Err()
	case <-time.After(limit):
		return decision{}, action.Wrong("the template %s does not come to an end within %s; look for loops in it", e.template, limit)
	}
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
