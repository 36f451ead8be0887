package releasing_test

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/releasing"
)

const manifest = `name: Slipway
inputs:
  image:
    description: 'An input that is called like a key of runs.'
    default: ''
runs:
  using: docker
  image: ../../Dockerfile
  args: [version-bump]
`

// An image stands in an action.yml once it is written there, and nothing but its line has changed.
func FuzzPin(f *testing.F) {
	f.Add(manifest)
	f.Add(strings.ReplaceAll(manifest, "\n", "\r\n"))
	f.Add("\nruns:\n  image: docker://a/b:c@sha256:" + strings.Repeat("0", 64))
	f.Add("a/b:c@sha256:" + strings.Repeat("0", 64))
	f.Add("\nruns:\n  image: x\n  image: y\n")
	pin, err := releasing.ParsePin("ghcr.io/slipway-actions/slipway:v1.4.0@sha256:" + strings.Repeat("ab", 32))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if read, err := releasing.ParsePin(text); err == nil && read.String() != text {
			t.Fatalf("%q is read as %v", text, read)
		}
		pinned, err := pin.Write(text)
		if err != nil {
			return
		}
		if again, err := pin.Write(pinned); err != nil || again != pinned || strings.Count(pinned, "docker://"+pin.String()) == 0 {
			t.Fatalf("%q, pinned once more, is %q, %v", pinned, again, err)
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
