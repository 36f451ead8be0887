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

// failure ends a run that decided nothing. The contract's outputs are written all the same, and
// none of them passes.
func (e ending) failure(ctx context.Context, err error) int {
	next, code := "Run the step again; if it stays so, read the log above.", exitUndecided
	title := "nothing could be decided"
	var (
		caller  *action.CallerError
		unknown *action.UnknownError
	)
	switch {
	case ctx.Err() != nil:
		err, next = fmt.Errorf("cancelled before a decision was reached: %w", err), "Run the step again."
	case errors.As(err, &caller):
		next, code, title = "Correct the input or the policy, then run the step again.", exitCaller, "input or policy is wrong"
	case errors.As(err, &unknown):
		next = unknown.Next
	}
	finding := result.Finding{ID: e.action, Outcome: verdict.Undecided, Title: title, Observed: err.Error(), Next: next}
	o := action.Outcome{
		Sentence: firstLine(err.Error()), Verdict: verdict.Unknown, Findings: []result.Finding{finding},
		Page: report.Page{report.Fence{Body: err.Error()}, report.Paragraph{Text: report.Bold("Next action")}, report.Fence{Body: next}},
	}
	for _, output := range e.spec.Outputs {
		switch output.Name {
		case "verdict", "result", "result-file":
		case "decision":
			o.Outputs = append(o.Outputs, action.Output{Name: "decision", Value: undecided[e.action]})
		default:
			o.Outputs = append(o.Outputs, action.Output{Name: output.Name})
		}
	}
	return e.finish(o, code)
}

// undecided is the decision output of an action that could reach none.
var undecided = map[string]string{"go-no-go": "no-go", "preflight": "no-go", "deploy-verify": "hold"}

func (e ending) finish(o action.Outcome, code int) int {
	shown := code
	if e.reportOnly && (code == exitFail || code == exitUndecided) {
		shown = exitPass
	}
	doc := e.document(o)
	var problems []error
	file, err := e.writeResult(doc)
	problems = append(problems, err)
	problems = append(problems, e.writeOutputs(o, doc, file))
	problems = append(problems, e.host.Summary(e.page(o, code != shown)))
	e.host.Annotate(annotations(o, code != shown))
	e.host.Close(logText(e.action, o, code != shown))
	if err := errors.Join(problems...); err != nil {
		// A decision that cannot be handed on is none.
		e.host.Log("slipway: " + err.Error())
		e.host.Annotate([]runner.Annotation{{Kind: runner.Error, Title: e.action + " could not hand on its decision", Text: err.Error()}})
		return exitUndecided
	}
	return shown
}

func (e ending) document(o action.Outcome) result.Document {
	doc := result.Document{
		Schema: result.Schema, Action: e.action, Tool: toolVersion(), Subject: o.Subject,
		StartedAt: e.started, FinishedAt: time.Now().UTC(), Verdict: o.Verdict, Sentence: o.Sentence, Findings: o.Findings, Data: o.Data,
	}
	if e.world == nil {
		return doc
	}
	f := e.world.Facts
	doc.Run = result.Run{ID: f.RunID, Attempt: f.RunAttempt, URL: f.RunURL(), Actor: f.Actor}
	if doc.Subject.Repository == "" {
		doc.Subject.Repository = f.Repository
	}
	if doc.Subject.SHA == "" {
		doc.Subject.SHA = e.world.SHA()
	}
	if doc.Subject.Ref == "" {
		doc.Subject.Ref = f.Ref
	}
	return doc
}

// writeResult keeps the document in the workspace, in a folder that git does not see.
func (e ending) writeResult(doc result.Document) (path string, err error) {
	if e.world == nil || e.world.DryRun {
		return "", nil
	}
	text, err := doc.Encode()
	if err != nil {
		return "", err
	}
	path = ".slipway/" + e.action + ".json"
	if _, err := e.world.Files.Write(".slipway/.gitignore", []byte("*\n")); err != nil {
		return "", fmt.Errorf("write the result file: %w", err)
	}
	if _, err := e.world.Files.Write(path, []byte(e.host.Redact(string(text))+"\n")); err != nil {
		return "", fmt.Errorf("write the result file: %w", err)
	}
	return path, nil
}

func (e ending) writeOutputs(o action.Outcome, doc result.Document, file string) error {
	text, err := doc.EncodeForOutput()
	if err != nil {
		return err
	}
	all := append([]action.Output{{Name: "verdict", Value: string(o.Verdict)}, {Name: "result", Value: string(text)}, {Name: "result-file", Value: file}}, o.Outputs...)
	var problems []error
	for _, output := range all {
		problems = append(problems, e.host.Output(output.Name, output.Value))
	}
	return errors.Join(problems...)
}

var headings = map[verdict.Verdict]string{verdict.Pass: "✅", verdict.Fail: "❌", verdict.Unknown: "❓"}

func (e ending) page(o action.Outcome, softened bool) report.Page {
	page := report.Page{report.Heading{Level: 2, Text: report.T(headings[o.Verdict] + " " + e.action + ": " + o.Sentence)}}
	if softened {
		page = append(page, report.Alert{Kind: report.Caution, Text: report.T("report-only is set: this step would have failed the job (verdict " + string(o.Verdict) + "), and did not.")})
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

func firstLine(s string) string {
	line, _, more := strings.Cut(s, "\n")
	if more {
		line += " …"
	}
	return line
}
