package inventory

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"testing"

	"golang.org/x/tools/txtar"
)

// FuzzSurvey gives any text to each pass over a lockfile: it must end, and name no line that the text
// does not have.
func FuzzSurvey(f *testing.F) {
	for _, name := range []string{"testdata/formats.txtar", "testdata/lines.txtar"} {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range txtar.Parse(text).Files {
			if format := formatOf(file.Name); format != nil {
				f.Add(format.Plugin, file.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		p, ok := plugins[name]
		if !ok || p.survey == nil {
			return
		}
		s := p.survey(Lockfile{Path: "a/lockfile", Plugin: name, Text: text, Beside: func(string) ([]byte, error) { return nil, fs.ErrNotExist }})
		most := bytes.Count(text, newline) + 1
		for _, site := range s.sites {
			if site.line < 0 || site.line > most {
				t.Errorf("line %d of %d", site.line, most)
			}
		}
		for i, p := range relate(s.sites) {
			if p.depth > len(s.sites) || p.parent >= len(s.sites) {
				t.Errorf("place %d: %+v", i, p)
			}
		}
	})
}

// FuzzParse gives any text to each parser by way of the whole package: what it holds is told or is an error.
func FuzzParse(f *testing.F) {
	text, err := os.ReadFile("testdata/formats.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range txtar.Parse(text).Files {
		if formatOf(file.Name) != nil {
			f.Add(path.Join("x", file.Name), file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		format := formatOf(name)
		if format == nil || !fs.ValidPath(name) {
			return
		}
		most := bytes.Count(text, newline) + 1
		entries, err := (OSVScanner{}).Parse(t.Context(), Lockfile{Path: name, Plugin: format.Plugin, Text: text})
		for _, e := range entries {
			if err != nil || e.Line < 0 || e.Line > most {
				t.Errorf("%+v, %v: the text has %d lines", e, err, most)
			}
		}
	})
}

// FuzzPieces cuts any JSON: no member may get lost, and none be made up.
func FuzzPieces(f *testing.F) {
	f.Add([]byte(`{"lockfileVersion": 3, "packages": {"a": {"version": "1"}, "b": {}}}`))
	f.Add([]byte(`{"packages": null, "dependencies": {"a": {"version": "[{\"}"}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		whole, err := entriesOf(text)
		if err != nil {
			return
		}
		var cut []string
		for _, piece := range piecesOfNpm(text) {
			names, err := entriesOf(piece)
			if err != nil {
				t.Fatalf("%s: %v", piece, err)
			}
			cut = append(cut, names...)
		}
		for _, name := range whole {
			if !contains(cut, name) {
				t.Errorf("%q is lost", name)
			}
		}
	})
}
