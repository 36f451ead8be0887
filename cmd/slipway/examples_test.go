package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// example writes an example of docs/gate.md as it stands there: `example on-call .github/slipway.yml`
// takes the YAML block behind <!-- example: on-call -->.
func example(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: example <name> <file>")
	}
	text, err := os.ReadFile(docsGate)
	ts.Check(err)
	_, block, found := strings.Cut(string(text), "<!-- example: "+args[0]+" -->\n```yaml\n")
	block, _, closed := strings.Cut(block, "```\n")
	if !found || !closed {
		ts.Fatalf("docs/gate.md has no example %q", args[0])
	}
	path := ts.MkAbs(args[1])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
	ts.Check(os.WriteFile(path, []byte(block), 0o644))
}

// docsGate is the page with the examples, seen from this package's folder, where tests begin.
var docsGate, _ = filepath.Abs("../../docs/gate.md")

// Every example that the page has a name for is run by a script.
func TestExamplesAreRun(t *testing.T) {
	text, err := os.ReadFile(docsGate)
	if err != nil {
		t.Fatal(err)
	}
	var scripts strings.Builder
	for _, dir := range scriptDirs(t) {
		files, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			script, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			scripts.Write(script)
		}
	}
	for _, name := range regexp.MustCompile(`<!-- example: (\S+) -->`).FindAllStringSubmatch(string(text), -1) {
		if !strings.Contains(scripts.String(), "\nexample "+name[1]+" ") {
			t.Errorf("docs/gate.md: no script runs the example %s", name[1])
		}
	}
}
