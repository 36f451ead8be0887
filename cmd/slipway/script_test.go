package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/slipway-actions/slipway/internal/commandfile"
	"github.com/slipway-actions/slipway/internal/reach"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == reach.Argument { // the command of the scripts is this program, under whatever name
		main()
	}
	testscript.Main(m, map[string]func(){"slipway": main})
}

// TestScripts runs every script below testdata/script: what a workflow or a person does with the
// binary, seen from outside. A new case is a new file. Each script has a folder of its own, git
// with pinned names and dates, and nothing of the runner's environment until it says `workflow`.
func TestScripts(t *testing.T) {
	for _, dir := range scriptDirs(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			testscript.Run(t, testscript.Params{Dir: dir, RequireExplicitExec: false, RequireUniqueNames: true, Cmds: commands, Setup: func(env *testscript.Env) error {
				where, err := filepath.Abs(dir)
				env.Values[scriptDir{}] = where
				return errors.Join(err, setup(env))
			}})
		})
	}
}

// scriptDir is the key of the folder that a script lies in.
type scriptDir struct{}

func scriptDirs(t *testing.T) []string {
	found := map[string]bool{}
	var dirs []string
	err := filepath.WalkDir("testdata/script", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".txtar") && !found[filepath.Dir(path)] {
			found[filepath.Dir(path)] = true
			dirs = append(dirs, filepath.Dir(path))
		}
		return err
	})
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no scripts found: %v", err)
	}
	return dirs
}

func setup(env *testscript.Env) error {
	home := filepath.Join(env.WorkDir, ".home")
	if err := os.Mkdir(home, 0o755); err != nil {
		return err
	}
	config := "[user]\n\tname = Ada Example\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n[commit]\n\tgpgsign = false\n[tag]\n\tgpgsign = false\n"
	if err := os.WriteFile(filepath.Join(home, ".gitconfig"), []byte(config), 0o644); err != nil {
		return err
	}
	env.Setenv("HOME", home)
	env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	env.Setenv("GIT_AUTHOR_DATE", "2026-03-01T12:00:00Z")
	env.Setenv("GIT_COMMITTER_DATE", "2026-03-01T12:00:00Z")
	return nil
}

// commands are what scripts can say beyond testscript's own.
var commands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"workflow":  workflow,
	"input":     input,
	"commit":    commitMessages,
	"lines":     lines,
	"code":      exitCode,
	"output":    output,
	"outputs":   outputsOf,
	"serve":     serve,
	"served":    served,
	"listen":    listenOn,
	"github":    hub,
	"takes":     takes,
	"proxied":   proxied,
	"contacted": contacted,
	"notoken":   noToken,
	"leak":      leak,
	"accepted":  acceptLeak,
	"unseen":    unseen,
	"image":     makeImage,
	"truncate":  cutFile,
	"mirror":    mirror,
	"example":   example,
	"keys":      makeKeys,
	"keyline":   keyLine,
	"seal":      seal,
	"verified":  verified,
	"job":       doJob,
}

// workflow sets the environment of a runner: `workflow <workspace>`. Files that the runner reads
// back lie in $WORK/runner and begin empty with each call.
func workflow(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: workflow <workspace>")
	}
	dir := ts.MkAbs("runner")
	ts.Check(os.RemoveAll(dir))
	ts.Check(os.MkdirAll(dir, 0o755))
	for name, value := range map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": ts.MkAbs(args[0]), "GITHUB_REPOSITORY": "acme/shop", "GITHUB_REF": "refs/heads/main",
		"GITHUB_REF_NAME": "main", "GITHUB_EVENT_NAME": "push", "GITHUB_ACTOR": "ada", "GITHUB_RUN_ID": "42", "GITHUB_RUN_ATTEMPT": "1",
		"GITHUB_JOB": "gate", "RUNNER_NAME": "runner-1", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_API_URL": "http://127.0.0.1:1",
		"RUNNER_TEMP": dir, "GITHUB_OUTPUT": filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary"),
	} {
		ts.Setenv(name, value)
		if name == "GITHUB_OUTPUT" || name == "GITHUB_STEP_SUMMARY" {
			ts.Check(os.WriteFile(value, nil, 0o644))
		}
	}
	if sha, err := exec.Command("git", "-C", ts.MkAbs(args[0]), "rev-parse", "HEAD").Output(); err == nil {
		ts.Setenv("GITHUB_SHA", strings.TrimSpace(string(sha)))
	}
}

// input sets an input of several lines from a file: `input evidence list.txt`.
func input(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: input <name> <file>")
	}
	ts.Setenv("INPUT_"+strings.ToUpper(args[0]), ts.ReadFile(args[1]))
}

// commitMessages makes a commit for each argument in the current folder. \n in one is a line break.
func commitMessages(ts *testscript.TestScript, neg bool, args []string) {
	for _, message := range args {
		ts.Check(ts.Exec("git", "commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--message", strings.ReplaceAll(message, `\n`, "\n")))
	}
}

// lines sets a variable to several lines: `lines INPUT_PATHS api web`.
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: lines <variable> <line>...")
	}
	ts.Setenv(args[0], strings.Join(args[1:], "\n"))
}

// exitCode runs a command and wants its exit code: `code 2 slipway version-bump`.
func exitCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code <exit code> <command> [args]")
	}
	got := codeOf(ts, ts.Exec(args[1], args[2:]...))
	if fmt.Sprint(got) != args[0] {
		ts.Fatalf("exit code %d, want %s", got, args[0])
	}
}

// output wants an output's value to match a regular expression as a whole: `output version 1\.2\.0`.
func output(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: [!] output <name> <regexp>")
	}
	value, ok := readOutputs(ts)[args[0]]
	if !ok {
		ts.Fatalf("there is no output %q", args[0])
	}
	pattern, err := regexp.Compile(`(?s)\A(?:` + args[1] + `)\z`)
	ts.Check(err)
	if pattern.MatchString(value) == neg {
		ts.Fatalf("output %s is %q", args[0], value)
	}
}

// outputsOf wants every output of an action's contract, and no other: `outputs version-bump`.
func outputsOf(ts *testscript.TestScript, neg bool, args []string) {
	spec, err := specOf(args[0])
	ts.Check(err)
	got := readOutputs(ts)
	for _, o := range spec.Outputs {
		if _, ok := got[o.Name]; !ok {
			ts.Fatalf("the output %s of %s was not written", o.Name, args[0])
		}
		delete(got, o.Name)
	}
	for name := range got {
		ts.Fatalf("the output %s is not in the contract of %s", name, args[0])
	}
}

func readOutputs(ts *testscript.TestScript) map[string]string {
	values, err := commandfile.Parse(ts.ReadFile(ts.Getenv("GITHUB_OUTPUT")))
	ts.Check(err)
	return values
}

// serve starts a server on loopback that answers from a file of stubs: `serve API stubs.json` sets
// $API to its address. See stubs for the file's form.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: serve <variable> <stubs.json>")
	}
	var s stubs
	ts.Check(json.Unmarshal([]byte(os.Expand(ts.ReadFile(args[1]), ts.Getenv)), &s.answers))
	ts.Setenv(args[0], s.start())
	ts.Defer(s.close)
	runningMu.Lock()
	defer runningMu.Unlock()
	running[args[0]+ts.Getenv("WORK")] = &s
}

// served wants every stub of a server to have been asked for: a stub that went unused is a test
// that does not test what it says.
func served(ts *testscript.TestScript, neg bool, args []string) {
	runningMu.Lock()
	s := running[args[0]+ts.Getenv("WORK")]
	runningMu.Unlock()
	if unused := s.unused(); len(unused) > 0 {
		ts.Fatalf("never asked for: %s", strings.Join(unused, ", "))
	}
	if surprises := s.surprises(); len(surprises) > 0 {
		ts.Fatalf("asked for, but not stubbed: %s", strings.Join(surprises, ", "))
	}
}
