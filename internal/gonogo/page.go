package gonogo

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
)

// shown is the most checks and results that a page lists; the result file has all.
const shown = 100

func page(e evidence, d decision) report.Page {
	judged := report.Join(report.T("Judged: "), report.Code(e.SHA[:12]), report.T(" for "+e.Environment))
	if e.Repository != "" {
		judged = append(judged, report.T(" in "+e.Repository)...)
	}
	judged = append(judged, report.T(", as of "+e.Now.UTC().Format(time.RFC3339)+".")...)
	page := report.Page{report.Paragraph{Text: judged}}
	if text := lacking(e); text != "" {
		page = append(page, report.Alert{Kind: report.Warning, Text: report.T(strings.ToUpper(text[:1]) + text[1:] + ". Give the job these permissions:")}, report.Fence{Info: "yaml", Body: permissionsBlock(e)})
	}
	page = append(page, report.Findings(report.WorstFirst(d.findings())))
	page = append(page, riskPart(d)...)
	if open := d.open(); e.Waited > 0 && len(open) > 0 {
		page = append(page, report.Alert{Kind: report.Warning, Text: report.T("Waited " + duration.Format(e.Waited.Round(time.Second)) + ". Still open: " + strings.Join(open, ", ") + ".")})
	} else if e.Waited > 0 {
		page = append(page, report.Paragraph{Text: report.T("Waited " + duration.Format(e.Waited.Round(time.Second)) + " for checks.")})
	}
	switch own := e.Checks.Own; {
	case own != nil:
		page = append(page, report.Paragraph{Text: report.Join(report.T("Left out: "), report.Link(own.Name, own.URL), report.T(", the check of this very job: "+e.Checks.OwnWhy+"."))})
	case e.Checks.OwnWhy != "":
		page = append(page, report.Alert{Kind: report.Warning, Text: report.T("The check of this very job could not be told from the others, so it is judged with them: " + e.Checks.OwnWhy + ". Give the job the permission actions: read.")})
	}
	page = append(page, scheduleChart(e, d.known)...)
	page = append(page, peoplePage(e, d)...)
	if url := e.Published.TicketURL; url != "" {
		page = append(page, report.Paragraph{Text: report.Join(report.T("Change ticket: "), report.Link(url, url))})
	}
	if len(e.Documents) == 0 {
		page = append(page, report.Paragraph{Text: report.T("No evidence was handed in.")})
	}
	if all := withoutFormer(e.Checks.All, policy.Checks{}, e.Environment); len(all) > 0 {
		page = append(page, report.Details{Summary: "All checks: " + report.Count(len(all), "check"), Body: report.Page{checkTable(all)}})
	}
	if len(e.Documents) > 0 {
		page = append(page, report.Details{Summary: "All evidence: " + report.Count(len(e.Documents), "result"), Body: report.Page{evidenceTable(e)}})
	}
	return page
}

// checkTable lists what did not succeed first.
func checkTable(all []check) report.Table {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b check) int {
		if a, b := a.Conclusion == "success", b.Conclusion == "success"; a != b {
			return map[bool]int{true: 1, false: -1}[a]
		}
		return strings.Compare(a.Name, b.Name)
	})
	t := report.Table{Header: []string{"Check", "State", "Reported by"}}
	for _, k := range all {
		t.Rows = append(t.Rows, []report.Text{report.Link(k.Name, k.URL), report.T(k.observed()), report.T(cmp.Or(k.App, "commit status"))})
	}
	return t.First(shown)
}

func evidenceTable(e evidence) report.Table {
	t := report.Table{Header: []string{"Source", "Action", "Verdict", "Commit", "Age"}}
	for _, d := range e.Documents {
		if d.Problem != "" {
			t.Rows = append(t.Rows, []report.Text{report.Code(d.Source), nil, report.T("not read"), nil, nil})
			continue
		}
		t.Rows = append(t.Rows, []report.Text{
			report.Code(d.Source), report.T(d.Action), report.T(string(d.Verdict)), report.Code(d.SHA[:min(len(d.SHA), 12)]), report.T(duration.Format(max(0, e.Now.Sub(d.Finished)).Round(time.Second))),
		})
	}
	return t.First(shown)
}
