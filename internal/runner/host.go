package runner

import "github.com/slipway-actions/slipway/internal/report"

// Host is where an action's words go: a workflow or a terminal.
type Host interface {
	// Mask keeps a secret out of everything that is written from now on.
	Mask(secret string)
	// Redact is text without the secrets, for what is written elsewhere.
	Redact(text string) string
	// Log prints text that may hold anything.
	Log(text string)
	// Annotate shows notes beside the code; hosts may show fewer than they are given, and then say so.
	Annotate(notes []Annotation)
	// Output hands a value to later steps. Where that fails, none is handed on, those before it included.
	Output(name, value string) error
	// Summary shows the page.
	Summary(page report.Page) error
	// Close ends the run. Text is the decision in a few lines, for a host that has not shown it yet.
	Close(text string)
}

// Kind is how loud an annotation is.
type Kind string

// The kinds of annotation.
const (
	Error   Kind = "error"
	Warning Kind = "warning"
	Notice  Kind = "notice"
)

// Annotation is a note at a place of the repository, or without one.
type Annotation struct {
	Kind  Kind
	Title string
	Text  string
	File  string // slash-separated, relative to the repository; may be empty
	Line  int    // from 1; 0 is the whole file
}
