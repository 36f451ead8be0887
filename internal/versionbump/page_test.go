package versionbump

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

func kept(t *testing.T, d any, findings ...result.Finding) []byte {
	t.Helper()
	text, err := result.Document{Action: "version-bump", Verdict: verdict.Pass, FinishedAt: time.Now(), Findings: findings, Data: d}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// All that led to a version can be read from its document.
func TestPageOfADocument(t *testing.T) {
	d := data{
		Version: "1.2.0", Tag: "v1.2.0", Previous: "v1.1.0", Bump: "minor", Changed: true, ReleaseType: "feature", TypeReason: "it has features",
		Rules: []ruleData{{"base", "v1.1.0 is the last"}}, Candidates: []tryData{{"1.2.0", false, "a branch has it"}, {"1.2.1", true, ""}},
		Commits: []commitData{
			{SHA: "aaaaaaaaaa", Subject: "feat: search", Level: "minor", Parsed: true, State: "counts"}, {SHA: "aaaaaaaaaa", Subject: "fix: two of one", Level: "patch", Parsed: true, State: "counts"},
			{SHA: "bbbbbbbbbb", Subject: "merge", State: "merges"}, {SHA: "cccccccccc", Subject: "fix: gone", State: "reverted", Other: "dddddddddd"}, {SHA: "e", Subject: "oops", State: "counts"},
		},
		PassedOver: []passedData{{"v9.9.9", "of another branch"}}, Passed: 700, Components: []partData{{Component: "api", Tag: "api/v2.0.0", Changed: true, Reason: "breaking"}},
		Files: []fileData{{"package.json", "ff00", true}},
	}
	got, err := shownAgain(kept(t, d, result.Finding{ID: "x", Outcome: verdict.Warned, Title: "a tag", Observed: "is odd", Next: "Look."}, result.Finding{ID: "y", Outcome: verdict.Passed, Title: "not a remark"}))
	if err != nil {
		t.Fatal(err)
	}
	text := got.Page.Terminal(400)
	for _, want := range []string{"v1.2.0", "v1.1.0", "minor", "feature", "it has features", "v1.1.0 is the last", "is not free: a branch has it", "1.2.1 is free", "3 commits and what each", "aaaaaaa", "two of one", "undone by ddddddd", "no type", "700 tags passed over", "… and 699 more", "api/v2.0.0", "package.json", "ff00", "a tag: is odd. Look."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the page:\n%s", want, text)
		}
	}
	for _, no := range []string{"bbbbbbb", "not a remark"} {
		if strings.Contains(text, no) {
			t.Errorf("%q is in the page", no)
		}
	}
}

func TestPageOfADocumentWithoutFigures(t *testing.T) {
	for _, d := range []any{nil, map[string]any{}} {
		if got, err := shownAgain(kept(t, d)); err != nil || got.Page != nil {
			t.Errorf("%v: %v, %v", d, got, err)
		}
	}
}

func TestPageOfABrokenDocument(t *testing.T) {
	for _, d := range []string{`{"tag": 7}`, `{"tag":"v1","commits":{}}`, `{"commits":[{"sha":[]}]}`, `{"files":"x"}`, `[]`, `"x"`} {
		if got, err := shownAgain(kept(t, json.RawMessage(d))); err == nil {
			t.Errorf("%s is shown as %v", d, got)
		}
	}
	wild, err := shownAgain(kept(t, json.RawMessage(`{"tag":"\u0000<b>","passedOver":[{}],"passedOverCount":9223372036854775807,"commits":[{"sha":"\ud800ÄÄÄÄ"}],"components":[{}],"files":[{}],"rules":[{}],"candidates":[{}],"changed":true}`)))
	if err != nil {
		t.Fatal(err)
	}
	if doc := string(wild.Page.HTML("t", report.T("x"))); strings.Contains(doc, "<b>") {
		t.Error("HTML from a document")
	}
}
