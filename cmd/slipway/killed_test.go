package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/result"
)

// TestKilled kills each action at any moment, again and again in one workspace, and then lets it run: no file
// is ever there by half, and what was begun is completed.
func TestKilled(t *testing.T) {
	const kills = 6
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"version":"1.0.1"}`) }))
	defer shop.Close()
	for name, args := range map[string][]string{
		"version-bump":  {"--version-files=package.json", "--push-tag=true"},
		"changelog":     {"--version=1.0.1", "--land=commit", "--release=publish"},
		"security-gate": {"--sbom-file=bom.json", "--state-file=security.json"},
		"go-no-go":      {"--environment=staging"},
		"deploy-verify": {"--url=" + shop.URL, "--expected-version=1.0.1", "--version-path=$.version", "--consecutive=2", "--interval=10ms", "--state-file=verify.json"},
		"preflight":     {"--environment=staging"},
	} {
		t.Run(name, func(t *testing.T) {
			all := append([]string{name}, args...)
			place := func() (*ref, *job) {
				r := newRef(t)
				seed(t, r)
				j := r.job(t, 1)
				if name == "security-gate" || name == "preflight" {
					j.environment["INPUT_DATABASE"], j.environment["INPUT_SARIF-FILE"] = filepath.Join(r.top, "advisories"), "found.sarif"
				}
				return r, j
			}
			_, undisturbed := place()
			began := time.Now()
			undisturbed.kill(t, time.Minute, 0, all)
			took := time.Since(began)
			r, j := place()
			ended := 0
			for n := range kills {
				// At any moment, and as soon as something is seen to be written, for that is soon over.
				after, changes := time.Duration(rand.Int64N(int64(took))), 0
				if n%2 == 1 {
					after, changes = 2*took, 1+n/2
				}
				if j.kill(t, after, changes, all) {
					ended++
				}
				whole(t, j.workspace, fmt.Sprintf("killed for the %d. time, after %s or %d changes", n+1, after, changes))
			}
			t.Logf("%d of %d had ended by themselves", ended, kills)
			j.step(t, all...)
			if j.code != exitPass || j.outputs["verdict"] != "pass" {
				t.Errorf("then it ended with code %d, %s\n%s", j.code, j.outputs["verdict"], j.printed)
			}
			whole(t, j.workspace, "done")
			if n := strings.Count(r.hub.Text(), `"tag_name"`); name == "changelog" && n != 1 {
				t.Errorf("%d releases", n)
			}
			commits := "2"
			if name == "changelog" { // which landed one
				commits = "3"
			}
			if n := gitIn(t, r.bare, "rev-list", "--count", "main"); n != commits {
				t.Errorf("main has %s commits", n)
			}
		})
	}
}

// seed is what lets a release pass: a check that succeeded, and advisories of another package.
func seed(t *testing.T, r *ref) {
	t.Helper()
	if err := r.hub.Seed([]byte(`{"check_runs":[{"name":"unit","head_sha":"` + r.head + `","status":"completed","conclusion":"success"}]}`)); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(r.top, "advisories", "npm")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	advisory := `{"id":"GHSA-0000-0000-0000","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"b"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}]}`
	if err := os.WriteFile(filepath.Join(dir, "GHSA-0000.json"), []byte(advisory), 0o644); err != nil {
		t.Fatal(err)
	}
}

// kill runs the program as a process of its own, and kills it after a while, or after so many changes of the
// workspace; 0 is however many. Done tells that it had ended before.
func (j *job) kill(t *testing.T, after time.Duration, changes int, args []string) (done bool) {
	t.Helper()
	for _, name := range []string{"GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"} {
		if err := os.WriteFile(j.environment[name], nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("slipway", args...)
	cmd.Env = os.Environ()
	for name, value := range j.environment {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	var printed bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &printed
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	ended := make(chan struct{})
	var looking sync.WaitGroup
	if changes > 0 {
		looking.Go(func() { j.killAtChange(cmd.Process, changes, ended) })
	}
	err := cmd.Wait()
	close(ended)
	looking.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() < 0 {
		return false
	}
	if err != nil {
		t.Errorf("%v: %v\n%s", args, err, printed.String())
	}
	if text, err := os.ReadFile(j.environment["GITHUB_OUTPUT"]); err != nil || !bytes.Contains(text, []byte("verdict")) {
		t.Errorf("%v ended with the outputs %q, %v", args, text, err)
	}
	return true
}

// killAtChange looks at the workspace all the time, and kills at the n-th change.
func (j *job) killAtChange(p *os.Process, n int, ended chan struct{}) {
	look := func() (seen string) {
		for _, dir := range []string{j.workspace, filepath.Join(j.workspace, ".slipway")} {
			entries, _ := os.ReadDir(dir)
			for _, e := range entries {
				if info, err := e.Info(); err == nil && !e.IsDir() {
					seen += fmt.Sprint(e.Name(), info.Size(), info.ModTime().UnixNano(), " ")
				}
			}
		}
		return seen
	}
	before := look()
	for {
		select {
		case <-ended:
			return
		default:
		}
		if now := look(); now != before {
			if before, n = now, n-1; n == 0 {
				_ = p.Kill()
				return
			}
		}
	}
}

// begun is a file that is being written: only the finished one gets the name.
var begun = regexp.MustCompile(`\.slipway-[A-Z0-9]+$`)

// whole wants each file of a workspace to be what a run writes, from its first to its last byte.
func whole(t *testing.T, workspace, when string) {
	t.Helper()
	err := filepath.WalkDir(workspace, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir() || begun.MatchString(path):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(workspace, path)
		switch {
		case filepath.Dir(name) == ".slipway" && strings.Count(filepath.Base(name), ".") == 1 && filepath.Ext(name) == ".json":
			if _, err := result.Decode(text); err != nil {
				t.Errorf("%s: %s: %v", when, name, err)
			}
		case filepath.Ext(name) == ".json" || filepath.Ext(name) == ".sarif":
			if !json.Valid(text) {
				t.Errorf("%s: %s is cut: %q", when, name, text)
			}
		case name == "CHANGELOG.md":
			if !strings.Contains(string(text), "## [1.0.1]") || !strings.HasSuffix(string(text), "\n") {
				t.Errorf("%s: %s is cut: %q", when, name, text)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
