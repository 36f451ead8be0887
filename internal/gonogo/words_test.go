package gonogo

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// heldWords is all that decisions say, by the name of the test that asked for them. It stands in one file, to be
// read as prose when it changes.
var heldWords struct {
	sync.Mutex
	texts map[string]string
}

const wordsFile = "testdata/words.txt"

// keyID is a key's; each run of the tests makes new keys.
var keyID = regexp.MustCompile(`, [0-9a-f]{16}\.`)

var wordsHeading = regexp.MustCompile(`(?m)^== (.*)\n`)

// holdWords holds a decision of a table's row to every word of it: the table itself says the verdict, and the
// few words that matter most.
func holdWords(t *testing.T, e evidence, d decision) {
	t.Helper()
	heldWords.Lock()
	defer heldWords.Unlock()
	if heldWords.texts == nil {
		heldWords.texts = map[string]string{}
		text, err := os.ReadFile(wordsFile)
		if err != nil && !*update {
			t.Fatal(err)
		}
		at := wordsHeading.FindAllStringSubmatchIndex(string(text), -1)
		for i, m := range at {
			end := len(text)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			heldWords.texts[string(text[m[2]:m[3]])] = string(text[m[1]:end])
		}
	}
	got := keyID.ReplaceAllString(saidBy(e, d), ", <the key>.")
	if *update {
		heldWords.texts[t.Name()] = got
		var names []string
		for name := range heldWords.texts {
			names = append(names, name)
		}
		slices.Sort(names)
		var out strings.Builder
		for _, name := range names {
			out.WriteString("== " + name + "\n" + heldWords.texts[name])
		}
		if err := os.WriteFile(wordsFile, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(heldWords.texts[t.Name()], "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the words have changed; read them, and run the test with -update:\n%s", diff)
	}
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
	return out.String() + "\n"
}
