package gitrepo_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/gitrepo"
)

func TestLastChange(t *testing.T) {
	dir := repository(t)
	at := func(date, path, text string) {
		t.Helper()
		t.Setenv("GIT_COMMITTER_DATE", date)
		write(t, filepath.Join(dir, path), text)
		run(t, dir, "add", ".")
		run(t, dir, "commit", "--quiet", "-m", "a")
	}
	at("2026-01-01T12:00:00Z", "a.md", "1")
	at("2026-01-02T12:00:00Z", "docs/b.md", "1")
	at("2026-01-03T12:00:00Z", "a.md", "2")
	at("2026-01-04T12:00:00Z", "-c *.md", "2")
	day := func(n int) time.Time { return time.Date(2026, 1, n, 12, 0, 0, 0, time.UTC) }

	whole := open(t, dir)
	for path, want := range map[string]time.Time{"a.md": day(3), "docs/b.md": day(2), "./docs//b.md": day(2), "-c *.md": day(4)} {
		if got, err := whole.LastChange(t.Context(), whole.Head, path); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v", path, got, err)
		}
	}
	for _, path := range []string{"*.md", "other.md", "../a.md", "", "/a.md"} {
		if got, err := whole.LastChange(t.Context(), whole.Head, path); err == nil {
			t.Errorf("%q: %v", path, got)
		}
	}

	shallow := t.TempDir()
	run(t, dir, "clone", "--quiet", "--depth=2", "file://"+dir, shallow)
	cut := open(t, shallow)
	if got, err := cut.LastChange(t.Context(), cut.Head, "-c *.md"); err != nil || !got.Equal(day(4)) {
		t.Errorf("changed within what is there: %v, %v", got, err)
	}
	for _, path := range []string{"a.md", "docs/b.md"} { // a.md was changed in the oldest commit that is there, which cannot be told
		if got, err := cut.LastChange(t.Context(), cut.Head, path); !errors.Is(err, gitrepo.ErrCutOff) {
			t.Errorf("%s behind the cut: %v, %v", path, got, err)
		}
	}
	run(t, dir, "clone", "--quiet", "--depth=4", "file://"+dir, filepath.Join(shallow, "x"))
	if r := open(t, filepath.Join(shallow, "x")); true {
		if got, err := r.LastChange(t.Context(), r.Head, "docs/b.md"); err != nil || !got.Equal(day(2)) {
			t.Errorf("with all of its history: %v, %v", got, err)
		}
	}
}

// A commit's date is what who made it says: one that no document can hold is none.
func TestLastChangeBeyondAllYears(t *testing.T) {
	dir := repository(t)
	t.Setenv("GIT_COMMITTER_DATE", "@99999999999999 +0000")
	write(t, filepath.Join(dir, "a.md"), "1")
	run(t, dir, "add", ".")
	run(t, dir, "commit", "--quiet", "-m", "a")
	r := open(t, dir)
	if got, err := r.LastChange(t.Context(), r.Head, "a.md"); err == nil {
		t.Errorf("it is dated %v", got)
	}
}
