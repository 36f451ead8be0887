package securitygate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/report"
)

// sources says where the evidence came from. The document has all of it, so that the page of a run and the
// page that is made of the document later are drawn by the same code; newest says of each set of advisories
// how old it is.
func sources(doc *data, newest func(i int) string) report.Page {
	manifests := report.Table{Header: []string{"Manifest", "State", "Packages", "Remark"}}
	for _, m := range doc.Manifests {
		packages := "–"
		if m.State == string(manifest.Scanned) {
			packages = strconv.Itoa(m.Packages)
		}
		manifests.Rows = append(manifests.Rows, []report.Text{report.Code(m.Path), report.T(m.State), report.T(packages), report.T(report.Clip(m.Reason, 200))})
	}
	var page report.Page
	if len(manifests.Rows) > 0 {
		page = append(page, manifests.First(shown))
	}
	if len(doc.PassedOver) > 0 {
		var names []string
		for _, p := range doc.PassedOver {
			names = append(names, p.Path+" ("+p.Reason+")")
		}
		list := strings.Join(names[:min(len(names), 10)], "; ")
		if len(names) > 10 {
			list += fmt.Sprintf("; and %d more", len(names)-10)
		}
		page = append(page, report.Paragraph{Text: report.T("Not entered: " + list + ".")})
	}
	if b := doc.Base; b != nil {
		page = append(page, report.Paragraph{Text: report.T(fmt.Sprintf("Base: %s at %.12s, %s.", b.Ref, b.SHA, report.Count(b.Manifests, "manifest")))})
	}
	if s := doc.Secrets; s != nil {
		text := fmt.Sprintf("Secrets: looked for in %s", report.Count(s.Files, "file"))
		if s.Commits {
			text += " and in the commits of the change"
		}
		if s.Allowed+s.Binary > 0 {
			text += fmt.Sprintf("; %d hold no text, and %d are of a kind that the rules leave out, such as lockfiles", s.Binary, s.Allowed)
		}
		page = append(page, report.Paragraph{Text: report.T(text + ".")})
	}
	for _, run := range doc.Reports {
		page = append(page, report.Paragraph{Text: report.Join(report.T("Report: "), report.Code(run.Path), report.T(fmt.Sprintf(" by %s, %s.", run.Tool, report.Count(run.Results, "result"))))})
	}
	if doc.Database.Source != "" {
		page = append(page, report.Paragraph{Text: report.Join(report.T("Advisories: "), report.Code(doc.Database.Source), report.T("."))})
	}
	if len(doc.Database.Sets) > 0 {
		sets := report.Table{Header: []string{"Ecosystem", "Advisories", "Newest change", "Digest"}}
		for i, s := range doc.Database.Sets {
			sets.Rows = append(sets.Rows, []report.Text{report.T(s.Ecosystem), report.T(strconv.Itoa(s.Records)), report.T(newest(i)), report.Code(s.Digest)})
		}
		page = append(page, sets)
	}
	return page
}

// newest is how old a set of advisories is.
func (e evidence) newest(i int) string {
	at := e.dated(e.answer.Sets[i])
	if at.IsZero() {
		return "not told"
	}
	return fmt.Sprintf("%s, %s ago", date(at), report.Count(max(0, int(e.now.Sub(at)/day)), "day"))
}
