package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// team is the people who write the service: a repository with a history.
type team struct {
	dir     string
	commits int
}

// edit is a change of a file.
type edit func(old string) (string, error)

func replace(before, after string) edit {
	return func(old string) (string, error) {
		if !strings.Contains(old, before) {
			return "", fmt.Errorf("%q is not there to be changed", before)
		}
		return strings.ReplaceAll(old, before, after), nil
	}
}

func addLine(line string) edit {
	return func(old string) (string, error) { return old + "\n" + line + "\n", nil }
}

// newTeam copies the service's sources and writes them a history.
func newTeam(ctx context.Context, dir, sources string) (*team, error) {
	t := &team{dir: dir}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return nil, err
	}
	if err := os.CopyFS(dir, os.DirFS(sources)); err != nil {
		return nil, fmt.Errorf("copy the service: %w", err)
	}
	if _, err := t.git(ctx, "init", "--quiet", "--initial-branch=main"); err != nil {
		return nil, err
	}
	if err := t.commit(ctx, "feat: say version and health", nil); err != nil {
		return nil, err
	}
	if err := t.tag(ctx, "v1.0.0"); err != nil {
		return nil, err
	}
	for _, c := range []struct{ message, line string }{
		{"docs: say who runs it", "Run by the shop team."},
		{"fix(health): name the probe that asks (#2)", "Probes ask `/healthz`."},
		{"feat(api): show the commit beside the version (#3)", "`/version` shows the commit."},
	} {
		if err := t.commit(ctx, c.message, map[string]edit{"README.md": addLine(c.line)}); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// commit changes files and commits everything.
func (t *team) commit(ctx context.Context, message string, edits map[string]edit) error {
	for name, edit := range edits {
		path := filepath.Join(t.dir, name)
		old, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		changed, err := edit(string(old))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
			return err
		}
	}
	if _, err := t.git(ctx, "add", "--all"); err != nil {
		return err
	}
	t.commits++
	_, err := t.git(ctx, "commit", "--quiet", "--message", message)
	return err
}

func (t *team) tag(ctx context.Context, name string) error {
	_, err := t.git(ctx, "tag", "--annotate", "--message", name, name)
	return err
}

func (t *team) head(ctx context.Context) (string, error) { return t.git(ctx, "rev-parse", "HEAD") }

func (t *team) git(ctx context.Context, args ...string) (string, error) {
	who := []string{
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@shop.example", "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@shop.example",
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
	}
	return t.command(ctx, who, "git", args...)
}

// command runs a program in the repository and returns what it printed.
func (t *team) command(ctx context.Context, env []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = t.dir
	cmd.Env = append(os.Environ(), env...)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", name, args[0], err, &out, &stderr)
	}
	return strings.TrimSpace(out.String()), nil
}
