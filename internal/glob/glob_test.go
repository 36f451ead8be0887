package glob_test

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/glob"
)

func TestMatch(t *testing.T) {
	for _, tc := range []struct {
		pattern, name string
		want          bool
	}{
		{"unit", "unit", true}, {"unit", "unit2", false}, {"unit", "a unit", false},
		{"unit*", "unit", true}, {"unit*", "unit / linux", true}, {"*", "", true}, {"", "", true}, {"", "x", false},
		{"e2e (*)", "e2e (chrome, 3/4)", true}, {"e2e (*)", "e2e (chrome", false},
		{"a*b*c", "aXbYbZc", true}, {"a*b*c", "aXcYb", false}, {"t?st", "tést", true}, {"t?st", "tst", false},
		{"[ab]", "a", false}, {"[ab]", "[ab]", true}, {`a\*`, `a\b`, true},
	} {
		if got := glob.Match(tc.pattern, tc.name); got != tc.want {
			t.Errorf("Match(%q, %q) = %v, want %v", tc.pattern, tc.name, got, tc.want)
		}
	}
}

func TestMatchDoesNotExplode(t *testing.T) {
	if glob.Match(strings.Repeat("a*", 500)+"b", strings.Repeat("a", 5000)) {
		t.Error("matched what it cannot match")
	}
}
