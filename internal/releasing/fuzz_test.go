package releasing_test

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/releasing"
)

// An image that is written into an action.yml is read from it again, and nothing but its line has changed.
func FuzzReadPin(f *testing.F) {
	f.Add(manifest)
	f.Add(strings.ReplaceAll(manifest, "\n", "\r\n"))
	f.Add("\nruns:\n  image: docker://a/b:c@sha256:" + strings.Repeat("0", 64))
	f.Add("\nruns:\n  image: x\n  image: y\n")
	pin, err := releasing.ParsePin("ghcr.io/slipway-actions/slipway:v1.4.0@sha256:" + strings.Repeat("ab", 32))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if read, err := releasing.ReadPin(text); err == nil {
			if again, err := releasing.ParsePin(read.String()); err != nil || again != read {
				t.Fatalf("%v is read as %v, %v", read, again, err)
			}
		}
		pinned, err := pin.Write(text)
		if err != nil {
			return
		}
		if read, err := releasing.ReadPin(pinned); err != nil || read != pin {
			t.Fatalf("%q holds %v, %v", pinned, read, err)
		}
		before, after := strings.Split(text, "\n"), strings.Split(pinned, "\n")
		if len(before) != len(after) {
			t.Fatalf("%d lines became %d", len(before), len(after))
		}
		changed := 0
		for i := range before {
			if before[i] != after[i] {
				changed++
			}
		}
		if changed > 1 {
			t.Fatalf("%d lines have changed", changed)
		}
	})
}
