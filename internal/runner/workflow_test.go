package runner_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/commandfile"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/runner"
)

// job is a workflow's step as its runner sees it.
type job struct {
	*runner.Workflow
	log             bytes.Buffer
	output, summary string // paths
}

func start(t *testing.T) *job {
	t.Helper()
	dir := t.TempDir()
	j := &job{output: filepath.Join(dir, "output"), summary: filepath.Join(dir, "summary")}
	j.Workflow = runner.NewWorkflow(&j.log, func(name string) string {
		return map[string]string{"GITHUB_OUTPUT": j.output, "GITHUB_STEP_SUMMARY": j.summary, "GITHUB_ACTIONS": "true"}[name]
	})
	return j
}

func readOutputs(t *testing.T, path string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	values, err := commandfile.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// TestOutputs holds that no value can write another output, and that each comes back as it was.
func TestOutputs(t *testing.T) {
	j := start(t)
	want := map[string]string{}
	for i, value := range []string{
		"", "plain", "two\nlines", "\n", "ends\n\n", "a=b", "decision=go", "x<<EOF\ndecision\nEOF", "EOF", "verdict<<_GitHubActionsFileCommandDelimeter_\npass\n_GitHubActionsFileCommandDelimeter_",
		"_GitHubActionsFileCommandDelimeter_\nverdict=pass", "slipway_\nverdict=pass", "::set-output name=verdict::pass", "100% %0A %25", "a\rb\r\nc", "é日本\x00", strings.Repeat("long ", 100_000),
	} {
		name := fmt.Sprintf("output-%d", i)
		want[name] = value
		if err := j.Output(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, readOutputs(t, j.output)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if j.log.Len() > 0 {
		t.Errorf("outputs were logged: %q", &j.log)
	}
}

// An output that cannot be written is an error, never a panic and never silence.
func TestFilesThatCannotBeWritten(t *testing.T) {
	none := runner.NewWorkflow(&bytes.Buffer{}, func(string) string { return "" })
	if err := none.Output("verdict", "pass"); err == nil || !strings.Contains(err.Error(), "GITHUB_OUTPUT is not set") {
		t.Error(err)
	}
	if err := none.Summary(report.Page{report.Paragraph{Text: report.T("x")}}); err != nil {
		t.Errorf("a runner without summaries: %v", err)
	}
	away := runner.NewWorkflow(&bytes.Buffer{}, func(string) string { return "/nonexistent/file" })
	if err := away.Output("verdict", "pass"); err == nil || !strings.Contains(err.Error(), "write GITHUB_OUTPUT") {
		t.Error(err)
	}
	if err := away.Summary(nil); err == nil || !strings.Contains(err.Error(), "write GITHUB_STEP_SUMMARY") {
		t.Error(err)
	}
}

func TestLog(t *testing.T) {
	j := start(t)
	j.Log("one\n::error::two\n##[add-mask]three\n\n")
	lines := strings.Split(strings.TrimSuffix(j.log.String(), "\n"), "\n")
	token, found := strings.CutPrefix(lines[0], "::stop-commands::")
	if want := []string{"::stop-commands::" + token, "one", `\::error::two`, `#\#[add-mask]three`, "::" + token + "::"}; !found || len(token) < 16 || cmp.Diff(want, lines) != "" {
		t.Errorf("got %q", lines)
	}
	j.log.Reset()
	j.Log("::" + token + "::")
	if strings.Contains(j.log.String(), "\n::"+token+"::\n::") || strings.HasPrefix(j.log.String(), "::stop-commands::"+token) {
		t.Errorf("the token was used again: %q", &j.log)
	}
}

// GitHub shows ten annotations of each kind; the last one counts the rest.
func TestAnnotations(t *testing.T) {
	count := func(errors, warnings int) string {
		j := start(t)
		var notes []runner.Annotation
		for range errors {
			notes = append(notes, runner.Annotation{Kind: runner.Error, Title: "title", Text: "text"})
		}
		for range warnings {
			notes = append(notes, runner.Annotation{Kind: runner.Warning, Title: "title", Text: "text"})
		}
		j.Annotate(notes)
		return j.log.String()
	}
	for _, tt := range []struct {
		errors, warnings, wantErrors, wantWarnings int
		rest                                       string
	}{
		{0, 0, 0, 0, ""}, {1, 2, 1, 2, ""}, {10, 10, 10, 10, ""}, {11, 0, 10, 0, "and 2 more"}, {43, 3, 10, 3, "and 34 more"},
	} {
		log := count(tt.errors, tt.warnings)
		if got := strings.Count(log, "::error"); got != tt.wantErrors {
			t.Errorf("%d errors are shown as %d", tt.errors, got)
		}
		if got := strings.Count(log, "::warning"); got != tt.wantWarnings {
			t.Errorf("%d warnings are shown as %d", tt.warnings, got)
		}
		if strings.Contains(log, " more") != (tt.rest != "") || !strings.Contains(log, tt.rest) {
			t.Errorf("%d errors: %s", tt.errors, log)
		}
	}

	j := start(t)
	j.Annotate([]runner.Annotation{{
		Kind: runner.Error, Title: "a\n::error::b, c: d%", Text: "##[error]x\n::warning::y\r\nz", File: "a,b:c\n::error::.go", Line: 3,
	}, {Kind: runner.Notice, Text: strings.Repeat("ä", 10_000), Line: 4}})
	lines := strings.Split(strings.TrimSpace(j.log.String()), "\n")
	if len(lines) != 2 || strings.Contains(lines[0], "##[") {
		t.Fatalf("got %q", lines)
	}
	if want := `::error file=a%2Cb%3Ac %3A%3Aerror%3A%3A.go,line=3,title=a %3A%3Aerror%3A%3Ab%2C c%3A d%25::#\#[error]x%0A\::warning::y%0Az`; strings.ReplaceAll(lines[0], `\%3A`, "%3A") != want {
		t.Errorf("got  %s\nwant %s", lines[0], want)
	}
	if !strings.HasPrefix(lines[1], "::notice::ä") || len(lines[1]) > 4096 || !strings.HasSuffix(lines[1], "ä…") {
		t.Errorf("a long text became %d bytes", len(lines[1]))
	}
}

// TestSecrets holds that a secret is in nothing that a step leaves behind, in whatever form.
func TestSecrets(t *testing.T) {
	for _, secret := range []string{"ghs_16C7e42F292c6912E7", "github_pat_1_2__3_x", `p"a\s|s<w>o*r_d`, "-----key", "12. x"} {
		j := start(t)
		j.Mask("")
		j.Mask("abc") // too short to be one
		j.Mask(secret[:4])
		j.Mask(secret)
		j.Mask(secret)
		if got := strings.Count(j.log.String(), "::add-mask::"); got != 2 {
			t.Errorf("%d masks: %s", got, &j.log)
		}
		j.log.Reset()
		text := report.T("abc " + secret + " " + secret + "_x")
		page := report.Page{
			report.Heading{Level: 2, Text: text}, report.Paragraph{Text: text}, report.Alert{Kind: report.Note, Text: text}, report.List{Items: []report.Text{text}},
			report.Table{Header: []string{"a"}, Rows: [][]report.Text{{text}, {report.Code(secret)}, {report.Link(secret, "https://example.com/"+secret)}}},
			report.Fence{Body: secret}, report.Details{Summary: secret, Body: report.Page{report.Paragraph{Text: text}}}, report.Markdown(report.Escape("x " + secret)),
		}
		if err := errors.Join(j.Output("a", "x"+secret+"y"), j.Output("json", fmt.Sprintf("%q", secret)), j.Summary(page)); err != nil {
			t.Fatal(err)
		}
		j.Log("x" + secret)
		j.Close(secret)
		j.Annotate([]runner.Annotation{{Kind: runner.Error, Title: secret, Text: secret, File: "a/" + secret}})
		var terminal bytes.Buffer
		laptop := runner.NewTerminal(&terminal, &terminal, false)
		laptop.Mask(secret)
		laptop.Log(secret)
		laptop.Output("a", "x"+secret)
		laptop.Summary(page)
		laptop.Close("")
		plain := strings.NewReplacer(`\`, "", "<wbr>", "", "&lt;", "<", "&gt;", ">", "%22", `"`, "%5C", "", "%7C", "|", "%3C", "<", "%3E", ">")
		for name, left := range map[string]string{
			"outputs": fmt.Sprint(readOutputs(t, j.output)), "summary": read(t, j.summary), "log": j.log.String(), "terminal": terminal.String(), "redacted": j.Redact(secret) + laptop.Redact(secret),
		} {
			if strings.Contains(left, secret) || strings.Contains(plain.Replace(left), plain.Replace(secret)) {
				t.Errorf("%s holds %s:\n%s", name, secret, left)
			}
		}
		if !strings.Contains(read(t, j.summary), `abc \*\*\*`) {
			t.Errorf("the summary became\n%s", read(t, j.summary))
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A summary over the limit would be dropped whole.
func TestLargeSummary(t *testing.T) {
	j := start(t)
	var page report.Page
	for range 3000 {
		page = append(page, report.Paragraph{Text: report.T(strings.Repeat("word ", 100))})
	}
	if err := j.Summary(page); err != nil {
		t.Fatal(err)
	}
	if text := read(t, j.summary); len(text) > 1<<20 || !strings.Contains(text, "This page was cut here") {
		t.Errorf("%d bytes", len(text))
	}
}

func TestTerminal(t *testing.T) {
	var out, progress bytes.Buffer
	laptop := runner.NewTerminal(&out, &progress, false)
	laptop.Log("\x1b[31m::error::a\n")
	laptop.Annotate([]runner.Annotation{{Kind: runner.Error, Text: "x"}})
	for name, value := range map[string]string{"version": "1.2.3", "empty": "", "result": "{}"} {
		if err := laptop.Output(name, value); err != nil {
			t.Fatal(err)
		}
	}
	laptop.Output("notes", "a\n\n"+strings.Repeat("b ", 200))
	laptop.Summary(report.Page{report.Paragraph{Text: report.T("page")}})
	laptop.Close("decision")
	if got := progress.String(); got != "\uFFFD[31m::error::a\n" {
		t.Errorf("progress is %q", got)
	}
	if got := out.String(); !strings.HasPrefix(got, "page\n\nOutput   Value\n") || !strings.Contains(got, "version  1.2.3\n") || strings.Contains(got, "empty") || strings.Contains(got, "{}") || strings.Contains(got, "decision") {
		t.Errorf("out is\n%s", got)
	}

	out.Reset()
	laptop = runner.NewTerminal(&out, &progress, true)
	laptop.Output("version", "1.2.3")
	laptop.Output("result", "{}")
	laptop.Summary(report.Page{report.Paragraph{Text: report.T("page")}})
	laptop.Close("decision")
	if got := out.String(); got != "{}\n" {
		t.Errorf("with JSON, out is %q", got)
	}
}
