package osv

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestApart holds that versions which are told apart without parsing are apart by the ecosystem's own rules.
func TestApart(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	version := func() string {
		text := fmt.Sprint(random.IntN(3))
		for range random.IntN(4) {
			text += []string{".0", ".1", ".10", ".01", ".00", ".2"}[random.IntN(6)]
		}
		return text
	}
	differed := 0
	for range 20_000 {
		a, b := version(), version()
		if !apart(a, b) {
			continue
		}
		differed++
		for _, ecosystem := range []string{"PyPI", "npm", "Go", "crates.io", "Maven", "RubyGems", "NuGet", "Packagist", "Hex", "Pub", "CRAN", "Debian", "Alpine", "Red Hat"} {
			if order, err := compare(ecosystem, a, b); err == nil && order == 0 {
				t.Fatalf("%s: %s and %s are the same", ecosystem, a, b)
			}
		}
	}
	if differed < 5_000 || apart("1.0", "1.0.0") || apart("1.2.3", "1.2.3rc1") || apart("1.02", "1.2.0") || !apart("1.2", "1.20") {
		t.Errorf("%d were told apart", differed)
	}
}
