package action

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// undecided is the decision output of an action that could reach none.
var undecided = map[string]string{"go-no-go": "no-go", "preflight": "no-go", "deploy-verify": "hold"}

// Failure is the outcome of a run that ended in an error: every output of the contract is there,
// and none of them passes.
func Failure(ctx context.Context, name string, spec Spec, err error) Outcome {
	title, next := "nothing could be decided", "Run the step again; if it stays so, read the log above."
	var (
		caller  *CallerError
		unknown *UnknownError
	)
	switch {
	case ctx.Err() != nil:
		err, next = fmt.Errorf("cancelled before a decision was reached: %w", err), "Run the step again."
	case errors.As(err, &caller):
		title, next = "input or policy is wrong", "Correct the input or the policy, then run the step again."
	case errors.As(err, &unknown):
		next = unknown.Next
	}
	o := Outcome{
		Sentence: firstLine(err.Error()), Verdict: verdict.Unknown,
		Findings: []result.Finding{{ID: name, Outcome: verdict.Undecided, Title: title, Observed: err.Error(), Next: next}},
	}
	if strings.Contains(err.Error(), "\n") { // else the heading has said all of it
		o.Page = append(o.Page, report.Fence{Body: err.Error()})
	}
	o.Page = append(o.Page, report.Paragraph{Text: report.Bold("Next action")}, report.Fence{Body: next})
	for _, output := range spec.Outputs {
		switch output.Name {
		case "verdict", "result", "result-file":
		case "decision":
			o.Outputs = append(o.Outputs, Output{Name: "decision", Value: undecided[name]})
		default:
			o.Outputs = append(o.Outputs, Output{Name: output.Name})
		}
	}
	return o
}

// Document is the result document of an outcome in this world.
func (w *World) Document(name string, o Outcome, started time.Time) result.Document {
	f := w.Facts
	doc := result.Document{
		Schema: result.Schema, Action: name, Tool: w.Tool, Subject: o.Subject, Run: w.Run(),
		StartedAt: started, FinishedAt: w.Now(), Verdict: o.Verdict, Sentence: o.Sentence, Findings: o.Findings, Data: o.Data,
		ReportOnly: w.ReportOnly,
	}
	if doc.Subject.Repository == "" {
		doc.Subject.Repository = f.Repository
	}
	if doc.Subject.SHA == "" {
		doc.Subject.SHA = w.SHA()
	}
	if doc.Subject.Ref == "" {
		doc.Subject.Ref = f.Ref
	}
	return doc
}

// Run is the workflow run that this is.
func (w *World) Run() result.Run {
	f := w.Facts
	return result.Run{ID: f.RunID, Attempt: f.RunAttempt, URL: f.RunURL(), Actor: f.Actor}
}

// Keep writes a document into the workspace, in a folder that git does not see, and returns its
// path; "" where nothing is to be written.
func (w *World) Keep(doc result.Document) (path string, err error) {
	if w.DryRun {
		return "", nil
	}
	text, err := doc.Encode()
	if err != nil {
		return "", err
	}
	path = result.Path(doc.Action)
	for _, file := range []struct{ path, text string }{{".slipway/.gitignore", "*\n"}, {path, w.Redact(string(text)) + "\n"}} {
		if _, err := w.Files.Write(file.path, []byte(file.text)); err != nil {
			return "", fmt.Errorf("write the result file %s in the workspace %s: %w", path, w.Files.Dir, err)
		}
	}
	return path, nil
}

func firstLine(s string) string {
	line, _, more := strings.Cut(s, "\n")
	if more {
		line += " …"
	}
	return line
}
