package inventory

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

// TestTrees reads trees with the real parser: what counts, what covers what, and what is said of
// the rest.
func TestTrees(t *testing.T) {
	const goMod = "-- go.mod --\nmodule m\ngo 1.22\nrequire golang.org/x/net v0.7.0\n"
	const npmLock = `{"lockfileVersion":3,"packages":{"node_modules/lodash":{"version":"4.17.20"}}}` + "\n"
	tests := []struct{ name, archive, want string }{
		{"nothing", "-- README.md --\n", "coverage 0"},
		{"a go.mod", goMod, "coverage 100 | go.mod scanned: golang.org/x/net 0.7.0"},
		{"its language version is no package", "-- go.mod --\nmodule m\ngo 1.13\n", "coverage 100 | go.mod scanned"},
		{"an old go.mod leaves the rest to go.sum", "-- go.mod --\nmodule m\ngo 1.16\nrequire golang.org/x/net v0.7.0\n-- go.sum --\ngolang.org/x/text v0.3.0 h1:x\n",
			"coverage 100 | go.mod scanned: golang.org/x/net 0.7.0, golang.org/x/text 0.3.0"},
		{"one without a go directive does so too", "-- go.mod --\nmodule m\nrequire golang.org/x/net v0.7.0\n-- go.sum --\ngolang.org/x/text v0.3.0 h1:x\n",
			"coverage 100 | go.mod scanned: golang.org/x/net 0.7.0, golang.org/x/text 0.3.0"},
		{"and says so where it is missing", "-- go.mod --\nmodule m\nrequire golang.org/x/net v0.7.0\n",
			"coverage 100 | go.mod scanned (it is for a Go before 1.17, which leaves indirect modules to go.sum, and there is none; only the modules it names itself are judged): golang.org/x/net 0.7.0"},
		{"a broken go.sum", "-- go.mod --\nmodule m\ngo 1.16\nrequire golang.org/x/net v0.7.0\n-- go.sum --\nbroken\n", "coverage 0 | go.mod broken (line 1 of go.sum is broken)"},
		{"folders that are not entered", goMod + "-- node_modules/a/package-lock.json --\n" + npmLock + "-- .git/go.mod --\nmodule m\n-- .slipway/go.mod --\nmodule m\n",
			"coverage 100 | go.mod scanned: golang.org/x/net 0.7.0 | passed .git | passed .slipway | passed node_modules"},
		{"ignored by git and by the scanner's configuration", goMod + "-- .gitignore --\n*\n-- osv-scanner.toml --\n[[PackageOverrides]]\nname = \"golang.org/x/net\"\nignore = true\n", "coverage 100 | go.mod scanned: golang.org/x/net 0.7.0"},
		{"no lockfile", "-- package.json --\n{\"dependencies\":{\"lodash\":\"^4\"}}\n", "coverage 0 | package.json not scanned (there is no lockfile beside it or above)"},
		{"a lockfile beside it", "-- package.json --\n{\"dependencies\":{\"lodash\":\"^4\"}}\n-- package-lock.json --\n" + npmLock, "coverage 100 | package-lock.json scanned: lodash 4.17.20"},
		{"an empty lockfile beside it", "-- package.json --\n{\"dependencies\":{\"lodash\":\"^4\"}}\n-- package-lock.json --\n{}\n",
			"coverage 50 | package-lock.json scanned | package.json not scanned (package-lock.json does not hold lodash, which it wants)"},
		{"a lockfile that lacks one", "-- package.json --\n{\"dependencies\":{\"lodash\":\"^4\",\"left-pad\":\"^1\"}}\n-- package-lock.json --\n" + npmLock,
			"coverage 50 | package-lock.json scanned: lodash 4.17.20 | package.json not scanned (package-lock.json does not hold left-pad, which it wants)"},
		{"of the tree itself, or of no registry", "-- package.json --\n{\"dependencies\":{\"lodash\":\"^4\",\"shared\":\"^1\",\"b\":\"acme/b#v1\",\"c\":\"git+https://example.com/c.git\"}}\n-- shared/package.json --\n{\"name\":\"shared\"}\n-- package-lock.json --\n" + npmLock,
			"coverage 100 | package-lock.json scanned: lodash 4.17.20 | shared/package.json scanned (it declares no packages, so it needs no lockfile)"},
		{"requirements by other names", "-- dev-requirements.txt --\na==1\n-- requirements/base.txt --\nb==1\n-- notes.txt --\nhello\n", "coverage 100 | dev-requirements.txt scanned: a 1 | requirements/base.txt scanned: b 1"},
		{"two spellings of a key", "-- package-lock.json --\n{\"lockfileVersion\":3,\"packages\":{\"node_modules/lodash\":{\"version\":\"4.17.20\",\"Version\":\"4.17.21\"}}}\n",
			"coverage 0 | package-lock.json broken (an object in it has the key \"Version\" in two spellings, and which one counts depends on the reader)"},
		{"packages that differ by case", "-- package-lock.json --\n{\"lockfileVersion\":3,\"packages\":{\"node_modules/JSONStream\":{\"version\":\"1.0.0\"},\"node_modules/jsonstream\":{\"version\":\"1.0.3\"}}}\n",
			"coverage 100 | package-lock.json scanned: JSONStream 1.0.0, jsonstream 1.0.3"},
		{"two documents", "-- pnpm-lock.yaml --\nlockfileVersion: '9.0'\n---\nlockfileVersion: '9.0'\npackages:\n  evil@1.0.0: {}\n",
			"coverage 0 | pnpm-lock.yaml broken (it holds several YAML documents, of which the parser reads one)"},
		{"gems in a form that nobody reads", "-- Gemfile.lock --\nGEM\n remote: https://rubygems.org/\n specs:\n  evil (1.0.0)\n", "coverage 0 | Gemfile.lock broken (it names packages in a form that cannot be read)"},
		{"a category of one's own", "-- Pipfile.lock --\n{\"_meta\":{},\"default\":{},\"docs\":{\"evil\":{\"version\":\"==1.0.0\"}}}\n", "coverage 100 | Pipfile.lock scanned: evil 1.0.0"},
		{"two spellings of a key in TOML", "-- poetry.lock --\n[[package]]\nname = \"evil\"\nversion = \"1.0.0\"\nVersion = \"9.0.0\"\n[metadata]\n",
			"coverage 0 | poetry.lock broken (an object in it has the key \"Version\" in two spellings, and which one counts depends on the reader)"},
		{"two packages on a line", "-- mix.lock --\n%{\n  \"a\": {:hex, :a, \"1.0.0\", \"aa\", [:mix], [], \"hexpm\"}, \"evil\": {:hex, :evil, \"1.0.0\", \"aa\", [:mix], [], \"hexpm\"},\n}\n",
			"coverage 0 | mix.lock broken (it names more packages than the 1 that can be read)"},
		{"a byte order mark", "-- package-lock.json --\n\ufeff" + npmLock, "coverage 100 | package-lock.json scanned: lodash 4.17.20"},
		{"nothing declared", "-- package.json --\n{\"name\":\"x\"}\n", "coverage 100 | package.json scanned (it declares no packages, so it needs no lockfile)"},
		{"a workspace", "-- package-lock.json --\n" + npmLock + "-- web/package.json --\n{\"dependencies\":{\"lodash\":\"^4\",\"shared\":\"workspace:*\",\"lo\":\"npm:lodash@4\"}}\n", "coverage 100 | package-lock.json scanned: lodash 4.17.20"},
		{"not of the workspace", "-- package-lock.json --\n" + npmLock + "-- web/package.json --\n{\"dependencies\":{\"left-pad\":\"^1\"}}\n",
			"coverage 50 | package-lock.json scanned: lodash 4.17.20 | web/package.json not scanned (package-lock.json does not hold left-pad, which it wants)"},
		{"a broken manifest", "-- package.json --\n{\n", "coverage 0 | package.json broken (unexpected end of JSON input)"},
		{"crates of a workspace", "-- Cargo.toml --\n[workspace]\nmembers=[\"a\"]\n-- Cargo.lock --\nversion = 3\n[[package]]\nname = \"smallvec\"\nversion = \"0.6.9\"\n-- a/Cargo.toml --\n[dependencies]\nsv = {package=\"smallvec\"}\nb = {path=\"../b\"}\n",
			"coverage 100 | Cargo.lock scanned: smallvec 0.6.9 | Cargo.toml scanned (it declares no packages, so it needs no lockfile)"},
		{"pinned for a pyproject", "-- pyproject.toml --\n[project]\ndependencies=[\"Jinja2>=2\"]\n-- requirements.txt --\njinja2==2.10\n", "coverage 100 | requirements.txt scanned: jinja2 2.10"},
		{"pinned for something else", "-- pyproject.toml --\n[project]\ndependencies=[\"Jinja2>=2\",\"requests\"]\n-- requirements.txt --\njinja2==2.10\n",
			"coverage 50 | pyproject.toml not scanned (requirements.txt does not hold requests, which it wants) | requirements.txt scanned: jinja2 2.10"},
		{"included", "-- requirements.txt --\n-r deps/base.txt\nflask==1.0\n-- deps/base.txt --\njinja2==2.10\n-r ../requirements.txt\n", "coverage 100 | deps/base.txt scanned: jinja2 2.10 | requirements.txt scanned: flask 1.0"},
		{"included and missing", "-- requirements.txt --\n--requirement=base.txt\n", "coverage 50 | base.txt broken (statat base.txt: no such file or directory) | requirements.txt scanned"},
		{"included from outside", "-- requirements.txt --\n-r ../../../etc/passwd\n", `coverage 50 | requirements.txt scanned | requirements.txt broken (it includes "../../../etc/passwd", which leads out of the tree)`},
		{"no releases", "-- requirements.txt --\n-e .\ngit+https://example.com/a.git\nb @ https://example.com/b.whl\n--index-url https://example.com\n./libs/c\n", "coverage 0 | requirements.txt not scanned (line 1, 2, 3, 5: no release of a package, so no advisory can be matched)"},
		{"no releases beside one", "-- requirements.txt --\n-e .\ngit+https://example.com/a.git\nflask==1.0\n", "coverage 100 | requirements.txt scanned (line 2: no release of a package, so no advisory can be matched): flask 1.0"},
		{"a replacement in the tree", "-- go.mod --\nmodule m\n\ngo 1.26\n\nrequire a.example/b v1.0.0\n\nreplace a.example/b => ./b\n-- b/go.mod --\nmodule a.example/b\n", "coverage 100 | b/go.mod scanned | go.mod scanned"},
		{"a replacement outside", "-- go.mod --\nmodule m\n\ngo 1.26\n\nrequire a.example/b v1.0.0\n\nreplace a.example/b => ../b\n", "coverage 0 | go.mod not scanned (a module is replaced by the folder ../b, which is none of the tree)"},
		{"no requirement", "-- requirements.txt --\nflask==1.0\n}{\n", "coverage 0 | requirements.txt broken (line 2 is no requirement)"},
		{"a version of the parent, which the parser drops", "-- pom.xml --\n<project><groupId>a</groupId><artifactId>p</artifactId><version>1</version><packaging>pom</packaging><properties><v>2.14.0</v></properties></project>\n-- app/pom.xml --\n" +
			"<project><parent><groupId>a</groupId><artifactId>p</artifactId><version>1</version></parent><artifactId>b</artifactId><dependencies><dependency><groupId>g</groupId><artifactId>l</artifactId><version>${v}</version></dependency></dependencies></project>\n",
			"coverage 100 | app/pom.xml scanned (only direct dependencies are judged: a pom.xml does not list the others): g:l | pom.xml scanned (only direct dependencies are judged: a pom.xml does not list the others)"},
		{"a parent outside", "-- pom.xml --\n<project><parent><groupId>a</groupId><artifactId>p</artifactId><version>1</version><relativePath>../../etc/pom.xml</relativePath></parent></project>\n", `coverage 0 | pom.xml broken (its parent's relativePath "../../etc/pom.xml" leads out of the tree)`},
		{"a format that nobody reads", "-- bun.lockb --\nx\n", "coverage 0 | bun.lockb not scanned (this release cannot read its format)"},
		{"hostile names", "-- a:b/requirements.txt --\nflask==1.0\n-- $(x)/go.mod --\nmodule m\n", "coverage 100 | $(x)/go.mod scanned | a:b/requirements.txt scanned: flask 1.0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inv, err := Read(t.Context(), OSVScanner{}, tree(t, test.archive), ".")
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(inv); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func describe(inv manifest.Tree) string {
	parts := []string{fmt.Sprintf("coverage %d", inv.Coverage())}
	for _, m := range inv.Manifests {
		text := m.Path + " " + string(m.State)
		if m.Reason != "" {
			text += " (" + m.Reason + ")"
		}
		var names []string
		for _, e := range m.Packages {
			names = append(names, e.Package.String())
		}
		if len(names) > 0 {
			text += ": " + strings.Join(names, ", ")
		}
		parts = append(parts, text)
	}
	for _, p := range inv.Passed {
		parts = append(parts, "passed "+p.Path)
	}
	return strings.Join(parts, " | ")
}

// A lockfile that nobody could have written by hand is named, and not read. The file is all holes.
func TestTooLarge(t *testing.T) {
	dir := tree(t, "-- go.mod --\nmodule m\ngo 1.22\n-- package-lock.json --\n{}\n")
	if err := os.Truncate(filepath.Join(dir, "package-lock.json"), sizeLimit+1); err != nil {
		t.Fatal(err)
	}
	inv, err := Read(t.Context(), OSVScanner{}, dir, ".")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := describe(inv), "coverage 50 | go.mod scanned | package-lock.json not scanned (it is larger than 200 MB)"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLinks(t *testing.T) {
	outside := tree(t, "-- go.mod --\nmodule m\nrequire golang.org/x/net v0.7.0\n")
	dir := tree(t, "-- README.md --\n-- real/go.mod --\nmodule m\ngo 1.22\n")
	for name, target := range map[string]string{"go.mod": filepath.Join(outside, "go.mod"), "requirements.txt": "/etc/passwd", "out": outside, "loop": ".", "package.json": "nowhere"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	inv, err := Read(t.Context(), OSVScanner{}, dir, ".")
	if err != nil {
		t.Fatal(err)
	}
	const link = "not scanned (it is a symbolic link, and those are not followed)"
	want := "coverage 25 | go.mod " + link + " | package.json " + link + " | real/go.mod scanned | requirements.txt " + link + " | passed loop | passed out"
	if got := describe(inv); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if _, err := Read(t.Context(), OSVScanner{}, dir, "out"); err == nil {
		t.Error("a folder outside was read")
	}
	if _, err := Read(t.Context(), OSVScanner{}, dir, "nothing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing folder: %v", err)
	}
}

// parser is a Parser that answers the same for every file.
type parser struct {
	entries []manifest.Entry
	err     error
}

func (p parser) Parse(context.Context, Lockfile) ([]manifest.Entry, error) { return p.entries, p.err }

func TestParserFails(t *testing.T) {
	dir := tree(t, "-- go.mod --\nmodule m\n-- web/yarn.lock --\n# yarn lockfile v1\n")
	inv, err := Read(t.Context(), parser{err: errors.New("out\nof order")}, dir, ".")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := describe(inv), "coverage 0 | go.mod broken (out of order) | web/yarn.lock broken (out of order)"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestSortedOnce(t *testing.T) {
	entry := func(name string) manifest.Entry {
		return manifest.Entry{Package: osv.Package{Ecosystem: "npm", Name: name, Version: "1"}}
	}
	dir := tree(t, "-- yarn.lock --\n# yarn lockfile v1\n")
	inv, err := Read(t.Context(), parser{entries: []manifest.Entry{entry("b"), entry("a"), entry("b")}}, dir, ".")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := describe(inv), "coverage 100 | yarn.lock scanned: a 1, b 1"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLineAndCancel(t *testing.T) {
	dir := tree(t, "-- go.mod --\nmodule m\n\ngo 1.22\n\nrequire golang.org/x/net v0.7.0\n")
	inv, err := Read(t.Context(), OSVScanner{}, dir, "go.mod")
	if err != nil || inv.Manifests[0].Packages[0].Line != 5 {
		t.Errorf("%+v, %v", inv, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, OSVScanner{}, dir, "."); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
