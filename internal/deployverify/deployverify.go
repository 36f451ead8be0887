// Package deployverify looks at a deployed service until it can say whether the new version stands:
// promote, hold, roll back or fix forward. It asks the service and the sources of its metrics, keeps what it
// saw in one file, so that a long soak goes on from job to job, and moves the change ticket on.
package deployverify

import (
	"context"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/probe"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

const name = "deploy-verify"

// Action is deploy-verify.
var Action = action.Action{Name: name, Run: run, Again: again, Page: shownAgain, Backtest: backtest, Reference: reference}

func run(ctx context.Context, w *action.World, in *action.Inputs) (action.Outcome, error) {
	if err := w.Remove(incidentFile); err != nil { // an earlier run's
		return action.Outcome{}, action.Wrong("%s cannot be taken away: %w; let the step write there", incidentFile, err)
	}
	inputs, err := readInputs(in, w)
	if err != nil {
		return action.Outcome{}, err
	}
	// The file is read before the service is asked: one that cannot be kept is better known now.
	path, known, err := readState(w, inputs.stateFile)
	if err != nil {
		return action.Outcome{}, err
	}
	book := &book{w: w, path: path, state: known}
	at := deploymentOf(w, inputs, w.SHA(), known.rollout(inputs.Service, inputs.Expected, inputs.SHA, inputs.Digest, inputs.deploymentName()).SHA)
	e, err := book.open(inputs, w.Now(), func() (verified, bool) { return at.lastVerified(ctx, inputs.Expected) })
	if err != nil {
		return action.Outcome{}, err
	}
	e.Facts = readFacts(w, inputs.evidence)
	if err := equip(ctx, w, e.verify, e.checks); err != nil {
		return action.Outcome{}, err
	}
	sources, err := sourcesOf(ctx, w, e.verify)
	if err != nil {
		return action.Outcome{}, err
	}
	traffic, err := trafficOf(w, e.verify.Load)
	if err != nil {
		return action.Outcome{}, err
	}
	noted := changeTicket{inputs.ticket, w}
	unmoved := noted.deployed(ctx)
	c := collector{
		prober: probe.New(), clock: clock{w.Now, w.Sleep, w.Log}, sources: sources, load: traffic,
		keep: book.keep, tell: at.progress,
	}
	at.begin(ctx, e)
	e = c.collect(ctx, e)
	d := decide(e)
	if len(unmoved) == 0 {
		unmoved = noted.judged(ctx, e, d)
	}
	d.findings = append(d.findings, unmoved...)
	if err := book.close(e, d); err != nil {
		return action.Outcome{}, err
	}
	d.findings = append(d.findings, at.ended(ctx, e, d)...)
	told, untold := publishIncident(ctx, w, e, d)
	d.findings = append(d.findings, untold...)
	d.findings = append(d.findings, writeReport(w, e, d)...)
	return outcome(e, d, told), nil
}

// writeReport leaves the decision as a page with pictures. One that cannot be written is a warning: it decides
// nothing.
func writeReport(w *action.World, e evidence, d decision) []result.Finding {
	if w.DryRun {
		return nil
	}
	for _, file := range []struct {
		path string
		text []byte
	}{{".slipway/.gitignore", []byte("*\n")}, {reportFile, htmlReport(e, d, w.Redact)}} {
		if _, err := w.Files.Write(file.path, file.text); err != nil {
			return []result.Finding{{ID: "report", Outcome: verdict.Warned, Title: reportFile, Observed: err.Error(), Next: "Make the folder .slipway writable."}}
		}
	}
	return nil
}

// book is the state file while a run goes on.
type book struct {
	w       *action.World
	path    string
	state   state
	rollout rollout
	broken  error // the first that went wrong while the run went on
}

// open is what is known before the run: how far the deployment has come, and what earlier runs saw. Where the
// book knows no version to go back to, elsewhere may.
func (b *book) open(i inputs, now time.Time, elsewhere func() (verified, bool)) (evidence, error) {
	b.rollout = b.state.rollout(i.Service, i.Expected, i.SHA, i.Digest, i.deploymentName())
	stage, step, err := stageOf(i.verify.Plan, i.step, b.rollout.Passed)
	if err != nil {
		return evidence{}, err
	}
	if at := b.state.returned(i.Service, i.Expected); i.step == "" && stage.Name != "" && !at.IsZero() {
		stage = whole
		stage.Passed = at
	}
	i.Stage = stage
	if i.Plan.follow(step); !stage.Passed.IsZero() {
		i.Plan.skip()
	}
	e := evidence{inputs: i, StateFile: b.path, Verified: b.state.of(i.Service), Deployed: b.rollout.Deployed}
	if to, _ := target(e); to == "" {
		if v, ok := elsewhere(); ok {
			e.Verified = append([]verified{v}, e.Verified...)
		}
	}
	if i.Previous == "" {
		e.Previous, _ = target(e)
	}
	w := b.rollout.Watching
	if w != nil && (w.Step != stage.Name || w.Rules != e.rules()) {
		if w.Step == stage.Name {
			b.w.Log("what it is watched by has changed since the last run, so the watching begins anew")
		}
		w = nil
	}
	if w != nil {
		e.Watch, e.Unwatched, e.Load, e.Resumed = w.Watch, w.Unwatched, w.Load, w.Runs
		if len(e.verify.Metrics) == 0 { // else the sources tell what happened meanwhile
			e.Unwatched += max(0, now.Sub(w.Looked)-e.tolerated())
		}
	}
	return e, nil
}

// tolerated is the longest time between two looks of different runs that still counts as watched.
func (e evidence) tolerated() time.Duration {
	return max(2*e.Plan.Every, 10*e.Plan.Interval, longestLate)
}

// keep notes what would be lost with a run that is killed.
func (b *book) keep(e *evidence) {
	if e.Plan.Soak == 0 {
		return
	}
	b.note(*e)
	b.state.keep(e.Service, b.rollout)
	if err := writeState(b.w, b.path, b.state); err != nil && b.broken == nil {
		b.broken = err
	}
}

func (b *book) note(e evidence) {
	b.rollout.Deployed = e.Deployed
	b.rollout.Watching = &watching{Step: e.Stage.Name, Rules: e.rules(), Watch: e.Watch, Looked: b.w.Now(), Unwatched: e.Unwatched, Runs: e.Resumed + 1, Load: e.Load}
}

// close notes what the run came to. Only a version that passed the last step is verified. A run that leaves
// nothing for the next one writes nothing.
func (b *book) close(e evidence, d decision) error {
	if b.broken != nil {
		return b.broken
	}
	goesOn := e.Plan.Soak > 0 || e.window() > 0 || e.Stage.Name != ""
	b.rollout.Deployed, b.rollout.Watching = e.Deployed, nil
	switch {
	case d.act == promote:
		if e.Stage.Name != "" && e.Stage.Passed.IsZero() {
			b.rollout.Passed = append(b.rollout.Passed, passage{e.Stage.Name, e.Ended.Truncate(time.Second)})
		}
		if e.Stage.Last && e.Expected != "" {
			b.state.add(e.Service, verified{Version: e.Expected, SHA: e.SHA, At: e.Ended.Truncate(time.Second)})
		} else if !goesOn {
			return nil
		}
	case !goesOn:
		return nil
	case !e.Watch.Began.IsZero():
		b.note(e)
	}
	if goesOn {
		b.state.keep(e.Service, b.rollout)
	}
	return writeState(b.w, b.path, b.state)
}

func (e evidence) window() time.Duration {
	if e.verify.Rollback == nil {
		return 0
	}
	return time.Duration(e.verify.Rollback.Window)
}
