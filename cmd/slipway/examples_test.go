package main

import (
	"fmt"
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
	block, err := exampleOf(args[0])
	ts.Check(err)
	path := ts.MkAbs(args[1])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
	ts.Check(os.WriteFile(path, []byte(block), 0o644))
}

// exampleOf is the block of the documents that has that name.
func exampleOf(name string) (string, error) {
	text, err := pagesWithExamples()
	if err != nil {
		return "", err
	}
	mark := "<!-- example: " + name + " -->\n```"
	_, block, found := strings.Cut(text, mark)
	_, block, _ = strings.Cut(block, "\n") // yaml, or another language
	block, rest, closed := strings.Cut(block, "```\n")
	if !found || !closed {
		return "", fmt.Errorf("none of the pages has an example %q", name)
	}
	if strings.Contains(rest, mark) {
		return "", fmt.Errorf("two examples of the pages are called %q", name)
	}
	return block, nil
}

// docs is the folder of the documents, seen from this package's folder, where tests begin.
var docs, _ = filepath.Abs("../../docs")

// pagesWithExamples are the texts of the pages whose examples are run.
func pagesWithExamples() (string, error) {
	var all strings.Builder
	names, err := filepath.Glob(filepath.Join(docs, "migrate", "*.md"))
	if err != nil {
		return "", err
	}
	for _, name := range []string{"../README.md", "policy.md", "gate.md", "verify.md", "cookbook.md"} {
		names = append(names, filepath.Join(docs, name))
	}
	for _, name := range names {
		page, err := os.ReadFile(name)
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
		if !regexp.MustCompile(`(?m)^(example|job \d+) ` + regexp.QuoteMeta(name[1]) + ` `).MatchString(scripts.String()) {
			t.Errorf("no script runs the example %s", name[1])
		}
	}
}
