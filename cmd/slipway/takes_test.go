package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/slipway-actions/slipway/internal/action"
)

// takes proves what an action's reference says of permissions: `takes <code> <asker>... -- slipway <action> [flags]`.
// With exactly what these askers take the command ends in that code and lacks nothing. With each one taken
// away, or writing taken down to reading, it does not pass and says which one it wants; or, where that is
// soft, it ends in the same code and says so. GitHub and the workspace $GITHUB_WORKSPACE are as they were
// before each run, and again behind the last one. An underscore in an asker stands for a blank.
func takes(ts *testscript.TestScript, neg bool, args []string) {
	end := slices.Index(args, "--")
	if neg || end < 2 || len(args) < end+3 {
		ts.Fatalf("usage: takes <code> <asker>... -- slipway <action> [flags]")
	}
	keys := strings.Split(strings.ReplaceAll(strings.Join(args[1:end], "\n"), "_", " "), "\n")
	command := args[end+1:]
	reference := referenceOf(command[1])
	for _, key := range keys {
		if !slices.ContainsFunc(reference.Permissions, func(p action.Permission) bool { return p.Key() == key }) {
			ts.Fatalf("%s takes no permission for %q", command[1], key)
		}
	}
	least := reference.Least(keys...)
	restore := snapshot(ts)
	defer restore()
	for i, p := range least {
		for _, instead := range lesser(p) {
			restore()
			permit(ts, append(slices.Delete(permits(least), i, i+1), instead...)...)
			code, said := runAgain(ts, command)
			if wanted := regexp.MustCompile(`\b` + p.String() + `\b`); !wanted.MatchString(said) {
				ts.Fatalf("without %s (but %v) it does not name that; exit code %d:\n%s", p, instead, code, said)
			}
			if !p.Soft && code == exitPass || p.Soft && fmt.Sprint(code) != args[0] {
				ts.Fatalf("without %s (but %v) the exit code is %d; soft is %v:\n%s", p, instead, code, p.Soft, said)
			}
		}
	}
	restore()
	permit(ts, permits(least)...)
	code, said := runAgain(ts, command)
	if fmt.Sprint(code) != args[0] || strings.Contains(said, "lacks") || strings.Contains(said, "403") {
		ts.Fatalf("with %v alone the exit code is %d, want %s:\n%s", permits(least), code, args[0], said)
	}
}

func referenceOf(name string) action.Reference {
	for _, a := range actions {
		if a.Name == name {
			return a.Reference
		}
	}
	return action.Reference{}
}

// lesser are the permissions that are tried in a permission's place: none, and reading for writing.
func lesser(p action.Permission) [][]string {
	if p.Access == "write" {
		return [][]string{nil, {p.Scope + ":read"}}
	}
	return [][]string{nil}
}

func permits(least []action.Permission) []string {
	var all []string
	for _, p := range least {
		all = append(all, p.Scope+":"+p.Access)
	}
	return all
}

func permit(ts *testscript.TestScript, permits ...string) {
	hub(ts, false, append([]string{"permit"}, permits...))
}

// runAgain runs a command with fresh files of the runner, and returns what it said on its page and in the log.
func runAgain(ts *testscript.TestScript, command []string) (code int, said string) {
	for _, name := range []string{"GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"} {
		ts.Check(os.WriteFile(ts.Getenv(name), nil, 0o644))
	}
	if err := ts.Exec(command[0], command[1:]...); err != nil {
		if _, scanErr := fmt.Sscanf(err.Error(), "exit status %d", &code); scanErr != nil {
			ts.Fatalf("%v", err)
		}
	}
	return code, ts.ReadFile("stdout") + ts.ReadFile("stderr") + ts.ReadFile(ts.Getenv("GITHUB_STEP_SUMMARY"))
}

// snapshot keeps the workspace and what GitHub has; the function it returns puts them back.
func snapshot(ts *testscript.TestScript) (restore func()) {
	hubsMu.Lock()
	h := hubs[ts.Getenv("WORK")]
	hubsMu.Unlock()
	kept := filepath.Join(ts.Getenv("WORK"), ".kept")
	ts.Check(os.RemoveAll(kept))
	dirs := map[string]string{ts.Getenv("GITHUB_WORKSPACE"): filepath.Join(kept, "workspace"), h.Dir: filepath.Join(kept, "hub")}
	for from, to := range dirs {
		ts.Check(os.CopyFS(to, os.DirFS(from)))
	}
	state := h.Text()
	return func() {
		for to, from := range dirs {
			ts.Check(os.RemoveAll(to))
			ts.Check(os.CopyFS(to, os.DirFS(from)))
		}
		ts.Check(h.Restore([]byte(state)))
	}
}

// Every permission that a reference names is proved by a script, but those of preflight, whose steps prove theirs.
func TestEveryPermissionIsProved(t *testing.T) {
	proved := map[string]bool{}
	line := regexp.MustCompile(`(?m)^takes \d (.+) -- slipway ([a-z-]+)`)
	for _, dir := range scriptDirs(t) {
		scripts, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range scripts {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range line.FindAllStringSubmatch(string(text), -1) {
				for _, key := range strings.Fields(m[1]) {
					proved[m[2]+" "+strings.ReplaceAll(strings.Trim(key, "'"), "_", " ")] = true
				}
			}
		}
	}
	want := map[string]bool{}
	for _, a := range actions {
		for _, p := range a.Reference.Permissions {
			if a.Name != "preflight" {
				want[a.Name+" "+p.Key()] = true
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if !proved[key] {
			t.Errorf("no script says `takes`: %s", key)
		}
	}
}
