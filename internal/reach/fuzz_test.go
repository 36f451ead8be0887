package reach

import (
	"context"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// Whatever a process prints, what it says is taken as a whole or is an error.
func FuzzReadMessages(f *testing.F) {
	f.Add(`{"config":{}}{"SBOM":{"modules":[{"path":"a.b/c","version":"v1.0.0"}]}}{"finding":{"osv":"V0","trace":[{"module":"a.b/c"}]}}`)
	f.Add(`{"SBOM":{}}{"finding":{"osv":"V0","trace":[{"module":"a","package":"a","function":"f","position":{"filename":"x.go","line":1}}]}}`)
	f.Add(`{"finding":null}`)
	f.Fuzz(func(t *testing.T, out string) {
		_, found, err := readMessages(strings.NewReader(out))
		if err != nil {
			return
		}
		if !strings.Contains(strings.ToLower(out), "sbom") {
			t.Error("nothing was listed, and no error")
		}
		j := judge{tree: &tree{dir: "."}}
		for _, one := range found {
			if chain := j.chain(one.Trace); len(chain) == 0 || len(chain) > traceLimit {
				t.Errorf("a chain of %d", len(chain))
			}
		}
	})
}

func FuzzClean(f *testing.F) {
	f.Add("a\tb\n\x1b[31m\xffé\u202e", 5)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = max(0, min(limit, 1000))
		got := clean(text, limit)
		if !utf8.ValidString(got) || len(got) > limit+len("…") || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%q became %q", text, got)
		}
	})
}

// Whatever a go.mod and a go.work hold, they lead nowhere out of the workspace.
func FuzzSurvey(f *testing.F) {
	f.Add("module a.b/c\n\nreplace x.y/z => ./z\n", "go 1.21\n\nuse ./sub\n")
	f.Add("module a.b/c\n\nreplace x.y/z v1.0.0 => ../../z\n", "go 1.21\n\nuse (\n\t./sub\n\t../x\n)\nreplace x.y/z => /z\n")
	f.Fuzz(func(t *testing.T, mod, work string) {
		dir := t.TempDir()
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		if root.Mkdir("sub", 0o700) != nil || root.WriteFile("sub/go.mod", []byte(mod), 0o600) != nil || root.WriteFile("go.work", []byte(work), 0o600) != nil {
			t.Fatal("cannot write")
		}
		if got, err := survey(context.Background(), root, "sub"); err == nil && got.work != "" && !strings.Contains(work, "sub") {
			t.Errorf("%q holds", work)
		}
	})
}
