package sarif_test

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/sarif"
)

func FuzzParse(f *testing.F) {
	reports, err := filepath.Glob("testdata/tools/*.sarif")
	if err != nil || len(reports) == 0 {
		f.Fatalf("%v, %v", reports, err)
	}
	for _, name := range append(reports, "testdata/ours.sarif") {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(run(`[{"rule":{"index":0},"locations":[{"physicalLocation":{"artifactLocation":{"index":0}}}]}]`,
		`,"artifacts":[{"location":{"uri":"..\\a","uriBaseId":"B"}}],"originalUriBaseIds":{"B":{"uri":"file:///w/x/"}},"invocations":[{"ruleConfigurationOverrides":[{"descriptor":{"id":"R"}}]}]`)))
	f.Fuzz(func(t *testing.T, text []byte) {
		runs, err := sarif.Parse(text, "/w", `C:\w`)
		if err != nil {
			if runs != nil {
				t.Errorf("runs beside the error %v", err)
			}
			return
		}
		if len(runs) == 0 {
			t.Error("neither runs nor an error")
		}
		for _, run := range runs {
			if run.Tool == "" || run.Complete != (len(run.Problems) == 0) {
				t.Errorf("%+v", run)
			}
			seen := map[string]bool{}
			for _, r := range run.Results {
				if r.File != "" && (path.Clean(r.File) != r.File || path.IsAbs(r.File) || r.File == "." || strings.HasPrefix(r.File+"/", "../") || !utf8.ValidString(r.File)) {
					t.Errorf("the file %q", r.File)
				}
				if seen[r.Fingerprint] || r.Line < 0 || r.EndLine < r.Line || r.Column < 0 || r.File == "" && r.Line != 0 {
					t.Errorf("%+v", r)
				}
				seen[r.Fingerprint] = true
				if rating, ok := run.Rate(r); ok && (rating.Level < osv.Unrated || rating.Level > osv.Critical) {
					t.Errorf("%+v", rating)
				}
			}
		}
	})
}

// What is written fits the schema and is read again, whatever stands in it.
func FuzzEncode(f *testing.F) {
	schema := compile(f)
	f.Add("GO-1", "summary", "a b/c#d", "https://x.test/?a>b", "@me", 7.5, 3)
	f.Add("\xff\n", "[a](b)\u202e", "%2e%2e/..a", "javascript:1", "", 0.0, 0)
	f.Fuzz(func(t *testing.T, rule, text, file, uri, owner string, score float64, level int) {
		level = max(min(level, 4), -4)
		a := sarif.Alert{
			Rule: rule, Name: owner, Summary: text, Description: text, HelpURI: uri, Message: text, Next: text, Score: score, Level: osv.Level(max(level, -level)), Outcome: sarif.Outcome(max(level, 0) % 3),
			Places: []sarif.Place{{File: file, Line: level}}, Fingerprint: "f", Tags: []string{text, owner}, Justification: text, Owner: owner, Expires: owner,
		}
		report := sarif.Report{ToolVersion: owner, Alerts: []sarif.Alert{a}, Incomplete: []string{text}}
		written, err := sarif.Encode(report)
		if err != nil {
			return
		}
		if again, err := sarif.Encode(report); err != nil || !bytes.Equal(written, again) {
			t.Errorf("not the same again: %v", err)
		}
		if err := validate(schema, written); err != nil {
			t.Errorf("%v\n%s", err, written)
		}
		runs, err := sarif.Parse(written)
		if err != nil || len(runs) != 1 || len(runs[0].Results) != 1 || runs[0].Complete {
			t.Errorf("%+v, %v", runs, err)
		}
	})
}
