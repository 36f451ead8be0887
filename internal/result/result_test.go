package result_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

func document() result.Document {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	return result.Document{
		Schema: result.Schema, Action: "security-gate", Tool: "1.0.0",
		Subject:   result.Subject{Repository: "acme/shop", SHA: strings.Repeat("a", 40), Ref: "refs/heads/main"},
		StartedAt: at, FinishedAt: at.Add(time.Second),
		Verdict: verdict.Fail, Sentence: "1 <high> & fixable.",
		Findings: []result.Finding{{ID: "GO-1", Outcome: verdict.Failed, Title: "t", Where: &result.Where{File: "go.mod", Line: 3}}},
		Data:     map[string]any{"high": 1.0},
	}
}

func TestWrittenDocumentsReadBack(t *testing.T) {
	want := document()
	want.Data = map[string]any{"high": 1.0, "seen": map[string]any{"1.0-rc": 1.0, "1.0-RC": 2.0}}
	text, err := want.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "\n") || !strings.Contains(string(text), "<high> &") {
		t.Errorf("want one line without HTML escapes, got %s", text)
	}
	got, err := result.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read back differs (-want +got):\n%s", diff)
	}
}

func TestEmptyDocumentHasListsAndObjects(t *testing.T) {
	text, err := result.Document{}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"findings":[]`, `"data":{}`, `"schema":"slipway.result/v1"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is missing from %s", want, text)
		}
	}
}

// A document that is broken, or contradicts itself, must be an error: its reader treats it as
// unknown, and anything less would let a forged or cut file pass a gate.
func TestDecodeRefuses(t *testing.T) {
	for name, edit := range map[string]func(map[string]any){
		"another schema":              func(m map[string]any) { m["schema"] = "slipway.result/v2" },
		"no schema":                   func(m map[string]any) { delete(m, "schema") },
		"no action":                   func(m map[string]any) { delete(m, "action") },
		"no verdict":                  func(m map[string]any) { delete(m, "verdict") },
		"a verdict nobody knows":      func(m map[string]any) { m["verdict"] = "PASS" },
		"no time":                     func(m map[string]any) { delete(m, "finishedAt") },
		"pass above a failed finding": func(m map[string]any) { m["verdict"] = "pass" },
		"an outcome nobody knows":     func(m map[string]any) { m["findings"].([]any)[0].(map[string]any)["outcome"] = "ok" },
		"findings of another shape":   func(m map[string]any) { m["findings"] = "none" },
	} {
		t.Run(name, func(t *testing.T) {
			text, err := document().Encode()
			if err != nil {
				t.Fatal(err)
			}
			var m map[string]any
			if err := json.Unmarshal(text, &m); err != nil {
				t.Fatal(err)
			}
			edit(m)
			changed, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			if d, err := result.Decode(changed); err == nil {
				t.Errorf("Decode accepted %s as %+v", changed, d)
			}
		})
	}
	whole, err := document().Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		strings.Replace(string(whole), `"verdict":"fail"`, `"verdict":"fail","verdict":"pass"`, 1),
		strings.Replace(string(whole), `"verdict":"fail"`, `"verdict":"fail","Verdict":"unknown"`, 1),
		strings.Replace(string(whole), `"high":1`, `"high":1,"high":0`, 1),
	} {
		if _, err := result.Decode([]byte(text)); err == nil || !strings.Contains(err.Error(), "is there twice") {
			t.Errorf("Decode(%s) = %v, want a doubled key refused", text, err)
		}
	}
	for _, text := range []string{string(whole) + "]", string(whole) + "}", string(whole) + string(whole), "", "null", "[]", `{"schema"`, "{} {}"} {
		if _, err := result.Decode([]byte(text)); err == nil {
			t.Errorf("Decode(%q) succeeded", text)
		}
	}
}

func TestOutputFormStaysUnderItsLimit(t *testing.T) {
	d := document()
	for i := range 4000 {
		d.Findings = append(d.Findings, result.Finding{ID: fmt.Sprint("GO-", i), Outcome: verdict.Failed, Title: "title", Observed: strings.Repeat("x", 300)})
	}
	text, err := d.EncodeForOutput()
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > result.OutputLimit {
		t.Errorf("output form has %d bytes, limit %d", len(text), result.OutputLimit)
	}
	got, err := result.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	if !got.Trimmed || len(got.Findings) != 4001 || got.Findings[7].Observed != "" || got.Verdict != verdict.Fail {
		t.Errorf("trimmed form: trimmed %v, %d findings, verdict %s", got.Trimmed, len(got.Findings), got.Verdict)
	}

	for i := range d.Findings {
		d.Findings[i].Title = strings.Repeat("t", 400)
	}
	text, err = d.EncodeForOutput()
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > result.OutputLimit || !json.Valid(text) {
		t.Errorf("with long titles the output form has %d bytes, valid %v", len(text), json.Valid(text))
	}
}
