//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/fakegithub"
)

// flow is a consumer's repository, the GitHub that it lies at, and the machines that its workflows run on.
type flow struct {
	*testing.T
	repository string // the working copy that act reads the workflow and the commit from
	standin    string // what jobs see as /standin: the bare repository, artifacts, and what the stand-ins were asked
	hub        *fakegithub.Hub
	api        string            // where the hub answers
	mark       string            // in the names of its workflows: act names containers by them, and flows run side by side
	vars       map[string]string // repository variables
	secrets    map[string]string
}

// ran is what a run of a workflow came to.
type ran struct {
	code  int
	jobs  map[string]string // success, failure or skipped, by the job's path such as release/verify
	order []string          // of the jobs' ends
	text  string            // what act printed
}

// newFlow is a repository acme/shop with the files of a folder, committed on main.
func newFlow(t *testing.T, folder string) *flow {
	t.Helper()
	dir := t.TempDir()
	f := &flow{
		T: t, repository: filepath.Join(dir, "shop"), standin: filepath.Join(dir, "standin"),
		vars: map[string]string{}, secrets: map[string]string{}, mark: "-" + strings.ToLower(rand.Text()[:8]),
	}
	if err := os.CopyFS(f.repository, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	f.name(f.repository)
	if err := os.MkdirAll(f.standin, 0o755); err != nil {
		t.Fatal(err)
	}
	f.git("init", "-q", "-b", "main")
	f.git("remote", "add", "origin", "https://github.com/acme/shop.git")
	git(t, "", "init", "-q", "--bare", "-b", "main", f.remote())
	git(t, f.remote(), "config", "uploadpack.allowAnySHA1InWant", "true")
	f.secrets["GITHUB_TOKEN"] = hubToken
	f.hub, f.api = startHub(t, f.remote())
	return f
}

var workflowName = regexp.MustCompile(`(?m)^name: .+$`)

// name puts the flow's mark behind the names of a repository's workflows.
func (f *flow) name(repository string) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join(repository, ".github/workflows/*.yml"))
	if err != nil || len(files) == 0 {
		f.Fatalf("there are no workflows in %s: %v", repository, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		named := workflowName.ReplaceAll(text, []byte("${0}"+f.mark))
		if bytes.Equal(named, text) {
			f.Fatalf("%s has no name", file)
		}
		write(f.T, file, string(named))
	}
}

func (f *flow) remote() string { return filepath.Join(f.standin, "remote.git") }

// git runs in the working copy.
func (f *flow) git(args ...string) string {
	f.Helper()
	return git(f.T, f.repository, args...)
}

// commit commits what lies in the working copy, pushes it to main, and returns the commit.
func (f *flow) commit(message string) string {
	f.Helper()
	f.git("add", "-A")
	f.git("commit", "-q", "--allow-empty", "-m", message)
	f.git("push", "-q", f.remote(), "HEAD:refs/heads/main", "--tags")
	return f.git("rev-parse", "HEAD")
}

// check tells the hub of a check that ended on the working copy's commit, as another workflow would.
func (f *flow) check(name, conclusion string) {
	f.Helper()
	seed(f.T, f.hub, map[string]any{"check_runs": []any{map[string]any{
		"head_sha": f.git("rev-parse", "HEAD"), "name": name, "status": "completed", "conclusion": conclusion,
	}}})
}

// run lets act run a workflow file of the repository for an event.
func (f *flow) run(workflow, event string, payload map[string]any) ran {
	f.Helper()
	made := newRelease(f.T)
	slipway := filepath.Join(f.TempDir(), "slipway")
	if err := os.CopyFS(slipway, os.DirFS(made.repository)); err != nil {
		f.Fatal(err)
	}
	f.name(slipway)
	if err := os.RemoveAll(filepath.Join(f.standin, "artifacts")); err != nil { // they belong to one run
		f.Fatal(err)
	}
	if payload == nil {
		payload = map[string]any{"ref": "refs/heads/main"}
	}
	text, err := json.Marshal(payload)
	if err != nil {
		f.Fatal(err)
	}
	home := f.TempDir()
	write(f.T, filepath.Join(home, "event.json"), string(text))
	args := []string{
		event, "--json", "--rm", "--pull=false", "--concurrent-jobs", "1", "--no-skip-checkout", "--no-cache-server",
		"--network", "host", "-P", "ubuntu-24.04=" + jobImage, "--container-options", "-v " + f.standin + ":/standin",
		"-W", ".github/workflows/" + workflow, "-e", filepath.Join(home, "event.json"), "--defaultbranch", "main",
		"--local-repository", "slipway-actions/slipway@v1=" + slipway,
		"--env", "GITHUB_API_URL=" + f.api, "--env", "GITHUB_REPOSITORY=acme/shop", "-a", "ada",
	}
	for name, value := range f.vars {
		args = append(args, "--var", name+"="+value)
	}
	command := exec.Command(made.act, append(args, f.standins()...)...)
	command.Dir = f.repository
	command.Env = append(os.Environ(), "HOME="+home, "XDG_CACHE_HOME="+home)
	for name, value := range f.secrets {
		command.Args = append(command.Args, "-s", name)
		command.Env = append(command.Env, name+"="+value)
	}
	printed, err := command.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		f.Fatal(err)
	}
	got := ran{code: command.ProcessState.ExitCode(), jobs: map[string]string{}, text: string(printed)}
	got.read(bytes.ReplaceAll(printed, []byte(f.mark), nil))
	return got
}

// standins are the options that put small actions in the place of those that need Node.js or GitHub's services.
func (f *flow) standins() []string {
	f.Helper()
	var args []string
	for _, uses := range usesOf(f.T, filepath.Join(f.repository, ".github/workflows"), filepath.Join(root, ".github/workflows")) {
		name, ref, _ := strings.Cut(uses, "@")
		if strings.HasPrefix(name, "./") || strings.HasPrefix(name, "slipway-actions/") {
			continue
		}
		owner, rest, _ := strings.Cut(name, "/")
		repository, _, _ := strings.Cut(rest, "/")
		folder, err := filepath.Abs(filepath.Join("testdata/act/actions", repository))
		if err != nil {
			f.Fatal(err)
		}
		args = append(args, "--local-repository", owner+"/"+repository+"@"+ref+"="+folder)
	}
	return args
}

// usesOf are the actions and workflows that the files of folders name.
func usesOf(t *testing.T, folders ...string) []string {
	t.Helper()
	var found []string
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*.yml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(text)) {
				before, uses, is := strings.Cut(line, "uses: ")
				if is && strings.Trim(before, " -") == "" { // not the word in a text
					found = append(found, strings.Fields(uses)[0])
				}
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// read takes what became of jobs from act's log.
func (r *ran) read(log []byte) {
	lines := bufio.NewScanner(bytes.NewReader(log))
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var line struct{ Job, JobResult, Level, Msg string }
		if json.Unmarshal(lines.Bytes(), &line) != nil || line.JobResult == "" {
			continue
		}
		name := strings.Join(strings.Fields(line.Job), " ")
		r.jobs[name] = line.JobResult
		r.order = append(r.order, name)
	}
}

// said is the log without act's wrapping.
func (r *ran) said() string {
	var said strings.Builder
	for line := range strings.Lines(r.text) {
		var read struct{ Job, Msg string }
		if json.Unmarshal([]byte(line), &read) == nil {
			said.WriteString(strings.TrimSpace(read.Job) + " | " + strings.TrimRight(read.Msg, "\n") + "\n")
		} else {
			said.WriteString(line)
		}
	}
	return said.String()
}

// want holds a run against what must have become of its jobs. Jobs that are not named must not have run.
func (f *flow) want(got ran, code int, jobs map[string]string) {
	f.Helper()
	if got.code == code && maps.Equal(got.jobs, jobs) {
		return
	}
	f.Fatalf("act ended with %d and the jobs %v, want %d and %v:\n%s", got.code, got.jobs, code, jobs, got.said())
}
