package inventory

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// entriesOf lists the keys that an npm lockfile has packages under.
func entriesOf(text []byte) ([]string, error) {
	var file struct {
		Packages     map[string]json.RawMessage `json:"packages"`
		Dependencies map[string]json.RawMessage `json:"dependencies"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	if file.Packages == nil {
		file.Packages = file.Dependencies
	}
	var names []string
	for name := range file.Packages {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

func contains(names []string, name string) bool { return slices.Contains(names, name) }

func TestPieces(t *testing.T) {
	var many strings.Builder
	for i := range 2*pieceSize + 1 {
		fmt.Fprintf(&many, `,"node_modules/p%d":{"version":"%d.0.0"}`, i, i)
	}
	tests := []struct {
		name, text string
		pieces     int
	}{
		{"few", `{"packages": {"a": {"version": "1"}}}`, 1},
		{"many", `{"lockfileVersion": 3, "packages": {"": {}` + many.String() + `}, "dependencies": {"gone": {}}}`, 3},
		{"none", `{"packages": {}}`, 1},
		{"null", `{"packages": null, "dependencies": {"a": {"version": "1"}}}`, 1},
		{"of another case, as the parser reads it", `{"PACKAGES": {"a": {"version": "1"}}}`, 1},
		{"twice", `{"packages": {"a": {"version": "1"}}, "packages": {"b": {"version": "1"}}}`, 1},
		{"a list", `{"packages": []}`, 1},
		{"no JSON", `{"packages": {"a": }}`, 1},
	}
	for _, test := range tests {
		pieces := piecesOfNpm([]byte(test.text))
		want, wantErr := entriesOf([]byte(test.text))
		var got []string
		var gotErr error
		for _, piece := range pieces {
			names, err := entriesOf(piece)
			if err != nil {
				gotErr = err
			}
			got = append(got, names...)
		}
		slices.Sort(got)
		if len(pieces) != test.pieces || !slices.Equal(got, want) || (gotErr == nil) != (wantErr == nil) {
			t.Errorf("%s: %d pieces, %v, %v; want %d, %v, %v", test.name, len(pieces), got, gotErr, test.pieces, want, wantErr)
		}
	}
}

func TestReduce(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"hashes go", "version = 3\n[[package]]\nname = \"a\" # b\nfiles = [\n  {hash = \"x\"},\n]\nversion = \"1\"\n[package.dependencies]\nb = \"*\"\n[package.source]\ntype = \"git\"\n[metadata]\nx = 1\n",
			"version = 3\n[[package]]\nname = \"a\"\nversion = \"1\"\n[package.source]\ntype = \"git\"\n"},
		{"dotted keys", "[[package]]\nname = \"a\"\nsource.type = \"git\"\nother.name = 1\n", "[[package]]\nname = \"a\"\nsource.type = \"git\"\n"},
		{"in any case", "[[Package]]\nNAME = \"a\"\n", "[[package]]\nNAME = \"a\"\n"},
		{"a list in one line", "package = [{name = \"a\", version = \"1\"}]\n", "package = [{name = \"a\", version = \"1\"}]\n"},
		{"no list of packages", "[package]\nname = \"a\"\n", "[package]\nname = \"a\"\n"},
		{"no TOML", "[[package]]\nname = \n", "[[package]]\nname = \n"},
	}
	for _, test := range tests {
		if got := string(reduce([]byte(test.text), "package", []string{"name", "version", "source"})); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
