package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/slipway-actions/slipway/internal/commandfile"
	"github.com/slipway-actions/slipway/internal/fakegithub"
	"github.com/slipway-actions/slipway/internal/result"
)

// ref is what two jobs work on: a GitHub with one release, and a fix since then.
type ref struct {
	hub           *fakegithub.Hub
	top, bare     string
	address, head string
}

func newRef(t *testing.T) *ref {
	t.Helper()
	r := &ref{top: t.TempDir()}
	t.Setenv("HOME", r.top)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	origin := filepath.Join(r.top, "origin")
	r.bare = filepath.Join(r.top, "hub.git")
	gitIn(t, r.top, "init", "--quiet", "--initial-branch=main", origin)
	if err := os.WriteFile(filepath.Join(origin, "package.json"), []byte("{\n  \"name\": \"shop\",\n  \"version\": \"1.0.0\"\n}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	gitIn(t, origin, "add", "--all")
	gitIn(t, origin, "commit", "--quiet", "--message", "feat: first")
	gitIn(t, origin, "tag", "v1.0.0")
	gitIn(t, origin, "commit", "--quiet", "--allow-empty", "--message", "fix: a door")
	r.head = gitIn(t, origin, "rev-parse", "HEAD")
	gitIn(t, r.top, "clone", "--quiet", "--mirror", "--no-local", origin, r.bare)
	r.hub = fakegithub.New("acme/shop", r.bare, hubToken)
	r.address = r.hub.Start()
	t.Cleanup(func() {
		r.hub.Close()
		for _, c := range r.hub.Complaints() {
			t.Error(c)
		}
	})
	return r
}

func gitIn(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=Ada", "-c", "user.email=ada@example.com"}, args...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	return strings.TrimSpace(string(out))
}

// job is a job of a workflow run, with a checkout of its own.
type job struct {
	workspace   string
	environment map[string]string
	code        int
	outputs     map[string]string
	printed     string
}

func (r *ref) job(t *testing.T, number int) *job {
	t.Helper()
	j := &job{workspace: filepath.Join(r.top, fmt.Sprint("job", number))}
	gitIn(t, r.top, "clone", "--quiet", "--no-local", r.bare, j.workspace)
	gitIn(t, j.workspace, "checkout", "--quiet", "-B", "main", r.head)
	place := j.workspace + ".runner"
	if err := os.Mkdir(place, 0o755); err != nil {
		t.Fatal(err)
	}
	j.environment = map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": j.workspace, "GITHUB_REPOSITORY": "acme/shop", "GITHUB_REF": "refs/heads/main", "GITHUB_REF_NAME": "main",
		"GITHUB_EVENT_NAME": "push", "GITHUB_ACTOR": "ada", "GITHUB_RUN_ID": fmt.Sprint(40 + number), "GITHUB_RUN_ATTEMPT": "1", "GITHUB_JOB": "release", "GITHUB_SERVER_URL": "https://github.com",
		"GITHUB_SHA": r.head, "GITHUB_API_URL": r.address, "RUNNER_TEMP": place, "GITHUB_OUTPUT": filepath.Join(place, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(place, "summary"),
		"INPUT_GITHUB-TOKEN": hubToken,
	}
	return j
}

// step runs an action as a step of the job, with these inputs.
func (j *job) step(t *testing.T, args ...string) {
	t.Helper()
	for _, name := range []string{"GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"} {
		if err := os.WriteFile(j.environment[name], nil, 0o644); err != nil {
			t.Error(err)
		}
	}
	var environ []string
	for name, value := range j.environment {
		environ = append(environ, name+"="+value)
	}
	var printed bytes.Buffer
	j.code = run(t.Context(), args, process{getenv: func(name string) string { return j.environment[name] }, environ: environ, stdout: &printed, stderr: &printed})
	j.printed = printed.String()
	text, err := os.ReadFile(j.environment["GITHUB_OUTPUT"])
	if err == nil {
		j.outputs, err = commandfile.Parse(string(text))
	}
	if err != nil {
		t.Errorf("%v: %v", args, err)
	}
}

// Two jobs do the same thing to one ref at once: each part of it is done by one of them, and found by the
// other, which says so; and to run both again changes nothing.
func TestTwoJobsOnOneRef(t *testing.T) {
	type part struct{ done, found string }
	tag := part{"; v1.0.1 pushed, on ", "; v1.0.1 is there already, on "}
	land := part{" committed to main as ", "; landed on main before, as "}
	release := part{"; v1.0.1 published.", "; v1.0.1 is published already."}
	for name, test := range map[string]struct {
		steps             [][]string
		parts             []part // of the sentences of all steps
		commits, releases int
	}{
		"push a tag":         {[][]string{{"version-bump", "--push-tag=true"}}, []part{tag}, 2, 0},
		"land a commit":      {[][]string{{"version-bump", "--version-files=package.json"}, {"changelog", "--version=1.0.1", "--land=commit"}}, []part{land}, 3, 0},
		"publish a release":  {[][]string{{"changelog", "--version=1.0.1", "--land=commit", "--release=publish"}}, []part{land, tag, release}, 3, 1},
		"a release of a tag": {[][]string{{"version-bump", "--push-tag=true"}, {"changelog", "--version=1.0.1", "--release=publish", "--file="}}, []part{tag, release}, 2, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRef(t)
			jobs := []*job{r.job(t, 1), r.job(t, 2)}
			both := func() (said []string) {
				said = make([]string, len(jobs))
				for _, args := range test.steps {
					var together sync.WaitGroup
					for i, j := range jobs {
						together.Go(func() {
							j.step(t, args...)
							said[i] += j.sentence(t) + "\n"
						})
					}
					together.Wait()
					for i, j := range jobs {
						if j.code != exitPass || j.outputs["verdict"] != "pass" {
							t.Errorf("%v: job %d ended with code %d, %s\n%s", args, i+1, j.code, j.outputs["verdict"], j.printed)
						}
					}
				}
				return said
			}
			said := both()
			for _, p := range test.parts {
				if done := strings.Count(said[0], p.done) + strings.Count(said[1], p.done); done != 1 {
					t.Errorf("%q was done %d times:\n%s", p.done, done, said)
				}
				for i := range said {
					if !strings.Contains(said[i], p.done) && !strings.Contains(said[i], p.found) {
						t.Errorf("job %d says neither %q nor %q:\n%s", i+1, p.done, p.found, said[i])
					}
				}
			}
			refs, kept := gitIn(t, r.bare, "for-each-ref"), r.hub.Text()
			if commits := gitIn(t, r.bare, "rev-list", "--count", "main"); commits != fmt.Sprint(test.commits) {
				t.Errorf("main has %s commits, want %d", commits, test.commits)
			}
			if n := strings.Count(kept, `"tag_name"`); n != test.releases {
				t.Errorf("%d releases, want %d:\n%s", n, test.releases, kept)
			}
			for _, j := range jobs {
				j.environment["GITHUB_RUN_ATTEMPT"] = "2"
			}
			for i, again := range both() {
				for _, p := range test.parts {
					if strings.Contains(again, p.done) {
						t.Errorf("job %d did it again:\n%s", i+1, again)
					}
				}
			}
			if now := gitIn(t, r.bare, "for-each-ref"); now != refs || r.hub.Text() != kept {
				t.Errorf("to run it again changed\n%s%s\nto\n%s%s", refs, kept, now, r.hub.Text())
			}
		})
	}
}

// sentence is what the result says, in its one sentence.
func (j *job) sentence(t *testing.T) string {
	d, err := result.Decode([]byte(j.outputs["result"]))
	if err != nil {
		t.Errorf("%v\n%s", err, j.printed)
	}
	return d.Sentence
}
