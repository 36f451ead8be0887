package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/commandfile"
)

// TestScenarios goes through small repositories that each have one right next version. They are
// told in testdata/scenarios.txt, in the words that its head explains.
func TestScenarios(t *testing.T) {
	source, err := os.ReadFile("testdata/scenarios.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(source), "\n== ")
	for part := range strings.SplitSeq(text, "\n== ") {
		name, steps, _ := strings.Cut(part, "\n")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := scenario{T: t, dir: t.TempDir(), named: map[string]string{}, env: map[string]string{}}
			s.git("init", "--quiet", "--initial-branch=main")
			for line := range strings.Lines(steps) {
				if line = strings.TrimSpace(line); line != "" {
					s.step(line)
				}
			}
			if !s.ran {
				t.Error("it expects nothing")
			}
		})
	}
}

// scenario is a repository in the making.
type scenario struct {
	*testing.T
	dir    string
	minute int
	named  map[string]string // commits, by the names they were given
	env    map[string]string // inputs and facts of the run
	ran    bool
}

func (s *scenario) step(line string) {
	s.Helper()
	word, rest, _ := strings.Cut(line, " ")
	for name, sha := range s.named {
		rest = strings.ReplaceAll(rest, "{"+name+"}", sha)
		rest = strings.ReplaceAll(rest, "{"+name+":7}", sha[:7])
	}
	rest = strings.ReplaceAll(rest, `\n`, "\n")
	switch word {
	case "commit":
		s.git("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--message", rest)
	case "file":
		path, message, _ := strings.Cut(rest, " ")
		s.write(path, message)
		s.git("add", "--all")
		s.git("commit", "--quiet", "--cleanup=verbatim", "--message", message)
	case "as":
		s.named[rest] = s.git("rev-parse", "HEAD")
	case "tag":
		s.git("tag", rest)
	case "annotated":
		s.git("tag", "--annotate", "--message", "x", rest)
	case "branch":
		s.git("checkout", "--quiet", "-b", rest)
	case "checkout":
		s.git("checkout", "--quiet", rest)
	case "merge":
		branch, message, ok := strings.Cut(rest, " ")
		if !ok {
			message = "Merge branch '" + branch + "'"
		}
		s.git("merge", "--quiet", "--no-ff", "--message", message, branch)
	case "pick":
		s.git("cherry-pick", "--allow-empty", "-x", rest)
	case "revert":
		s.git("revert", "--no-edit", rest)
	case "date":
		n, err := strconv.Atoi(rest)
		if err != nil {
			s.Fatal(err)
		}
		s.minute = n
	case "policy":
		s.write(".github/slipway.yml", "version: 1\n"+rest+"\n")
		s.git("add", "--all")
		s.git("commit", "--quiet", "--message", "ci: policy")
	case "in":
		name, value, _ := strings.Cut(rest, "=")
		s.env["INPUT_"+strings.ToUpper(name)] = value
	case "on":
		s.env["GITHUB_REF_NAME"] = rest
	case "expect":
		s.expect(rest)
	default:
		s.Fatalf("what is %q?", line)
	}
}

// git makes one call, a minute after the one before.
func (s *scenario) git(args ...string) string {
	s.Helper()
	s.minute++
	cmd := exec.Command("git", append([]string{"-C", s.dir, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"}, args...)...)
	date := strconv.Itoa(1767225600+60*s.minute) + " +0000"
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_DATE="+date, "GIT_COMMITTER_DATE="+date, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.Fatalf("git %s: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (s *scenario) write(path, text string) {
	s.Helper()
	path = filepath.Join(s.dir, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text+"\n"), 0o644); err != nil {
		s.Fatal(err)
	}
}

// expect runs version-bump and compares outputs: "1.2.0", "nothing", "exit 2", or name=value.
func (s *scenario) expect(want string) {
	s.Helper()
	s.ran = true
	dir := s.TempDir()
	cmd := exec.Command("slipway", "version-bump")
	cmd.Dir = s.dir
	env := map[string]string{
		"PATH": os.Getenv("PATH"), "HOME": dir, "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": s.dir, "GITHUB_REPOSITORY": "acme/shop",
		"GITHUB_OUTPUT": filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary"),
		"GITHUB_REF_NAME": s.git("rev-parse", "--abbrev-ref", "HEAD"), "GITHUB_API_URL": "http://127.0.0.1:1",
	}
	for name, value := range s.env {
		env[name] = value
	}
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	log, err := cmd.CombinedOutput()
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		s.Fatal(err)
	}
	if wanted, ok := strings.CutPrefix(want, "exit "); ok {
		if strconv.Itoa(code) != wanted {
			s.Errorf("exit %d, want %s\n%s", code, wanted, log)
		}
		return
	}
	text, _ := os.ReadFile(env["GITHUB_OUTPUT"])
	outputs, err := commandfile.Parse(string(text))
	if err != nil || code != 0 {
		s.Fatalf("exit %d, %v\n%s", code, err, log)
	}
	for one := range strings.FieldsSeq(want) {
		name, value, ok := strings.Cut(one, "=")
		switch {
		case one == "nothing":
			name, value = "changed", "false"
		case !ok:
			name, value = "version", one
			if outputs["changed"] != "true" {
				s.Errorf("nothing is to be released, want %s\n%s", want, log)
			}
		}
		if outputs[name] != value {
			s.Errorf("%s is %q, want %q\n%s", name, outputs[name], value, log)
		}
	}
}
