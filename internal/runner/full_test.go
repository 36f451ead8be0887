package runner

import (
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/slipway-actions/slipway/internal/report"
)

// limited lets no file of this process grow beyond a size while it runs something: a write then ends in the
// middle, as on a disk that fills up.
func limited(t *testing.T, size uint64, do func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	defer syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old)
	do()
}

// On a disk that fills up in the middle nothing of ours stays in the runner's files, and what earlier steps
// wrote does.
func TestFullDiskLeavesNothingHalfWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("earlier=1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	w := NewWorkflow(&strings.Builder{}, func(name string) string {
		return map[string]string{"GITHUB_OUTPUT": path, "GITHUB_STEP_SUMMARY": path}[name]
	})
	if err := w.Output("verdict", "pass"); err != nil {
		t.Fatal(err)
	}
	limited(t, 600, func() {
		if err := w.Output("result", strings.Repeat("x", 1000)); err == nil || !strings.Contains(err.Error(), "write GITHUB_OUTPUT: ") {
			t.Errorf("got %v, want that GITHUB_OUTPUT cannot be written", err)
		}
		if got, _ := os.ReadFile(path); string(got) != "earlier=1\n" {
			t.Errorf("outputs hold %q, want what was there before", got)
		}
		if err := w.Summary(report.Page{report.Paragraph{Text: report.T(strings.Repeat("y ", 1000))}}); err == nil {
			t.Error("the summary was written")
		}
	})
	if got, _ := os.ReadFile(path); string(got) != "earlier=1\n" {
		t.Errorf("the summary holds %q, want what was there before", got)
	}
}
