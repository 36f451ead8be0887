// Package gonogo decides whether a commit may be deployed: by its checks, and by the results of
// earlier steps, bound to that commit. It reads files and GitHub's API and writes nothing.
package gonogo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Action is go-no-go.
var Action = action.Action{Name: "go-no-go", Run: run}

func run(ctx context.Context, w *action.World, in *action.Inputs) (action.Outcome, error) {
	i, err := readInputs(in, w.Facts, w.SHA(), w.Policy.Gate)
	if err != nil {
		return action.Outcome{}, err
	}
	e, d, err := wait(ctx, w, w.GitHub, collect(ctx, w, i))
	if err != nil {
		return action.Outcome{}, err
	}
	e.requests = w.GitHub.Requests()
	return outcomeOf(e, d), nil
}

// How long to wait before checks are asked for again: twice as long each time, within these.
const (
	firstPause   = 10 * time.Second
	longestPause = time.Minute
)

// wait decides, and as long as the caller has time and something may still change, decides anew.
// A failed criterion ends it at once.
func wait(ctx context.Context, w *action.World, api checkAPI, e evidence) (evidence, decision, error) {
	begin := w.Now()
	own := identity{facts: w.Facts}
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		if e.asksForChecks() {
			e.checks = own.ask(ctx, api, e.inputs)
			if ctx.Err() != nil {
				return e, decision{}, ctx.Err()
			}
		}
		e.now = w.Now()
		left := e.wait - e.now.Sub(begin)
		if !e.replay.IsZero() {
			e.now = e.replay
		}
		d := decide(e)
		if d.verdict != verdict.Unknown || len(d.open()) == 0 || left <= 0 {
			return e, d, nil
		}
		nap := min(pause, left)
		w.Log(fmt.Sprintf("still open: %s; asking again in %s, at most %s more", strings.Join(d.open(), ", "), duration.Format(nap.Round(time.Second)), duration.Format(left.Round(time.Second))))
		if err := w.Sleep(ctx, nap); err != nil {
			return e, d, err
		}
		e.waited = w.Now().Sub(begin)
	}
}
