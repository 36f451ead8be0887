package securitygate

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// shown is the most rows of a table; the result file has all.
const shown = 100

func page(e evidence, d decision, doc *data) report.Page {
	var page report.Page
	if !e.nothingToJudge() {
		page = append(page, totals(e, d))
	}
	for _, part := range []struct {
		kind  kind
		title string
		table func(evidence, decision, []int) report.Table
	}{{vulnerable, "Vulnerabilities", vulnerabilityTable}, {leaked, "Secrets", placeTable}, {reported, "Reported by other tools", placeTable}, {unlicensed, "Licenses", licenseTable}} {
		at := indexes(d, part.kind)
		if len(at) == 0 {
			continue
		}
		page = append(page, heading(part.title))
		old := slices.IndexFunc(at, func(i int) bool { return e.base != nil && !d.found[i].isNew })
		if old < 0 {
			old = len(at)
		}
		if old > 0 {
			page = append(page, part.table(e, d, at[:old]))
		}
		if rest := at[old:]; len(rest) > 0 {
			title := fmt.Sprintf("%d that %s has already", len(rest), e.base.ref)
			page = append(page, report.Details{Summary: title, Body: report.Page{part.table(e, d, rest)}})
		}
	}
	if lines := commands(d.found); len(lines) > 0 {
		page = append(page, report.Paragraph{Text: report.Bold("To fix all that can be fixed")}, report.Fence{Info: "sh", Body: strings.Join(lines, "\n")})
	}
	if open := of(d.findings, verdict.Undecided); len(open) > 0 {
		page = append(page, heading("What is not known"), report.Findings(open).First(shown))
	}
	if len(d.accepted) > 0 {
		page = append(page, heading("Accepted risks"), acceptedTable(e, d.accepted))
		if c := d.measures.carried; c.known > 0 {
			page = append(page, report.Paragraph{Text: report.T(fmt.Sprintf("Accepted for %.0f days on average, the longest for %d; %d of %d say since when.", c.mean, c.longest, c.known, len(d.accepted)))})
		}
	}
	if len(d.fixed) > 0 {
		page = append(page, heading("Fixed"), fixedTable(d.fixed))
		if p := d.measures.patched; p.known > 0 {
			page = append(page, report.Paragraph{Text: report.T(fmt.Sprintf("From publication until it was gone here: %.0f days on average, %d at the longest.", p.mean, p.longest))})
		}
	}
	if notes := others(d); len(notes) > 0 {
		page = append(page, heading("Worth a look"), report.Findings(notes).First(shown))
	}
	if !e.nothingToJudge() {
		page = append(page, report.Details{Summary: "What was looked at", Body: sources(doc, e.newest)})
	}
	return page
}

func heading(text string) report.Heading { return report.Heading{Level: 3, Text: report.T(text)} }

// indexes are where the risks of a kind stand; what is new comes first, and of that what fails.
func indexes(d decision, k kind) []int {
	var at []int
	for i, r := range d.found {
		if r.kind == k {
			at = append(at, i)
		}
	}
	slices.SortStableFunc(at, func(a, b int) int {
		return cmp.Or(age(d.found[a])-age(d.found[b]), rank(d.outcomes[a])-rank(d.outcomes[b]))
	})
	return at
}

// age is 0 for what is new.
func age(r risk) int {
	if r.isNew {
		return 0
	}
	return 1
}

func totals(e evidence, d decision) report.Table {
	c := d.counts
	header := []string{"Critical", "High", "Medium", "Low", "Unknown", "Fixable", "Accepted"}
	row := []report.Text{}
	for _, n := range []int{c.by[osv.Critical], c.by[osv.High], c.by[osv.Medium], c.by[osv.Low], c.by[osv.Unrated], c.fixable, len(d.accepted)} {
		row = append(row, report.T(strconv.Itoa(n)))
	}
	if e.base != nil {
		header, row = append(header, "New"), append(row, report.T(strconv.Itoa(c.fresh)))
	}
	if all := len(e.tree.Manifests); all > 0 {
		header, row = append(header, "Manifests scanned"), append(row, report.T(fmt.Sprintf("%d of %d, %d%%", e.tree.Scanned(), all, e.tree.Coverage())))
	}
	return report.Table{Header: header, Rows: [][]report.Text{row}}
}

// column is a column of a table of risks. It is left out where nothing fills it.
type column struct {
	name string
	cell func(r risk) report.Text
}

// riskTable shows risks with their outcomes first.
func riskTable(d decision, at []int, columns ...column) report.Table {
	columns = slices.DeleteFunc(columns, func(c column) bool {
		return !slices.ContainsFunc(at, func(i int) bool { return len(c.cell(d.found[i])) > 0 })
	})
	t := report.Table{Header: []string{columns[0].name, "Outcome"}}
	for _, c := range columns[1:] {
		t.Header = append(t.Header, c.name)
	}
	for _, i := range at {
		row := []report.Text{columns[0].cell(d.found[i]), report.T(report.Mark(d.outcomes[i]))}
		for _, c := range columns[1:] {
			row = append(row, c.cell(d.found[i]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t.First(shown)
}

func vulnerabilityTable(e evidence, d decision, at []int) report.Table {
	return riskTable(d, at,
		column{"Vulnerability", named},
		column{"Severity", func(r risk) report.Text { return report.T(severity(r.rating)) }},
		column{"Package", func(r risk) report.Text { return report.Code(r.pkg.String()) }},
		column{"Through", func(r risk) report.Text { return some(r.way()) }},
		column{"Fixed in", func(r risk) report.Text {
			if r.fixed == "" {
				return report.T("–")
			}
			return report.Code(r.fixed)
		}},
		column{"Published", func(r risk) report.Text { return some(date(r.published)) }},
		column{"Reached", func(r risk) report.Text { return some(r.reach) }},
		newColumn(e),
		column{"Layer", func(r risk) report.Text {
			if r.layer == nil {
				return nil
			}
			return report.T(fmt.Sprintf("%d: %s", r.layer.Index, report.Clip(r.layer.Command, 80)))
		}},
		column{"Where", func(r risk) report.Text { return where(r.places) }},
		column{"What", func(r risk) report.Text {
			return report.T(strings.Join(append([]string{report.Clip(r.summary, 200)}, r.notes...), "; "))
		}},
	)
}

func placeTable(e evidence, d decision, at []int) report.Table {
	return riskTable(d, at,
		column{"Finding", func(r risk) report.Text { return report.Link(r.subject, r.link) }},
		column{"Severity", func(r risk) report.Text { return report.T(severity(r.rating)) }},
		newColumn(e),
		column{"Where", func(r risk) report.Text { return where(r.places) }},
		column{"What", func(r risk) report.Text {
			return report.T(strings.Join(append([]string{report.Clip(r.summary, 200)}, r.notes...), "; "))
		}},
		column{"Fingerprint", func(r risk) report.Text { return report.Code(r.id) }},
	)
}

func licenseTable(e evidence, d decision, at []int) report.Table {
	return riskTable(d, at,
		column{"Package", func(r risk) report.Text { return report.Code(r.pkg.String()) }},
		column{"License", func(r risk) report.Text { return report.T(r.summary) }},
		column{"Through", func(r risk) report.Text { return some(r.way()) }},
		newColumn(e),
		column{"Where", func(r risk) report.Text { return where(r.places) }},
	)
}

func newColumn(e evidence) column {
	return column{"New", func(r risk) report.Text {
		switch {
		case e.base == nil:
			return nil
		case r.unsure:
			return report.T("unknown")
		case r.isNew:
			return report.Bold("new")
		}
		return report.T("no")
	}}
}

// some is text, or nothing at all.
func some(text string) report.Text {
	if text == "" {
		return nil
	}
	return report.T(text)
}

// named is a vulnerability's id and its first other names.
func named(r risk) report.Text {
	const few = 2
	text := report.Link(r.id, r.link)
	if r.exploited {
		text = report.Join(text, report.T(" "), report.Bold("exploited"))
	}
	if len(r.aliases) == 0 {
		return text
	}
	names := strings.Join(r.aliases[:min(few, len(r.aliases))], ", ")
	if len(r.aliases) > few {
		names += ", …"
	}
	return report.Join(text, report.T(" ("+names+")"))
}

func where(places []result.Where) report.Text {
	if len(places) == 0 {
		return nil
	}
	text := report.Place(&places[0])
	if len(places) > 1 {
		text = report.Join(text, report.T(fmt.Sprintf(" and %d more", len(places)-1)))
	}
	return text
}

func acceptedTable(e evidence, accepted []risk) report.Table {
	t := report.Table{Header: []string{"Risk", "Severity", "What has it", "Owner", "Reason", "Days left"}}
	for _, r := range accepted {
		left := "no end (" + r.accepted.source + ")"
		if !r.accepted.expires.IsZero() {
			left = fmt.Sprintf("%d (%s)", daysLeft(r.accepted.expires, e.now), date(r.accepted.expires))
		}
		t.Rows = append(t.Rows, []report.Text{
			named(r), report.T(severity(r.rating)), report.Code(r.subject), report.T(r.accepted.owner), report.T(r.accepted.reason), report.T(left),
		})
	}
	return t.First(shown)
}

func fixedTable(fixed []risk) report.Table {
	t := report.Table{Header: []string{"Risk", "Severity", "What had it", "Published"}}
	for _, r := range fixed {
		t.Rows = append(t.Rows, []report.Text{named(r), report.T(r.rating.Level.String()), report.Code(r.subject), report.T(date(r.published))})
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

// others are the warnings that are about no risk, for those have tables of their own.
func others(d decision) []result.Finding {
	ids := map[string]bool{}
	for _, r := range d.found {
		ids[r.id] = true
	}
	return slices.DeleteFunc(of(d.findings, verdict.Warned), func(f result.Finding) bool { return ids[f.ID] })
}
