// Package action is what an action is: a name, inputs from its action.yml, a run in a world, and
// an outcome. It owns the ports an action may use and does their I/O.
package action

import (
	"context"
	"fmt"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Action is one step that a workflow can use. Its contract (inputs with defaults, outputs) is its
// action.yml.
type Action struct {
	Name string
	// Run reads inputs, collects evidence, decides and puts the decision into words. It returns a
	// *CallerError where inputs or policy are wrong, and any other error where nothing could be
	// decided. An error never passes.
	Run func(ctx context.Context, w *World, in *Inputs) (Outcome, error)
	// Again makes the decision of a result document once more from the evidence that it holds: offline,
	// by the policy that is recorded in it, or by another one. nil where the action's documents hold no
	// evidence. Errors say what the document lacks.
	Again func(document []byte, other *policy.Policy) (Again, error)
	// Page shows a result document as a page to keep, from nothing but what it holds. An error says what in
	// its data cannot be read.
	Page func(document []byte) (Shown, error)
	// Backtest judges the past from one moment to another as Run judges the present, and writes nothing. nil
	// where an action goes by nothing that can still be asked about.
	Backtest func(ctx context.Context, w *World, in *Inputs, from, to time.Time) (report.Page, error)
	// Reference is what action.yml cannot hold: permissions, hosts, exit codes.
	Reference Reference
}

// Again is a decision that was made once more.
type Again struct {
	Outcome
	// Explain says in plain words why a criterion came out as it did; an error names the criteria there
	// are where it is none of them.
	Explain func(criterion string) (string, error)
}

// Shown is a result document as people read it.
type Shown struct {
	Page report.Page // what follows the sentence; nil where the document holds no more than its findings
	// Again is what the evidence in the document comes to when it is judged once more; "" where it was not,
	// for there is none.
	Again verdict.Verdict
	// Cut tells that the evidence is missing which the action's whole documents hold.
	Cut bool
}

// Outcome is a decision in words and values.
type Outcome struct {
	Subject  result.Subject // only what the action knows better than the frame; the rest stays empty
	Sentence string
	Findings []result.Finding
	Verdict  verdict.Verdict
	Outputs  []Output    // in the contract's order, all but verdict, result and result-file
	Data     any         // the result document's data; an object
	Page     report.Page // what follows the sentence
}

// Output is the value of an output, "" where there is none.
func (o Outcome) Output(name string) string {
	for _, output := range o.Outputs {
		if output.Name == name {
			return output.Value
		}
	}
	return ""
}

// Output is one value for later steps.
type Output struct{ Name, Value string }

// CallerError says that the caller is wrong: an input, a flag or the policy. Its text names what,
// where, the value seen, the values allowed and the next step.
type CallerError struct{ Err error }

func (e *CallerError) Error() string { return e.Err.Error() }
func (e *CallerError) Unwrap() error { return e.Err }

// Wrong makes a CallerError.
func Wrong(format string, args ...any) error { return &CallerError{fmt.Errorf(format, args...)} }

// UnknownError says that nothing could be decided, and what a person can do about it.
type UnknownError struct {
	Err  error
	Next string
}

func (e *UnknownError) Error() string { return e.Err.Error() }
func (e *UnknownError) Unwrap() error { return e.Err }

// Undecided makes an UnknownError.
func Undecided(next, format string, args ...any) error {
	return &UnknownError{Err: fmt.Errorf(format, args...), Next: next}
}
