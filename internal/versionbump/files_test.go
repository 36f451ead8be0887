package versionbump

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/versionfile"
)

// disk remembers what was written, and fails at will.
type disk struct {
	files map[string]string
	fails []string // text that cannot be written
}

func (d disk) Write(path string, data []byte) (bool, error) {
	if slices.Contains(d.fails, path+"="+string(data)) {
		return false, errors.New("no space left on device")
	}
	d.files[path] = string(data)
	return true, nil
}

// When a write fails in the middle, what was written before is put back, and the error says so.
func TestWritesAreAllOrNothing(t *testing.T) {
	files := []*prepared{
		{path: "same", old: []byte("new"), next: []byte("new")}, {path: "a", old: []byte("old"), next: []byte("new")},
		{path: "b", old: []byte("old"), next: []byte("new")}, {path: "c", old: []byte("old"), next: []byte("new")},
	}
	for _, tc := range []struct {
		name  string
		fails []string
		want  string
		a, b  string
	}{
		{"all", nil, "", "new", "new"},
		{"the first", []string{"a=new"}, "write the version into a: no space left on device; nothing else was written", "old", "old"},
		{"the last", []string{"c=new"}, "what was written before was put back: a, b", "old", "old"},
		{"the last, and again", []string{"c=new", "a=old"}, "could not be put back, so restore them with git checkout: a (no space left on device)", "new", "old"},
	} {
		d := disk{files: map[string]string{"a": "old", "b": "old", "c": "old"}, fails: tc.fails}
		err := writeAll(d, files)
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
		if d.files["a"] != tc.a || d.files["b"] != tc.b {
			t.Errorf("%s: left behind %v", tc.name, d.files)
		}
		if _, written := d.files["same"]; written {
			t.Errorf("%s: a file that did not change was written", tc.name)
		}
	}
}

// A pipeline of two keys in one file: the second sees what the first has done, and a place that
// both name is told once.
func TestTwoPlacesOfOneFile(t *testing.T) {
	p := preparation{tree: folder{"Chart.yaml": "version: 1.2.0\nappVersion: 1.2.0\n"}, version: "1.3.0", files: map[string]*prepared{}}
	for _, line := range []string{"Chart.yaml#version", "Chart.yaml#appVersion", "Chart.yaml"} {
		target, err := versionfile.ParseTarget(line)
		if err != nil {
			t.Fatal(err)
		}
		p.declared(declaredFile{Target: target, as: line})
	}
	files := p.inOrder()
	if err := p.err(); err != nil || len(files) != 1 || string(files[0].next) != "version: 1.3.0\nappVersion: 1.3.0\n" || len(files[0].places) != 2 {
		t.Errorf("got %+v, %v", files, err)
	}
}

// folder is a tree in memory.
type folder map[string]string

func (f folder) Read(name string, _ int64) ([]byte, error) { return []byte(f[name]), nil }
func (f folder) Glob(string) ([]string, error)             { return nil, nil }
func (f folder) Writable(string) error                     { return nil }
