package main

import (
	"context"
	"errors"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/runner"
)

// backtest shows what an action would have said in the past. It writes no file.
func backtest(ctx context.Context, a action.Action, w *action.World, in *action.Inputs, span string, p process) int {
	fail := failing(a, p)
	begin, end, ok := strings.Cut(span, "..")
	from, err := policy.ParseMoment(begin)
	to, wrong := policy.ParseMoment(end)
	if err = errors.Join(err, wrong); !ok || err != nil {
		return fail(exitCaller, "--backtest %q is no time such as 2026-11-01..2026-11-08, or 2026-11-01T08:00:00Z..2026-11-01T20:00:00Z", span)
	}
	w.DryRun = true
	page, err := a.Backtest(ctx, w, in, from.Time, to.End())
	var wrongly *action.CallerError
	switch {
	case errors.As(err, &wrongly):
		return fail(exitCaller, "%v", err)
	case err != nil:
		return fail(exitUndecided, "%v", err)
	}
	runner.NewTerminal(p.stdout, p.stderr, false).Summary(page)
	return exitPass
}
