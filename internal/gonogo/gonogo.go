// Package gonogo decides whether a commit may be deployed: by its checks, by the results of earlier
// steps, by people and by the calendar, all bound to that commit. It reads files and GitHub's API,
// and writes the decision where it was told to.
package gonogo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/verdict"
)

const name = "go-no-go"

// Action is go-no-go.
var Action = action.Action{Name: name, Run: run, Again: again, Page: shownAgain, Reference: reference}

func run(ctx context.Context, w *action.World, in *action.Inputs) (action.Outcome, error) {
	i, err := readInputs(in, w.Facts, w.SHA(), w.Policy)
	if err != nil {
		return action.Outcome{}, err
	}
	i.PolicyFrom, i.Run, i.Tool = w.PolicyFrom, w.Run(), w.Tool
	c := collector{w, i}
	own := &identity{facts: w.Facts}
	e, d, err := wait(ctx, w, func(ctx context.Context, e *evidence) { c.refresh(ctx, own, e) }, c.collect(ctx))
	if err != nil {
		return action.Outcome{}, err
	}
	e, d, err = c.publish(ctx, e, d)
	return outcomeOf(e, d), err
}

// How long to wait before all is asked for again: twice as long each time, within these.
const (
	firstPause   = 10 * time.Second
	longestPause = time.Minute
)

// wait decides, and as long as the caller has time and something may still change, decides anew.
func wait(ctx context.Context, w *action.World, refresh func(context.Context, *evidence), e evidence) (evidence, decision, error) {
	begin := w.Now()
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		refresh(ctx, &e)
		if ctx.Err() != nil {
			return e, decision{}, ctx.Err()
		}
		if pause == firstPause {
			selfCheck(w.Log, e)
		}
		e.Now = w.Now()
		left := e.Wait - e.Now.Sub(begin)
		if !e.Replay.IsZero() {
			e.Now = e.Replay
		}
		d := decide(e)
		if d.settled() || left <= 0 {
			return e, d, nil
		}
		nap, why := napOf(pause, left, w.GitHub.Budget(), w.Now())
		w.Log(fmt.Sprintf("still open: %s; %sasking again in %s, at most %s more", strings.Join(d.open(), ", "), why, duration.Format(nap.Round(time.Second)), duration.Format(left.Round(time.Second))))
		if err := w.Sleep(ctx, nap); err != nil {
			return e, d, err
		}
		e.Waited = w.Now().Sub(begin)
	}
}

// napOf is how long to wait before all is asked for again, and why that is longer than usual: what is left
// of the rate limit is for others, so where that is little it is kept until it is renewed.
func napOf(pause, left time.Duration, b github.Budget, now time.Time) (nap time.Duration, why string) {
	nap = min(pause, left)
	if until := b.Reset.Sub(now); b.Low() && until > nap {
		nap = min(until, left)
		why = fmt.Sprintf("only %d of %d requests are left until %s; ", b.Remaining, b.Limit, b.Reset.UTC().Format(time.RFC3339))
	}
	return nap, why
}

// settled tells that waiting changes nothing: it is a go, nothing is open, or something failed that
// will not pass by itself.
func (d decision) settled() bool {
	for _, c := range d.criteria {
		if c.verdict() == verdict.Fail && len(c.open) == 0 {
			return true
		}
	}
	return d.verdict == verdict.Pass || len(d.open()) == 0
}
