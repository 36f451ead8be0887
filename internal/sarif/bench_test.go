package sarif_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/sarif"
)

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
