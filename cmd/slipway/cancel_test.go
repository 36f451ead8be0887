package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/commandfile"
	"github.com/slipway-actions/slipway/internal/fakegithub"
)

// stuck is a server that answers all but the first request of a kind, which it holds until the caller is gone.
type stuck struct {
	on      *regexp.Regexp // METHOD /path
	reached chan struct{}  // closed when the request is held
	left    chan struct{}  // closed when its caller is gone
	once    sync.Once
	rest    http.Handler
}

func (s *stuck) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	held := false
	if s.on.MatchString(r.Method + " " + r.URL.Path) {
		s.once.Do(func() {
			held = true
			io.Copy(io.Discard, r.Body) // only then does the server notice who leaves
			close(s.reached)
			<-r.Context().Done()
			close(s.left)
		})
	}
	if !held {
		s.rest.ServeHTTP(w, r)
	}
}

// A run that is cancelled in the middle hands over that nothing is known, with every output, leaves nothing
// half-written, and is completed by the next one.
func TestCancelledInTheMiddle(t *testing.T) {
	for _, tc := range []struct {
		name   string
		on     string // the request in which the run is stopped
		signal os.Signal
		args   []string // $SERVER stands for the server's address
		token  bool
		files  []string // that the action writes into the workspace, each as a whole, beside .slipway
	}{
		{"the tag", "^POST .*/git/tags$", syscall.SIGINT, []string{"version-bump", "--push-tag"}, true, nil},
		{"the tags of origin", "/origin/info/refs$", syscall.SIGTERM, []string{"version-bump", "--tag-prefix=none"}, false, nil},
		{"who wrote it", "^GET .*/compare/", syscall.SIGTERM, []string{"changelog", "--version=1.1.0"}, true, []string{"CHANGELOG.md"}},
		{"the landing", "^PATCH .*/git/refs/heads/main$", syscall.SIGINT, []string{"changelog", "--version=1.1.0", "--land=commit"}, true, []string{"CHANGELOG.md"}},
		{"advisories", "^POST /v1/querybatch$", syscall.SIGINT, []string{"security-gate", "--database=$SERVER"}, false, nil},
		{"checks", "^GET .*/check-runs$", syscall.SIGTERM, []string{"go-no-go", "--wait=1h"}, true, nil},
		{"the service", "^GET /version$", syscall.SIGINT, []string{"deploy-verify", "--url=$SERVER/version", "--expected-version=1", "--consecutive=1", "--interval=10ms"}, false, nil},
		{"all", "^GET .*/check-runs$", syscall.SIGINT, []string{"preflight", "--database=$SERVER", "--wait=1h"}, true, []string{"CHANGELOG.md"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newCancelled(t, tc.on, tc.args, tc.token)
			c.start(t)
			select {
			case <-c.server.reached:
			case err := <-c.done:
				t.Fatalf("it ended before it was stopped: %v\n%s", err, c.log.String())
			}
			if err := c.run.Process.Signal(tc.signal); err != nil {
				t.Fatal(err)
			}
			c.wantUnknown(t, <-c.done)
			<-c.server.left // whoever asked is gone, a child of git as well
			c.wantNothingHalf(t, tc.files...)

			c.start(t)
			if err := <-c.done; err != nil {
				t.Fatalf("the next run: %v\n%s", err, c.log.String())
			}
			if got := c.outputs(t)["verdict"]; got != "pass" {
				t.Errorf("the next run's verdict is %q", got)
			}
			c.wantNothingHalf(t, tc.files...)
		})
	}
}

// cancelled is a workspace and a world for a run that is to be stopped.
type cancelled struct {
	dir, work string
	server    *stuck
	args, env []string
	run       *exec.Cmd
	log       bytes.Buffer
	done      chan error
}

func newCancelled(t *testing.T, on string, args []string, token bool) *cancelled {
	t.Helper()
	dir := t.TempDir()
	c := &cancelled{dir: dir, work: filepath.Join(dir, "work")}
	git := func(args ...string) string {
		cmd := exec.Command("git", args...)
		cmd.Env = append(os.Environ(), "HOME="+dir, "GIT_CONFIG_NOSYSTEM=1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	if err := os.WriteFile(filepath.Join(dir, ".gitconfig"), []byte("[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	git("init", "-q", c.work)
	if err := os.WriteFile(filepath.Join(c.work, "go.mod"), []byte("module example.com/shop\ngo 1.22\nrequire example.com/a v1.0.0\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	git("-C", c.work, "add", ".")
	git("-C", c.work, "commit", "-q", "-m", "feat: first")
	git("-C", c.work, "tag", "v1.0.0")
	git("-C", c.work, "commit", "-q", "--allow-empty", "-m", "feat: second")
	bare := filepath.Join(dir, "hub.git")
	git("clone", "-q", "--mirror", c.work, bare)
	sha := git("-C", c.work, "rev-parse", "HEAD")

	hub := fakegithub.New("acme/shop", bare, hubToken)
	if err := hub.Seed([]byte(`{"check_runs": [{"name": "unit", "head_sha": "` + sha + `", "conclusion": "success"}]}`)); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", hub)
	mux.HandleFunc("/version", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("1")) })
	mux.HandleFunc("/v1/querybatch", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`{"results": [{}]}`)) })
	c.server = &stuck{on: regexp.MustCompile(on), reached: make(chan struct{}), left: make(chan struct{}), rest: mux}
	s := httptest.NewServer(c.server)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })

	if strings.Contains(on, "origin") { // a clone that asks its origin for tags
		mux.HandleFunc("/origin/info/refs", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(sha + "\trefs/heads/main\n")) })
		mux.HandleFunc("/origin/HEAD", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ref: refs/heads/main\n")) })
		git("-C", c.work, "tag", "-d", "v1.0.0")
		git("-C", c.work, "remote", "add", "origin", s.URL+"/origin")
	}
	for _, arg := range args {
		c.args = append(c.args, strings.ReplaceAll(arg, "$SERVER", s.URL))
	}
	c.env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "GIT_CONFIG_NOSYSTEM=1", "TMPDIR=" + dir, "GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=" + c.work,
		"GITHUB_REPOSITORY=acme/shop", "GITHUB_REF=refs/heads/main", "GITHUB_REF_NAME=main", "GITHUB_EVENT_NAME=push", "GITHUB_SHA=" + sha, "GITHUB_RUN_ID=42",
		"GITHUB_RUN_ATTEMPT=1", "GITHUB_API_URL=" + s.URL, "GITHUB_OUTPUT=" + filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary"),
		"RUNNER_TOOL_CACHE=" + filepath.Join(dir, "cache")}
	if token {
		c.env = append(c.env, "INPUT_GITHUB-TOKEN="+hubToken)
	}
	return c
}

// start starts a run with fresh files of the runner.
func (c *cancelled) start(t *testing.T) {
	t.Helper()
	for _, name := range []string{"output", "summary"} {
		if err := os.WriteFile(filepath.Join(c.dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c.log.Reset()
	c.run = exec.Command("slipway", c.args...)
	c.run.Dir, c.run.Env, c.run.Stdout, c.run.Stderr, c.run.WaitDelay = c.work, c.env, &c.log, &c.log, 10*time.Second
	if err := c.run.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	c.done = done
	run := c.run
	go func() { done <- run.Wait() }()
	t.Cleanup(func() { run.Process.Kill() })
}

func (c *cancelled) outputs(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, "output"))
	if err != nil {
		t.Fatal(err)
	}
	values, err := commandfile.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return values
}

func (c *cancelled) wantUnknown(t *testing.T, err error) {
	t.Helper()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitUndecided {
		t.Errorf("it ended with %v, want exit code %d:\n%s", err, exitUndecided, c.log.String())
	}
	got := c.outputs(t)
	spec, err := specOf(c.args[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range spec.Outputs {
		if _, ok := got[o.Name]; !ok {
			t.Errorf("the output %s was not handed over", o.Name)
		}
	}
	if got["verdict"] != "unknown" || got["decision"] == "go" || got["decision"] == "promote" {
		t.Errorf("the verdict is %q, the decision %q, want unknown and none that passes", got["verdict"], got["decision"])
	}
	summary, _ := os.ReadFile(filepath.Join(c.dir, "summary"))
	for place, text := range map[string]string{"page": string(summary), "log": c.log.String()} {
		if !regexp.MustCompile(`cancell?ed`).MatchString(text) {
			t.Errorf("the %s does not say that the run was cancelled:\n%s", place, text)
		}
	}
	kept, err := os.ReadFile(filepath.Join(c.work, ".slipway", c.args[0]+".json"))
	if err != nil || !bytes.Contains(kept, []byte(`"verdict":"unknown"`)) {
		t.Errorf("the result file holds %.200s (%v)", kept, err)
	}
}

// wantNothingHalf wants no temporary file and no lock of git's, and no other file than before but some.
func (c *cancelled) wantNothingHalf(t *testing.T, but ...string) {
	t.Helper()
	allowed := map[string]bool{"go.mod": true}
	for _, name := range but {
		allowed[name] = true
	}
	err := filepath.WalkDir(c.work, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(c.work, path)
		top, _, _ := strings.Cut(rel, string(filepath.Separator))
		if strings.Contains(rel, ".slipway-") || strings.HasSuffix(rel, ".lock") || top != ".git" && top != ".slipway" && !allowed[rel] {
			t.Errorf("%s was left", rel)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	temporary, _ := filepath.Glob(filepath.Join(c.dir, "*slipway*"))
	for _, path := range temporary {
		t.Errorf("%s was left", path)
	}
}
