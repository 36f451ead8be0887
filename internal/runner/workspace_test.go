package runner_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/runner"
)

func workspace(t *testing.T) *runner.Workspace {
	t.Helper()
	w, err := runner.OpenWorkspace(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

func TestWrite(t *testing.T) {
	w := workspace(t)
	path := filepath.Join(w.Dir, "a/b/file")
	for i, step := range []struct {
		name, text string
		changed    bool
	}{
		{"a/b/file", "one", true}, {"a/b/file", "one", false}, {"a/b/file", "two", true}, {"./a/../a/b/file", "two", false}, {path, "two", false}, {path, "", true}, {path, "", false},
	} {
		changed, err := w.Write(step.name, []byte(step.text))
		if err != nil || changed != step.changed || read(t, path) != step.text {
			t.Errorf("step %d: changed %v, %v; the file is %q", i, changed, err, read(t, path))
		}
	}
	if left, _ := filepath.Glob(filepath.Join(w.Dir, "a/b/*")); len(left) != 1 {
		t.Errorf("left behind: %q", left)
	}
}

// A new file can be read by later steps; an old one keeps its mode, whatever the umask.
func TestMode(t *testing.T) {
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	w := workspace(t)
	path := filepath.Join(w.Dir, "file")
	mode := func() fs.FileMode {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode()
	}
	if _, err := w.Write("file", []byte("a")); err != nil || mode() != 0o644 {
		t.Errorf("mode %v, %v", mode(), err)
	}
	if err := os.Chmod(path, 0o775); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write("file", []byte("b")); err != nil || mode() != 0o775 {
		t.Errorf("mode %v, %v", mode(), err)
	}
}

// What a container writes as root is handed back to the owner of the workspace.
func TestOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file away")
	}
	dir := t.TempDir()
	if err := os.Chown(dir, 12345, 12346); err != nil {
		t.Fatal(err)
	}
	w, err := runner.OpenWorkspace(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.Write(".slipway/deep/file", []byte("a")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".slipway", ".slipway/deep", ".slipway/deep/file"} {
		info, err := os.Lstat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if s := info.Sys().(*syscall.Stat_t); s.Uid != 12345 || s.Gid != 12346 {
			t.Errorf("%s belongs to %d:%d", name, s.Uid, s.Gid)
		}
	}
}

// No path leads out of the workspace, for reading or writing.
func TestEscape(t *testing.T) {
	outside := t.TempDir()
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	w := workspace(t)
	for name, target := range map[string]string{
		"folder": outside, "file": secret, "relative": "../../../../../../../../" + secret, "dangling": filepath.Join(outside, "new"), "self": "self", "chain": "folder",
	} {
		if err := os.Symlink(target, filepath.Join(w.Dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{
		"../x", "a/../../x", "/etc/passwd", secret, w.Dir + "/../x", w.Dir + "x", "folder/secret", "folder/new", "file", "relative", "dangling", "self", "chain/secret", "folder/a/b/c", "", ".", w.Dir, "/", "x\x00y",
	} {
		if text, err := w.Read(name, 100); err == nil {
			t.Errorf("%q was read: %q", name, text)
		}
		if _, err := w.Write(name, []byte("evil")); err == nil {
			t.Errorf("%q was written", name)
		}
	}
	if entries, _ := os.ReadDir(outside); len(entries) != 1 || read(t, secret) != "secret" {
		t.Errorf("outside there are %v", entries)
	}
	for _, pattern := range []string{"../*", "folder/*", "/etc/*", outside + "/*"} {
		if found, _ := w.Glob(pattern); len(found) > 0 {
			t.Errorf("%q found %q", pattern, found)
		}
	}
	// A link is replaced by nobody: its target may be what was meant.
	if _, err := w.Write("file", []byte("x")); !errors.Is(err, runner.ErrNotRegular) {
		t.Error(err)
	}
	if err := w.Writable("file"); !errors.Is(err, runner.ErrNotRegular) {
		t.Error(err)
	}
	for name, writable := range map[string]bool{"new/file": true, ".git/config": false, "../file": false} {
		if err := w.Writable(name); (err == nil) != writable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRead(t *testing.T) {
	w := workspace(t)
	if _, err := w.Write("dir/file", []byte("text")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("dir/file", filepath.Join(w.Dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"dir/file", "./dir/file", filepath.Join(w.Dir, "dir/file"), "link"} {
		if text, err := w.Read(name, 4); err != nil || string(text) != "text" {
			t.Errorf("%s is %q, %v", name, text, err)
		}
	}
	if _, err := w.Read("dir/file", 3); err == nil || !strings.Contains(err.Error(), "larger than 3 bytes") {
		t.Error(err)
	}
	if _, err := w.Read("nope", 3); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, err := w.Read("dir", 3); !errors.Is(err, runner.ErrNotRegular) {
		t.Error(err)
	}
	if found, err := w.Glob("dir/*"); err != nil || len(found) != 1 || found[0] != "dir/file" {
		t.Errorf("found %q, %v", found, err)
	}
	if _, err := w.Glob("["); err == nil {
		t.Error("a pattern that does not end was taken")
	}
}

// A named pipe in the place of a file would be waited for without end.
func TestNamedPipe(t *testing.T) {
	w := workspace(t)
	if err := syscall.Mkfifo(filepath.Join(w.Dir, "pipe"), 0o644); err != nil {
		t.Skip(err)
	}
	done := make(chan error, 2)
	go func() {
		_, err := w.Read("pipe", 10)
		done <- err
		_, err = w.Write("pipe", []byte("x"))
		done <- err
	}()
	for range 2 {
		select {
		case err := <-done:
			if !errors.Is(err, runner.ErrNotRegular) {
				t.Error(err)
			}
		case <-time.After(5 * time.Second):
			t.Fatal("still waiting")
		}
	}
}

func TestUnwritable(t *testing.T) {
	w := workspace(t)
	if _, err := w.Write("file", []byte("a")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write("file/below", []byte("a")); err == nil || !strings.Contains(err.Error(), "file") {
		t.Errorf("below a file: %v", err)
	}
	if _, err := w.Write(strings.Repeat("x", 300), []byte("a")); err == nil {
		t.Error("a name that is too long was written")
	}
	if _, err := runner.OpenWorkspace("/nonexistent"); err == nil || !strings.Contains(err.Error(), "open the workspace") {
		t.Error(err)
	}
	if os.Geteuid() == 0 {
		return // nothing is unwritable
	}
	if err := os.Chmod(w.Dir, 0o555); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write("new", []byte("a")); !errors.Is(err, fs.ErrPermission) {
		t.Error(err)
	}
}
