package policy_test

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/policy"
)

// Files that the YAML library takes very long for, or panics at, are refused with a place.
func TestFilesTheLibraryCannotTake(t *testing.T) {
	const half = 100_000
	for name, c := range map[string]struct{ text, says string }{
		"a tag that the library panics at": {"version: 1\ngate:\n  criteria:\n   !0 #0", "4:4: tags are not read"},
		"a tag":                            {"version: !!str 1", "1:10: tags are not read"},
		"an alias":                         {"version: *one", "anchors and aliases are not read"},
		"lists in lists":                   {strings.Repeat("- ", half), "1:101: lists and mappings stand in each other more than 50 deep in one line"},
		"keys of keys":                     {strings.Repeat("? ", half), "more than 50 deep in one line"},
		"values of values":                 {strings.Repeat("a: ", half/2), "more than 50 deep in one line"},
		"anchors":                          {strings.Repeat("&a ", half/2), "anchors and aliases are not read"},
		"opened brackets":                  {strings.Repeat("[", half), "1:51: brackets stand in each other more than 50 deep"},
		"closed brackets":                  {strings.Repeat("]", half), "1:51: brackets stand in each other more than 50 deep"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := policy.Parse("slipway.yml", []byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%.300v, want %q", err, c.says)
			}
		})
	}
}
