package runner

import (
	"fmt"
	"io"
	"strings"

	"github.com/slipway-actions/slipway/internal/report"
)

// Terminal is the host on a laptop: the page, then the outputs as a table.
type Terminal struct {
	out, progress io.Writer
	redact        redactor
	outputs       report.Table
	// JSON prints nothing but the result document.
	JSON bool
}

// terminalWidth is what a page is set for: wide enough for tables, narrow enough for a split screen.
const terminalWidth = 110

// NewTerminal prints pages to out and what happens meanwhile to progress.
func NewTerminal(out, progress io.Writer, json bool) *Terminal {
	return &Terminal{out: out, progress: progress, JSON: json, outputs: report.Table{Header: []string{"Output", "Value"}}}
}

// Mask keeps a secret out of what is printed.
func (t *Terminal) Mask(secret string) { t.redact.add(secret) }

// Redact is text without the secrets.
func (t *Terminal) Redact(text string) string { return t.redact.clean(text) }

// Log prints progress.
func (t *Terminal) Log(text string) {
	fmt.Fprintln(t.progress, strings.TrimRight(Harmless(t.redact.clean(text)), "\n"))
}

// Annotate prints nothing: the page holds the same findings.
func (t *Terminal) Annotate([]Annotation) {}

// Output keeps a value for Close.
func (t *Terminal) Output(name, value string) error {
	if t.JSON {
		if name != "result" {
			return nil
		}
		_, err := fmt.Fprintln(t.out, t.redact.clean(value))
		return err
	}
	if name == "result" || value == "" { // the document is in the result file; an empty output says nothing
		return nil
	}
	t.outputs.Rows = append(t.outputs.Rows, []report.Text{report.T(name), report.T(oneLine(t.redact.clean(value), 160))})
	return nil
}

// Summary prints the page.
func (t *Terminal) Summary(page report.Page) error {
	if t.JSON {
		return nil
	}
	_, err := io.WriteString(t.out, page.Map(t.redact.clean).Terminal(terminalWidth))
	return err
}

// Close prints the outputs; the page has shown the decision.
func (t *Terminal) Close(string) {
	if !t.JSON && len(t.outputs.Rows) > 0 {
		io.WriteString(t.out, report.Page{t.outputs}.Terminal(terminalWidth))
	}
}
