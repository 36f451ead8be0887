package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/runner"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// ending writes what a run ends in: result file, outputs, summary, annotations and exit code.
type ending struct {
	action     string
	spec       action.Spec
	host       runner.Host
	world      *action.World // nil where not even the environment could be read
	started    time.Time
	reportOnly bool
}

// success ends a run that decided.
func (e ending) success(o action.Outcome) int {
	return e.finish(o, exitCodes[o.Verdict])
}

// failure ends a run that decided nothing.
func (e ending) failure(ctx context.Context, err error) int {
	code := exitUndecided
	var caller *action.CallerError
	if errors.As(err, &caller) {
		code = exitCaller
	}
	return e.finish(action.Failure(ctx, e.action, e.spec, err), code)
}

func (e ending) finish(o action.Outcome, code int) int {
	shown := code
	if e.reportOnly && (code == exitFail || code == exitUndecided) {
		shown = exitPass
	}
	doc := e.document(o)
	file, err := e.keep(doc)
	if err == nil {
		err = e.host.Summary(e.page(o, code != shown))
	}
	if err != nil {
		// A decision that cannot be kept and shown is none, and what later steps read must not pass.
		o, doc = e.notHandedOn(o, err)
		code, shown = exitUndecided, exitUndecided
	}
	if err = e.writeOutputs(o, doc, file); err != nil {
		o, _ = e.notHandedOn(o, err)
		code, shown = exitUndecided, exitUndecided
	}
	e.host.Annotate(annotations(o, code != shown))
	e.host.Close(logText(e.action, o, code != shown))
	return shown
}

// notHandedOn is what stands in place of an outcome that could not be kept or handed to later steps. The page
// may hold the outcome already; then this one follows it.
func (e ending) notHandedOn(o action.Outcome, err error) (action.Outcome, result.Document) {
	next := "Make room on the runner's disk, and see that this step may write the workspace and the runner's files; then run the step again. It completes what this run began."
	failed := action.Failure(context.Background(), e.action, e.spec,
		action.Undecided(next, "the decision could not be handed on: %w", err))
	failed.Findings[0].Title = e.action + " could not hand on its decision"
	if o.Verdict != verdict.Unknown {
		failed.Findings[0].Observed += "; it was: " + o.Sentence
	}
	doc := e.document(failed)
	e.unkeep(doc)
	if err := e.host.Summary(e.page(failed, false)); err != nil {
		e.host.Log("slipway: " + err.Error())
	}
	return failed, doc
}

// document is the result document. Where not even the environment could be read, it knows little.
func (e ending) document(o action.Outcome) result.Document {
	if e.world == nil {
		return result.Document{
			ReportOnly: e.reportOnly, Action: e.action, Tool: toolVersion(), StartedAt: e.started, FinishedAt: time.Now().UTC(), Verdict: o.Verdict, Sentence: o.Sentence, Findings: o.Findings,
		}
	}
	return e.world.Document(e.action, o, e.started)
}

// keep writes the document into the workspace, where there is one.
func (e ending) keep(doc result.Document) (path string, err error) {
	if e.world == nil {
		return "", nil
	}
	return e.world.Keep(doc)
}

// unkeep takes back a decision that was kept and could not be handed on: a later step that reads files
// must not take it for made.
func (e ending) unkeep(doc result.Document) {
	if e.world == nil {
		return
	}
	if _, err := e.keep(doc); err != nil { // such as on a full disk, where one of a former step may lie
		if err := e.world.Remove(result.Path(e.action)); err != nil {
			e.host.Log("slipway: " + err.Error())
		}
	}
}

func (e ending) writeOutputs(o action.Outcome, doc result.Document, file string) error {
	text, err := doc.EncodeForOutput()
	if err != nil {
		return err
	}
	all := append([]action.Output{{Name: "verdict", Value: string(o.Verdict)}, {Name: "result", Value: string(text)}, {Name: "result-file", Value: file}}, o.Outputs...)
	for _, output := range all {
		if err := e.host.Output(output.Name, output.Value); err != nil {
			return err
		}
	}
	return nil
}

var headings = map[verdict.Verdict]string{verdict.Pass: "✅", verdict.Fail: "❌", verdict.Unknown: "❓"}

func (e ending) page(o action.Outcome, softened bool) report.Page {
	page := report.Page{report.Heading{Level: 2, Text: report.T(headings[o.Verdict] + " " + e.action + ": " + o.Sentence)}}
	if softened {
		page = append(page, report.Alert{Kind: report.Caution, Text: report.T("report-only is set: this step would have failed the job (verdict " + string(o.Verdict) + "), and did not.")})
	}
	if e.world != nil && e.world.DryRun {
		page = append(page, report.Alert{Kind: report.Note, Text: report.T("a dry run: what this page says would be written was not.")})
	}
	return append(page, o.Page...)
}

// annotations are the findings that want somebody's attention, failures first.
func annotations(o action.Outcome, softened bool) []runner.Annotation {
	var notes []runner.Annotation
	if softened {
		notes = append(notes, runner.Annotation{Kind: runner.Error, Title: "report-only", Text: "This step would have failed the job: " + o.Sentence})
	}
	for _, outcome := range []verdict.Outcome{verdict.Failed, verdict.Undecided, verdict.Warned} {
		for _, f := range o.Findings {
			if f.Outcome != outcome {
				continue
			}
			kind := runner.Error
			if outcome == verdict.Warned {
				kind = runner.Warning
			}
			note := runner.Annotation{Kind: kind, Title: f.Title, Text: sentences(f.Observed, wanted(f.Threshold), f.Next)}
			if f.Where != nil {
				note.File, note.Line = f.Where.File, f.Where.Line
			}
			notes = append(notes, note)
		}
	}
	return notes
}

func logText(name string, o action.Outcome, softened bool) string {
	lines := []string{fmt.Sprintf("slipway %s: %s — %s", name, o.Verdict, o.Sentence)}
	for _, f := range o.Findings {
		lines = append(lines, fmt.Sprintf("  %-8s %s", f.Outcome, sentences(f.Title, f.Observed, wanted(f.Threshold), f.Next)))
	}
	if softened {
		lines = append(lines, "report-only is set: the job goes on all the same.")
	}
	return strings.Join(lines, "\n")
}

func wanted(threshold string) string {
	if threshold == "" {
		return ""
	}
	return "wanted: " + threshold
}

// sentences joins the parts that are there.
func sentences(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			kept = append(kept, strings.TrimSuffix(p, "."))
		}
	}
	return strings.ReplaceAll(strings.Join(kept, ". ")+".", "?.", "?")
}
