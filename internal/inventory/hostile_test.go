package inventory

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

// TestNothingPassesSilently has lockfiles of which a parser would leave a part out without a word.
func TestNothingPassesSilently(t *testing.T) {
	long := strings.Repeat("x", lineLimit)
	tests := []struct{ name, file, text, want string }{
		{"a long line in Gemfile.lock", "Gemfile.lock", "GEM\n  specs:\n    rack (2.0.1)\n# " + long + "\n    rails (5.0)\n", "line 4 is longer than 64 KB"},
		{"one in yarn.lock", "yarn.lock", "# yarn lockfile v1\n\n# " + long + "\nrack@1:\n  version \"1\"\n", "line 3 is longer than 64 KB"},
		{"one in cabal.project.freeze", "cabal.project.freeze", "constraints: any.a ==1\n-- " + long + "\n", "line 2 is longer than 64 KB"},
		{"one in stack.yaml.lock", "stack.yaml.lock", "packages:\n# " + long + "\n", "line 2 is longer than 64 KB"},
		{"a second text in composer.lock", "composer.lock", `{"packages": []} {"packages": [{"name": "a/b", "version": "1"}]}`, "there is more after the end of its JSON"},
		{"one in conan.lock", "conan.lock", `{"requires": []} {"requires": ["a/1"]}`, "there is more after the end of its JSON"},
		{"a gem without a form", "Gemfile.lock", "GEM\n  specs:\n    rack (2.0.1\n", "Invalid spec line: rack (2.0.1"},
		{"a package without a version", "yarn.lock", "# yarn lockfile v1\n\nrack@1:\n  resolved \"x\"\n", "Failed to determine version of rack while parsing a yarn.lock"},
		{"nesting without an end", "package-lock.json", `{"packages": ` + strings.Repeat(`{"a":`, 100), "unexpected end of JSON input"},
		{"nesting", "package-lock.json", `{"dependencies": ` + strings.Repeat(`{"a":{"dependencies":`, 20_000) + "{}" + strings.Repeat("}}", 20_000) + "}", "exceeded max depth"},
		{"nesting in bun.lock", "bun.lock", `{"packages": ` + strings.Repeat(`[`, 50_000) + strings.Repeat("]", 50_000) + "}", "exceeded max depth"},
		{"aliases that multiply", "pnpm-lock.yaml", bomb("lockfileVersion: '9.0'\n", "packages"), "cannot unmarshal"},
	}
	for _, test := range tests {
		inv, err := Read(t.Context(), OSVScanner{}, tree(t, "-- "+test.file+" --\n"+test.text), ".")
		if err != nil {
			t.Fatal(err)
		}
		if m := inv.Manifests[0]; m.State != manifest.Broken || !strings.Contains(m.Reason, test.want) {
			t.Errorf("%s: %s (%.200s), want %s", test.name, m.State, m.Reason, test.want)
		}
	}
}

// bomb is a YAML text whose last value is large if what it refers to is written out.
func bomb(head, last string) string {
	var b strings.Builder
	b.WriteString(head + "a0: &a0 {x: &x {version: 1}}\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "a%d: &a%d {", i, i)
		for k := range 9 {
			fmt.Fprintf(&b, "k%d: *a%d, ", k, i-1)
		}
		b.WriteString("}\n")
	}
	fmt.Fprintf(&b, "%s: {a: {x: *a11}, b: {name: *a11}, c: *a11}\n", last)
	return b.String()
}

// The passes of this package follow no aliases.
func TestSurveyOfBomb(t *testing.T) {
	for plugin, text := range map[string]string{"javascript/pnpmlock": bomb("lockfileVersion: '9.0'\n", "snapshots"), "dart/pubspec": bomb("", "packages")} {
		s := plugins[plugin].survey(Lockfile{Path: "x", Plugin: plugin, Text: []byte(text)})
		if len(s.sites) > 10 {
			t.Errorf("%s: %d sites", plugin, len(s.sites))
		}
	}
}

// Where a package cannot be found in the text its line is 0, and the package stands.
func TestLineUnknown(t *testing.T) {
	s := survey{sites: []site{{name: "a", version: "1", line: 7}}}
	entry := func(name, version string) manifest.Entry {
		return manifest.Entry{Package: osv.Package{Ecosystem: "npm", Name: name, Version: version}}
	}
	got := s.annotate([]manifest.Entry{entry("a", "1"), entry("a", "2"), entry("b", "1")})
	for i, want := range []int{7, 0, 0} {
		if got[i].Line != want {
			t.Errorf("%s: line %d, want %d", got[i].Package, got[i].Line, want)
		}
	}
}

func TestRelate(t *testing.T) {
	chain := []site{{root: true, needs: []string{"0"}}}
	for i := range wayLimit + 2 {
		chain = append(chain, site{name: fmt.Sprint("p", i), keys: []string{fmt.Sprint(i)}, needs: []string{fmt.Sprint(i + 1), "0"}})
	}
	places := relate(chain)
	if got := way(places, wayLimit+1); len(got) != wayLimit || got[0] != "p0" {
		t.Errorf("a long way: %v", got)
	}
	if got := way(places, wayLimit+2); got != nil {
		t.Errorf("too long a way: %v", got)
	}
	// Two ways of the same length: the first by name, whatever the order in the file.
	for _, order := range [][2]string{{"b", "a"}, {"a", "b"}} {
		places := relate([]site{
			{root: true, needs: order[:]}, {name: order[0], keys: []string{order[0]}, needs: []string{"c"}},
			{name: order[1], keys: []string{order[1]}, needs: []string{"c"}}, {name: "c", keys: []string{"c"}},
		})
		if got := way(places, 3); len(got) != 1 || got[0] != "a" {
			t.Errorf("of two ways: %v", got)
		}
	}
}

func TestOwnFormat(t *testing.T) {
	own := Format{own: func(name string, text []byte) ([]manifest.Entry, []string, error) {
		if len(text) == 0 {
			return nil, nil, fmt.Errorf("%s is empty", name)
		}
		return []manifest.Entry{{Package: osv.Package{Ecosystem: "npm", Name: string(text), Version: "1"}}}, []string{"one", "two"}, nil
	}}
	dir := tree(t, "-- full --\nx\n-- empty --\n")
	root := openRoot(t, dir)
	r := reader{parser: parser{err: context.Canceled}, tree: root, read: map[string]bool{}}
	r.lockfile(t.Context(), "full", own)
	r.lockfile(t.Context(), "empty", own)
	if got, want := describe(manifest.Tree{Manifests: r.manifests}), "coverage 50 | full scanned (one; two): x\n 1 | empty broken (empty is empty)"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A file that takes time stops when its time is over.
func TestTimeIsBounded(t *testing.T) {
	var b bytes.Buffer
	b.WriteString(`{"packages": {"":{}`)
	for i := range 100_000 {
		fmt.Fprintf(&b, `,"node_modules/p%d":{"version":"1"}`, i)
	}
	b.WriteString("}}")
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := (OSVScanner{}).Parse(ctx, Lockfile{Path: "package-lock.json", Plugin: "javascript/packagelockjson", Text: b.Bytes()}); err == nil {
		t.Error("no error")
	}
}
