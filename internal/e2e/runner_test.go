//go:build e2e

package e2e

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/slipway-actions/slipway/internal/commandfile"
	"github.com/slipway-actions/slipway/internal/logcommand"
)

// runnerUser goes on with the files after the container, which is root: whoever runs the tests, or where that is
// root as well, the user of a hosted machine.
var runnerUser = func() int {
	if uid := os.Getuid(); uid != 0 {
		return uid
	}
	return 1001
}()

// job is what a runner has of one: a workspace and a folder for temporary files, both of another user.
type job struct {
	*testing.T
	workspace string
	temp      string
	env       map[string]string // GITHUB_* and RUNNER_*, as the host has them
	network   string            // none, or host where something on loopback is asked
	token     string            // github.token
	readOnly  bool              // the workspace
	image     string            // instead of the one that was built
}

// outcome is what the runner makes of a step.
type outcome struct {
	code    int
	outputs map[string]string
	summary string
	stdout  logcommand.Log
	stderr  logcommand.Log
	text    string // all that was printed
}

// manifest is an action.yml.
type manifest struct {
	Inputs map[string]struct {
		Default string
	}
	Outputs map[string]any
	Runs    struct {
		Using, Image string
		Args         []string
	}
}

func image(t *testing.T) string {
	name := os.Getenv("SLIPWAY_IMAGE")
	if name == "" {
		t.Fatal("SLIPWAY_IMAGE does not name the image: run make e2e")
	}
	return name
}

// root is the repository's folder.
const root = "../.."

func readManifest(t *testing.T, action string) manifest {
	t.Helper()
	file := filepath.Join(root, "actions", action, "action.yml")
	if action == "preflight" {
		file = filepath.Join(root, "action.yml")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var read manifest
	if err := yaml.Unmarshal(text, &read); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return read
}

// newJob makes a job in a repository with one commit for each message, the last one on top, as actions/checkout
// with fetch-depth 0 leaves it.
func newJob(t *testing.T, messages ...string) *job {
	t.Helper()
	dir := t.TempDir()
	j := &job{T: t, workspace: filepath.Join(dir, "work", "shop", "shop"), temp: filepath.Join(dir, "work", "_temp"), network: "none"}
	for _, folder := range []string{j.workspace, filepath.Join(j.temp, "_github_home"), filepath.Join(j.temp, "_github_workflow"), filepath.Join(j.temp, "_runner_file_commands")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	j.git("init", "-q", "-b", "main")
	j.write("README.md", "# Shop\n")
	j.write("go.mod", "module example.com/shop\n\ngo 1.26\n\nrequire golang.org/x/text v0.3.7\n")
	j.env = map[string]string{
		"GITHUB_REPOSITORY": "acme/shop", "GITHUB_REPOSITORY_OWNER": "acme", "GITHUB_REF": "refs/heads/main",
		"GITHUB_REF_NAME": "main", "GITHUB_REF_TYPE": "branch",
		"GITHUB_EVENT_NAME": "push", "GITHUB_ACTOR": "ada", "GITHUB_TRIGGERING_ACTOR": "ada", "GITHUB_JOB": "release",
		"GITHUB_WORKFLOW": "release", "GITHUB_RUN_ID": "4711", "GITHUB_RUN_NUMBER": "12", "GITHUB_RUN_ATTEMPT": "1",
		"GITHUB_SERVER_URL": "https://github.com", "GITHUB_API_URL": "https://api.github.com",
		"GITHUB_GRAPHQL_URL": "https://api.github.com/graphql", "GITHUB_ACTION": "__run", "GITHUB_RETENTION_DAYS": "90",
		"RUNNER_OS": "Linux", "RUNNER_ARCH": "X64", "RUNNER_NAME": "GitHub Actions 1", "RUNNER_ENVIRONMENT": "github-hosted",
		"RUNNER_TOOL_CACHE": "/opt/hostedtoolcache", "ACTIONS_RUNTIME_TOKEN": "runtime-token-of-the-job",
	}
	j.commit(messages...)
	return j
}

// git runs in the workspace and returns what it prints.
func (j *job) git(args ...string) string {
	j.Helper()
	return git(j.T, j.workspace, args...)
}

// commit adds what was written, and is what the workflow runs on from now on.
func (j *job) commit(messages ...string) {
	j.Helper()
	j.git("add", ".")
	for _, message := range messages {
		j.git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", message)
	}
	j.env["GITHUB_SHA"] = j.git("rev-parse", "HEAD")
}

// write makes a file of the workspace.
func (j *job) write(name, text string) {
	j.Helper()
	write(j.T, filepath.Join(j.workspace, name), text)
}

// read is a file of the workspace.
func (j *job) read(name string) string {
	j.Helper()
	text, err := os.ReadFile(filepath.Join(j.workspace, name))
	if err != nil {
		j.Fatal(err)
	}
	return string(text)
}

// step is a step that runs to its end.
func (j *job) step(action string, inputs map[string]string) outcome {
	j.Helper()
	return j.begin(action, inputs).wait()
}

// running is a step's container.
type running struct {
	*job
	command        *exec.Cmd
	name           string
	printing       sync.Mutex
	stdout, stderr bytes.Buffer
	output         string // the files as the host has them
	summary        string
}

// begin starts a step as DockerCommandManager does: the same options in the same order, its variables by name
// alone, the inputs of action.yml with their defaults.
func (j *job) begin(action string, inputs map[string]string) *running {
	j.Helper()
	manifest := readManifest(j.T, action)
	if manifest.Runs.Using != "docker" {
		j.Fatalf("%s does not run in a container but with %q", action, manifest.Runs.Using)
	}
	if j.env["GITHUB_EVENT_PATH"] == "" {
		j.event(map[string]any{})
	}
	id := rand.Text()
	step := &running{job: j, name: "e2e_" + id}
	commands := filepath.Join(j.temp, "_runner_file_commands")
	step.output, step.summary = filepath.Join(commands, "set_output_"+id), filepath.Join(commands, "step_summary_"+id)
	env := map[string]string{
		"HOME":             filepath.Join(j.temp, "_github_home"),
		"GITHUB_WORKSPACE": j.workspace, "RUNNER_TEMP": j.temp, "RUNNER_WORKSPACE": filepath.Dir(j.workspace),
		"GITHUB_OUTPUT": step.output, "GITHUB_STEP_SUMMARY": step.summary,
		"GITHUB_ENV": filepath.Join(commands, "set_env_"+id), "GITHUB_PATH": filepath.Join(commands, "add_path_"+id),
		"GITHUB_STATE": filepath.Join(commands, "save_state_"+id),
	}
	for _, file := range []string{"GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE"} {
		if err := os.WriteFile(env[file], nil, 0o644); err != nil {
			j.Fatal(err)
		}
	}
	for name, value := range j.env {
		env[name] = value
	}
	for name, input := range manifest.Inputs {
		value := strings.ReplaceAll(input.Default, "${{ github.token }}", j.token)
		if given, is := inputs[name]; is {
			value = given
		}
		env["INPUT_"+strings.ToUpper(strings.ReplaceAll(name, " ", "_"))] = value
	}
	for name := range inputs {
		if _, is := manifest.Inputs[name]; !is {
			j.Fatalf("%s has no input %s", action, name)
		}
	}

	args := []string{"run", "--name", step.name, "--label", "e2e", "--workdir", "/github/workspace", "--rm"}
	variables := os.Environ()
	for _, name := range slices.Sorted(maps.Keys(env)) {
		args = append(args, "-e", name)
		variables = append(variables, name+"="+j.inside(env[name]))
	}
	args = append(args, "-e", "GITHUB_ACTIONS=true", "-e", "CI=true", "--network", j.network)
	socket := strings.TrimPrefix(os.Getenv("DOCKER_HOST"), "unix://")
	workspace := j.workspace + ":/github/workspace"
	if j.readOnly {
		workspace += ":ro"
	}
	for _, volume := range []string{
		socket + ":/var/run/docker.sock", j.temp + ":/github/runner_temp", filepath.Join(j.temp, "_github_home") + ":/github/home",
		filepath.Join(j.temp, "_github_workflow") + ":/github/workflow", commands + ":/github/file_commands", workspace,
	} {
		args = append(args, "-v", volume)
	}
	args = append(append(args, cmp.Or(j.image, image(j.T))), manifest.Runs.Args...)
	j.handOver(filepath.Dir(j.workspace))
	j.handOver(j.temp)

	step.command = exec.Command("docker", args...)
	step.command.Env = variables
	step.command.Stdout, step.command.Stderr = stream{step, &step.stdout}, stream{step, &step.stderr}
	if err := step.command.Start(); err != nil {
		j.Fatal(err)
	}
	return step
}

// inside is a path, or a text with paths, as the container has it.
func (j *job) inside(text string) string {
	for _, pair := range [][2]string{
		{filepath.Join(j.temp, "_github_home"), "/github/home"}, {filepath.Join(j.temp, "_github_workflow"), "/github/workflow"},
		{filepath.Join(j.temp, "_runner_file_commands"), "/github/file_commands"}, {j.temp, "/github/runner_temp"},
		{j.workspace, "/github/workspace"},
	} {
		if text == pair[0] || strings.HasPrefix(text, pair[0]+"/") {
			return pair[1] + text[len(pair[0]):]
		}
	}
	return text
}

// event writes the event that started the workflow.
func (j *job) event(event map[string]any) {
	j.Helper()
	text, err := json.Marshal(event)
	if err != nil {
		j.Fatal(err)
	}
	file := filepath.Join(j.temp, "_github_workflow", "event.json")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		j.Fatal(err)
	}
	j.env["GITHUB_EVENT_PATH"] = file
}

// handOver gives a folder and all that is in it to the runner's user.
func (j *job) handOver(dir string) {
	j.Helper()
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := os.Lchown(path, runnerUser, runnerUser); err != nil && !errors.Is(err, syscall.EROFS) {
			return err
		}
		return nil
	})
	if err != nil {
		j.Fatalf("the workspace can't be given to the runner's user: %v", err)
	}
}

// interrupt is what the runner does first when a job is cancelled.
func (r *running) interrupt() {
	r.Helper()
	if err := r.command.Process.Signal(syscall.SIGINT); err != nil {
		r.Fatal(err)
	}
}

// wait waits for the step's end and reads what it leaves, as the runner does.
func (r *running) wait() outcome {
	r.Helper()
	err := r.command.Wait()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		r.Fatal(err)
	}
	got := outcome{
		code: r.command.ProcessState.ExitCode(), text: r.stdout.String() + r.stderr.String(),
		stdout: logcommand.Read(r.stdout.String()), stderr: logcommand.Read(r.stderr.String()),
	}
	text, err := os.ReadFile(r.output)
	if err != nil {
		r.Fatal(err)
	}
	if got.outputs, err = commandfile.Parse(string(text)); err != nil {
		r.Fatalf("the runner would refuse the outputs: %v\n%s", err, text)
	}
	summary, err := os.ReadFile(r.job.temp + "/_runner_file_commands/" + filepath.Base(r.summary))
	if err != nil {
		r.Fatal(err)
	}
	got.summary = string(summary)
	for _, other := range []string{"set_env_", "add_path_", "save_state_"} {
		file := filepath.Join(r.temp, "_runner_file_commands", other+strings.TrimPrefix(filepath.Base(r.output), "set_output_"))
		if text, err := os.ReadFile(file); err != nil || len(text) > 0 {
			r.Errorf("%s holds %q (%v): no action sets environment, path or state", other, text, err)
		}
	}
	return got
}

// seen says whether the step has printed a text so far.
func (r *running) seen(text string) bool {
	r.printing.Lock()
	defer r.printing.Unlock()
	return strings.Contains(r.stdout.String()+r.stderr.String(), text)
}

// stream is one of a step's two, read while it is written.
type stream struct {
	*running
	*bytes.Buffer
}

func (s stream) Write(p []byte) (int, error) {
	s.printing.Lock()
	defer s.printing.Unlock()
	return s.Buffer.Write(p)
}
