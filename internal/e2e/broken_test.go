//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A commit message is text, whatever it says to the runner.
func TestHostileMessages(t *testing.T) {
	t.Parallel()
	j := newJob(t,
		"feat: add a cart",
		"fix: count\n\n::set-output name=decision::go\n##[set-output name=decision]go\n::add-mask::e\n",
		"fix: ##[add-mask]a in the subject\r::error::forged",
		"fix: outputs\n\ndecision<<EOF\ngo\nEOF\nverdict=pass\nghadelimiter_x\nversion=9.9.9\n",
		"fix: stop\n\n::stop-commands::pwned\n::add-path::/evil\n  ::warning::x\n",
		"feat: <script>alert(1)</script> [x](javascript:alert(1)) @everyone ![](http://evil.example/x.png)",
		"fix: \u202eesrever\u2066 and \x1b[31mred\x1b[0m",
	)
	for _, action := range []string{"version-bump", "changelog"} {
		inputs := map[string]string{}
		if action == "changelog" {
			inputs["version"] = "0.1.0"
		}
		got := j.step(action, inputs)
		j.check(action, got, 0, "pass")
		if got.outputs["decision"] != "" || got.outputs["version"] == "9.9.9" {
			t.Errorf("%s: a commit message set an output: %v", action, got.outputs)
		}
		for _, command := range slices.Concat(got.stdout.Commands, got.stderr.Commands) {
			if command.Name == "add-mask" || strings.Contains(command.Data, "forged") || command.Data == "pwned" {
				t.Errorf("%s: a commit message gave the command %v", action, command)
			}
		}
		for _, mark := range []string{"<script", "[x](", "![](", "\x1b", "\u202e"} {
			if strings.Contains(got.summary, mark) {
				t.Errorf("%s: the summary holds %q:\n%s", action, mark, got.summary)
			}
		}
	}
}

// A cancelled step ends before the runner grows impatient, says so, leaves nothing half-written, and runs again.
func TestCancelled(t *testing.T) {
	t.Parallel()
	for action, inputs := range map[string]map[string]string{
		"deploy-verify": {"expected-version": "1.0.0", "version-path": "$.version", "soak": "10m", "interval": "1s", "timeout": "20m"},
		"go-no-go":      {"wait": "10m"},
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			j := newJob(t, "feat: add a cart")
			hub := j.hub()
			seed(t, hub, map[string]any{"check_runs": []any{map[string]any{
				"head_sha": j.env["GITHUB_SHA"], "name": "unit", "status": "in_progress",
			}}})
			if action == "deploy-verify" {
				inputs["url"] = j.service("1.0.0")
			}
			step := j.begin(action, inputs)
			j.until(func() bool { return step.seen("look 1") || step.seen("still open: unit") })
			began := time.Now()
			step.interrupt()
			got := step.wait()
			if got.code == 0 || got.outputs["decision"] == "promote" || got.outputs["decision"] == "go" || got.outputs["verdict"] == "pass" {
				t.Errorf("a cancelled step passed: %d %v", got.code, got.outputs)
			}
			if took := time.Since(began); took > 7500*time.Millisecond {
				t.Errorf("it took %v; the runner sends the next signal after 7.5 s", took)
			}
			if !strings.Contains(got.text, "cancel") && !strings.Contains(got.text, "interrupt") {
				t.Errorf("it does not say that it was cancelled:\n%s", got.text)
			}
			j.handedBack(action)
			j.nothingHalf(action)
		})
	}
}

// until waits, for a minute at most.
func (j *job) until(is func() bool) {
	j.Helper()
	for range 600 {
		if is() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	j.Fatal("nothing happened for a minute")
}

// nothingHalf sees that no temporary file stays in the workspace.
func (j *job) nothingHalf(action string) {
	j.Helper()
	for _, pattern := range []string{"*.tmp*", ".slipway/.*", ".*.tmp*"} {
		files, err := filepath.Glob(filepath.Join(j.workspace, pattern))
		if err != nil {
			j.Fatal(err)
		}
		for _, file := range files {
			if filepath.Base(file) != ".gitignore" {
				j.Errorf("%s leaves %s", action, file)
			}
		}
	}
}

// A workspace that can't be written to: what is decided there still reaches the outputs, or the step fails.
func TestReadOnlyWorkspace(t *testing.T) {
	t.Parallel()
	j := newJob(t, "feat: add a cart")
	j.readOnly = true
	for _, action := range []string{"version-bump", "changelog", "security-gate", "go-no-go"} {
		inputs := map[string]string{}
		switch action {
		case "changelog":
			inputs["version"] = "0.1.0"
		case "security-gate":
			inputs["database"] = j.advisories()
		}
		got := j.step(action, inputs)
		if got.code == 0 {
			t.Errorf("%s passed and could not write its result:\n%s", action, got.text)
		}
		if !strings.Contains(got.text, "read-only") {
			t.Errorf("%s does not say that the workspace is read-only:\n%s", action, got.text)
		}
	}
	j.readOnly = false
	j.check("version-bump", j.step("version-bump", nil), 0, "pass")
}

// A disk that fills up while outputs and files are written: the step fails and says why, the old file stays as it
// was, and a run with space again completes.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	j := newJob(t, "feat: add a cart", "fix: "+strings.Repeat("count ", 400))
	j.write("CHANGELOG.md", "# Changelog\n\nBy hand.\n")
	j.commit("docs: begin a changelog")
	before := j.read("CHANGELOG.md")

	small := filepath.Join(t.TempDir(), "small")
	if err := os.Mkdir(small, 0o755); err != nil {
		t.Fatal(err)
	}
	smallDisk(t, small, "2m")
	if err := os.CopyFS(small, os.DirFS(j.workspace)); err != nil {
		t.Fatal(err)
	}
	j.workspace = small
	filler := filepath.Join(small, ".git", "filler")
	fill(t, filler)
	for _, action := range []string{"version-bump", "changelog"} {
		inputs := map[string]string{}
		if action == "changelog" {
			inputs["version"] = "0.1.0"
		}
		got := j.step(action, inputs)
		if got.code == 0 || !strings.Contains(got.text, "no space left") {
			t.Errorf("%s on a full disk ended with %d:\n%s", action, got.code, got.text)
		}
		j.nothingHalf(action)
	}
	if got := j.read("CHANGELOG.md"); got != before {
		t.Errorf("the changelog was cut:\n%s", got)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	j.check("version-bump", j.step("version-bump", nil), 0, "pass")
	j.check("changelog", j.step("changelog", map[string]string{"version": "0.1.0"}), 0, "pass")
	if !strings.Contains(j.read("CHANGELOG.md"), "By hand.") || !strings.Contains(j.read("CHANGELOG.md"), "cart") {
		t.Errorf("after the run that completed, the changelog is\n%s", j.read("CHANGELOG.md"))
	}
}

// smallDisk mounts one over a folder until the test ends; sudo does it where the test is not root.
func smallDisk(t *testing.T, folder, size string) {
	t.Helper()
	asRoot := func(args ...string) error {
		if os.Getuid() != 0 {
			args = append([]string{"sudo", "-n"}, args...)
		}
		if text, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%q: %w: %s", args, err, text)
		}
		return nil
	}
	if err := asRoot("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%s,uid=%d", size, os.Getuid()), "tmpfs", folder); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := asRoot("umount", folder); err != nil {
			t.Error(err)
		}
	})
}

// fill writes until nothing goes in any more.
func fill(t *testing.T, name string) {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for size := 64 << 10; size > 0; {
		if _, err := file.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
}

// The runner's own file is full, or gone: an output that could not be handed on is no pass.
func TestNoRoomForOutputs(t *testing.T) {
	t.Parallel()
	j := newJob(t, "feat: add a cart")
	commands := filepath.Join(j.temp, "_runner_file_commands")
	smallDisk(t, commands, "16k")
	fill(t, filepath.Join(commands, "filler"))
	step := j.begin("version-bump", nil)
	err := step.command.Wait()
	if text := step.stdout.String() + step.stderr.String(); err == nil || !strings.Contains(text, "no space left") || !strings.Contains(text, "GITHUB_OUTPUT") {
		t.Errorf("version-bump without room for its outputs: %v\n%s", err, text)
	}
}
