package gitrepo_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/slipway-actions/slipway/internal/gitrepo"
)

func TestFileModeAndTree(t *testing.T) {
	dir := repository(t)
	write(t, filepath.Join(dir, "plain"), "a")
	write(t, filepath.Join(dir, "sub/run ä.sh"), "b")
	if err := os.Chmod(filepath.Join(dir, "plain"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("plain", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "add", "--all")
	run(t, dir, "commit", "--quiet", "--message", "feat: first")
	r := open(t, dir)
	for name, want := range map[string]string{"plain": "100644", "./plain": "100644", "sub/run ä.sh": "100755", "sub": "", "link": "", "none": "", "*": ""} {
		mode, err := r.FileMode(t.Context(), r.Head, name)
		if mode != want || (want == "") != errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the mode of %s is %q, want %q: %v", name, mode, want, err)
		}
	}
	if tree, err := r.Tree(t.Context(), "HEAD"); err != nil || tree != run(t, dir, "rev-parse", "HEAD^{tree}") {
		t.Errorf("the tree is %q: %v", tree, err)
	}
	if _, err := r.Tree(t.Context(), "none"); !errors.Is(err, gitrepo.ErrNoSuchRevision) {
		t.Errorf("the tree of nothing: %v", err)
	}
}
