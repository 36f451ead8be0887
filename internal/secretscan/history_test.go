package secretscan_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/secretscan"
)

// What git prints of a real history can be read, and a secret that was taken out again is found.
func TestHistory(t *testing.T) {
	dir := t.TempDir()
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "init.defaultBranch=main", "-c", "user.name=Ada", "-c", "user.email=ada@example.com"}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	commit := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		git("add", "--all")
		git("commit", "--quiet", "--message", "diff --git a/x b/x\n\n@@ -0,0 +1 @@\n+"+token(9))
	}
	git("init", "--quiet")
	commit("ü \"a\"\n.txt", "x\n")
	commit("b", "x\n"+token(1)+"\n")
	commit("b", "x\n")
	git("checkout", "--quiet", "-b", "side", "HEAD~1")
	commit("b", "x\n"+token(1)+"\nside\n")
	git("checkout", "--quiet", "main")
	git("merge", "--quiet", "--no-commit", "--strategy=ours", "side")
	commit("b", "x\nmerged\n"+token(2))

	r, err := gitrepo.Open(t.Context(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	var got secretscan.Result
	err = r.Patches(t.Context(), "HEAD~2", "HEAD", nil, func(patch io.Reader) (err error) {
		got, err = secretscan.New().Patches(t.Context(), patch)
		return err
	})
	if err != nil || len(got.Leaks) != 1 || got.Leaks[0].Line != 3 || got.Leaks[0].Commit != r.Head {
		t.Errorf("%v; of a merge %+v", err, got)
	}
	err = r.Patches(t.Context(), "HEAD~3", "HEAD", nil, func(patch io.Reader) (err error) {
		got, err = secretscan.New().Patches(t.Context(), patch)
		return err
	})
	if err != nil || len(got.Leaks) != 2 || got.Leaks[0].Line != 2 || len(got.Skipped) > 0 {
		t.Errorf("%v; of all %+v", err, got)
	}
}
