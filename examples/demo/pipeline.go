package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/slipway-actions/slipway/internal/commandfile"
)

// pipeline is a workflow: build, test, bump, write, scan, decide, deploy, verify.
type pipeline struct {
	slipway, advisories, results string

	team       *team
	server     *github
	production *production
	log        *timeline
	step       int
}

// release takes the newest commit through all of it. Version is the one that it should become,
// and ending the decision that the verification should come to.
func (p *pipeline) release(ctx context.Context, version, ending string) error {
	sha, err := p.team.head(ctx)
	if err != nil {
		return err
	}
	_, err = p.team.command(ctx, offline, "go", "test", "./...")
	p.server.report(sha, "test", err)
	p.log.say("%-14s %s", "test", passed(err))

	bump, err := p.act(ctx, "version-bump", "version", version, nil)
	if err != nil {
		return err
	}
	if _, err := p.act(ctx, "changelog", "verdict", "pass", inputs{"version": bump["version"]}); err != nil {
		return err
	}
	err = p.build(ctx, bump["version"], sha)
	p.server.report(sha, "build", err)
	p.log.say("%-14s %s", "build", passed(err))

	scan, err := p.act(ctx, "security-gate", "verdict", "pass", inputs{"database": p.advisories})
	if err != nil {
		return err
	}
	decision, err := p.act(ctx, "go-no-go", "decision", "go", inputs{
		"github-token": "demo-token", "evidence": strings.Join([]string{bump["result-file"], ".slipway/changelog.json", scan["result"]}, "\n"),
	})
	if err != nil {
		return err
	}
	if decision["decision"] != "go" {
		return p.log.end(p.results)
	}
	if err := p.team.tag(ctx, bump["tag"]); err != nil {
		return err
	}
	p.log.say("%-14s shop %s on %s", "deploy", bump["version"], p.production.addr)
	if err := p.production.deploy(ctx, bump["version"]); err != nil {
		return err
	}
	verified, err := p.verify(ctx, bump["version"], ending)
	if err != nil || verified["decision"] != "promote" {
		return err
	}
	return p.team.commit(ctx, "docs: notes of "+bump["version"], nil)
}

// rollback goes back to what the verification named, which should be version, and verifies that.
func (p *pipeline) rollback(ctx context.Context, version string) error {
	state, err := p.outputs("deploy-verify")
	if err != nil {
		return err
	}
	target := state["rollback-to"]
	p.log.decisions = append(p.log.decisions, decision{"rollback-to", target, version, ""})
	p.log.say("%-14s shop %s on %s", "deploy", target, p.production.addr)
	if err := p.production.deploy(ctx, target); err != nil {
		return err
	}
	_, err = p.verify(ctx, target, "promote")
	return err
}

func (p *pipeline) verify(ctx context.Context, version, want string) (map[string]string, error) {
	return p.act(ctx, "deploy-verify", "decision", want, inputs{
		"url": "http://" + p.production.addr + "/version", "expected-version": version, "version-path": "$.version",
		"consecutive": "3", "interval": "1s", "timeout": "5s",
	})
}

// offline keeps the go command to what is on this machine already.
var offline = []string{"GOPROXY=off", "GOFLAGS=-mod=readonly", "GOWORK=off"}

func (p *pipeline) build(ctx context.Context, version, sha string) error {
	_, err := p.team.command(ctx, offline, "go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags", "-X main.version="+version+" -X main.commit="+sha, "-o", p.production.binary(version), ".")
	return err
}

func passed(err error) string {
	if err != nil {
		return "failed: " + err.Error()
	}
	return "passed"
}

type inputs map[string]string

// act runs one action with nothing but a runner's environment, keeps its result document, and
// notes what it said beside what is right.
func (p *pipeline) act(ctx context.Context, action, output, right string, in inputs) (map[string]string, error) {
	p.step++
	sha, err := p.team.head(ctx)
	if err != nil {
		return nil, err
	}
	temp := filepath.Join(filepath.Dir(p.results), "runner")
	if err := errors.Join(os.MkdirAll(temp, 0o755), os.MkdirAll(p.results, 0o755), os.WriteFile(p.outputFile(action), nil, 0o644)); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, p.slipway, action)
	cmd.Dir = p.team.dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + temp, "GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=" + p.team.dir, "GITHUB_REPOSITORY=acme/shop",
		"GITHUB_SHA=" + sha, "GITHUB_REF=refs/heads/main", "GITHUB_REF_NAME=main", "GITHUB_EVENT_NAME=push", "GITHUB_ACTOR=ada",
		"GITHUB_RUN_ID=1", "GITHUB_RUN_ATTEMPT=1", "GITHUB_JOB=release", "GITHUB_SERVER_URL=https://github.com", "GITHUB_API_URL=" + p.server.url,
		"RUNNER_NAME=demo", "RUNNER_TEMP=" + temp, "GITHUB_OUTPUT=" + p.outputFile(action),
		"GITHUB_STEP_SUMMARY=" + filepath.Join(p.results, fmt.Sprintf("%02d-%s.md", p.step, action)),
	}
	for name, value := range in {
		cmd.Env = append(cmd.Env, "INPUT_"+strings.ToUpper(name)+"="+value)
	}
	text, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	outputs, err := p.outputs(action)
	if err != nil {
		return nil, err
	}
	if outputs[output] == "" {
		return nil, fmt.Errorf("%s handed on no %s; it said:\n%s", action, output, text)
	}
	file := filepath.Join(p.results, fmt.Sprintf("%02d-%s.json", p.step, action))
	if err := os.WriteFile(file, []byte(outputs["result"]+"\n"), 0o644); err != nil {
		return nil, err
	}
	p.log.decided(decision{action, outputs[output], right, filepath.Base(file)}, sentence(string(text)))
	return outputs, nil
}

func (p *pipeline) outputFile(action string) string {
	return filepath.Join(filepath.Dir(p.results), "runner", action+".outputs")
}

// outputs are what an action handed on when it last ran.
func (p *pipeline) outputs(action string) (map[string]string, error) {
	text, err := os.ReadFile(p.outputFile(action))
	if err != nil {
		return nil, err
	}
	return commandfile.Parse(string(text))
}

// sentence is the line of a log in which an action says what it decided.
func sentence(log string) string {
	for line := range strings.Lines(log) {
		if _, said, ok := strings.Cut(line, " — "); ok && strings.HasPrefix(line, "slipway ") {
			return strings.TrimSpace(said)
		}
	}
	return "(it said nothing)"
}
