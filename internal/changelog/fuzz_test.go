package changelog

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/runner"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// counting is a template that may count for hours without writing, which only its job's timeout ends.
var counting = regexp.MustCompile(`range.*[0-9$]`)

// A template writes a bounded text that can be printed, or is in error.
func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"{{range .Sections}}{{.Title}}{{end}}", "{{.Version}} {{escape .Tag}}\r\n\n", "{{join .Issues \", \"}}", "{{define \"a\"}}{{template \"a\"}}{{end}}{{template \"a\"}}",
		"{{printf \"%999999s\" .Version}}", "{{link \"a\" \"javascript:b\"}}", "{{date \"2006\" .Date}}", "{{index .Sections 99}}", "{{call .Version}}", "{{"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		l, err := parseLayout("notes.tmpl", source)
		if err != nil {
			if got := trouble("notes.tmpl", err); got == "" {
				t.Fatalf("%q cannot be read, and nobody says why", source)
			}
			return
		}
		if counting.MatchString(source) {
			return
		}
		a := plainly(links{})
		a.layout = l
		d := decide(evidence{arrangement: a, releases: []release{released(t, "1.1.0", "feat: a", "fix(b)!: <c>")}})
		if len(d.body) > 2*bodyLimit || !utf8.ValidString(d.body) || strings.ContainsAny(d.body, "\x00\x1b\x07") {
			t.Fatalf("%q makes %.200q of %d bytes", source, d.body, len(d.body))
		}
	})
}

// What version-bump's result says is landed only where it passes, and is about this run, commit and version.
func FuzzVersionFiles(f *testing.F) {
	dir := f.TempDir()
	const head = "0123456789abcdef0123456789abcdef01234567"
	seed := `{"schema":"slipway.result/v1","action":"version-bump","verdict":"pass","finishedAt":"2026-03-02T12:00:00Z","subject":{"sha":"` + head + `","version":"1.1.0"},"run":{"id":7},"data":{"files":[{"path":"package.json","sha256":"00"}]}}`
	for _, s := range []string{seed, strings.Replace(seed, "pass", "fail", 1), strings.Replace(seed, "1.1.0", "1.2.0", 1), `{}`, ``} {
		f.Add(s)
	}
	w, err := runner.OpenWorkspace(dir)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = w.Close() })
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := w.Write(result.Path("version-bump"), []byte(text)); err != nil {
			t.Fatal(err)
		}
		d := decide(evidence{arrangement: plainly(links{}), releases: []release{released(t, "1.1.0", "feat: a")}})
		world := &action.World{Files: w, Dir: dir, Facts: runner.Facts{RunID: 7}}
		found, finding, err := versionFiles(world, head, d)
		if err != nil || len(found) == 0 {
			return
		}
		if doc, err := result.Decode([]byte(text)); err != nil || finding.ID != "" || doc.Verdict != verdict.Pass || doc.Action != "version-bump" || doc.Subject.SHA != head || doc.Run.ID != 7 || doc.Subject.Version != "1.1.0" {
			t.Fatalf("%q lands %+v", text, found)
		}
	})
}
