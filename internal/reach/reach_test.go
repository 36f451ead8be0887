package reach_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/reach"
)

// TestMain is the program that starts itself, too.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == reach.Argument {
		os.Exit(reach.Run(os.Args[2:], os.Stdout, os.Stderr))
	}
	if len(os.Args) > 1 && acts[os.Args[1]] != nil {
		os.Exit(acts[os.Args[1]](os.Args[2:]))
	}
	os.Exit(m.Run())
}

func self(t *testing.T) reach.Analyser {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return reach.Analyser{Program: []string{program, reach.Argument}}
}

// workspace writes files; one whose content begins with -> is a link.
func workspace(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if target, link := strings.CutPrefix(text, "->"); link {
			err = os.Symlink(target, file)
		} else {
			err = os.WriteFile(file, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// parsing is a module with a vulnerable function, as vendored below a folder.
func parsing(folder string) map[string]string {
	vendor := filepath.Join(folder, "vendor")
	return map[string]string{
		filepath.Join(vendor, "modules.txt"):                       "# example.org/parsing v1.0.0\n## explicit; go 1.21\nexample.org/parsing/html\nexample.org/parsing/text\n",
		filepath.Join(vendor, "example.org/parsing/html/html.go"):  "package html\n\ntype Tree struct{}\n\nfunc (*Tree) Walk() { deep() }\n\nfunc Parse(string) *Tree { return &Tree{} }\n\nfunc Escape(s string) string { return s }\n\nfunc deep() {}\n",
		filepath.Join(vendor, "example.org/parsing/text/text.go"):  "package text\n\nimport \"example.org/parsing/html\"\n\nfunc Plain(s string) string { html.Parse(s); return s }\n\nfunc Upper(s string) string { return s }\n",
		filepath.Join(folder, "go.mod"):                            "module example.com/app\n\ngo 1.21\n\nrequire example.org/parsing v1.0.0\n",
		filepath.Join(folder, "internal/nothing/nothing.go"):       "package nothing\n",
		filepath.Join(folder, "internal/nothing/testdata/none.go"): "package none\n\nimport \"nowhere\"\n",
	}
}

func with(files ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, f := range files {
		for name, text := range f {
			all[name] = text
		}
	}
	return all
}

func app(imports, body string) map[string]string {
	return map[string]string{"main.go": "package main\n\n" + imports + "\n\nfunc main() {\n" + body + "\n}\n"}
}

const imports = `[{"path":"example.org/parsing/html","symbols":["Parse","Tree.Walk"]}]`

func advisory(t *testing.T, id, module, imports string) *osv.Record {
	t.Helper()
	r, err := osv.Parse([]byte(`{"id":"` + id + `","affected":[{"package":{"ecosystem":"Go","name":"` + module + `"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"0.9.0"}]}],"ecosystem_specific":{"imports":` + imports + `}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLevels(t *testing.T) {
	vulnerable := func(t *testing.T) *osv.Record { return advisory(t, "GO-2026-0001", "example.org/parsing", imports) }
	tests := []struct {
		name   string
		files  map[string]string
		record func(*testing.T) *osv.Record
		level  reach.Level
		trace  string
		untold string
	}{
		{name: "called", files: app(`import "example.org/parsing/html"`, `html.Parse("")`), level: reach.Called,
			trace: "example.com/app.main main.go:6 → example.org/parsing/html.Parse"},
		{name: "called by a dependency", files: app(`import "example.org/parsing/text"`, `text.Plain("")`), level: reach.Called,
			trace: "example.com/app.main main.go:6 → example.org/parsing/text.Plain → example.org/parsing/html.Parse"},
		{name: "a method is called through an interface", files: app(`import "example.org/parsing/html"`, `var w interface{ Walk() } = &html.Tree{}; w.Walk()`), level: reach.Called,
			trace: "example.com/app.main main.go:6 → example.org/parsing/html.Tree.Walk"},
		{name: "called by what a library exports", files: map[string]string{"lib/lib.go": "package lib\n\nimport \"example.org/parsing/html\"\n\nfunc Do() { html.Parse(\"\") }\n"}, level: reach.Called,
			trace: "example.com/app/lib.Do lib/lib.go:5 → example.org/parsing/html.Parse"},
		{name: "imported, something else called", files: app(`import "example.org/parsing/html"`, `html.Escape("")`), level: reach.Imported},
		{name: "imported by a dependency", files: app(`import "example.org/parsing/text"`, `text.Upper("")`), level: reach.Imported},
		{name: "imported, called by nobody", files: with(app(`import _ "example.org/parsing/html"`, ``), map[string]string{"more.go": "package main\n\nimport \"example.org/parsing/html\"\n\nfunc unused() { html.Parse(\"\") }\n"}), level: reach.Imported},
		{name: "required alone", files: app(``, ``), level: reach.Required},
		{name: "another package of the module", files: app(`import "example.org/parsing/text"`, `text.Upper("")`),
			record: func(t *testing.T) *osv.Record {
				return advisory(t, "GO-2026-0001", "example.org/parsing", `[{"path":"example.org/parsing/xml"}]`)
			}, level: reach.Required},
		{name: "used by tests alone", files: with(app(``, ``), map[string]string{"main_test.go": "package main\n\nimport \"example.org/parsing/html\"\n\nvar _ = html.Parse(\"\")\n"}), level: reach.Required},

		{name: "no symbols, imported", files: app(`import "example.org/parsing/html"`, `html.Escape("")`),
			record: func(t *testing.T) *osv.Record {
				return advisory(t, "GHSA-a", "example.org/parsing", `[{"path":"example.org/parsing/html"}]`)
			}, level: reach.Called,
			trace: "example.com/app.init main.go:3 → example.org/parsing/html.init"},
		{name: "no packages, not imported", files: app(``, ``),
			record: func(t *testing.T) *osv.Record { return advisory(t, "GHSA-a", "example.org/parsing", `null`) }, level: reach.Required},
		{name: "no packages, imported", files: app(`import "example.org/parsing/text"`, `text.Upper("")`),
			record: func(t *testing.T) *osv.Record { return advisory(t, "GHSA-a", "example.org/parsing", `null`) }, level: reach.Called,
			trace: "example.com/app.init main.go:3 → example.org/parsing/text.init"},
		{name: "a name that is a package", files: app(`import "example.org/parsing/html"`, `html.Parse("")`),
			record: func(t *testing.T) *osv.Record { return advisory(t, "GHSA-a", "example.org/parsing/html", `null`) }, untold: "the advisory names example.org/parsing/html, which is no module here"},
		{name: "another ecosystem", files: app(``, ``),
			record: func(*testing.T) *osv.Record { return &osv.Record{ID: "GHSA-a"} }, untold: "the advisory names no Go module"},
		{name: "the go command", files: app(``, ``),
			record: func(t *testing.T) *osv.Record { return advisory(t, "GO-2026-0002", "toolchain", `[{"path":"cmd/go"}]`) }, untold: "the advisory is about the go command, which no code calls"},
		{name: "the standard library, called", files: app(`import "net/url"`, `url.Parse("")`),
			record: func(t *testing.T) *osv.Record {
				return advisory(t, "GO-2026-0003", "stdlib", `[{"path":"net/url","symbols":["Parse"]}]`)
			}, level: reach.Called,
			trace: "example.com/app.main main.go:6 → net/url.Parse"},
		{name: "the standard library, imported", files: app(`import "net/url"`, `_ = url.PathEscape("")`),
			record: func(t *testing.T) *osv.Record {
				return advisory(t, "GO-2026-0003", "stdlib", `[{"path":"net/url","symbols":["Parse"]}]`)
			}, level: reach.Imported},

		{name: "called on Windows alone", files: with(app(``, ``), map[string]string{"do_windows.go": "package main\n\nimport \"example.org/parsing/html\"\n\nfunc init() { html.Parse(\"\") }\n"}), level: reach.Called,
			trace: "example.com/app.init#1 do_windows.go:5 → example.org/parsing/html.Parse"},
		{name: "nothing of it on Windows", files: with(app(``, ``), map[string]string{"do_windows.go": "package main\n"}), level: reach.Required},
		{name: "a file with cgo", files: with(app(``, ``), map[string]string{"c.go": "package main\n\nimport \"C\"\n"}), untold: "1 files of the module are not analysed, for cgo or for tags of their own, such as c.go"},
		{name: "a tag", files: with(app(``, ``), map[string]string{"c.go": "//go:build pro\n\npackage main\n"}), untold: "1 files of the module are not analysed, for cgo or for tags of their own, such as c.go"},
		{name: "a tag, called all the same", files: with(app(`import "example.org/parsing/html"`, `html.Parse("")`), map[string]string{"c.go": "//go:build pro\n\npackage main\n"}), level: reach.Called,
			trace: "example.com/app.main main.go:6 → example.org/parsing/html.Parse"},
		{name: "tags of a test, of programs and of tools", files: with(app(``, ``), map[string]string{
			"e2e_test.go": "//go:build e2e\n\npackage main\n", "gen.go": "//go:build ignore\n\npackage main\n", "tools.go": "//go:build tools\n\npackage tools\n\nimport _ \"nowhere\"\n"}), level: reach.Required},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.record == nil {
				test.record = vulnerable
			}
			r := test.record(t)
			got, err := self(t).Analyse(t.Context(), workspace(t, with(parsing(""), test.files)), ".", []*osv.Record{r})
			if err != nil {
				t.Fatal(err)
			}
			if got.Levels[r.ID] != test.level || got.Untold[r.ID] != test.untold || strings.Join(got.Traces[r.ID], " → ") != test.trace {
				t.Errorf("%v, untold %q, trace %q\nwant %v, %q, %q", got.Levels[r.ID], got.Untold[r.ID], got.Traces[r.ID], test.level, test.untold, test.trace)
			}
			if len(got.Levels)+len(got.Untold) != 1 || !strings.HasPrefix(got.Toolchain, "go") || len(got.Platforms) == 0 {
				t.Errorf("%+v", got)
			}
		})
	}
}

// What cannot be analysed is no answer.
func TestNotTold(t *testing.T) {
	call := app(`import "example.org/parsing/html"`, `html.Parse("")`)
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "go.mod"), []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		files  map[string]string
		dir    string
		reason string // begins so; "" where there are no Go files
	}{
		{"no Go files", parsing("sub"), "sub/internal/nothing/testdata", "sub/internal/nothing/testdata/go.mod: no such file"},
		{"a module of nothing", map[string]string{"go.mod": "module a.b/c\n", "sub/go.mod": "module a.b/c/sub\n", "sub/x.go": "package x\n", "vendor/a.b/d/d.go": "package d\n", "testdata/x.go": "package x\n", "README.go.md": ""}, ".", ""},
		{"an import that is none", with(parsing(""), map[string]string{"main.go": "package main\n\nimport {"}), ".", "main.go:3:8: "},
		{"a module that is nowhere", with(map[string]string{"go.mod": "module example.com/app\n\ngo 1.21\n\nrequire example.org/parsing v1.0.0\n", "go.sum": "example.org/parsing v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nexample.org/parsing v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"}, call), ".", "main.go:3:8: module lookup disabled by GOPROXY=off"},
		{"a newer toolchain", map[string]string{"go.mod": "module example.com/app\n\ngo 1.999\n", "main.go": "package main\n\nfunc main() {}\n"}, ".", "err: exit status 1: stderr: go: go.mod requires go >= 1.999"},
		{"a go.mod that is none", map[string]string{"go.mod": "modul x\n", "x.go": "package x\n"}, ".", "go.mod:1: unknown directive: modul"},
		{"a vendor folder that does not fit", with(parsing(""), call, map[string]string{"vendor/modules.txt": "# example.org/parsing v1.0.1\n"}), ".", "err: exit status 1: stderr: go: inconsistent vendoring"},
		{"a go.mod elsewhere", with(parsing(""), call, map[string]string{"go.mod": "->" + filepath.Join(outside, "go.mod")}), ".", "go.mod: it is no regular file"},
		{"a file elsewhere", with(parsing(""), call, map[string]string{"more.go": "->" + filepath.Join(outside, "go.mod")}), ".", "the symbolic link more.go leads out of the workspace"},
		{"a folder elsewhere", with(parsing("app"), map[string]string{"app/more": "->../../"}), "app", "the symbolic link app/more leads out of the workspace"},
		{"a replacement elsewhere", map[string]string{"go.mod": "module a.b/c\n\nreplace x.y/z => ../z\n", "x.go": "package x\n"}, ".", `it uses "../z", which is out of the workspace`},
		{"an absolute replacement", map[string]string{"go.mod": "module a.b/c\n\nreplace x.y/z => /z\n", "x.go": "package x\n"}, ".", `it uses "/z", which is out of the workspace`},
		{"a work file that leads elsewhere", map[string]string{"go.work": "go 1.21\n\nuse ./a\nuse ../b\n", "a/go.mod": "module a.b/c\n", "a/x.go": "package x\n"}, "a", `it uses "../b", which is out of the workspace`},
		{"out of the workspace", map[string]string{"go.mod": "module a.b/c\n"}, "../x", "../x/go.mod: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			root := workspace(t, test.files)
			got, err := self(t).Analyse(t.Context(), root, test.dir, []*osv.Record{advisory(t, "GO-2026-0001", "example.org/parsing", imports)})
			var failed *reach.NotLoaded
			switch {
			case len(got.Levels) > 0:
				t.Errorf("told %+v", got)
			case test.reason == "":
				if !errors.Is(err, reach.ErrNoGoFiles) {
					t.Error(err)
				}
			case !errors.As(err, &failed) || !strings.HasPrefix(failed.Reason, test.reason) || strings.Contains(failed.Reason, root) || strings.Contains(failed.Reason, "\n"):
				t.Errorf("got  %v\nwant %s", err, test.reason)
			}
		})
	}
}

// Code that does not compile hides no package, but whether one is called cannot be told.
func TestBrokenTypes(t *testing.T) {
	root := workspace(t, with(parsing(""), app(`import "example.org/parsing/html"`, `html.Parse(""); x := 1`)))
	got, err := self(t).Analyse(t.Context(), root, ".", []*osv.Record{advisory(t, "GO-2026-0001", "example.org/parsing", imports), advisory(t, "GO-2026-0002", "example.org/parsing", `[{"path":"example.org/parsing/xml"}]`)})
	if err != nil || got.Levels["GO-2026-0002"] != reach.Required || len(got.Levels) != 1 ||
		got.Untold["GO-2026-0001"] != "its package is imported, and whether it is called is not known: main.go:6:17: declared and not used: x" {
		t.Errorf("%+v, %v", got, err)
	}
}

// Each module of a workspace is judged by itself, with the code of the others.
func TestWorkspace(t *testing.T) {
	record := []*osv.Record{advisory(t, "GO-2026-0001", "example.org/parsing", imports), advisory(t, "GO-2026-0004", "example.com/lib", `[{"path":"example.com/lib","symbols":["Do"]}]`)}
	library := map[string]string{
		"lib/go.mod": "module example.com/lib\n\ngo 1.21\n\nrequire example.org/parsing v1.0.0\n", "lib/lib.go": "package lib\n\nimport \"example.org/parsing/html\"\n\nfunc Do() { html.Parse(\"\") }\n\nfunc Other() {}\n",
		"app/go.mod": "module example.com/app\n\ngo 1.21\n", "app/main.go": "package main\n\nimport \"example.com/lib\"\n\nfunc main() { lib.Do() }\n",
		"tool/go.mod": "module example.com/tool\n\ngo 1.21\n", "tool/main.go": "package main\n\nimport \"example.com/lib\"\n\nfunc main() { lib.Other() }\n",
		"alone/go.mod": "module example.com/alone\n\ngo 1.21\n", "alone/main.go": "package main\n\nfunc main() {}\n",
		"go.work": "go 1.21\n\nuse (\n\t./lib\n\tapp\n\t./tool/\n)\n",
	}
	for name, text := range parsing("") {
		if strings.HasPrefix(name, "vendor") {
			library[name] = text
		}
	}
	library["vendor/modules.txt"] = "## workspace\n" + library["vendor/modules.txt"]
	root := workspace(t, library)
	for dir, want := range map[string]reach.Level{"lib": reach.Called, "app": reach.Called, "tool": reach.Imported, "alone": reach.Required} {
		got, err := self(t).Analyse(t.Context(), root, dir, record)
		if err != nil || got.Levels["GO-2026-0001"] != want {
			t.Errorf("%s: %+v, %v; want %v", dir, got, err, want)
		}
		if dir != "alone" && got.Untold["GO-2026-0004"] != "govulncheck does not judge the module example.com/lib, which has no version" {
			t.Errorf("%s: %+v", dir, got)
		}
	}
}

// Code that comes of another place than its name says is not judged by govulncheck.
func TestReplaced(t *testing.T) {
	root := workspace(t, map[string]string{
		"go.mod":         "module example.com/app\n\ngo 1.21\n\nrequire example.org/parsing v1.0.0\n\nreplace example.org/parsing => ./fork\n",
		"main.go":        "package main\n\nimport \"example.org/parsing/html\"\n\nfunc main() { html.Parse() }\n",
		"fork/go.mod":    "module example.org/parsing\n\ngo 1.21\n",
		"fork/html/a.go": "package html\n\nfunc Parse() {}\n",
	})
	got, err := self(t).Analyse(t.Context(), root, ".", []*osv.Record{advisory(t, "GO-2026-0001", "example.org/parsing", imports)})
	if err != nil || got.Untold["GO-2026-0001"] != "the module example.org/parsing is replaced by another" || len(got.Levels) > 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// The same comes out every time.
func TestSame(t *testing.T) {
	body := "html.Parse(\"\"); text.Plain(\"\"); one(); two()"
	root := workspace(t, with(parsing(""), app("import (\"example.org/parsing/html\"; \"example.org/parsing/text\")", body), map[string]string{
		"more.go": "package main\n\nimport \"example.org/parsing/html\"\n\nfunc one() { new(html.Tree).Walk() }\n\nfunc two() { new(html.Tree).Walk() }\n\nfunc init() { html.Parse(\"\"); two() }\n"}))
	records := []*osv.Record{
		advisory(t, "GO-2026-0002", "example.org/parsing", `[{"path":"example.org/parsing/html","symbols":["deep"]}]`),
		advisory(t, "GO-2026-0001", "example.org/parsing", imports), advisory(t, "GO-2026-0001", "example.org/parsing", imports),
	}
	first, err := self(t).Analyse(t.Context(), root, ".", records)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := self(t).Analyse(t.Context(), root, ".", records)
		if diff := cmp.Diff(first, again); err != nil || diff != "" {
			t.Fatalf("%v\n%s", err, diff)
		}
	}
	if len(first.Levels) != 2 {
		t.Errorf("%+v", first)
	}
}
