package gitrepo_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/slipway-actions/slipway/internal/gitrepo"
)

// That a file is not there is learnt while opening, but only where the head's folders say so: one that
// cannot be read, as in a broken or partial clone, is no proof.
func TestLook(t *testing.T) {
	dir := repository(t)
	write(t, filepath.Join(dir, ".github/slipway.yml"), "text")
	if err := os.Symlink("slipway.yml", filepath.Join(dir, ".github/link.yml")); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "add", ".")
	run(t, dir, "commit", "--quiet", "-m", "a")
	look := func(name string) (string, error) {
		t.Helper()
		r, err := gitrepo.Open(t.Context(), dir, name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := r.ReadFile(t.Context(), r.Head, name, 100)
		return string(text), err
	}
	for _, name := range []string{".github/slipway.yml", "./.github//slipway.yml"} {
		if text, err := look(name); err != nil || text != "text" {
			t.Errorf("%s is %q, %v", name, text, err)
		}
	}
	for _, name := range []string{".github/other.yml", "nowhere/slipway.yml", ".github", ".github/link.yml", ".github/slipway.yml/x", "--all", "x..y", ":x", "@{u}"} {
		if _, err := look(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"../x", "/etc/passwd", "", "."} {
		if _, err := look(name); err == nil {
			t.Errorf("%q was read", name)
		}
	}
	for _, broken := range []string{"HEAD:.github", "HEAD^{tree}"} {
		id := run(t, dir, "rev-parse", broken)
		if err := os.Remove(filepath.Join(dir, ".git/objects", id[:2], id[2:])); err != nil {
			t.Fatal(err)
		}
		r := open(t, dir)
		if _, err := r.ReadFile(t.Context(), r.Head, ".github/slipway.yml", 100); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("without %s: %v", broken, err)
		}
	}
	if _, err := look(".github/slipway.yml"); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without its folders: %v", err)
	}
}
