package securitygate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// shown is the most rows of a table; the result file has all.
const shown = 100

func page(e evidence, d decision) report.Page {
	var page report.Page
	if len(e.tree.Manifests) > 0 {
		page = append(page, totals(e, d))
	}
	if len(d.found) > 0 {
		page = append(page, heading("Vulnerabilities"), vulnerabilityTable(e, d.found))
	}
	if lines := commands(d.found); len(lines) > 0 {
		page = append(page, report.Paragraph{Text: report.Bold("To fix all that can be fixed")}, report.Fence{Info: "sh", Body: strings.Join(lines, "\n")})
	}
	if open := of(d.findings, verdict.Undecided); len(open) > 0 {
		page = append(page, heading("What is not known"), report.Findings(open).First(shown))
	}
	if len(d.accepted) > 0 {
		page = append(page, heading("Accepted risks"), acceptedTable(e, d.accepted))
	}
	if notes := others(d); len(notes) > 0 {
		page = append(page, heading("Worth a look"), report.Findings(notes).First(shown))
	}
	if len(e.tree.Manifests) > 0 {
		page = append(page, report.Details{Summary: "What was looked at", Body: sources(e)})
	}
	return page
}

func heading(text string) report.Heading { return report.Heading{Level: 3, Text: report.T(text)} }

func totals(e evidence, d decision) report.Table {
	c := count(d.found)
	row := []report.Text{}
	for _, n := range []int{c.by[osv.Critical], c.by[osv.High], c.by[osv.Medium], c.by[osv.Low], c.by[osv.Unrated], c.fixable, len(d.accepted)} {
		row = append(row, report.T(strconv.Itoa(n)))
	}
	read, all := e.tree.Scanned(), len(e.tree.Manifests)
	row = append(row, report.T(fmt.Sprintf("%d%% (%d of %d)", e.tree.Coverage(), read, all)))
	return report.Table{Header: []string{"Critical", "High", "Medium", "Low", "Unknown", "Fixable", "Accepted", "Manifests scanned"}, Rows: [][]report.Text{row}}
}

func vulnerabilityTable(e evidence, found []vulnerability) report.Table {
	t := report.Table{Header: []string{"Vulnerability", "Outcome", "Severity", "Package", "Fixed in", "Where", "What"}}
	for _, v := range found {
		fixed := report.T("–")
		if v.fixed != "" {
			fixed = report.Code(v.fixed)
		}
		f := e.weigh(v)
		t.Rows = append(t.Rows, []report.Text{
			named(v), report.T(report.Mark(f.Outcome)), report.T(severity(v.rating)), report.Code(v.pkg.String()), fixed, where(v.places), report.T(report.Clip(v.summary, 200)),
		})
	}
	return t.First(shown)
}

// named is a vulnerability's id and its first other names.
func named(v vulnerability) report.Text {
	const few = 2
	text := report.Link(v.id, v.link())
	if len(v.aliases) == 0 {
		return text
	}
	names := strings.Join(v.aliases[:min(few, len(v.aliases))], ", ")
	if len(v.aliases) > few {
		names += ", …"
	}
	return report.Join(text, report.T(" ("+names+")"))
}

func where(places []result.Where) report.Text {
	text := report.Place(&places[0])
	if len(places) > 1 {
		text = report.Join(text, report.T(fmt.Sprintf(" and %d more", len(places)-1)))
	}
	return text
}

func acceptedTable(e evidence, accepted []vulnerability) report.Table {
	t := report.Table{Header: []string{"Vulnerability", "Severity", "Package", "Owner", "Reason", "Days left"}}
	for _, v := range accepted {
		t.Rows = append(t.Rows, []report.Text{
			named(v), report.T(severity(v.rating)), report.Code(v.pkg.String()), report.T(v.accepted.Owner), report.T(v.accepted.Reason),
			report.T(fmt.Sprintf("%d (%s)", daysLeft(*v.accepted, e.now), date(v.accepted.Expires.Time))),
		})
	}
	return t.First(shown)
}

func of(findings []result.Finding, outcome verdict.Outcome) []result.Finding {
	var kept []result.Finding
	for _, f := range findings {
		if f.Outcome == outcome {
			kept = append(kept, f)
		}
	}
	return kept
}

// others are the warnings that are about no vulnerability, for those have a table of their own.
func others(d decision) []result.Finding {
	return slices.DeleteFunc(of(d.findings, verdict.Warned), func(f result.Finding) bool {
		return slices.ContainsFunc(d.found, func(v vulnerability) bool { return v.id == f.ID })
	})
}

// sources says where the evidence came from.
func sources(e evidence) report.Page {
	manifests := report.Table{Header: []string{"Manifest", "State", "Packages", "Remark"}}
	for _, m := range e.tree.Manifests {
		packages := "–"
		if m.State == manifest.Scanned {
			packages = strconv.Itoa(len(m.Packages))
		}
		manifests.Rows = append(manifests.Rows, []report.Text{report.Code(m.Path), report.T(string(m.State)), report.T(packages), report.T(report.Clip(m.Reason, 200))})
	}
	page := report.Page{manifests.First(shown)}
	if len(e.tree.Passed) > 0 {
		var names []string
		for _, p := range e.tree.Passed {
			names = append(names, p.Path+" ("+p.Reason+")")
		}
		list := strings.Join(names[:min(len(names), 10)], "; ")
		if len(names) > 10 {
			list += fmt.Sprintf("; and %d more", len(names)-10)
		}
		page = append(page, report.Paragraph{Text: report.T("Not entered: " + list + ".")})
	}
	page = append(page, report.Paragraph{Text: report.Join(report.T("Advisories: "), report.Code(e.answer.Source), report.T("."))})
	if len(e.answer.Sets) > 0 {
		sets := report.Table{Header: []string{"Ecosystem", "Advisories", "Newest change", "Digest"}}
		for _, s := range e.answer.Sets {
			newest := date(s.Newest)
			if newest == "" {
				newest = "not told"
			}
			sets.Rows = append(sets.Rows, []report.Text{report.T(s.Ecosystem), report.T(strconv.Itoa(s.Records)), report.T(newest), report.Code(s.Digest)})
		}
		page = append(page, sets)
	}
	return page
}
