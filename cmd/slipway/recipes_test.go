package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/rogpeppe/go-internal/testscript"
)

// recipe is a workflow of the documents, as far as a job of it can be done without a runner.
type recipe struct {
	Env  map[string]string `yaml:"env"`
	Jobs map[string]struct {
		Env     map[string]string `yaml:"env"`
		Outputs map[string]string `yaml:"outputs"`
		Steps   []recipeStep      `yaml:"steps"`
	} `yaml:"jobs"`
}

type recipeStep struct {
	ID   string            `yaml:"id"`
	If   string            `yaml:"if"`
	Uses string            `yaml:"uses"`
	Run  string            `yaml:"run"`
	With map[string]any    `yaml:"with"`
	Env  map[string]string `yaml:"env"`
}

var (
	known   = map[string]map[string]string{} // by script: what expressions stand for
	knownMu sync.Mutex
)

// doJob does a job of a workflow in the documents as it stands there: `job <exit code> <example> <job>
// [expression=value]…`. Slipway's steps and those with run are done in their order, with what they
// hand each other; other actions are passed over. What an expression stands for is known from the
// steps and jobs before, or is given, as are inputs (security-gate.database=…) for what is not there; else the script fails, and so it does at a condition that is
// not understood. Jobs share the workspace, as artifacts would have it.
func doJob(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: job <exit code> <example> <job> [expression=value]...")
	}
	block, err := exampleOf(args[1])
	ts.Check(err)
	var r recipe
	ts.Check(yaml.Unmarshal([]byte(block), &r))
	job, found := r.Jobs[args[2]]
	if !found {
		ts.Fatalf("the workflow %s has no job %q", args[1], args[2])
	}
	d := doing{ts: ts, values: valuesOf(ts)}
	maps.DeleteFunc(d.values, func(name, _ string) bool { return strings.HasPrefix(name, "steps.") })
	d.values["go-no-go.wait"] = "0s" // for what a script does not bring, nobody brings
	for _, given := range args[3:] {
		cut := strings.LastIndex(given, "=") // an expression may hold some itself
		d.values[given[:cut]] = given[cut+1:]
		if file, is := strings.CutPrefix(given[cut+1:], "@"); is { // of several lines, such as a key
			d.values[given[:cut]] = ts.ReadFile(file)
		}
	}
	failed := 0
	for _, s := range job.Steps {
		if d.wanted(s.If, failed) {
			failed = max(failed, d.step(s, r.Env, job.Env))
		}
	}
	for name, value := range job.Outputs {
		d.values["needs."+args[2]+".outputs."+name] = d.fill(value)
	}
	if fmt.Sprint(failed) != args[0] {
		ts.Fatalf("the job %s ended with %d, want %s", args[2], failed, args[0])
	}
}

func valuesOf(ts *testscript.TestScript) map[string]string {
	knownMu.Lock()
	defer knownMu.Unlock()
	work := ts.Getenv("WORK")
	if known[work] == nil {
		known[work] = map[string]string{}
	}
	return known[work]
}

// doing is a job on its way.
type doing struct {
	ts     *testscript.TestScript
	values map[string]string
}

// step does one step and returns its exit code.
func (d doing) step(s recipeStep, envs ...map[string]string) int {
	name, ours := ourAction(s.Uses)
	if s.Run == "" && !ours {
		return 0
	}
	d.ts.Check(os.WriteFile(d.ts.Getenv("GITHUB_OUTPUT"), nil, 0o644))
	var environment []string // for this step alone: an input that is set, even to nothing, is one that is given
	for _, env := range append(envs, s.Env) {
		for name, value := range env {
			if given, is := d.values["env."+name]; is { // a path of the runner's container
				value = given
			}
			environment = append(environment, name+"="+d.fill(value))
		}
	}
	words := []string{"sh", "-ec", `cd "$GITHUB_WORKSPACE"` + "\n" + d.fill(s.Run)}
	if ours {
		words = []string{"slipway", name}
		for input, value := range s.With {
			environment = append(environment, "INPUT_"+strings.ToUpper(input)+"="+d.fill(fmt.Sprint(value)))
		}
		for given, value := range d.values { // such as security-gate.database
			if input, is := strings.CutPrefix(given, name+"."); is {
				environment = append(environment, "INPUT_"+strings.ToUpper(input)+"="+value)
			}
		}
	}
	err := d.ts.Exec("env", append(environment, words...)...)
	for name, value := range readOutputs(d.ts) {
		d.values["steps."+s.ID+".outputs."+name] = value
	}
	return codeOf(d.ts, err)
}

func codeOf(ts *testscript.TestScript, err error) int {
	var exit *exec.ExitError
	code := 0
	switch {
	case errors.As(err, &exit):
		return exit.ExitCode()
	case err != nil:
		if n, _ := fmt.Sscanf(err.Error(), "exit status %d", &code); n != 1 {
			ts.Fatalf("%v", err)
		}
	}
	return code
}

var actionUse = regexp.MustCompile(`^slipway-actions/slipway(?:/actions/([a-z-]+))?@v1$`)

func ourAction(uses string) (string, bool) {
	m := actionUse.FindStringSubmatch(uses)
	if m == nil {
		return "", false
	}
	if m[1] == "" {
		return "preflight", true
	}
	return m[1], true
}

var expressions = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)

// fill puts values in the place of expressions.
func (d doing) fill(text string) string {
	return expressions.ReplaceAllStringFunc(text, func(e string) string {
		name := expressions.FindStringSubmatch(e)[1]
		value, is := d.value(name)
		if !is {
			d.ts.Fatalf("what %q stands for is not known; give it to the command job", name)
		}
		return value
	})
}

// value is what an expression stands for. The outputs of a step that was not done are empty.
func (d doing) value(name string) (string, bool) {
	if value, is := d.values[name]; is {
		return value, true
	}
	variables := map[string]string{"github.ref_name": "GITHUB_REF_NAME", "github.sha": "GITHUB_SHA", "runner.temp": "RUNNER_TEMP", "github.token": "INPUT_GITHUB-TOKEN"}
	if variable, is := variables[name]; is {
		return d.ts.Getenv(variable), true
	}
	return "", strings.HasPrefix(name, "steps.")
}

var comparison = regexp.MustCompile(`^([\w.-]+) *(==|!=) *'([^']*)'$`)

// wanted tells whether a step is to be done, after steps that failed or did not.
func (d doing) wanted(condition string, failed int) bool {
	condition = strings.TrimSpace(expressions.ReplaceAllString(condition, "$1"))
	parts := strings.Split(condition, "&&")
	holds := failed == 0 || slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(p, "always()") })
	for _, p := range parts {
		p = strings.TrimSpace(p)
		m := comparison.FindStringSubmatch(p)
		switch value, is := d.value(p); {
		case p == "" || p == "always()":
		case m != nil:
			left, is := d.value(m[1])
			if !is {
				d.ts.Fatalf("what %q stands for is not known; give it to the command job", m[1])
			}
			holds = holds && (left == m[3]) == (m[2] == "==")
		case is:
			holds = holds && value != "" && value != "false"
		default:
			d.ts.Fatalf("the condition %q is not understood", condition)
		}
	}
	return holds
}
