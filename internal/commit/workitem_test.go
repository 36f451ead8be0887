package commit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/commit"
)

func TestReferences(t *testing.T) {
	for message, want := range map[string][]string{
		"feat: a (#12)\n\nCloses #3, fixes acme/shop#4 and SHOP-34.": {"#12", "#3", "acme/shop#4", "SHOP-34"},
		"#1 #1 #2": {"#1", "#2"},
		"use UTF-8 and SHA-256, see RFC-2119 and CVE-2024-1234": nil,
		"https://x.example/a#12 &#39; a#5 #0 #x shop-34 X-1":    nil,
		"":                        nil,
		"(SHOP-1)\nRefs: OPS2-77": {"SHOP-1", "OPS2-77"},
	} {
		if got := commit.References(message); !slices.Equal(got, want) {
			t.Errorf("%q names %q, want %q", message, got, want)
		}
	}
	var many strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&many, "#%d ", i+1)
	}
	if got := commit.References(many.String()); len(got) != 20 {
		t.Errorf("%d are taken", len(got))
	}
}
