package report_test

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// A banner says its outcome in words and by its class, and one that nobody knows is unknown.
func TestBanner(t *testing.T) {
	for outcome, want := range map[verdict.Outcome]struct{ class, word string }{
		verdict.Passed: {"pass", "pass"}, verdict.Failed: {"fail", "fail"}, verdict.Undecided: {"unknown", "unknown"}, verdict.Warned: {"warn", "warn"},
		"green": {"unknown", "unknown"}, "": {"unknown", "unknown"}, verdict.Skipped: {"unknown", "skipped"},
	} {
		page := report.Page{report.Banner{Outcome: outcome, Text: report.T("all of it")}}
		banner := elements(harmlessDocument(t, page.HTML("t", nil)))["p"][0]
		if got := attribute(banner, "class"); got != "banner "+want.class {
			t.Errorf("%q has the class %q, want %s", outcome, got, want.class)
		}
		if got := textOf(banner); !strings.Contains(got, want.word) || !strings.Contains(got, "all of it") {
			t.Errorf("%q is read as %q", outcome, got)
		}
		for _, text := range []string{page.Markdown(report.SummaryLimit), page.Terminal(80)} {
			if !strings.Contains(text, want.word) && want.word != "unknown" || !strings.Contains(text, "all of it") {
				t.Errorf("%q is written as %q", outcome, text)
			}
		}
	}
}

func TestTimelineBlock(t *testing.T) {
	hidden := report.Page{timeline("secret"), report.Banner{Text: report.T("secret")}}.Map(func(s string) string { return strings.ReplaceAll(s, "secret", "hidden") })
	for _, text := range []string{hidden.Markdown(report.SummaryLimit), hidden.Terminal(80), string(hidden.HTML("t", nil))} {
		if strings.Contains(text, "secret") || !strings.Contains(text, "2026-03-01 12:00:00") {
			t.Errorf("not as it should be:\n%s", text)
		}
	}
}
