package versionbump

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/wording"
)

var update = flag.Bool("update", false, "rewrite testdata/words.txt")

var words = wording.File{Name: "testdata/words.txt"}

// holdWords holds decisions of a table's row to every word of them: the rules that led to the version, what was
// tried, and the findings.
func holdWords(t *testing.T, all ...decision) {
	t.Helper()
	var out strings.Builder
	for _, d := range all {
		if d.wrong != "" {
			fmt.Fprintf(&out, "wrong: %s\n", d.wrong)
		}
		if d.version != nil {
			fmt.Fprintf(&out, "%s, %s, changed %t: %s\n", d.version, d.bump, d.changed, d.reason)
		}
		if d.releaseType != "" {
			fmt.Fprintf(&out, "%s: %s\n", d.releaseType, d.typeReason)
		}
		for _, r := range d.rules {
			fmt.Fprintf(&out, "    %s: %s\n", r.name, r.says)
		}
		for _, c := range d.candidates {
			fmt.Fprintf(&out, "    tried %s: %s\n", c.version, c.taken)
		}
		for _, f := range d.findings {
			fmt.Fprintf(&out, "  %s %s: %s\n", f.Outcome, f.ID, f.Title)
			for _, line := range []struct{ name, text string }{{"seen", f.Observed}, {"wanted", f.Threshold}, {"next", f.Next}} {
				if line.text != "" {
					fmt.Fprintf(&out, "    %s: %s\n", line.name, line.text)
				}
			}
		}
	}
	words.Hold(t, *update, out.String())
}
