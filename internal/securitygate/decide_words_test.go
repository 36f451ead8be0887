package securitygate

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/result"
)

var update = flag.Bool("update", false, "rewrite testdata/decisions.txt")

// TestWords holds every decision of the tables to all that it says: what was seen, what is wanted and what to
// do, the counts, and who carries what. To be read as prose when it changes.
func TestWords(t *testing.T) {
	const golden = "testdata/decisions.txt"
	var out strings.Builder
	for _, test := range everyDecision() {
		d := decide(test.e)
		fmt.Fprintf(&out, "== %s: %s\n", test.name, test.verdict)
		for _, f := range d.findings {
			writeFinding(&out, f)
		}
		writeCounts(&out, d)
	}
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(out.String(), "\n")); diff != "" {
		t.Errorf("the words have changed; read them, and run the test with -update:\n%s", diff)
	}
}

func writeFinding(out *strings.Builder, f result.Finding) {
	fmt.Fprintf(out, "%s %s: %s\n", f.Outcome, f.ID, f.Title)
	if f.Where != nil {
		fmt.Fprintf(out, "    at %s:%d\n", f.Where.File, f.Where.Line)
	}
	for _, line := range []struct{ name, text string }{{"seen", f.Observed}, {"wanted", f.Threshold}, {"next", f.Next}, {"more", f.Evidence}} {
		if line.text != "" {
			fmt.Fprintf(out, "    %s: %s\n", line.name, line.text)
		}
	}
}

func writeCounts(out *strings.Builder, d decision) {
	fmt.Fprintf(out, "failing %d, fixable %d", d.failing, d.fixable)
	for _, level := range slices.Sorted(maps.Keys(d.measures.open)) {
		if n := d.measures.open[level]; n > 0 {
			fmt.Fprintf(out, ", %s %d", level, n)
		}
	}
	for _, r := range d.fixed {
		fmt.Fprintf(out, ", gone %s", r.id)
	}
	for _, r := range d.accepted {
		fmt.Fprintf(out, ", %s accepted by %q (%s, %s)", r.id, r.accepted.owner, r.accepted.source, r.accepted.reason)
	}
	fmt.Fprintf(out, "; patched %+v, carried %+v, data %d days old\n\n", d.measures.patched, d.measures.carried, d.measures.dataAge)
}
