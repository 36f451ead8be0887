package changelog

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

func kept(t *testing.T, d any, findings ...result.Finding) []byte {
	t.Helper()
	text, err := result.Document{Action: "changelog", Verdict: verdict.Pass, FinishedAt: time.Now(), Findings: findings, Data: d}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The notes can be read from their document, and what they leave out.
func TestPageOfADocument(t *testing.T) {
	d := data{
		Tag: "v1.2.0", Previous: "v1.1.0", Audience: "external", File: "CHANGELOG.md", Breaking: 1,
		Entries: []entryData{
			{Section: "Added", Scope: "api", Description: "search", Pull: "12", Issues: []string{"7"}, Advisories: []string{"CVE-2026-1"}, Migration: "call it anew", Why: "it is a feat", Commits: []string{"aaaaaaaaaa", "b"}},
			{Section: "Fixed", Description: "a leak", Why: "it is a fix", Commits: []string{"cccccccccc"}},
		},
		Left: []string{"ddddddd chore: x"}, Unread: []string{"eeeeeee oops"}, Hidden: []leftData{{"fffffff ci: y", "hidden by its scope"}}, Contributors: []string{"ada", "bob"},
	}
	got, err := shownAgain(kept(t, d, result.Finding{ID: "x", Outcome: verdict.Warned, Title: "a footer", Observed: "is odd", Next: "Look."}))
	if err != nil {
		t.Fatal(err)
	}
	text := got.Page.Terminal(400)
	for _, want := range []string{"v1.2.0", "v1.1.0", "external", "CHANGELOG.md", "Added\n", "Fixed\n", "- api: search (#12, #7, CVE-2026-1) — call it anew", "- a leak\n", "aaaaaaa and 1 more", "it is a feat", "ddddddd chore: x", "eeeeeee oops", "hidden by its scope", "ada, bob", "a footer: is odd. Look."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the page:\n%s", want, text)
		}
	}
}

func TestPageOfManyEntries(t *testing.T) {
	d := data{Audience: "all"}
	for i := range 5000 {
		d.Entries = append(d.Entries, entryData{Section: fmt.Sprint(i / 100), Description: strings.Repeat("x", 5000)})
	}
	got, err := shownAgain(kept(t, d))
	if err != nil {
		t.Fatal(err)
	}
	if text := got.Page.Terminal(400); !strings.Contains(text, "… and 4700 more") || len(text) > 1<<20 {
		t.Errorf("%d bytes", len(text))
	}
}

func TestPageOfADocumentWithoutEntries(t *testing.T) {
	for _, d := range []any{nil, map[string]any{}} {
		if got, err := shownAgain(kept(t, d)); err != nil || got.Page != nil {
			t.Errorf("%v: %v, %v", d, got, err)
		}
	}
}

func TestPageOfABrokenDocument(t *testing.T) {
	for _, d := range []string{`{"audience": 7}`, `{"audience":"all","entries":{}}`, `{"entries":[{"commits":"x"}]}`, `[]`, `"x"`} {
		if got, err := shownAgain(kept(t, json.RawMessage(d))); err == nil {
			t.Errorf("%s is shown as %v", d, got)
		}
	}
	wild, err := shownAgain(kept(t, json.RawMessage(`{"audience":"<b>","entries":[{"description":"<script>x</script>"}],"hidden":[{}],"leftOut":[""]}`)))
	if err != nil {
		t.Fatal(err)
	}
	if doc := string(wild.Page.HTML("t", report.T("x"))); strings.Contains(doc, "<script") || strings.Contains(doc, "<b>") {
		t.Error("HTML from a document")
	}
}
