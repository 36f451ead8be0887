package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// example writes an example of the documents as it stands there: `example on-call .github/slipway.yml`
// takes the YAML block behind <!-- example: on-call -->.
func example(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: example <name> <file>")
	}
	text, err := pagesWithExamples()
	ts.Check(err)
	_, block, found := strings.Cut(text, "<!-- example: "+args[0]+" -->\n```yaml\n")
	block, _, closed := strings.Cut(block, "```\n")
	if !found || !closed {
		ts.Fatalf("none of the pages about the policy has an example %q", args[0])
	}
	path := ts.MkAbs(args[1])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
	ts.Check(os.WriteFile(path, []byte(block), 0o644))
}

// docs is the folder of the documents, seen from this package's folder, where tests begin.
var docs, _ = filepath.Abs("../../docs")

// pagesWithExamples are the texts of the pages about the policy.
func pagesWithExamples() (string, error) {
	var all strings.Builder
	for _, name := range []string{"policy.md", "gate.md", "verify.md"} {
		page, err := os.ReadFile(filepath.Join(docs, name))
		if err != nil {
			return "", err
		}
		all.Write(append(page, '\n'))
	}
	return all.String(), nil
}

// Every example that a page has a name for is run by a script.
func TestExamplesAreRun(t *testing.T) {
	text, err := pagesWithExamples()
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
	for _, name := range regexp.MustCompile(`<!-- example: (\S+) -->`).FindAllStringSubmatch(text, -1) {
		if !strings.Contains(scripts.String(), "\nexample "+name[1]+" ") {
			t.Errorf("no script runs the example %s", name[1])
		}
	}
}
