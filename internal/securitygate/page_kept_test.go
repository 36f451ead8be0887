package securitygate

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
	text, err := result.Document{Action: "security-gate", Verdict: verdict.Fail, FinishedAt: time.Now(), Findings: findings, Data: d}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// What a scan found, what was accepted and what it looked at can be read from its document.
func TestPageOfADocument(t *testing.T) {
	fresh := true
	d := data{
		Database: databaseData{"osv.dev", []setData{{Ecosystem: "Go", Records: 9, Newest: "2026-02-01", AsOf: "2026-02-03", Digest: "sha256:aa"}}},
		Counts:   map[string]int{"critical": 1, "high": 2, "medium": 3, "low": 4}, Packages: 77, Coverage: 81, Base: &baseData{"main", "abcdef", 2, 5},
		Manifests: []manifestData{{"go.mod", "scanned", 77, ""}, {"x.lock", "unreadable", 0, "it is cut"}}, PassedOver: []passedData{{"vendor", "is a copy"}}, Secrets: &secretsData{Files: 12},
		Risks: []riskData{
			{Kind: "vulnerability", ID: "GO-1", Outcome: verdict.Warned, Severity: "low"},
			{Kind: "vulnerability", ID: "GO-2", Aliases: []string{"CVE-2"}, Outcome: verdict.Failed, Severity: "critical", Score: 9.8, RatedBy: "CVSS 3.1", Package: "example.com/p", Version: "1.0.0", Fixed: "1.0.1", Exploited: true, New: &fresh, Through: []string{"a", "b"}},
			{Kind: "secret", ID: "S-1", Outcome: verdict.Failed, Places: []result.Where{{File: "key.pem", Line: 3}}}, {Kind: "prophecy", ID: "P-1", Outcome: verdict.Failed},
		},
		Accepted: []riskData{{Kind: "vulnerability", ID: "GO-9", Owner: "appsec", Reason: "never parsed", Expires: "2027-01-31"}, {ID: "GO-10", By: "vex.json"}},
		Fixed:    []riskData{{ID: "GO-8", Package: "example.com/q", Version: "0.9.0"}},
	}
	got, err := shownAgain(kept(t, d, result.Finding{ID: "GO-2", Outcome: verdict.Failed, Title: "GO-2", Next: "go get example.com/p@v1.0.1"}, result.Finding{ID: "fine", Outcome: verdict.Passed, Title: "not to do"}))
	if err != nil {
		t.Fatal(err)
	}
	text := got.Page.Terminal(1000)
	for _, want := range []string{"Vulnerabilities", "GO-2 exploited (CVE-2)", "critical (9.8, CVSS 3.1)", "example.com/p 1.0.0", "1.0.1", "a → b", "new", "Secrets", "key.pem:3", "Of another kind", "P-1", "go get example.com/p@v1.0.1",
		"Accepted risks", "never parsed", "appsec", "2027-01-31", "no end (vex.json)", "GO-8", "example.com/q 0.9.0", "not told", "81%", "77", "x.lock", "it is cut", "vendor (is a copy)", "Base: main at abcdef", "2026-02-03", "sha256:aa", "12 files"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the page:\n%s", want, text)
		}
	}
	if strings.Contains(text, "not to do") || strings.Index(text, "GO-1 ") < strings.Index(text, "GO-2 exploited") {
		t.Errorf("what is worst does not come first:\n%s", text)
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
	for _, d := range []string{`{"counts": 7}`, `{"counts":{},"vulnerabilities":{}}`, `{"counts":{"high":"many"}}`, `{"vulnerabilities":[{"places":"x"}]}`, `[]`, `"x"`} {
		if got, err := shownAgain(kept(t, json.RawMessage(d))); err == nil {
			t.Errorf("%s is shown as %v", d, got)
		}
	}
	wild, err := shownAgain(kept(t, json.RawMessage(`{"counts":{},"database":{"sets":[{}]},"base":{},"secrets":{},"vulnerabilities":[{"kind":"secret","id":"<script>x</script>","places":[{}]},{}],"accepted":[{}],"fixed":[{}],"manifests":[{}],"reports":[{}]}`)))
	if err != nil {
		t.Fatal(err)
	}
	if doc := string(wild.Page.HTML("t", report.T("x"))); strings.Contains(doc, "<script") {
		t.Error("HTML from a document")
	}
}
