package changelog

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// behind is what stands behind the notes: why entries are there, and what is not. The document has all of
// it, so that the page of a run and the page that is made of the document later are drawn by the same code.
func behind(findings []result.Finding, doc data) report.Page {
	var page report.Page
	for _, f := range findings {
		if f.Outcome == verdict.Warned && f.ID != "unparsed-commits" { // those are listed below
			page = append(page, report.Alert{Kind: report.Note, Text: report.T(f.Title + ": " + f.Observed + ". " + f.Next)})
		}
	}
	page = append(page, reasons(doc.Entries)...)
	page = append(page, commitList("without a type, not in the notes", doc.Unread)...)
	page = append(page, commitList("of other types, not in the notes", doc.Left)...)
	page = append(page, leftList("hidden from this audience", doc.Hidden)...)
	return append(page, leftList("folded", doc.Folded)...)
}

// reasons say why each entry stands where it does.
func reasons(entries []entryData) report.Page {
	table := report.Table{Header: []string{"Commit", "Entry", "Section", "Why"}}
	for _, e := range entries {
		table.Rows = append(table.Rows, []report.Text{report.Code(e.commits()), report.T(report.Clip(e.Description, 80)), report.T(e.Section), report.T(e.Why)})
	}
	if len(table.Rows) == 0 {
		return nil
	}
	return report.Page{report.Details{Summary: "Why each entry stands where it does", Body: report.Page{table.First(shown)}}}
}

// commits are those of an entry, in few words.
func (e entryData) commits() string {
	if len(e.Commits) == 0 {
		return ""
	}
	id := commit.Short(e.Commits[0])
	if more := len(e.Commits) - 1; more > 0 {
		id += fmt.Sprintf(" and %d more", more)
	}
	return id
}

// leftList folds away changes that have no entry, each with the reason.
func leftList(what string, list []leftData) report.Page {
	if len(list) == 0 {
		return nil
	}
	table := report.Table{Header: []string{"Commit", "Why"}}
	for _, one := range list {
		table.Rows = append(table.Rows, []report.Text{report.T(report.Clip(one.Commit, 100)), report.T(one.Why)})
	}
	return report.Page{report.Details{Summary: report.Count(len(list), "commit") + " " + what, Body: report.Page{table.First(shown)}}}
}

// commitList folds away commits that the notes leave out; nothing where there are none.
func commitList(what string, commits []string) report.Page {
	if len(commits) == 0 {
		return nil
	}
	var list report.List
	for i, s := range commits {
		if i == shown {
			list.Items = append(list.Items, report.T(fmt.Sprintf("and %d more", len(commits)-shown)))
			break
		}
		list.Items = append(list.Items, report.T(s))
	}
	return report.Page{report.Details{Summary: report.Count(len(commits), "commit") + " " + what, Body: report.Page{list}}}
}

// shownAgain is a result document as a page. One of a run that could not decide holds no entries.
func shownAgain(document []byte) (action.Shown, error) {
	var held struct {
		Findings []result.Finding `json:"findings"`
		Data     *data            `json:"data"`
	}
	if err := json.Unmarshal(document, &held); err != nil {
		return action.Shown{}, fmt.Errorf("read the data of changelog: %w", err)
	}
	doc := held.Data
	if doc == nil || doc.Audience == "" {
		return action.Shown{}, nil
	}
	page := report.Page{report.Table{
		Header: []string{"Release", "Since", "Entries", "Breaking", "For", "File"},
		Rows: [][]report.Text{{
			report.T(orUnreleased(doc.Tag)), report.T(cmp.Or(doc.Previous, "the beginning")), report.T(strconv.Itoa(len(doc.Entries))), report.T(strconv.Itoa(doc.Breaking)),
			report.T(map[bool]string{true: "all readers", false: doc.Audience}[doc.Audience == "all"]), report.T(cmp.Or(doc.File, "none is written")),
		}},
	}}
	page = append(page, noted(doc.Entries)...)
	if n := len(doc.Contributors); n > 0 {
		names := strings.Join(doc.Contributors[:min(n, shown)], ", ")
		if n > shown {
			names += fmt.Sprintf(" and %d more", n-shown)
		}
		page = append(page, report.Paragraph{Text: report.Join(report.Bold("Contributors: "), report.T(names))})
	}
	return action.Shown{Page: append(page, behind(held.Findings, *doc)...)}, nil
}

// longest is how many characters of an entry are shown, and of what it tells to do.
const longest = 600

// noted are the entries by their sections, in the order of the notes.
func noted(entries []entryData) report.Page {
	var page report.Page
	var list report.List
	section := ""
	for i, e := range entries {
		if i == 0 || e.Section != section {
			if i > 0 {
				page, list = append(page, list), report.List{}
			}
			section = e.Section
			page = append(page, report.Heading{Level: 3, Text: report.T(cmp.Or(section, "Without a section"))})
		}
		if i == most {
			list.Items = append(list.Items, report.T(fmt.Sprintf("… and %d more", len(entries)-most)))
			break
		}
		list.Items = append(list.Items, e.text())
	}
	if len(list.Items) > 0 {
		page = append(page, list)
	}
	return page
}

// most is how many entries a page lists; the result file has all.
const most = 300

func (e entryData) text() report.Text {
	var text report.Text
	if e.Scope != "" {
		text = report.Bold(report.Clip(e.Scope, 80) + ": ")
	}
	text = append(text, report.T(report.Clip(e.Description, longest))...)
	var links []string
	add := func(sign, s string) {
		if s != "" && len(links) < 10 {
			links = append(links, sign+report.Clip(s, 60))
		}
	}
	add("#", e.Pull)
	for _, number := range e.Issues {
		add("#", number)
	}
	for _, id := range e.Advisories {
		add("", id)
	}
	if len(links) > 0 {
		text = append(text, report.T(" ("+strings.Join(links, ", ")+")")...)
	}
	if e.Migration != "" {
		text = append(text, report.T(" — "+report.Clip(e.Migration, longest))...)
	}
	return text
}
