// Package archtest holds the house to its plan: who may import whom, and that contract, code and
// documents say the same.
package archtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/slipway-actions/slipway"

// root is the repository's top, seen from this package.
const root = "../.."

// pure are the packages of values and judgement. Everything they import within the house is pure
// as well, so that no I/O can come in through a third one.
var pure = []string{"verdict", "result", "report", "policy", "semver", "commit", "change", "duration", "glob", "jsonpath", "manifest", "osv", "versionfile",
	"codeowners", "secret", "sarif", "sbom", "vex", "license", "exploited", "expression", "migration", "risk", "walltime", "calendar", "window", "holiday", "attest", "ticket",
	"timeseries", "sequential", "chart", "incident", "pipelinereport"}

// impure are what a pure package must not import: I/O, time's passing, other programs.
var impure = []string{"os", "os/exec", "os/signal", "net", "net/http", "io/fs", "io/ioutil", "context", "path/filepath", "syscall", "database/sql", "log", "math/rand"}

// adapters own one outside system each.
var adapters = []string{"runner", "gitrepo", "github", "probe", "inventory", "advisory", "secretscan", "image", "reach", "feed", "source", "load"}

// rooms are the actions. preflight is none of them: it is given actions and imports none.
var rooms = []string{"versionbump", "changelog", "securitygate", "gonogo", "deployverify", "preflight"}

// frame is what holds the house together, and what tests it.
var frame = []string{"action", "clone", "ancestry", "archtest", "commandfile", "logcommand", "publish", "fakegithub", "fakeimage", "simulation", "verifyit", "e2e", "releasing", "browser", "wording"}

// Every package has its place, so that a new one cannot slip past the rules.
func TestEveryPackageHasAPlace(t *testing.T) {
	places := slices.Concat(pure, adapters, rooms, frame)
	for _, f := range sources(t) {
		if strings.HasPrefix(f.path, "internal/") && !slices.Contains(places, f.pkg) {
			t.Errorf("%s: the package %q is in none of the lists pure, adapters, rooms and frame", f.path, f.pkg)
		}
	}
}

// file is a source file and what it imports.
type file struct {
	path    string // from the top
	pkg     string // folder below internal, or "cmd", or "" at the top
	imports []string
}

func sources(t *testing.T) []file {
	t.Helper()
	var files []file
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		if d.IsDir() && rel != "." && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"testdata", "examples", "tools", "bin"}, d.Name())) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		f := file{path: filepath.ToSlash(rel)}
		if parts := strings.Split(f.path, "/"); parts[0] == "internal" {
			f.pkg = strings.Join(parts[1:len(parts)-1], "/")
		} else if len(parts) > 1 {
			f.pkg = "cmd"
		}
		for _, i := range parsed.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, name)
		}
		files = append(files, f)
		return nil
	})
	if err != nil || len(files) < 40 {
		t.Fatalf("found %d source files: %v", len(files), err)
	}
	return files
}

// within is the package below internal that an import names, "" for one of another module.
func within(imported string) string {
	name, ok := strings.CutPrefix(imported, module+"/internal/")
	if !ok {
		return ""
	}
	return name
}

func TestImports(t *testing.T) {
	for _, f := range sources(t) {
		for _, imported := range f.imports {
			for _, broken := range rulesBroken(f, imported) {
				t.Errorf("%s imports %s: %s", f.path, imported, broken)
			}
		}
	}
}

// rulesBroken names what is wrong with an import.
func rulesBroken(f file, imported string) (broken []string) {
	target := within(imported)
	room := slices.Contains(rooms, f.pkg)
	judges := room && strings.HasPrefix(path.Base(f.path), "decide")
	if slices.Contains(pure, f.pkg) || judges {
		if slices.Contains(impure, imported) {
			broken = append(broken, "what judges does no I/O and knows no clock; take the value as evidence")
		}
		if slices.Contains(adapters, target) && (!judges || target != "gitrepo") {
			broken = append(broken, "what judges imports no adapter")
		}
	}
	if slices.Contains(pure, f.pkg) && target != "" && !slices.Contains(pure, target) {
		broken = append(broken, "a pure package imports pure ones alone")
	}
	if slices.Contains(adapters, f.pkg) && slices.Contains(adapters, target) {
		broken = append(broken, "an adapter knows no other")
	}
	if slices.Contains(adapters, f.pkg) && (slices.Contains(rooms, target) || target == "action") {
		broken = append(broken, "an adapter knows no action")
	}
	if room && slices.Contains(rooms, target) {
		broken = append(broken, "an action imports no other; hand results on instead")
	}
	if strings.HasPrefix(imported, module+"/cmd") || f.pkg != "cmd" && imported == module {
		broken = append(broken, "only the command knows the command and the contract's files")
	}
	return broken
}

// The rules themselves can fail: each is broken once.
func TestRulesCanBeBroken(t *testing.T) {
	for _, tc := range []struct{ path, pkg, imported string }{
		{"internal/verdict/x.go", "verdict", "os"},
		{"internal/policy/x.go", "policy", "context"},
		{"internal/semver/x.go", "semver", module + "/internal/action"},
		{"internal/gonogo/decide.go", "gonogo", "net/http"},
		{"internal/gonogo/decide.go", "gonogo", module + "/internal/github"},
		{"internal/gonogo/evidence.go", "gonogo", module + "/internal/versionbump"},
		{"internal/github/x.go", "github", module + "/internal/gitrepo"},
		{"internal/runner/x.go", "runner", module + "/internal/action"},
		{"internal/action/x.go", "action", module},
		{"internal/action/x.go", "action", module + "/cmd/slipway"},
	} {
		if len(rulesBroken(file{path: tc.path, pkg: tc.pkg}, tc.imported)) == 0 {
			t.Errorf("%s may import %s, want that forbidden", tc.path, tc.imported)
		}
	}
}
