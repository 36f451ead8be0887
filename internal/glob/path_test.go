package glob_test

import (
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/glob"
)

func TestWithin(t *testing.T) {
	for path, tt := range map[string]struct{ in, out string }{
		"api":              {"api api/x api/y/z", "apis ap web/api"},
		"api/":             {"api/x", "apis/x"},
		"./api":            {"api/x", "web"},
		"/api":             {"api/x", "web"},
		".":                {"api/x README.md", ""},
		"":                 {"api/x", ""},
		"services/api":     {"services/api/x", "services/x api/x"},
		"app/[id]":         {"app/[id]/page", "app/i/page"},
		"*.md":             {"README.md", "docs/x.md README.mdx"},
		"**/*.md":          {"README.md docs/x.md a/b/c.md", "a/b/c.mdx"},
		"services/*":       {"services/api services/api/x", "services web/x"},
		"services/*/go.*":  {"services/api/go.mod", "services/go.mod services/a/b/go.mod"},
		"services/**":      {"services/a services/a/b", "services web"},
		"services/**/x":    {"services/x services/a/b/x services/x/below", "services/a/b"},
		"**/**/**/z":       {"z a/z a/b/c/z", "a/b"},
		"**":               {"a a/b", ""},
		"f?o":              {"foo fao/x", "fo f/o"},
		":(exclude)api":    {":(exclude)api", "web api"},
		"a*b":              {"ab axb a*b", "a/b"},
		"**/test/**/*.txt": {"test/a.txt x/test/y/z/a.txt", "test x/a.txt"},
	} {
		for _, file := range strings.Fields(tt.in) {
			if !glob.Within(path, file) {
				t.Errorf("%q is not within %q", file, path)
			}
		}
		for _, file := range strings.Fields(tt.out) {
			if glob.Within(path, file) {
				t.Errorf("%q is within %q", file, path)
			}
		}
	}
	if !glob.Touches([]string{"a", "b"}, []string{"c", "b/x"}) || glob.Touches([]string{"a", "b"}, []string{"c"}) || glob.Touches(nil, []string{"c"}) {
		t.Error("Touches")
	}
}

// A pattern from outside takes no longer than its length allows.
func TestWithinBounded(t *testing.T) {
	start := time.Now()
	glob.Within(strings.Repeat("**/", 200)+"x", strings.Repeat("a/", 200)+"y")
	glob.Within(strings.Repeat("**/a/", 100)+"x", strings.Repeat("a/", 200)+"y")
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestCheckPath(t *testing.T) {
	for path, want := range map[string]bool{
		"api": true, "/api/": true, "./api/**": true, "a..b": true, ".": true, "!api": false, "..": false, "../x": false, "a/../b": false,
	} {
		if err := glob.CheckPath(path); (err == nil) != want {
			t.Errorf("CheckPath(%q) = %v", path, err)
		}
	}
}
