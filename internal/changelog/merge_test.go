package changelog

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/commit"
)

// Thousands of entries come into a section that a person has edited, or go, in time in proportion.
func TestThousandsOfEntriesInAnEditedSection(t *testing.T) {
	const n = 3000
	var r release
	var many, few strings.Builder
	for i := range 2 * n {
		sha := fmt.Sprintf("%07x%033d", i+1<<24, i)
		r.commits = append(r.commits, commit.Commit{SHA: sha})
		line := fmt.Sprintf("- entry %d (%s)\n", i, commit.Short(sha))
		many.WriteString(line)
		if i >= n {
			few.WriteString(line)
		}
	}
	written := func(entries string) section { return section{release: r, parts: []part{{"Fixed", entries}}} }
	for _, tc := range []struct {
		name           string
		was, is        string
		added, removed int
	}{
		{"come", few.String(), many.String(), n, 0},
		{"go", many.String(), few.String(), 0, n},
	} {
		start := time.Now()
		b := open([]byte("## 1.0.0\n\n### Fixed\n\n" + tc.was + "\nBy hand.\n"))
		got := b.revise(b.chapters[0], written(tc.was), written(tc.is))
		if want := "## 1.0.0\n\n### Fixed\n\n" + tc.is + "\nBy hand.\n"; string(b.apply(got.edits...)) != want || got.added != tc.added || got.removed != tc.removed {
			t.Errorf("%s: %d added, %d removed, and the section is not what it should be", tc.name, got.added, got.removed)
		}
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("%s: it took %s", tc.name, took)
		}
	}
}
