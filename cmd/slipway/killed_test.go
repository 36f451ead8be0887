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
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/result"
)

// TestKilled kills each action at any moment, again and again in one workspace, and then lets it run: no file
// is ever there by half, and what was begun is completed.
func TestKilled(t *testing.T) {
	const kills = 4
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
			r := newRef(t)
			seed(t, r)
			j := r.job(t, 1)
			if name == "security-gate" || name == "preflight" {
				j.environment["INPUT_DATABASE"], j.environment["INPUT_SARIF-FILE"] = filepath.Join(r.top, "advisories"), "found.sarif"
			}
			took := 50 * time.Millisecond // of a run, as far as is known
			for n := range kills {
				began := time.Now()
				after := time.Duration(rand.Int64N(int64(took) + 1))
				if done := j.kill(t, after, append([]string{name}, args...)); done {
					took = time.Since(began)
				} else {
					took = max(took, 2*after)
				}
				whole(t, j.workspace, fmt.Sprintf("killed for the %d. time, after %s", n+1, after))
			}
			j.step(t, append([]string{name}, args...)...)
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

// kill runs the program as a process of its own, and kills it after a while; done tells that it had ended before.
func (j *job) kill(t *testing.T, after time.Duration, args []string) (done bool) {
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
	err := cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() < 0 {
		return false
	}
	if err != nil {
		t.Errorf("%v: %v\n%s", args, err, printed.String())
	}
	return true
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
		case filepath.Dir(name) == ".slipway" && filepath.Ext(name) == ".json":
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
