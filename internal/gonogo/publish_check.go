package gonogo

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// conclusions are what a verdict is as a check. An unknown is nothing that a rule lets through, as it
// would neutral and skipped.
var conclusions = map[verdict.Verdict]string{verdict.Pass: "success", verdict.Fail: "failure", verdict.Unknown: "action_required"}

// writeCheck publishes the decision as a check run on the commit.
func (c collector) writeCheck(ctx context.Context, e *evidence, d decision) {
	if !e.Check || c.DryRun {
		return
	}
	run := c.Facts.RunURL()
	name, id := ownCheck(e.Environment)
	url, err := c.GitHub.PublishCheckRun(ctx, e.Repository, github.CheckRunText{
		Name: name, ExternalID: id, SHA: e.SHA, Conclusion: conclusions[d.verdict],
		Title: c.Redact(report.Clip(report.OneLine(sentence(*e, d)), titleLimit)), Summary: c.Redact(summary(*e, d, run, github.CheckSummaryLimit)),
		DetailsURL: run, CompletedAt: e.Now,
	})
	if err != nil {
		why := problemOf(err)
		var asked *github.Error
		if errors.Is(err, github.ErrNoToken) || errors.As(err, &asked) && (asked.Status == http.StatusForbidden || asked.Status == http.StatusNotFound) {
			why.Next = "Give the job the permission to write check runs, which the token of a pull request from a fork never has:\npermissions:\n  checks: write"
		}
		why.What = "the check run: " + why.What
		e.Published.fail(why)
	}
	e.Published.CheckURL = url
}

// summary is the page of the decision within a limit. One that is too long tells first what did not pass,
// and loses rows of its tables before whole blocks.
func summary(e evidence, d decision, run string, limit int) string {
	end := "\n"
	if run != "" {
		end += report.Page{report.Paragraph{Text: report.Join(report.T("All of it: "), report.Link("the run", run), report.T("."))}}.Markdown(2000)
	}
	text := page(e, d).Markdown(report.SummaryLimit)
	if len(text)+len(end) <= limit {
		return text + end
	}
	d.criteria = slices.Clone(d.criteria)
	slices.SortStableFunc(d.criteria, func(a, b criterion) int { return weight[a.verdict()] - weight[b.verdict()] })
	whole := page(e, d)
	for most := 512; most > 1; most /= 2 {
		if text := shortened(whole, most).Markdown(report.SummaryLimit); len(text)+len(end) <= limit {
			return text + end
		}
	}
	return shortened(whole, 1).Markdown(limit-len(end)) + end
}

var weight = map[verdict.Verdict]int{verdict.Fail: 0, verdict.Unknown: 1, verdict.Pass: 2}

// shortened is a page of which tables have at most so many rows.
func shortened(p report.Page, most int) report.Page {
	p = slices.Clone(p)
	for i, block := range p {
		switch b := block.(type) {
		case report.Table:
			p[i] = b.First(most)
		case report.Details:
			b.Body = shortened(b.Body, most)
			p[i] = b
		}
	}
	return p
}
