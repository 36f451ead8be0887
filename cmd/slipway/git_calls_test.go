package main

import (
	"os/exec"
	"testing"
)

// TestGitCalls holds how often version-bump calls git: to open the repository, for the tags, and for the
// commits. It must not grow unseen, for each call takes as long as all that we do in between.
func TestGitCalls(t *testing.T) {
	slipway, err := exec.LookPath("slipway")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		steps []string
		want  int
	}{
		"a clone of nothing":           {[]string{"commit feat: a", "tag v1.0.0", "commit fix: b"}, 3},
		"a policy":                     {[]string{"policy versioning: {types: {feat: minor}}", "tag v1.0.0", "commit feat: b"}, 4},
		"a branch from before its tag": {[]string{"commit feat: a", "branch side", "file x fix: b", "checkout main", "commit fix: c", "tag v1.0.0", "merge side"}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			s := scenario{T: t, dir: t.TempDir(), named: map[string]string{}, env: map[string]string{}}
			s.git("init", "--quiet", "--initial-branch=main")
			for _, line := range tt.steps {
				s.step(line)
			}
			count := func() int { return len(gitCalls(t, step(t.TempDir(), s.dir, slipway, "version-bump"))) }
			if got := count(); got != tt.want {
				t.Errorf("%d calls of git, want %d", got, tt.want)
			}
			s.git("remote", "add", "origin", "https://127.0.0.1:1/acme/shop.git")
			if got := count(); got != tt.want {
				t.Errorf("with an origin: %d calls of git, want %d", got, tt.want)
			}
		})
	}
}
