package sarif_test

import (
	"bytes"
	"fmt"
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

func BenchmarkParse(b *testing.B) {
	var results []string
	for i := range 25_000 {
		results = append(results, fmt.Sprintf(`{"ruleId":"R","ruleIndex":0,"level":"error","message":{"text":"number %d of [many](1)"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"dir/file%d.go","uriBaseId":"%%SRCROOT%%"},"region":{"startLine":%d}}}],"partialFingerprints":{"primaryLocationLineHash":"%x"},"codeFlows":[%s]}`,
			i, i%500, i+1, i, strings.TrimSuffix(strings.Repeat(`{"threadFlows":[{"locations":[{"location":{"message":{"text":"here"}}}]}]},`, 15), ",")))
	}
	text := []byte(run("["+strings.Join(results, ",")+"]", ""))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sarif.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

// What a report may do at worst within the limits: every one is near 50 MB, or makes 25,000 results
// share what is long.
func BenchmarkParseHostile(b *testing.B) {
	long := strings.Repeat("x", 10<<20)
	shared := func(rule, result string) string {
		return `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T","rules":[` + rule + `]}},"results":[` + strings.TrimSuffix(strings.Repeat(result+",", 25_000), ",") + `]}]}`
	}
	var keys strings.Builder
	for i := range 1_000_000 {
		fmt.Fprintf(&keys, `"%d":0,`, i)
	}
	for name, text := range map[string]string{
		"keys":       `{"version":"2.1.0","runs":[{"x":{` + strings.TrimSuffix(keys.String(), ",") + `},"y":[` + strings.Repeat(strings.Repeat(`{"a":1},`, 10)+"[],", 18_000) + `0],` + `"tool":{"driver":{"name":"T"}},"results":[]}]}`,
		"title":      shared(`{"id":"R","shortDescription":{"text":"`+long+`"}}`, `{"ruleId":"R"}`),
		"message":    shared(`{"id":"R","messageStrings":{"m":{"text":"`+strings.ReplaceAll(long, "xx", "{x")+`"}}}`, `{"ruleId":"R","message":{"id":"m"}}`),
		"properties": shared(`{"id":"R","properties":{"x":"`+long+`"}}`, `{"ruleId":"R"}`),
		"twins":      shared(strings.TrimSuffix(strings.Repeat(`{"id":"R","properties":{"security-severity":"1.0"}},`, 200_000), ","), `{"ruleId":"R"}`),
		"hierarchy":  shared(`{"id":"S"}`, `{"ruleId":"`+strings.Repeat("a/", 499)+`"}`),
		"base":       strings.Replace(shared("", `{"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a","uriBaseId":"B"}}}]}`), `"results"`, `"originalUriBaseIds":{"B":{"uri":"`+long+`"}},"results"`, 1),
		"results":    `{"version":"2.1.0","runs":[` + strings.TrimSuffix(strings.Repeat(`{"tool":{"driver":{"name":"T"}},"results":[`+strings.Repeat(`{},`, 24_000)+`{}]},`, 4), ",") + `]}`,
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := sarif.Parse([]byte(text)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	var r sarif.Report
	for i := range 25_000 {
		r.Alerts = append(r.Alerts, sarif.Alert{Rule: fmt.Sprint("R", i%100), Fingerprint: fmt.Sprint(i), Message: fmt.Sprint("number ", i), Places: []sarif.Place{{File: "go.mod", Line: i}}, Level: osv.High})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sarif.Encode(r); err != nil {
			b.Fatal(err)
		}
	}
}
