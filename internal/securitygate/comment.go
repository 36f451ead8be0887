package securitygate

import (
	"context"
	"errors"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// mark is how the comment is known again. Nobody sees it.
const mark = "<!-- slipway security-gate -->"

// commentLimit is the most characters that GitHub takes as a comment, with some room.
const commentLimit = 60_000

var signs = map[verdict.Verdict]string{verdict.Pass: "✅", verdict.Fail: "❌", verdict.Unknown: "❓"}

// tell keeps the one comment on the pull request up to date. The decision stands whether or not it can be
// told there, so what fails is a warning.
func tell(ctx context.Context, w *action.World, o *action.Outcome) {
	if w.Facts.Pull == 0 || w.DryRun {
		return
	}
	page := append(report.Page{report.Heading{Level: 2, Text: report.T(signs[o.Verdict] + " security-gate: " + o.Sentence)}}, o.Page...)
	if url := w.Facts.RunURL(); url != "" {
		page = append(page, report.Paragraph{Text: report.Join(report.T("Of "), report.Code(w.SHA()[:min(12, len(w.SHA()))]), report.T(", "), report.Link("this run", url), report.T("."))})
	}
	_, err := w.GitHub.Comment(ctx, w.Facts.Repository, w.Facts.Pull, mark, mark+"\n"+w.Redact(page.Markdown(commentLimit)))
	if err == nil {
		return
	}
	f := result.Finding{
		ID: "comment", Outcome: verdict.Warned, Title: "Comment on the pull request", Observed: err.Error(),
		Next: "Add the permission to the job:\npermissions:\n  pull-requests: write\nA pull request from a fork has no token that may write; read the summary of the run instead.",
	}
	if api := (*github.Error)(nil); errors.As(err, &api) && api.Next != "" {
		f.Next = api.Next
	}
	o.Findings = append(o.Findings, f)
	o.Page = append(o.Page, report.Findings([]result.Finding{f}))
}
