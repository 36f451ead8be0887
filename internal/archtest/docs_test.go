package archtest

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/slipway-actions/slipway/internal/policy"
)

var update = flag.Bool("update", false, "rewrite the generated parts of the documents")

// The tables of inputs and outputs in each action's README are made from its action.yml:
// go test ./internal/archtest -update
func TestReadmeTables(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(contract)) {
		path := "actions/" + name + "/README.md"
		got := read(t, path)
		want := got
		var inputs, outputs strings.Builder
		s := spec(t, name)
		inputs.WriteString("| input | default | what it does |\n|---|---|---|\n")
		for _, in := range s.Inputs {
			fmt.Fprintf(&inputs, "| `%s` | %s | %s |\n", in.Name, code(in.Default), in.Description)
		}
		outputs.WriteString("| output | what it is |\n|---|---|\n")
		for _, out := range s.Outputs {
			fmt.Fprintf(&outputs, "| `%s` | %s |\n", out.Name, out.Description)
		}
		want = between(t, path, want, "inputs", inputs.String())
		want = between(t, path, want, "outputs", outputs.String())
		settle(t, path, got, want)
	}
}

// The README's workflow is the example that is linted, letter by letter.
func TestReadmeShowsTheExample(t *testing.T) {
	got := read(t, "README.md")
	want := between(t, "README.md", got, "example", "```yaml\n"+read(t, "examples/release.yml")+"```\n")
	settle(t, "README.md", got, want)
}

func code(s string) string {
	if s == "" {
		return "–"
	}
	return "`" + s + "`"
}

// between puts text between two markers.
func between(t *testing.T, path, document, marker, text string) string {
	t.Helper()
	open, end := "<!-- "+marker+" -->\n", "<!-- /"+marker+" -->"
	before, rest, found := strings.Cut(document, open)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s lacks the markers %q and %q", path, open, end)
	}
	return before + open + text + end + after
}

func settle(t *testing.T, path, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	if !*update {
		t.Errorf("%s is not up to date; run: go test ./internal/archtest -update", path)
		return
	}
	if err := os.WriteFile(filepath.Join(root, path), []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

var (
	yamlBlock = regexp.MustCompile("(?s)```ya?ml\n(.*?)```")
	ours      = regexp.MustCompile(`^slipway-actions/slipway(?:/actions/([a-z-]+))?@|^\./(?:actions/([a-z-]+))?$`)
	outputUse = regexp.MustCompile(`steps\.([a-z-]+)\.outputs\.([a-z-]+)`)
)

// Every workflow in the documents and examples uses inputs and outputs that exist.
func TestWorkflowsUseTheContract(t *testing.T) {
	checked := 0
	for _, path := range documents(t) {
		for _, block := range workflows(t, path) {
			checked += checkWorkflow(t, path, block)
		}
	}
	if checked < 6 {
		t.Errorf("only %d uses of the actions were found in documents and examples", checked)
	}
}

// documents are the repository's Markdown and workflow files.
func documents(t *testing.T) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{".git", "testdata", "bin", ".slipway"}, d.Name()) {
			return filepath.SkipDir
		}
		rel, _ := filepath.Rel(root, path)
		rel = filepath.ToSlash(rel)
		if strings.HasSuffix(path, ".md") || strings.HasSuffix(path, ".yml") && (strings.HasPrefix(rel, "examples/") || strings.HasPrefix(rel, ".github/")) {
			paths = append(paths, rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func workflows(t *testing.T, path string) []string {
	text := read(t, path)
	if strings.HasSuffix(path, ".yml") {
		return []string{text}
	}
	var blocks []string
	for _, m := range yamlBlock.FindAllStringSubmatch(text, -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

type step struct {
	ID   string         `yaml:"id"`
	Uses string         `yaml:"uses"`
	With map[string]any `yaml:"with"`
}

var (
	uses   = regexp.MustCompile(`(?m)^\s*(?:- )?(?:\{)?uses: *(\S.*)$`)
	byTag  = regexp.MustCompile(`^slipway-actions/slipway(/[\w./-]+)?@v\d`)
	pinned = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*(, your commit)?$`)
)

// What a reader copies is pinned as our own workflows are: by commit, with the version beside it.
func TestWorkflowsInDocumentsArePinned(t *testing.T) {
	checked := 0
	for _, path := range documents(t) {
		for _, block := range workflows(t, path) {
			for _, m := range uses.FindAllStringSubmatch(block, -1) {
				checked++
				ref, _, _ := strings.Cut(m[1], " # ")
				if !pinnedOrOurs(m[1], strings.TrimSpace(ref)) {
					t.Errorf("%s: %q is not pinned; write the commit, and the version behind it: owner/name@<40 digits> # v1.2.3", path, m[1])
				}
			}
		}
	}
	if checked < 60 {
		t.Errorf("only %d uses were found in documents and examples", checked)
	}
	for line, want := range map[string]bool{
		"actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2": true,
		"actions/checkout@v4": false,
		"actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683": false,
		"slipway-actions/slipway/actions/changelog@v1":              true,
		"./actions/changelog":                                       true,
		"elsewhere/slipway/actions/changelog@v1":                    false,
	} {
		if pinnedOrOurs(line, line) != want {
			t.Errorf("%q: want %v", line, want)
		}
	}
}

func pinnedOrOurs(line, ref string) bool {
	return pinned.MatchString(line) || byTag.MatchString(ref) || strings.HasPrefix(ref, "./")
}

// checkWorkflow looks at the steps of a workflow, or of a list of steps alone.
func checkWorkflow(t *testing.T, path, block string) (checked int) {
	var workflow struct {
		Jobs map[string]struct {
			Steps []step `yaml:"steps"`
		} `yaml:"jobs"`
		Steps []step `yaml:"steps"`
	}
	var steps []step
	if err := yaml.Unmarshal([]byte(block), &workflow); err == nil {
		steps = workflow.Steps
		for _, job := range workflow.Jobs {
			steps = append(steps, job.Steps...)
		}
	} else if err := yaml.Unmarshal([]byte(block), &steps); err != nil {
		t.Errorf("%s: a YAML block cannot be read: %v", path, err)
		return 0
	}
	byID := map[string]string{}
	for _, s := range steps {
		m := ours.FindStringSubmatch(s.Uses)
		if m == nil {
			continue
		}
		name := m[1] + m[2]
		if name == "" {
			name = "preflight"
		}
		checked++
		byID[s.ID] = name
		for input := range s.With {
			if _, ok := spec(t, name).Input(input); !ok {
				t.Errorf("%s: %s has no input %q", path, name, input)
			}
		}
	}
	for _, m := range outputUse.FindAllStringSubmatch(block, -1) {
		if name, ok := byID[m[1]]; ok && !slices.Contains(outputNames(spec(t, name)), m[2]) {
			t.Errorf("%s: %s has no output %q", path, name, m[2])
		}
	}
	return checked
}

// Every policy in the documents is one that the parser takes, and the schema for editors.
func TestPoliciesInDocumentsAreRead(t *testing.T) {
	checked, schema := 0, compile(t, "schemas/policy.schema.json")
	for _, path := range documents(t) {
		for _, block := range workflows(t, path) {
			if !strings.Contains("\n"+block, "\nversion: 1\n") {
				continue
			}
			checked++
			if _, err := policy.Parse(path, []byte(block)); err != nil {
				t.Error(err)
			}
			if err := schema.Validate(decode(t, []byte(block))); err != nil {
				t.Errorf("%s: %v in\n%s", path, err, block)
			}
		}
	}
	if checked < 30 {
		t.Errorf("only %d policies were found in the documents", checked)
	}
}

// Every key of the gate is in the tables of the policy's page. Names that a team chooses are none.
func TestEveryKeyOfTheGateIsListed(t *testing.T) {
	page := read(t, "docs/policy.md")
	_, page, _ = strings.Cut(page, "\n## gate\n")
	page, _, _ = strings.Cut(page, "\n## Criteria\n")
	var schema struct {
		Properties map[string]any `yaml:"properties"`
	}
	if err := yaml.Unmarshal([]byte(read(t, "schemas/policy.schema.json")), &schema); err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	var walk func(node any)
	walk = func(node any) {
		switch n := node.(type) {
		case map[string]any:
			if properties, ok := n["properties"].(map[string]any); ok {
				for key := range properties {
					keys[key] = true
				}
			}
			for _, below := range n {
				walk(below)
			}
		case []any:
			for _, below := range n {
				walk(below)
			}
		}
	}
	walk(schema.Properties["gate"])
	if len(keys) < 50 {
		t.Fatalf("only %d keys were found in the schema", len(keys))
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if !regexp.MustCompile(`[^a-z-]` + key + `[^a-z-]`).MatchString(page) {
			t.Errorf("docs/policy.md: the gate's key %s is in none of its tables", key)
		}
	}
}
