package gonogo

import (
	"bytes"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// judgeText wants a document of the commit with sections that say something, and that somebody has
// touched not too long ago.
func judgeText(id string, rule policy.Document, e evidence) criterion {
	f := result.Finding{ID: id, Outcome: verdict.Undecided, Title: id, Threshold: "the document", Where: &result.Where{File: rule.Path}, Next: "Write it, and commit it."}
	if len(rule.Sections) > 0 {
		f.Threshold = "sections " + strings.Join(rule.Sections, ", ")
	}
	if rule.MaxAge > 0 {
		f.Threshold += ", last changed at most " + duration.Format(time.Duration(rule.MaxAge)) + " ago"
	}
	document := e.file(atCommit + rule.Path)
	switch empty := emptySections(document.Text, rule.Sections); {
	case document.Missing:
		f.Outcome, f.Observed = verdict.Failed, "the commit has no such file"
	case document.Problem.What != "":
		f.Observed, f.Next = document.Problem.What, document.Problem.Next
	case len(bytes.TrimSpace(document.Text)) == 0:
		f.Outcome, f.Observed = verdict.Failed, "the file is empty"
	case len(empty) > 0:
		f.Outcome, f.Observed = verdict.Failed, "missing or empty: "+strings.Join(empty, ", ")
		f.Next = "Write these sections under headings of these names, and commit it. One that says TODO or n/a alone is empty."
	default:
		f.Outcome, f.Observed, f.Next = verdict.Passed, "it is there", ""
		if len(rule.Sections) > 0 {
			f.Observed += ", with all sections wanted"
		}
		if rule.MaxAge > 0 {
			f = judgeAge(f, document, time.Duration(rule.MaxAge), e.Now)
		}
	}
	return criterion{id: id, findings: []result.Finding{f}}
}

// judgeAge takes a document that is too old, or of unknown age, out of what passes: its text is there,
// but nobody has shown that it still holds.
func judgeAge(f result.Finding, document file, most time.Duration, now time.Time) result.Finding {
	age := now.Sub(document.Changed)
	switch {
	case document.Undated.What != "":
		f.Outcome, f.Observed, f.Next = verdict.Undecided, "when it was last changed is not known: "+document.Undated.What, document.Undated.Next
	case document.Changed.IsZero():
		f.Outcome, f.Observed, f.Next = verdict.Undecided, "when it was last changed is not known", "Run the gate again with this policy."
	case age < -skew:
		f.Outcome, f.Observed = verdict.Undecided, "it was last changed in the future, "+document.Changed.UTC().Format(time.RFC3339)+" (commit date)"
		f.Next = "Correct the clock of the machine that commits, and commit it again."
	default:
		changed := "last changed " + duration.Format(max(0, age).Round(time.Second)) + " ago (commit date)"
		if age > most {
			f.Outcome, f.Observed, f.Next = verdict.Undecided, changed, "Read it, bring it up to date, and commit it."
			break
		}
		f.Observed += ", " + changed
	}
	return f
}
