package publish

import (
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Page is what a summary shows of what was published; note is what to know about it, "" for nothing.
func Page(findings []result.Finding, note string) report.Page {
	page := report.Page{report.Heading{Level: 3, Text: report.T("At GitHub")}, report.Findings(findings)}
	if note != "" {
		page = append(page, report.Alert{Kind: report.Note, Text: report.T(note)})
	}
	return page
}

// Trouble is what went wrong first, of what failed before what is unknown; "" where nothing did.
func Trouble(findings []result.Finding) string {
	for _, weight := range []verdict.Outcome{verdict.Failed, verdict.Undecided} {
		for _, f := range findings {
			if f.Outcome == weight {
				return "but: " + f.Observed
			}
		}
	}
	return ""
}
