package runner_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/slipway-actions/slipway/internal/runner"
)

func TestRemove(t *testing.T) {
	w := workspace(t)
	outside := filepath.Join(t.TempDir(), "kept")
	if err := os.WriteFile(outside, []byte("a"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(w.Dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".slipway/file", ".git/config"} {
		if err := os.MkdirAll(filepath.Join(w.Dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(w.Dir, name), []byte("a"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // what is gone is gone
		if err := w.Remove(".slipway/file"); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(w.Dir, ".slipway/file")); err == nil {
			t.Error("it is still there")
		}
	}
	if err := w.Remove(".slipway/no/such/folder"); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"../kept", outside, ".git/config", ".", ""} {
		if err := w.Remove(name); err == nil {
			t.Errorf("%q was removed", name)
		}
	}
	for _, name := range []string{"link", ".slipway"} {
		if err := w.Remove(name); !errors.Is(err, runner.ErrNotRegular) {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{outside, filepath.Join(w.Dir, ".git/config")} {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
}
