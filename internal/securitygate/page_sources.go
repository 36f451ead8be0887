package securitygate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/report"
)

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
	var page report.Page
	if len(manifests.Rows) > 0 {
		page = append(page, manifests.First(shown))
	}
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
	if b := e.base; b != nil {
		page = append(page, report.Paragraph{Text: report.T(fmt.Sprintf("Base: %s at %.12s, %s.", b.ref, b.sha, report.Count(len(b.tree.Manifests), "manifest")))})
	}
	if e.sought {
		text := fmt.Sprintf("Secrets: looked for in %s", report.Count(e.secrets.files, "file"))
		if e.secrets.commits {
			text += " and in the commits of the change"
		}
		if e.secrets.allowed+e.secrets.binary > 0 {
			text += fmt.Sprintf("; %d hold no text, and %d are of a kind that the rules leave out, such as lockfiles", e.secrets.binary, e.secrets.allowed)
		}
		page = append(page, report.Paragraph{Text: report.T(text + ".")})
	}
	for _, file := range e.reports {
		for _, run := range file.runs {
			page = append(page, report.Paragraph{Text: report.Join(report.T("Report: "), report.Code(file.path), report.T(fmt.Sprintf(" by %s, %s.", run.Tool, report.Count(len(run.Results), "result"))))})
		}
	}
	if e.answer.Source != "" {
		page = append(page, report.Paragraph{Text: report.Join(report.T("Advisories: "), report.Code(e.answer.Source), report.T("."))})
	}
	if len(e.answer.Sets) > 0 {
		sets := report.Table{Header: []string{"Ecosystem", "Advisories", "Newest change", "Digest"}}
		for _, s := range e.answer.Sets {
			newest := "not told"
			if at := e.dated(s); !at.IsZero() {
				newest = fmt.Sprintf("%s, %s ago", date(at), report.Count(max(0, int(e.now.Sub(at)/day)), "day"))
			}
			sets.Rows = append(sets.Rows, []report.Text{report.T(s.Ecosystem), report.T(strconv.Itoa(s.Records)), report.T(newest), report.Code(s.Digest)})
		}
		page = append(page, sets)
	}
	return page
}
