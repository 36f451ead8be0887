package commit_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/commit"
)

// TestReach walks m, which merges c and b, which both stand on a, which stands on one outside.
func TestReach(t *testing.T) {
	g := commit.NewGraph([]commit.Commit{
		{SHA: "m", Parents: []string{"c", "b"}}, {SHA: "a", Parents: []string{"outside"}}, {SHA: "c", Parents: []string{"a"}}, {SHA: "b", Parents: []string{"a"}},
	})
	reach := func(seen []bool, shas ...string) string {
		var names []string
		for _, i := range g.Reach(seen, shas...) {
			names = append(names, g.Commits[i].SHA)
		}
		slices.Sort(names)
		return strings.Join(names, " ")
	}
	for from, want := range map[string]string{"m": "a b c m", "c": "a c", "a": "a", "outside": ""} {
		if got := reach(make([]bool, 4), from); got != want {
			t.Errorf("%s reaches %q, want %q", from, got, want)
		}
	}
	seen := make([]bool, 4)
	reach(seen, "c")
	if got := reach(seen, "m", "b"); got != "b m" {
		t.Errorf("what c does not reach: %q", got)
	}
	if i, ok := g.Find("c"); !ok || i != 2 {
		t.Errorf("c is at %d, %v", i, ok)
	}
}
