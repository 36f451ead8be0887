package archtest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/slipway-actions/slipway/internal/glob"
	"github.com/slipway-actions/slipway/internal/policy"
)

// called is a reusable workflow, as far as callers see it. The order is the file's.
type called struct {
	On struct {
		Call *struct {
			Inputs, Secrets, Outputs yaml.MapSlice
		} `yaml:"workflow_call"`
	} `yaml:"on"`
	Jobs map[string]struct {
		Permissions map[string]string
	}
}

// reusable are the workflows of this repository that others call, by name.
func reusable(t *testing.T) map[string]called {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, ".github/workflows/*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]called{}
	for _, file := range files {
		rel := ".github/workflows/" + filepath.Base(file)
		text := read(t, rel)
		if !strings.Contains(text, "workflow_call:") {
			continue
		}
		var workflow called
		if err := yaml.Unmarshal([]byte(text), &workflow); err != nil || workflow.On.Call == nil {
			t.Fatalf("%s can be called and is not read: %v", rel, err)
		}
		found[strings.TrimSuffix(filepath.Base(file), ".yml")] = workflow
	}
	return found
}

// The tables of docs/workflows.md are made from the workflows. One that has no markers there is not for callers.
func TestWorkflowTables(t *testing.T) {
	const path = "docs/workflows.md"
	got := read(t, path)
	want := got
	for name, workflow := range reusable(t) {
		if name == "canary-step" { // only canary.yml calls it
			continue
		}
		call := workflow.On.Call
		want = between(t, path, want, name+" inputs", table("input | default", call.Inputs, func(entry map[string]any) string {
			if entry["required"] == true {
				return "required"
			}
			return code(strings.TrimSpace(fmt.Sprint(entry["default"])))
		}))
		want = between(t, path, want, name+" secrets", table("secret", call.Secrets, nil))
		want = between(t, path, want, name+" outputs", table("output", call.Outputs, nil))
		want = between(t, path, want, name+" permissions", permissions(workflow))
	}
	settle(t, path, got, want)
}

// table has a line for each entry, with a column more where extra is given.
func table(head string, entries yaml.MapSlice, extra func(map[string]any) string) string {
	var text strings.Builder
	columns := strings.Count(head, "|") + 2
	fmt.Fprintf(&text, "| %s | what it is |\n|%s\n", head, strings.Repeat("---|", columns))
	for _, item := range entries {
		entry, _ := item.Value.(map[string]any)
		fmt.Fprintf(&text, "| `%v` | ", item.Key)
		if extra != nil {
			text.WriteString(extra(entry) + " | ")
		}
		fmt.Fprintf(&text, "%v |\n", entry["description"])
	}
	return text.String()
}

// most is what a caller has to grant: the most that any job takes.
func most(workflow called) map[string]string {
	most := map[string]string{}
	for _, job := range workflow.Jobs {
		for scope, access := range job.Permissions {
			if most[scope] != "write" {
				most[scope] = access
			}
		}
	}
	return most
}

func permissions(workflow called) string {
	var scopes []string
	for scope, access := range most(workflow) {
		scopes = append(scopes, scope+": "+access)
	}
	slices.Sort(scopes)
	return "`permissions: {" + strings.Join(scopes, ", ") + "}`\n"
}

// What a reusable workflow runs of its caller reaches the shell by the environment alone, everything that it takes
// is described, typed and, unless it is required, has a default, and no job has more than it says.
func TestReusableWorkflows(t *testing.T) {
	for name, workflow := range reusable(t) {
		for _, item := range workflow.On.Call.Inputs {
			entry, _ := item.Value.(map[string]any)
			if entry["description"] == nil || entry["type"] == nil {
				t.Errorf("%s: the input %v lacks a type or a description", name, item.Key)
			}
			if _, has := entry["default"]; has == (entry["required"] == true) {
				t.Errorf("%s: the input %v is either required or has a default", name, item.Key)
			}
		}
		for job, j := range workflow.Jobs {
			if j.Permissions == nil {
				t.Errorf("%s: the job %s does not say its permissions", name, job)
			}
		}
		text := read(t, ".github/workflows/"+name+".yml")
		if !strings.Contains(text, "\npermissions: {}\n") {
			t.Errorf("%s: what a job does not say it must not have: permissions: {}", name)
		}
	}
}

// Text of others gets into no script by an expression, where it would be code.
func TestScriptsHoldNoExpressions(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, ".github/workflows/*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	all := 0
	for _, file := range files {
		for _, script := range scripts(read(t, ".github/workflows/"+filepath.Base(file))) {
			if all++; strings.Contains(script, "${{") {
				t.Errorf("%s: %s", file, script)
			}
		}
	}
	if all < 20 {
		t.Errorf("%d scripts were found in %d workflows", all, len(files))
	}
}

// The checks that Slipway's own policy requires are those that its workflow ci reports, a matrix' by its values.
func TestOwnPolicyFitsCI(t *testing.T) {
	own, err := policy.Parse("slipway.yml", []byte(read(t, ".github/slipway.yml")))
	if err != nil {
		t.Fatal(err)
	}
	var ci struct {
		Jobs map[string]struct {
			Strategy struct{ Matrix map[string][]string }
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, ".github/workflows/ci.yml")), &ci); err != nil {
		t.Fatal(err)
	}
	var checks []string
	for name, job := range ci.Jobs {
		if len(job.Strategy.Matrix) == 0 {
			checks = append(checks, name)
		}
		for _, values := range job.Strategy.Matrix {
			for _, value := range values {
				checks = append(checks, name+" ("+value+")")
			}
		}
	}
	required := 0
	for _, criterion := range own.Gate.Criteria {
		if criterion.Checks == nil {
			continue
		}
		for _, one := range criterion.Checks.Require {
			required++
			if !slices.ContainsFunc(checks, func(check string) bool { return glob.Match(one.Name, check) }) {
				t.Errorf("the policy requires %q; ci reports %q", one.Name, checks)
			}
		}
	}
	if required == 0 {
		t.Error("the policy requires no check")
	}
}

// scripts are the texts of run: in a workflow.
func scripts(text string) []string {
	var found []string
	indent := -1
	for line := range strings.Lines(text) {
		here := len(line) - len(strings.TrimLeft(line, " "))
		if indent >= 0 && (here > indent || strings.TrimSpace(line) == "") {
			found[len(found)-1] += line
			continue
		}
		indent = -1
		if before, run, is := strings.Cut(line, "run: "); is && strings.Trim(before, " -") == "" {
			found = append(found, run)
			if strings.HasPrefix(run, "|") {
				indent = len(before)
			}
		}
	}
	return found
}
