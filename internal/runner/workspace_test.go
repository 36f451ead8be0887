package runner_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/slipway-actions/slipway/internal/runner"
)

// A named pipe would keep a reader waiting until somebody writes to it.
func TestReadDoesNotWaitForANamedPipe(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.json"), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := runner.OpenWorkspace(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.Read("pipe.json", 1); err == nil || !strings.Contains(err.Error(), "it is no regular file") {
		t.Errorf("error is %v", err)
	}
}
