// Package wording holds what the rows of a package's test tables say to a file that people read as prose. It
// reads that file, and writes it where a test is run with -update.
package wording

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// File is a file with a text for each test, under the test's name.
type File struct {
	Name string // from the package's folder

	mutex sync.Mutex
	texts map[string]string
	held  map[*testing.T]bool
}

var heading = regexp.MustCompile(`(?m)^== (.*)\n`)

// Hold fails the test where its text is another than the file's; with update it puts the text there. A text
// is one for each name, so a test holds one.
func (f *File) Hold(t *testing.T, update bool, text string) {
	t.Helper()
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.texts == nil {
		f.read(t, update)
	}
	if f.held[t] {
		t.Fatalf("%s holds two texts by this name; which of them is in %s would be left to chance", t.Name(), f.Name)
	}
	f.held[t] = true
	text = strings.TrimSpace(text) + "\n\n"
	if update {
		f.texts[t.Name()] = text
		f.write(t)
		return
	}
	want, ok := f.texts[t.Name()]
	if !ok {
		t.Errorf("%s has no text for this test; run it with -update, and read what it says", f.Name)
		return
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(text, "\n")); diff != "" {
		t.Errorf("the words have changed; read them, and run the test with -update:\n%s", diff)
	}
}

func (f *File) read(t *testing.T, update bool) {
	t.Helper()
	f.texts, f.held = map[string]string{}, map[*testing.T]bool{}
	text, err := os.ReadFile(f.Name)
	if err != nil && !update {
		t.Fatal(err)
	}
	at := heading.FindAllSubmatchIndex(text, -1)
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		f.texts[string(text[m[2]:m[3]])] = string(text[m[1]:end])
	}
}

func (f *File) write(t *testing.T) {
	t.Helper()
	names := make([]string, 0, len(f.texts))
	for name := range f.texts {
		names = append(names, name)
	}
	slices.Sort(names)
	var out strings.Builder
	for _, name := range names {
		out.WriteString("== " + name + "\n" + f.texts[name])
	}
	if err := os.WriteFile(f.Name, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
