package archtest

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

var (
	calledName  = regexp.MustCompile(`^slipway-actions/slipway/\.github/workflows/([a-z-]+)\.yml@v1$`)
	needsOutput = regexp.MustCompile(`needs\.([a-z0-9-]+)\.outputs\.([a-z-]+)`)
)

// Whoever calls a reusable workflow gives what it requires, nothing that it does not know, every permission that it
// takes, and asks for outputs that it has. actionlint cannot look into a workflow of another repository.
func TestCallersFitReusableWorkflows(t *testing.T) {
	known := reusable(t)
	calls := 0
	for _, pattern := range []string{".github/workflows/*.yml", "examples/*/.github/workflows/*.yml"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			rel, err := filepath.Rel(root, file)
			if err != nil {
				t.Fatal(err)
			}
			calls += checkCalls(t, filepath.ToSlash(rel), known)
		}
	}
	if calls < 5 {
		t.Errorf("only %d calls were found", calls)
	}
}

func checkCalls(t *testing.T, file string, known map[string]called) int {
	t.Helper()
	text := read(t, file)
	var workflow struct {
		Jobs map[string]struct {
			Uses          string
			With, Secrets map[string]any
			Permissions   map[string]string
		}
	}
	if err := yaml.Unmarshal([]byte(text), &workflow); err != nil {
		t.Errorf("%s: %v", file, err)
		return 0
	}
	calls := 0
	for name, job := range workflow.Jobs {
		match := calledName.FindStringSubmatch(job.Uses)
		if match == nil {
			continue
		}
		calls++
		target, is := known[match[1]]
		if !is {
			t.Errorf("%s: there is no workflow %s", file, job.Uses)
			continue
		}
		where := fmt.Sprintf("%s: the job %s", file, name)
		fits(t, where+": input", target.On.Call.Inputs, job.With)
		fits(t, where+": secret", target.On.Call.Secrets, job.Secrets)
		for scope, access := range most(target) {
			if given := job.Permissions[scope]; given != access && given != "write" {
				t.Errorf("%s grants %s: %q, and %s takes %s: GitHub does not start it", where, scope, given, match[1], access)
			}
		}
		for _, use := range needsOutput.FindAllStringSubmatch(text, -1) {
			if use[1] == name && !slices.Contains(keys(target.On.Call.Outputs), use[2]) {
				t.Errorf("%s has no output %s", where, use[2])
			}
		}
	}
	return calls
}

func fits(t *testing.T, where string, declared yaml.MapSlice, given map[string]any) {
	t.Helper()
	for name := range given {
		if !slices.Contains(keys(declared), name) {
			t.Errorf("%s %s is not declared", where, name)
		}
	}
	for _, item := range declared {
		entry, _ := item.Value.(map[string]any)
		if _, is := given[fmt.Sprint(item.Key)]; entry["required"] == true && !is {
			t.Errorf("%s %v is required", where, item.Key)
		}
	}
}

func keys(entries yaml.MapSlice) []string {
	var names []string
	for _, item := range entries {
		names = append(names, fmt.Sprint(item.Key))
	}
	return names
}

// Every workflow of an example is run by a test with act, which asserts what came of it.
func TestExamplesAreRun(t *testing.T) {
	tests, err := filepath.Glob(filepath.Join(root, "internal/e2e/act_*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	workflows, err := filepath.Glob(filepath.Join(root, "examples/*/.github/workflows/*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(workflows) < 8 {
		t.Errorf("only %d workflows of examples were found", len(workflows))
	}
	for _, workflow := range workflows {
		example := `"examples/` + filepath.Base(filepath.Dir(filepath.Dir(filepath.Dir(workflow)))) + `"`
		if !slices.ContainsFunc(tests, func(test string) bool {
			rel, err := filepath.Rel(root, test)
			if err != nil {
				t.Fatal(err)
			}
			text := read(t, filepath.ToSlash(rel))
			return strings.Contains(text, example) && strings.Contains(text, `f.run("`+filepath.Base(workflow)+`", `)
		}) {
			t.Errorf("no test runs %s", workflow)
		}
	}
}
