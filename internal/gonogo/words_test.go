package gonogo

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/wording"
)

var words = wording.File{Name: "testdata/words.txt"}

// What is another in each run: the id of a key that was made for it, the port of a server, and how long that took.
var (
	keyID = regexp.MustCompile(`, [0-9a-f]{16}\.`)
	port  = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	took  = regexp.MustCompile(`(after|took) [0-9.]+(µs|ms|s)`)
)

// holdWords holds a decision of a table's row to every word of it: the table itself says the verdict, and the
// few words that matter most.
func holdWords(t *testing.T, e evidence, d decision) {
	t.Helper()
	text := keyID.ReplaceAllString(saidBy(e, d), ", <key>.")
	text = took.ReplaceAllString(port.ReplaceAllString(text, "127.0.0.1:<port>"), "$1 <time>")
	words.Hold(t, *update, text)
}

func saidBy(e evidence, d decision) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s %s\n", d.verdict, sentence(e, d))
	for _, c := range d.criteria {
		fmt.Fprintf(&out, "%s: %s", c.id, c.verdict())
		if c.waived {
			out.WriteString(", waived")
		}
		if len(c.open) > 0 {
			fmt.Fprintf(&out, ", open: %s", strings.Join(c.open, "; "))
		}
		out.WriteString("\n")
		for _, p := range c.culprits {
			fmt.Fprintf(&out, "    to blame: %s (%s)\n", p.name, p.outcome)
		}
		for _, f := range c.findings {
			fmt.Fprintf(&out, "  %s %s: %s\n", f.Outcome, f.ID, f.Title)
			if f.Where != nil {
				fmt.Fprintf(&out, "    at: %s:%d\n", f.Where.File, f.Where.Line)
			}
			for _, line := range []struct{ name, text string }{{"seen", f.Observed}, {"wanted", f.Threshold}, {"by", f.Owner}, {"next", f.Next}, {"more", f.Evidence}} {
				if line.text != "" {
					fmt.Fprintf(&out, "    %s: %s\n", line.name, line.text)
				}
			}
		}
	}
	return out.String()
}
