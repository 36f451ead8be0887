package gonogo

import (
	"strings"
	"testing"
)

// The ticket counts all commits, also those that the evidence leaves out.
func TestDescriptionCountsAllCommits(t *testing.T) {
	for _, kept := range []int{3, subjectLimit, subjectLimit + 2} {
		e := with()
		e.Change.Commits, e.Change.MoreCommits = make([]changedCommit, kept), 60-kept
		text := describe(e, known{})
		shown := strings.Count(text, "\n- ")
		if !strings.HasPrefix(text, "60 commits:") || kept == 3 && !strings.HasSuffix(text, "- … and 57 more\n") || kept > 3 && (!strings.HasSuffix(text, "- … and 10 more\n") || shown != subjectLimit+1) {
			t.Errorf("of %d kept: %d lines, %q", kept, shown, text)
		}
	}
}
