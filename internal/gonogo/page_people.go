package gonogo

import (
	"fmt"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/report"
)

// peoplePage shows in red what was waived, and folded who said what and who ticked what.
func peoplePage(e evidence, d decision) report.Page {
	var page report.Page
	for _, w := range d.waivers {
		if w.applied {
			page = append(page, report.Alert{Kind: report.Caution, Text: report.Join(report.Code(w.criterion), report.T(" is "+w.said()+". It stands "), report.Link(w.source, w.url), report.T("."))})
		}
	}
	if t := wordTable(e); len(t.Rows) > 0 {
		page = append(page, report.Details{Summary: "Who spoke: " + report.Count(len(t.Rows), "word"), Body: report.Page{t.First(shown)}})
	}
	if t := tickTable(e); len(t.Rows) > 0 {
		page = append(page, report.Details{Summary: "Who ticked what: " + report.Count(len(t.Rows), "box"), Body: report.Page{t.First(shown)}})
	}
	return page
}

func wordTable(e evidence) report.Table {
	t := report.Table{Header: []string{"Who", "Said", "When", "Does not count"}}
	if e.Gate.Approvals == nil {
		return t
	}
	v := voicesNow(e)
	for _, person := range v.speakers() {
		for _, w := range v.words[strings.ToLower(person.by)] {
			said := w.state
			if w.role != "" {
				said += " as " + w.role
			}
			void := w.void
			if self := v.self(w); void == "" && w.state == "approved" {
				void = self
			}
			at := "not told"
			if !w.at.IsZero() {
				at = w.at.UTC().Format(time.RFC3339)
			}
			t.Rows = append(t.Rows, []report.Text{report.T(w.by), report.Link(said+" ("+w.how+")", w.url), report.T(at), report.T(shorten(void))})
		}
	}
	for _, c := range commandsOf(e.Ticketed.Comments) {
		if c.fault != "" {
			t.Rows = append(t.Rows, []report.Text{report.T(c.by), report.Link("/"+c.verb, c.url), report.T(c.at.UTC().Format(time.RFC3339)), report.T(shorten(c.fault))})
		}
	}
	return t
}

func tickTable(e evidence) report.Table {
	t := report.Table{Header: []string{"Box", "Ticked by", "When"}}
	if len(e.People.Ticks) == 0 || len(e.Ticketed.Body) > checklistLimit {
		return t
	}
	for i, b := range boxesOf([]byte(e.Ticketed.Body), "") {
		if i >= len(e.People.Ticks) {
			break
		}
		k := e.People.Ticks[i]
		by, at := k.By, ""
		switch {
		case !b.ticked:
			by = "open"
		case by == "":
			by = "not known: " + k.Why
		default:
			at = k.At.UTC().Format(time.RFC3339)
		}
		t.Rows = append(t.Rows, []report.Text{report.T(shorten(b.words)), report.T(by), report.T(at)})
	}
	return t
}

// waiverRow is a waiver in the result.
type waiverRow struct {
	Criterion string `json:"criterion"`
	By        string `json:"by"`
	Role      string `json:"role,omitempty"`
	Until     string `json:"until,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Ticket    string `json:"ticket,omitempty"`
	Source    string `json:"source"`
	URL       string `json:"url,omitempty"`
	Applied   bool   `json:"applied"`
	Why       string `json:"why,omitempty"` // it is not applied
}

func waiverRows(d decision) []waiverRow {
	var rows []waiverRow
	for _, w := range d.waivers {
		row := waiverRow{Criterion: shorten(w.criterion), By: w.by, Role: w.role, Reason: shorten(w.reason), Ticket: shorten(w.ticket), Source: w.source, URL: w.url, Applied: w.applied, Why: shorten(w.why)}
		if !w.until.IsZero() {
			row.Until = w.until.UTC().Format(time.RFC3339)
		}
		rows = append(rows, row)
	}
	return rows
}

// waivedText is such as ", 1 waived (tests)"; empty where nothing is.
func waivedText(waived []string) string {
	if len(waived) == 0 {
		return ""
	}
	return fmt.Sprintf(", %d waived (%s)", len(waived), strings.Join(waived, "; "))
}
