package gonogo

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/report"
)

// shown is the most checks and results that a page lists; the result file has all.
const shown = 100

func page(e evidence, d decision) report.Page {
	judged := report.Join(report.T("Judged: "), report.Code(e.sha[:12]), report.T(" for "+e.environment))
	if e.repository != "" {
		judged = append(judged, report.T(" in "+e.repository)...)
	}
	judged = append(judged, report.T(", as of "+e.now.UTC().Format(time.RFC3339)+".")...)
	page := report.Page{report.Paragraph{Text: judged}, report.Findings(d.findings())}
	if open := d.open(); e.waited > 0 && len(open) > 0 {
		page = append(page, report.Alert{Kind: report.Warning, Text: report.T("Waited " + duration.Format(e.waited.Round(time.Second)) + ". Still open: " + strings.Join(open, ", ") + ".")})
	} else if e.waited > 0 {
		page = append(page, report.Paragraph{Text: report.T("Waited " + duration.Format(e.waited.Round(time.Second)) + " for checks.")})
	}
	switch own := e.checks.own; {
	case own != nil:
		page = append(page, report.Paragraph{Text: report.Join(report.T("Left out: "), report.Link(own.name, own.url), report.T(", the check of this very job: "+e.checks.ownWhy+"."))})
	case e.checks.ownWhy != "":
		page = append(page, report.Alert{Kind: report.Warning, Text: report.T("The check of this very job could not be told from the others, so it is judged with them: " + e.checks.ownWhy + ". Give the job the permission actions: read.")})
	}
	if len(e.documents) == 0 {
		page = append(page, report.Paragraph{Text: report.T("No evidence was handed in.")})
	}
	if len(e.checks.all) > 0 {
		page = append(page, report.Details{Summary: "All checks: " + report.Count(len(e.checks.all), "check"), Body: report.Page{checkTable(e.checks.all)}})
	}
	if len(e.documents) > 0 {
		page = append(page, report.Details{Summary: "All evidence: " + report.Count(len(e.documents), "result"), Body: report.Page{evidenceTable(e)}})
	}
	return page
}

// checkTable lists what did not succeed first.
func checkTable(all []check) report.Table {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b check) int {
		if a, b := a.conclusion == "success", b.conclusion == "success"; a != b {
			return map[bool]int{true: 1, false: -1}[a]
		}
		return strings.Compare(a.name, b.name)
	})
	t := report.Table{Header: []string{"Check", "State", "Reported by"}}
	for _, k := range all {
		t.Rows = append(t.Rows, []report.Text{report.Link(k.name, k.url), report.T(k.observed()), report.T(cmp.Or(k.app, "commit status"))})
	}
	return t.First(shown)
}

func evidenceTable(e evidence) report.Table {
	t := report.Table{Header: []string{"Source", "Action", "Verdict", "Commit", "Age"}}
	for _, d := range e.documents {
		if d.problem != "" {
			t.Rows = append(t.Rows, []report.Text{report.Code(d.source), nil, report.T("not read"), nil, nil})
			continue
		}
		t.Rows = append(t.Rows, []report.Text{
			report.Code(d.source), report.T(d.action), report.T(string(d.verdict)), report.Code(d.sha[:min(len(d.sha), 12)]), report.T(duration.Format(max(0, e.now.Sub(d.finished)).Round(time.Second))),
		})
	}
	return t.First(shown)
}
