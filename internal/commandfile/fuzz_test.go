package commandfile_test

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/commandfile"
)

// Whatever a value holds, it comes back as it was written behind a delimiter that it does not hold, and is
// the only one.
func FuzzParse(f *testing.F) {
	f.Add("decision", "no-go\ndecision=go\n<<E\n", "a=1\n")
	f.Add("a", "", "b<<E\nc\nE\n")
	f.Add("a", "x\r", "\r\n\r\n")
	f.Add("a", "x", "never ends<<E\n")
	f.Fuzz(func(t *testing.T, name, value, text string) {
		if values, err := commandfile.Parse(text); err == nil {
			for name, value := range values {
				if name == "" || len(name)+len(value) > len(text) {
					t.Fatalf("%q is %q of a text of %d bytes", name, value, len(text))
				}
			}
		}
		const delimiter = "d4b6"
		if name == "" || strings.ContainsAny(name, "\r\n=<") || strings.Contains(value, delimiter) {
			return
		}
		got, err := commandfile.Parse(name + "<<" + delimiter + "\n" + value + "\n" + delimiter + "\n")
		if err != nil || len(got) != 1 || got[name] != value {
			t.Fatalf("%q was written as %q, and read as %q, %v", value, name, got, err)
		}
	})
}
