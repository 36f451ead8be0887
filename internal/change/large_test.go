package change_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/change"
	"github.com/slipway-actions/slipway/internal/commit"
)

// large makes a history of n commits, from the newest on: each names its parents by how many commits
// they are back, and says what message makes of its number.
func large(n int, back func(i int) []int, message func(i int) string) []commit.Commit {
	name := func(i int) string { return fmt.Sprintf("%040x", i*7919) }
	all := make([]commit.Commit, 0, n)
	for i := range n {
		c := commit.Commit{SHA: name(i), Message: message(i)}
		for _, b := range back(i) {
			if i-b >= 0 {
				c.Parents = append(c.Parents, name(i-b))
			}
		}
		all = append(all, c)
	}
	slices.Reverse(all)
	return all
}

func line(int) []int { return []int{1} }

// ordinary is a history as teams have it: pull requests of some commits, squashes, a few reverts.
func ordinary(n int) []commit.Commit {
	return large(n, func(i int) []int {
		if i%10 == 9 { // merges the four commits before it
			return []int{5, 1}
		}
		return []int{1}
	}, func(i int) string {
		switch {
		case i%10 == 9:
			return fmt.Sprintf("Merge pull request #%d from acme/topic-%d\n\nAdd the thing number %d", i, i, i)
		case i%100 == 50:
			return fmt.Sprintf("Revert \"fix(scope-%d): mend the thing number %d\"\n\nThis reverts commit %040x.\n", (i-3)%17, i-3, (i-3)*7919)
		case i%3 == 0:
			return fmt.Sprintf("feat(scope-%d): add the thing number %d (#%d)\n\nIt was wanted since long, and this is what it does: it\nadds the thing.\n\nCloses #%d\nSigned-off-by: A Person <person@example.com>\n", i%17, i, i, i/2)
		}
		return fmt.Sprintf("fix(scope-%d): mend the thing number %d\n\nIt was broken since the thing before it.\n", i%17, i)
	})
}

func BenchmarkOf(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		commits := ordinary(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				change.Of(commits, change.Options{})
			}
		})
	}
}

// TestLarge holds that no shape of a history makes reading it slow: what takes a second or two would
// take minutes if it grew with the square.
func TestLarge(t *testing.T) {
	const n = 60_000
	id := func(i int) string { return fmt.Sprintf("%040x", i*7919) }
	twigs := func(i int) []int { // each second commit stands beside the line, and is merged by the next
		if i%3 == 2 {
			return []int{2, 1}
		}
		return []int{i%3 + 1}
	}
	for name, commits := range map[string][]commit.Commit{
		"ordinary":                    ordinary(n),
		"reverts of reverts":          large(n, line, func(i int) string { return "Back\n\nThis reverts commit " + id(i-1) + "." }),
		"one subject and its reverts": large(n, line, func(i int) string { return []string{"fix: x", `Revert "fix: x"`}[i%2] }),
		"one subject, then reverts":   large(n, line, func(i int) string { return []string{"fix: x (#7)", `Revert "fix: x (#7)"`}[i*2/n] }),
		"one number beside the line":  large(n, twigs, func(i int) string { return fmt.Sprintf("fix: %d (#7)", i) }),
		"reverts beside the line": large(n, twigs, func(i int) string {
			return fmt.Sprintf("Revert \"fix: x\" (#%d)\n\nReverts #%d\n\nThis reverts commit %s.", i, i/2, id(i/2))
		}),
		"titles all the way up": large(n, func(i int) []int { return []int{i, 1} }, func(i int) string { return "Merge pull request #7 from a/b\n\nfeat: x\n\nBREAKING CHANGE: b" }),
		"one change in many words": large(n, line, func(i int) string {
			return fmt.Sprintf("fix: x\n\nBREAKING CHANGE: %d\n\nA-%d: b\nRefs: c %d", i, i, i)
		}),
		"one revert of all": large(n, line, func(i int) string {
			if i < n-1 {
				return fmt.Sprintf("fix: %d", i)
			}
			var b strings.Builder
			for j := range n - 1 {
				fmt.Fprintf(&b, "Reverts %s\n", id(j))
			}
			return "revert: all\n\n" + b.String()
		}),
		"a message that is long": {{SHA: id(1), Message: "x\n\n" + strings.Repeat("Reverts a (b\n* feat: x\n\nb\n---\nA: b\n", n)}, {SHA: id(0), Message: strings.Repeat(`Revert "`, n) + strings.Repeat(`"`, n)}},
		"picks of one": large(n, line, func(i int) string {
			return "fix: x\n\n(cherry picked from commit " + id(0) + ")\n(cherry picked from commit " + id(1) + ")\nThis reverts commit " + id(0)
		}),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			if got := len(change.Of(commits, change.Options{SquashBodies: true})); got < len(commits) {
				t.Errorf("%d changes of %d commits", got, len(commits))
			}
			took := time.Since(start)
			t.Log(took)
			if took > 10*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}
