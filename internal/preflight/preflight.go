// Package preflight runs the steps before a deployment in one process, each with the results of
// those before it, and shows them on one page. It does no I/O of its own but keeping the steps'
// results; which actions the steps are is the binary's business.
package preflight

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Done is a step that ran.
type Done struct {
	Outcome  action.Outcome
	Document result.Document
}

// Of makes one action of several, in the order they run. Specs finds an action's contract.
func Of(steps []action.Action, specs func(name string) (action.Spec, error)) action.Action {
	return action.Action{Name: "preflight", Reference: referenceOf(steps, specs), Run: func(ctx context.Context, w *action.World, in *action.Inputs) (action.Outcome, error) {
		return run(ctx, w, in, steps, specs)
	}}
}

// referenceOf is all that the steps take, but for what inputs ask for that this action does not offer: it
// publishes nothing before the decision.
func referenceOf(steps []action.Action, specs func(name string) (action.Spec, error)) action.Reference {
	all := action.Reference{Exits: [4]string{
		"All steps pass, and the decision is go.",
		"A step failed, or the decision is no-go.",
		"An input or the policy is wrong.",
		"A step could not know something, and none failed.",
	}}
	own, err := specs("preflight")
	if err != nil {
		return all // the same error ends each run
	}
	for _, step := range steps {
		all = all.And(step.Reference.OfferedBy(own))
	}
	return all
}

func run(ctx context.Context, w *action.World, in *action.Inputs, steps []action.Action, specs func(string) (action.Spec, error)) (action.Outcome, error) {
	chosen, err := readInputs(in, steps)
	if err != nil {
		return action.Outcome{}, err
	}
	p := &pass{}
	for _, step := range steps {
		spec, err := specs(step.Name)
		if err != nil {
			return action.Outcome{}, err
		}
		own, why := chain(step.Name, in.For(spec), p.done)
		if !chosen[step.Name] {
			why = "left out by the input only or skip"
		}
		if why != "" {
			p.leaveOut(step.Name, spec, why)
			continue
		}
		if err := p.run(ctx, w, own, step, spec); err != nil {
			return action.Outcome{}, err
		}
	}
	return p.outcome(), nil
}

// chain gives a step what earlier ones found: the version to the changelog, and every result to
// the decision. A step that would have nothing to work on is left out, with the reason.
func chain(name string, in *action.Inputs, earlier []Done) (own *action.Inputs, leaveOut string) {
	switch name {
	case "changelog":
		for _, d := range earlier {
			if d.Document.Action != "version-bump" || in.Given("version") {
				continue
			}
			switch {
			case d.Outcome.Verdict != verdict.Pass:
				return in, "the version is unknown"
			case d.Outcome.Output("changed") != "true":
				return in, "there is nothing to release"
			}
			in = in.With("version", d.Outcome.Output("version"))
		}
	case "go-no-go":
		lines := in.Lines("evidence")
		for _, d := range earlier {
			text, err := d.Document.Encode()
			if err != nil {
				text = []byte("{}") // no result, and so unknown evidence
			}
			lines = append(lines, string(text))
		}
		in = in.With("evidence", strings.Join(lines, "\n"))
	}
	return in, ""
}

// pass is one run through the steps.
type pass struct {
	done     []Done
	outputs  []action.Output
	empty    []action.Output // of steps that did not run
	findings []result.Finding
	page     report.Page
}

func (p *pass) run(ctx context.Context, w *action.World, in *action.Inputs, step action.Action, spec action.Spec) error {
	started := w.Now()
	o, err := step.Run(ctx, w, in)
	var caller *action.CallerError
	if errors.As(err, &caller) {
		return action.Wrong("%s: %w", step.Name, err)
	}
	if err != nil {
		o = action.Failure(ctx, step.Name, spec, err)
	}
	doc := w.Document(step.Name, o, started)
	if _, err := w.Keep(doc); err != nil {
		return err
	}
	mark := o.Verdict.Outcome()
	p.done = append(p.done, Done{o, doc})
	p.outputs = union(p.outputs, o.Outputs)
	p.findings = append(p.findings, result.Finding{ID: step.Name, Outcome: mark, Title: step.Name, Observed: o.Sentence, Next: firstNext(o)})
	p.page = append(p.page, report.Heading{Level: 3, Text: report.T(report.Mark(mark) + " " + step.Name)}, report.Paragraph{Text: report.T(o.Sentence)})
	p.page = append(p.page, o.Page...)
	return nil
}

// leaveOut records that a step did not run, which its outputs say too: they are empty.
func (p *pass) leaveOut(name string, spec action.Spec, why string) {
	p.findings = append(p.findings, result.Finding{ID: name, Outcome: verdict.Skipped, Title: name, Observed: why})
	for _, o := range spec.Outputs {
		if o.Name != "verdict" && o.Name != "result" && o.Name != "result-file" {
			p.empty = append(p.empty, action.Output{Name: o.Name})
		}
	}
}

// union takes outputs over. Where two steps have one of the same name the first one's counts.
func union(outputs, more []action.Output) []action.Output {
	for _, o := range more {
		if !slices.ContainsFunc(outputs, func(have action.Output) bool { return have.Name == o.Name }) {
			outputs = append(outputs, o)
		}
	}
	return outputs
}

func (p *pass) outcome() action.Outcome {
	v := result.VerdictOf(p.findings)
	counts := map[verdict.Verdict]int{}
	var documents []result.Document
	for _, d := range p.done {
		documents = append(documents, d.Document)
		counts[d.Outcome.Verdict]++
	}
	o := action.Outcome{
		Sentence: fmt.Sprintf("%s passed, %d failed, %d unknown. %s",
			report.Count(counts[verdict.Pass], "step"), counts[verdict.Fail], counts[verdict.Unknown], p.done[len(p.done)-1].Outcome.Sentence),
		Verdict: v, Findings: p.findings, Outputs: union(p.outputs, p.empty),
		Data: map[string]any{"steps": documents},
		Page: append(report.Page{report.Findings(p.findings)}, p.page...),
	}
	for _, d := range p.done {
		if d.Outcome.Subject.Version != "" {
			o.Subject.Version = d.Outcome.Subject.Version
			break
		}
	}
	return o
}

// firstNext is the next action of the finding that weighs most.
func firstNext(o action.Outcome) string {
	for _, weight := range []verdict.Outcome{verdict.Failed, verdict.Undecided} {
		for _, f := range o.Findings {
			if f.Outcome == weight && f.Next != "" {
				return f.Next
			}
		}
	}
	return ""
}
