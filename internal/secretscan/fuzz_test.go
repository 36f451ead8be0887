package secretscan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/secretscan"
)

// Whatever a patch says, reading it ends without a panic, twice in the same way. And whatever the lines
// of a file say, they are lines of that file: the secret behind them is found at its place.
func FuzzPatches(f *testing.F) {
	f.Add("x\n", commitA+"\n"+change("x")+"@@ -0,0 +1 @@\n+x\n")
	f.Add(commitB+"\ndiff --git a/y b/y\n@@ -0,0 +1 @@\n+x", commitA+"\ndiff --cc x\n@@@ -1 -1 +1,2 @@@\n++x\n  y\n")
	f.Add("\\ No newline\r\n\x00", commitA+"\n"+`diff --git "a/\303" "b/\303"`+"\nBinary files differ\n")
	f.Fuzz(func(t *testing.T, text, patch string) {
		s := secretscan.New()
		first, err := s.Patches(t.Context(), strings.NewReader(patch))
		again, err2 := s.Patches(t.Context(), strings.NewReader(patch))
		if diff := cmp.Diff(first, again); diff != "" || (err == nil) != (err2 == nil) {
			t.Fatalf("%v, then %v; -first +again\n%s", err, err2, diff)
		}

		lines := strings.Split(strings.ReplaceAll(text, "\x00", ""), "\n")
		patch = commitA + "\n" + change("f") + hunk(len(lines)+2)
		for _, line := range lines {
			patch += "+" + line + "\n"
		}
		patch += "+\n+" + token(1) + "\n"
		r, err := s.Patches(t.Context(), strings.NewReader(patch))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range r.Leaks {
			if l.Commit != commitA || l.File != "f" {
				t.Fatalf("forged: %+v", l)
			}
			if l.Rule == "github-pat" && l.Line == len(lines)+2 {
				return
			}
		}
		t.Fatalf("not found behind %q: %+v", text, r)
	})
}
