// Package deployverify looks at a deployed service until it can say whether the new version stands:
// promote, hold or roll back. It asks over HTTP, writes one file, the versions it has verified, and moves
// the change ticket on.
package deployverify

import (
	"context"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/probe"
)

// Action is deploy-verify.
var Action = action.Action{Name: "deploy-verify", Run: run}

func run(ctx context.Context, w *action.World, in *action.Inputs) (action.Outcome, error) {
	inputs, err := readInputs(in, w.Facts.Repository, w.Policy)
	if err != nil {
		return action.Outcome{}, err
	}
	// The file is read before the service is asked: one that cannot be kept is better known now.
	file, known, err := readState(w, inputs.stateFile)
	if err != nil {
		return action.Outcome{}, err
	}
	noted := changeTicket{inputs.ticket, w}
	unmoved := noted.deployed(ctx)
	e := collect(ctx, probe.New(), clock{w.Now, w.Sleep, w.Log}, inputs)
	e.verified = known.of(inputs.service)
	d := decide(e)
	if len(unmoved) == 0 {
		unmoved = noted.judged(ctx, d)
	}
	d.findings = append(d.findings, unmoved...)
	if d.act == promote && inputs.expected != "" {
		known.add(inputs.service, verified{Version: inputs.expected, SHA: w.SHA(), At: e.ended.Truncate(time.Second)})
		if err := writeState(w, file, known); err != nil {
			return action.Outcome{}, err
		}
	}
	return outcome(e, d, file), nil
}
