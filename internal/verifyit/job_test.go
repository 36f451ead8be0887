//go:build verifyit

package verifyit

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/commandfile"
)

// job is one of a workflow: a checked-out repository with a policy, in which steps run as the runner runs
// them. The state file stays in it from step to step, as actions/cache would bring it.
type job struct {
	*testing.T
	dir    string
	inputs map[string]string // of every step
}

// answer is what a step handed on.
type answer struct {
	code    int
	outputs map[string]string
	log     string
	result  document
}

// document is what the tests look at in a result.
type document struct {
	Verdict  string
	Findings []struct{ ID, Outcome, Observed string }
	Data     struct {
		Metrics []struct {
			Name, Outcome, Reason string
			HarmedAt              int
		}
		Record struct {
			Resumed int
			Watch   watched
		}
	}
}

// watched is what was recorded of the numbers.
type watched struct {
	Began   time.Time
	Metrics []struct {
		Name    string
		Slots   []json.RawMessage
		Problem *struct{ Name, Detail string }
	}
}

// hurried are the texts of the example's policy with which a rollout takes hours, and those that let it take
// seconds: the same questions, asked of more traffic in less time.
var hurried = []string{
	"delay: 20s", "delay: 2s",
	"alpha: 0.01", "alpha: 0.001", // each look of each run may be wrong so often, and this test runs often
	`limit: "<2%"`, `limit: "<4%"`,
	"soak: 1h, max: 2h, every: 1m", "soak: 16s, max: 90s, every: 2s",
	"soak: 4h, max: 6h, every: 1m", "soak: 10s, max: 60s, every: 2s",
	"soak: 12h, max: 24h, every: 5m", "soak: 10s, max: 60s, every: 2s",
}

// What a comparison has to be able to show before it passes. Half a minute of a good canary is enough to
// be sure of eight times the errors, and no more; that three times were missed takes minutes to rule out,
// which a bad one does not get.
const (
	soonSure = "ratio: 8,"
	slowSure = "ratio: 3,"
)

// job makes a repository whose policies are those of the example.
func (s *site) job(detect string) *job {
	s.Helper()
	j := &job{T: s.T, dir: s.T.TempDir(), inputs: map[string]string{
		"environment": "production", "consecutive": "3", "interval": "500ms", "timeout": "30s",
	}}
	j.commit(map[string]string{
		".github/slipway.yml": s.example("slipway.yml", append([]string{slowSure, detect}, hurried...)...),
		".github/whole.yml":   s.example("whole.yml", "delay: 20s", "delay: 2s", `limit: "<2%"`, `limit: "<4%"`),
	})
	return j
}

// commit puts files into the repository.
func (j *job) commit(files map[string]string) {
	j.Helper()
	for name, text := range files {
		path := filepath.Join(j.dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			j.Fatal(err)
		}
	}
	j.git("init", "-q", "-b", "main")
	j.git("add", "-A")
	j.git("commit", "-q", "--allow-empty", "-m", "feat: sell kettles")
}

func (j *job) git(args ...string) string {
	j.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = j.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@shop.example", "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@shop.example")
	text, err := cmd.CombinedOutput()
	if err != nil {
		j.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, text)
	}
	return plain(text)
}

// step is deploy-verify as the runner starts it: with nothing in its environment but a runner's.
func (j *job) step(inputs map[string]string) *exec.Cmd {
	j.Helper()
	temp := filepath.Join(j.dir, ".git", "runner")
	if err := errors.Join(os.MkdirAll(temp, 0o755), os.WriteFile(filepath.Join(temp, "output"), nil, 0o644), os.WriteFile(filepath.Join(temp, "summary"), nil, 0o644)); err != nil {
		j.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(built, "slipway"), "deploy-verify")
	cmd.Dir = j.dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + temp, "GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=" + j.dir, "GITHUB_REPOSITORY=acme/shop",
		"GITHUB_SHA=" + j.git("rev-parse", "HEAD"), "GITHUB_REF=refs/heads/main", "GITHUB_REF_NAME=main", "GITHUB_EVENT_NAME=push", "GITHUB_ACTOR=ada",
		"GITHUB_RUN_ID=1", "GITHUB_RUN_ATTEMPT=1", "GITHUB_JOB=verify", "GITHUB_SERVER_URL=https://github.com", "GITHUB_API_URL=http://127.0.0.1:1",
		"RUNNER_NAME=verifyit", "RUNNER_TEMP=" + temp, "GITHUB_OUTPUT=" + filepath.Join(temp, "output"), "GITHUB_STEP_SUMMARY=" + filepath.Join(temp, "summary"),
	}
	for _, from := range []map[string]string{j.inputs, inputs} {
		for name, value := range from {
			cmd.Env = append(cmd.Env, "INPUT_"+strings.ToUpper(name)+"="+value)
		}
	}
	return cmd
}

// verify runs the step and reads what it hands on.
func (j *job) verify(inputs map[string]string) answer {
	j.Helper()
	cmd := j.step(inputs)
	log, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		j.Fatal(err)
	}
	a := answer{code: cmd.ProcessState.ExitCode(), log: plain(log)}
	text, err := os.ReadFile(filepath.Join(j.dir, ".git/runner/output"))
	if err == nil {
		a.outputs, err = commandfile.Parse(string(text))
	}
	if err != nil || a.outputs["decision"] == "" {
		j.Fatalf("the step handed on no decision (%v); exit code %d, and it said:\n%s", err, a.code, log)
	}
	document, err := os.ReadFile(filepath.Join(j.dir, a.outputs["result-file"]))
	if err == nil {
		err = json.Unmarshal(document, &a.result)
	}
	if err != nil {
		j.Fatal(err)
	}
	j.Logf("%s%s: exit %d, %s: %s", inputs["expected-version"], strings.TrimSuffix(" at "+a.outputs["step"], " at "), a.code, a.outputs["decision"], a.outputs["reason"])
	return a
}

// want is a step that should come to a decision, with the exit code and the verdict that go with it.
func (j *job) want(decision string, inputs map[string]string) answer {
	j.Helper()
	a := j.verify(inputs)
	code, verdict := map[string]int{"promote": 0, "rollback": 1, "forward-fix": 1, "hold": 3}[decision], map[string]string{"promote": "pass", "rollback": "fail", "forward-fix": "fail", "hold": "unknown"}[decision]
	if a.outputs["decision"] != decision || a.code != code || a.outputs["verdict"] != verdict || a.result.Verdict != verdict {
		j.Fatalf("it decides %s (%s, exit %d), want %s (%s, exit %d); it said:\n%s\n%+v", a.outputs["decision"], a.outputs["verdict"], a.code, decision, verdict, code, a.log, a.result.Findings)
	}
	j.wantTheSameAgain(a)
	return a
}

// wantTheSameAgain replays the record without proxy, service or Prometheus.
func (j *job) wantTheSameAgain(a answer) {
	j.Helper()
	cmd := exec.Command(filepath.Join(built, "slipway"), "deploy-verify", "--replay", filepath.Join(j.dir, a.outputs["result-file"]), "--json")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + j.TempDir()}
	text, _ := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != a.code || !bytes.Contains(text, []byte(`"decision":"`+a.outputs["decision"]+`"`)) {
		j.Errorf("decided again from its record it comes to exit %d, not %d:\n%s", cmd.ProcessState.ExitCode(), a.code, text[:min(len(text), 4000)])
	}
}

// verified are the versions that one could go back to, oldest first.
func (j *job) verified() (versions []string) {
	j.Helper()
	var state struct {
		Services []struct{ Verified []struct{ Version string } }
	}
	text, err := os.ReadFile(filepath.Join(j.dir, ".slipway/state/deploy-verify.json"))
	if err == nil {
		err = json.Unmarshal(text, &state)
	}
	if err != nil || len(state.Services) != 1 {
		j.Fatalf("the state file: %v\n%s", err, text)
	}
	for _, v := range state.Services[0].Verified {
		versions = append(versions, v.Version)
	}
	return versions
}
