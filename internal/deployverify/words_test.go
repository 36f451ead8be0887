package deployverify

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/wording"
)

var words = wording.File{Name: "testdata/words.txt"}

// holdDecision holds a decision of a table's row to every word of it.
func holdDecision(t *testing.T, d decision) {
	t.Helper()
	var out strings.Builder
	fmt.Fprintf(&out, "%s to %q: %s\n    next: %s\n", d.act, d.rollbackTo, d.reason, d.next)
	if !d.nextCheck.IsZero() {
		fmt.Fprintf(&out, "    next look: %s\n", d.nextCheck.UTC().Format(time.RFC3339))
	}
	critical := "not known"
	if d.critical != nil {
		critical = fmt.Sprint(*d.critical)
	}
	fmt.Fprintf(&out, "    reaches %.4g of the users; a critical function is broken: %s\n", d.users, critical)
	writeFindings(&out, d.findings)
	words.Hold(t, *updatePages, out.String())
}

// holdNumbers holds what metrics come to to every word and figure, and to a few points of each picture. Four
// digits are the same on every processor.
func holdNumbers(t *testing.T, n numbers) {
	t.Helper()
	var out strings.Builder
	fmt.Fprintf(&out, "settled %t by %d slots, %s more\n", n.settled, n.slots, n.more)
	for _, j := range n.metrics {
		fmt.Fprintf(&out, "%s: %s (harm by %d, at most %.4g bad, short %t, unread %t)\n", j.metric.Name, j.reason, j.harmed, j.bad, j.short, j.unread)
		writeFindings(&out, j.findings)
		for _, l := range j.lines {
			fmt.Fprintf(&out, "    picture %s in %q, limit %.4g, log %t: %s beside %s\n", l.title, l.unit, l.limit, l.log, points(l.canary), points(l.compare))
		}
	}
	words.Hold(t, *updatePages, out.String())
}

// points are the first two of some values, the middle one and the last.
func points(values []float64) string {
	if len(values) < 4 {
		return fmt.Sprintf("%.4g", values)
	}
	return fmt.Sprintf("%d of %.4g %.4g … %.4g … %.4g", len(values), values[0], values[1], values[len(values)/2], values[len(values)-1])
}

func writeFindings(out *strings.Builder, all []result.Finding) {
	for _, f := range all {
		fmt.Fprintf(out, "  %s %s: %s\n", f.Outcome, f.ID, f.Title)
		for _, line := range []struct{ name, text string }{{"seen", f.Observed}, {"wanted", f.Threshold}, {"next", f.Next}} {
			if line.text != "" {
				fmt.Fprintf(out, "    %s: %s\n", line.name, line.text)
			}
		}
	}
}
