//go:build e2e

package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/slipway-actions/slipway/internal/logcommand"
)

// allowed are the commands that an action may give the runner.
var allowed = []string{"add-mask", "error", "warning", "notice", "group", "endgroup", "stop-commands", "debug"}

// check holds a step against what is true of every step that came to a decision.
func (j *job) check(action string, got outcome, code int, verdict string) {
	j.Helper()
	if got.code != code || got.outputs["verdict"] != verdict {
		j.Fatalf("%s ended with %d and verdict %q, want %d and %q:\n%s", action, got.code, got.outputs["verdict"], code, verdict, got.text)
	}
	declared := readManifest(j.T, action).Outputs
	for name := range declared {
		if _, is := got.outputs[name]; !is {
			j.Errorf("%s declares the output %s and does not set it", action, name)
		}
	}
	for name := range got.outputs {
		if _, is := declared[name]; !is {
			j.Errorf("%s sets the output %s, which action.yml does not have", action, name)
		}
	}
	for _, log := range []logcommand.Log{got.stdout, got.stderr} {
		for _, command := range log.Commands {
			if !slices.Contains(allowed, command.Name) {
				j.Errorf("%s gave the runner the command %s", action, command.Name)
			}
			if len(command.Data) > 4096 {
				j.Errorf("%s: an annotation of %d characters is cut by the runner", action, len(command.Data))
			}
		}
		for _, kind := range []string{"error", "warning", "notice"} {
			if n := len(log.Named(kind)); n > 10 {
				j.Errorf("%s: %d annotations of the kind %s; the runner shows 10", action, n, kind)
			}
		}
	}
	if n := len(got.summary); n == 0 || n > 1<<20 {
		j.Errorf("%s: the summary has %d bytes; the runner drops what is empty or over 1 MiB", action, n)
	}
	if file := got.outputs["result-file"]; !strings.Contains(j.read(file), `"slipway.result/v1"`) {
		j.Errorf("%s: %s is no result", action, file)
	}
	if status := j.git("--no-optional-locks", "status", "--porcelain"); action != "changelog" && action != "version-bump" && status != "" {
		j.Errorf("%s leaves the tree unclean:\n%s", action, status)
	}
	j.handedBack(action)
	j.keptSecret(action, got)
}

// handedBack sees that what root wrote belongs to the runner's user.
func (j *job) handedBack(action string) {
	j.Helper()
	err := filepath.WalkDir(j.workspace, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if owner := info.Sys().(*syscall.Stat_t).Uid; int(owner) != runnerUser {
			j.Errorf("%s leaves %s to user %d", action, path, owner)
		}
		return nil
	})
	if err != nil {
		j.Fatal(err)
	}
}

// keptSecret looks for tokens in everything that a step left.
func (j *job) keptSecret(action string, got outcome) {
	j.Helper()
	masks := 0
	for _, log := range []logcommand.Log{got.stdout, got.stderr} {
		masks += len(log.Named("add-mask"))
	}
	if (masks > 0) != (j.token != "") {
		j.Errorf("%s masks %d texts; its token is %q", action, masks, j.token)
	}
	for _, token := range []string{j.token, j.env["ACTIONS_RUNTIME_TOKEN"]} {
		if token == "" {
			continue
		}
		shown := strings.Join(slices.Concat(got.stdout.Shown, got.stderr.Shown), "\n")
		if strings.Contains(shown+got.summary, token) {
			j.Errorf("%s shows a token", action)
		}
		for name, value := range got.outputs {
			if strings.Contains(value, token) {
				j.Errorf("%s hands a token on in %s", action, name)
			}
		}
		err := filepath.WalkDir(j.workspace, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if err == nil && strings.Contains(string(text), token) {
				j.Errorf("%s writes a token to %s", action, path)
			}
			return err
		})
		if err != nil {
			j.Fatal(err)
		}
	}
}

// Without a network, a token or a policy: what needs none of them comes to its decision.
func TestWithoutNetwork(t *testing.T) {
	t.Parallel()
	j := newJob(t, "feat: add a cart", "fix: count to ten\n\nUpgrade-Note: none")
	bump := j.step("version-bump", nil)
	j.check("version-bump", bump, 0, "pass")
	if bump.outputs["version"] != "0.1.0" || bump.outputs["tag"] != "v0.1.0" || bump.outputs["changed"] != "true" {
		t.Errorf("version-bump hands on %v", bump.outputs)
	}
	notes := j.step("changelog", map[string]string{"version": bump.outputs["version"]})
	j.check("changelog", notes, 0, "pass")
	if !strings.Contains(j.read("CHANGELOG.md"), "Add a cart") && !strings.Contains(j.read("CHANGELOG.md"), "add a cart") {
		t.Errorf("the changelog is\n%s", j.read("CHANGELOG.md"))
	}
}

// What can't be reached is unknown, never a pass; a service that refuses connections is known to be down.
func TestNothingAnswers(t *testing.T) {
	t.Parallel()
	j := newJob(t, "feat: add a cart")
	j.token = "the-token-of-this-job"
	j.env["GITHUB_API_URL"] = "http://127.0.0.1:9"
	j.check("security-gate", j.step("security-gate", map[string]string{"database": "osv.dev"}), 3, "unknown")
	j.check("go-no-go", j.step("go-no-go", nil), 3, "unknown")
	j.check("deploy-verify", j.step("deploy-verify", map[string]string{
		"url": "http://127.0.0.1:9/", "expected-version": "1.0.0", "timeout": "2s", "interval": "1s",
	}), 1, "fail")
	j.check("preflight", j.step("preflight", map[string]string{"only": "version-bump\ngo-no-go"}), 3, "unknown")
}
