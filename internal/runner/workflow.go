package runner

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/sethvargo/go-githubactions"

	"github.com/slipway-actions/slipway/internal/report"
)

// GitHub shows ten annotations of each kind a step, of 4,096 characters each.
const (
	annotationLimit     = 10
	annotationTextLimit = 4000
)

// Workflow is the host inside a GitHub workflow.
type Workflow struct {
	mu       sync.Mutex
	out      io.Writer
	getenv   func(string) string
	commands *githubactions.Action
	redact   redactor
	handed   bool  // an output was written
	before   int64 // size of the file of outputs before the first one
}

// NewWorkflow writes commands to out and files to where getenv says the runner reads them.
func NewWorkflow(out io.Writer, getenv func(string) string) *Workflow {
	return &Workflow{
		out: out, getenv: getenv,
		commands: githubactions.New(githubactions.WithWriter(out), githubactions.WithGetenv(getenv)),
	}
}

// Mask tells the runner to hide a secret, and hides it from the files that the runner does not read.
func (w *Workflow) Mask(secret string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.redact.add(secret) {
		w.commands.AddMask(secret)
	}
}

// Redact is text without the secrets.
func (w *Workflow) Redact(text string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.redact.clean(text)
}

// Log prints text with the runner's command parser switched off, and breaks what looks like a
// command all the same.
func (w *Workflow) Log(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	stop := rand.Text()
	fmt.Fprintf(w.out, "::stop-commands::%s\n%s\n::%s::\n", stop, strings.TrimRight(Harmless(w.redact.clean(text)), "\n"), stop)
}

// Close logs the decision, for the log is what one sees first.
func (w *Workflow) Close(text string) { w.Log(text) }

// Annotate issues the first annotations of each kind. Where there are more than GitHub shows, the
// last one counts the rest.
func (w *Workflow) Annotate(notes []Annotation) {
	w.mu.Lock()
	defer w.mu.Unlock()
	total := map[Kind]int{}
	for _, n := range notes {
		total[n.Kind]++
	}
	issued := map[Kind]int{}
	for _, n := range notes {
		issued[n.Kind]++
		switch left := total[n.Kind] - issued[n.Kind] + 1; {
		case issued[n.Kind] > annotationLimit:
			continue
		case issued[n.Kind] == annotationLimit && left > 1:
			n = Annotation{Kind: n.Kind, Title: fmt.Sprintf("and %d more", left), Text: "GitHub shows ten of each kind; the step summary and the result file have all."}
		}
		w.issue(n)
	}
}

func (w *Workflow) issue(n Annotation) {
	properties := githubactions.CommandProperties{}
	if n.Title != "" {
		properties["title"] = oneLine(w.redact.clean(n.Title), 200)
	}
	if n.File != "" {
		properties["file"] = oneLine(w.redact.clean(n.File), 1000)
		if n.Line > 0 {
			properties["line"] = strconv.Itoa(n.Line)
		}
	}
	w.commands.IssueCommand(&githubactions.Command{
		Name: string(n.Kind), Properties: properties, Message: clip(Harmless(w.redact.clean(n.Text)), annotationTextLimit),
	})
}

// Output writes one output behind a delimiter that nobody can have put into the value. Where it cannot be
// written, those before it are taken back: the runner reads outputs of a failed step too, and half of them
// may say what the whole does not.
func (w *Workflow) Output(name, value string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.getenv("GITHUB_OUTPUT") == "" {
		return errors.New("GITHUB_OUTPUT is not set, so no output can be handed on; a runner always sets it")
	}
	value = w.redact.clean(value)
	delimiter := "slipway_" + rand.Text()
	for strings.Contains(value, delimiter) {
		delimiter = "slipway_" + rand.Text()
	}
	if !w.handed {
		w.handed, w.before = true, sizeOf(w.getenv("GITHUB_OUTPUT"))
	}
	return w.file("output", fmt.Sprintf("%s<<%s\n%s\n%s", name, delimiter, value, delimiter), w.before)
}

// Summary appends the page to the step's summary. A runner without one is no error: the log has
// the decision too.
func (w *Workflow) Summary(page report.Page) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.getenv("GITHUB_STEP_SUMMARY") == "" {
		return nil
	}
	return w.file("step-summary", page.Map(w.redact.clean).Markdown(report.SummaryLimit-1), sizeOf(w.getenv("GITHUB_STEP_SUMMARY")))
}

// file appends to one of the runner's files, or leaves it as it was when it had this size. The library panics
// where a write fails.
func (w *Workflow) file(command, text string, before int64) (err error) {
	defer func() {
		if r := recover(); r != nil {
			name := "GITHUB_" + strings.ToUpper(strings.ReplaceAll(command, "-", "_"))
			err = fmt.Errorf("write %s: %v", name, r)
			if path := w.getenv(name); sizeOf(path) > before {
				err = errors.Join(err, os.Truncate(path, before))
			}
		}
	}()
	w.commands.IssueFileCommand(&githubactions.Command{Name: command, Message: text})
	return nil
}

// sizeOf is the size of a regular file, 0 where there is none.
func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}
