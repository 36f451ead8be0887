package wording

import (
	"os"
	"path/filepath"
	"testing"
)

// A text is written by the name of its test, beside those of others, and found there again.
func TestHold(t *testing.T) {
	name := filepath.Join(t.TempDir(), "words.txt")
	t.Run("a", func(t *testing.T) { (&File{Name: name}).Hold(t, true, "one\ntwo\n") })
	t.Run("b", func(t *testing.T) { (&File{Name: name}).Hold(t, true, "\nfour\n") })
	t.Run("a", func(t *testing.T) { (&File{Name: name}).Hold(t, true, "three") })
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want := "== TestHold/a\none\ntwo\n\n== TestHold/a#01\nthree\n\n== TestHold/b\nfour\n\n"
	if string(text) != want {
		t.Errorf("the file is %q, want %q", text, want)
	}
}
