package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/commandfile"
	"github.com/slipway-actions/slipway/internal/fakegithub"
)

// TestSoak runs preflight time and again in one process, over a real repository and beside a GitHub that
// keeps state: whatever a run takes it gives back. SLIPWAY_SOAK is how often, 25 times without it.
func TestSoak(t *testing.T) {
	const warm = 5
	runs := 25
	if text := os.Getenv("SLIPWAY_SOAK"); text != "" {
		var err error
		if runs, err = strconv.Atoi(text); err != nil || runs < 2*warm {
			t.Fatalf("SLIPWAY_SOAK is %q; allowed: a number from %d", text, 2*warm)
		}
	}
	s := newSoak(t)
	for range warm {
		s.preflight(t)
	}
	before := s.measure(t)
	for n := warm; n < runs; n++ {
		s.preflight(t)
		if n%100 == 0 {
			t.Logf("%4d runs: %v", n, s.measure(t))
		}
	}
	after := s.measure(t)
	t.Logf("after %d runs: %v", warm, before)
	t.Logf("after %d runs: %v", runs, after)
	if after.goroutines > before.goroutines || after.files > before.files || after.temporary > before.temporary {
		t.Errorf("goroutines, open files or temporary files grew")
	}
	// A document says how long things took, which takes a digit more or less.
	const digits = 200
	if after.entries != before.entries || after.workspace > before.workspace+digits || after.kept > before.kept+digits {
		t.Errorf("what lies in the workspace grew")
	}
	// What is kept once by a library may come late; a run that kept only a kB would show over a thousand.
	if most := before.heap + before.heap/10 + 512<<10; after.heap > most {
		t.Errorf("the heap grew from %d to %d kB", before.heap>>10, after.heap>>10)
	}
}

// soak is a place where preflight passes.
type soak struct {
	hub                         *fakegithub.Hub
	workspace, temporary, place string // place is what the runner keeps beside the workspace
	environment                 map[string]string
}

func newSoak(t *testing.T) *soak {
	t.Helper()
	top := t.TempDir()
	s := &soak{workspace: filepath.Join(top, "shop"), temporary: filepath.Join(top, "tmp"), place: filepath.Join(top, "runner")}
	for _, dir := range []string{s.workspace, s.temporary, s.place, filepath.Join(top, "home"), filepath.Join(top, "advisories", "npm")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("TMPDIR", s.temporary)
	t.Setenv("HOME", filepath.Join(top, "home"))
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	for name, text := range map[string]string{
		filepath.Join(s.workspace, "package-lock.json"):           `{"name":"shop","lockfileVersion":3,"packages":{"":{"name":"shop"},"node_modules/a":{"version":"1.0.0"}}}`,
		filepath.Join(s.workspace, "package.json"):                `{"name":"shop","version":"1.0.0"}`,
		filepath.Join(top, "advisories", "npm", "GHSA-0000.json"): `{"id":"GHSA-0000-0000-0000","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"b"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}]}`,
	} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	git := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", s.workspace, "-c", "user.name=Ada", "-c", "user.email=ada@example.com"}, args...)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", cmd, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "--quiet", "--initial-branch=main")
	git("add", "--all")
	git("commit", "--quiet", "--message", "feat: first")
	git("tag", "v1.0.0")
	for n := range 20 {
		git("commit", "--quiet", "--allow-empty", "--message", fmt.Sprintf("fix: number %d", n))
	}
	sha := git("rev-parse", "HEAD")
	bare := filepath.Join(top, "hub.git")
	git("clone", "--quiet", "--mirror", "--no-local", s.workspace, bare)

	s.hub = fakegithub.New("acme/shop", bare, hubToken)
	s.hub.Now = time.Now
	if err := s.hub.Seed([]byte(`{"check_runs":[{"name":"unit","head_sha":"` + sha + `","status":"completed","conclusion":"success"}]}`)); err != nil {
		t.Fatal(err)
	}
	address := s.hub.Start()
	t.Cleanup(func() {
		s.hub.Close()
		for _, c := range s.hub.Complaints() {
			t.Error(c)
		}
	})
	s.environment = map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": s.workspace, "GITHUB_REPOSITORY": "acme/shop", "GITHUB_REF": "refs/heads/main", "GITHUB_REF_NAME": "main",
		"GITHUB_EVENT_NAME": "push", "GITHUB_ACTOR": "ada", "GITHUB_RUN_ID": "42", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_JOB": "gate", "GITHUB_SERVER_URL": "https://github.com",
		"GITHUB_SHA": sha, "GITHUB_API_URL": address, "RUNNER_TEMP": s.place, "GITHUB_OUTPUT": filepath.Join(s.place, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(s.place, "summary"),
		"INPUT_GITHUB-TOKEN": hubToken, "INPUT_DATABASE": filepath.Join(top, "advisories"), "INPUT_ENVIRONMENT": "staging",
	}
	return s
}

// preflight is one step of a workflow, which has to pass.
func (s *soak) preflight(t *testing.T) {
	t.Helper()
	for _, name := range []string{"GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"} { // a step has its own
		if err := os.WriteFile(s.environment[name], nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s.hub.Forget()
	var environ []string
	for name, value := range s.environment {
		environ = append(environ, name+"="+value)
	}
	var printed bytes.Buffer
	code := run(t.Context(), []string{"preflight"}, process{getenv: func(name string) string { return s.environment[name] }, environ: environ, stdout: &printed, stderr: &printed})
	text, err := os.ReadFile(s.environment["GITHUB_OUTPUT"])
	if err != nil {
		t.Fatal(err)
	}
	values, err := commandfile.Parse(string(text))
	if code != exitPass || err != nil || values["verdict"] != "pass" || values["decision"] != "go" {
		_ = pprof.Lookup("goroutine").WriteTo(&printed, 2) // it may be the server that hangs
		t.Fatalf("exit code %d, %s, %v\n%s", code, values["reasons"], err, printed.String())
	}
}

// figures are what a process holds, and what it left behind.
type figures struct {
	goroutines, files int
	heap              uint64 // bytes in use
	temporary         int    // files
	entries           int    // of the workspace: files and folders
	workspace, kept   int64  // bytes of all files, and of .slipway
}

func (f figures) String() string {
	return fmt.Sprintf("%d goroutines, %d open files, %d kB of heap, %d temporary files, %d files of %d bytes in the workspace, %d bytes of them in .slipway", f.goroutines, f.files, f.heap>>10, f.temporary, f.entries, f.workspace, f.kept)
}

func (s *soak) measure(t *testing.T) figures {
	t.Helper()
	var f figures
	for range 50 { // a connection that was let go ends a moment later
		runtime.GC()
		debug.FreeOSMemory()
		if n := runtime.NumGoroutine(); f.goroutines == 0 || n < f.goroutines {
			f.goroutines = n
		}
		time.Sleep(2 * time.Millisecond)
	}
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skipf("the system does not tell which files are open: %v", err)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	f.files, f.heap = len(open), m.HeapAlloc
	_, f.temporary = size(t, s.temporary)
	_, others := size(t, s.place)
	f.temporary += others
	f.workspace, f.entries = size(t, s.workspace)
	f.kept, _ = size(t, filepath.Join(s.workspace, ".slipway"))
	return f
}

// size is how many bytes lie below a folder, in how many files and folders.
func size(t *testing.T, dir string) (bytes int64, number int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		number++
		if info, err := d.Info(); err == nil && !d.IsDir() {
			bytes += info.Size()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return bytes, number
}
