package commandfile_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/commandfile"
)

func TestParse(t *testing.T) {
	got, err := commandfile.Parse("a=1\n\nb<<E\nline 1\nc=forged\n\nE\na=2\nd=x<<y\ne<<=\nv\n=\nf=1\rg=2\nh<<E\nE\r\nE\n")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"a": "2", "b": "line 1\nc=forged\n", "d": "x<<y", "e": "v", "f": "1\rg=2", "h": "E\r"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	for _, text := range []string{"nothing\n", "a<<E\nvalue\n", "a<<\nv\n\n", "<<E\nv\nE\n", "=v\n", "a<<E\nv\nE\r\n"} {
		if got, err := commandfile.Parse(text); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", text, got)
		}
	}
}
