package securitygate

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// shownAgain is a result document as a page. One of a run that could not decide holds no figures.
func shownAgain(document []byte) (action.Shown, error) {
	var held struct {
		Findings []result.Finding `json:"findings"`
		Data     data             `json:"data"`
	}
	if err := json.Unmarshal(document, &held); err != nil {
		return action.Shown{}, fmt.Errorf("read the data of security-gate: %w", err)
	}
	doc := &held.Data
	if doc.Counts == nil {
		return action.Shown{}, nil
	}
	page := report.Page{doc.totals()}
	known := []struct {
		kind  kind
		title string
	}{{vulnerable, "Vulnerabilities"}, {leaked, "Secrets"}, {reported, "Reported by other tools"}, {unlicensed, "Licenses"}, {"", "Of another kind"}}
	for _, part := range known {
		t := keptRisks(doc.Risks, func(r riskData) bool {
			if part.kind == "" { // a newer release may know more kinds
				return !slices.Contains([]kind{vulnerable, leaked, reported, unlicensed}, kind(r.Kind))
			}
			return r.Kind == string(part.kind)
		})
		if len(t.Rows) > 0 {
			page = append(page, heading(part.title), t)
		}
	}
	// Those of a risk stand in its row already, but for the next action.
	if open := slices.DeleteFunc(slices.Clone(held.Findings), func(f result.Finding) bool {
		return f.Outcome == verdict.Passed || f.Outcome == verdict.Skipped
	}); len(open) > 0 {
		page = append(page, heading("What to do"), report.Findings(open).First(shown))
	}
	if len(doc.Accepted) > 0 {
		page = append(page, heading("Accepted risks"), keptAccepted(doc.Accepted))
	}
	if len(doc.Fixed) > 0 {
		page = append(page, heading("Fixed"), keptFixed(doc.Fixed))
	}
	return action.Shown{Page: append(page, report.Details{Summary: "What was looked at", Body: sources(doc, doc.newest)})}, nil
}

// newest is when a set of advisories was last known to be current. How long ago that was depends on the day
// of the reader, and is left to them.
func (d *data) newest(i int) string {
	s := d.Database.Sets[i]
	return cmp.Or(max(s.Newest, s.AsOf), "not told") // days, which sort as text does
}

func (d *data) totals() report.Table {
	var header []string
	var row []report.Text
	add := func(name, text string) { header, row = append(header, name), append(row, report.T(text)) }
	for level := osv.Critical; level >= osv.Unrated; level-- {
		n, ok := d.Counts[level.String()]
		text := strconv.Itoa(n)
		if !ok { // a level that nobody counted is not 0
			text = "not told"
		}
		add(strings.ToUpper(level.String()[:1])+level.String()[1:], text)
	}
	add("Accepted", strconv.Itoa(len(d.Accepted)))
	if d.Base != nil {
		add("New", strconv.Itoa(d.Base.New))
	}
	add("Packages", strconv.Itoa(d.Packages))
	add("Coverage", fmt.Sprintf("%d%%", d.Coverage))
	return report.Table{Header: header, Rows: [][]report.Text{row}}
}

// keptColumns are those of a table of risks, each left out where nothing fills it.
var keptColumns = []struct {
	name string
	cell func(r riskData) report.Text
}{
	{"Risk", func(r riskData) report.Text { return r.named() }},
	{"Outcome", func(r riskData) report.Text { return report.T(report.Mark(r.Outcome)) }},
	{"Severity", func(r riskData) report.Text { return some(r.severity()) }},
	{"What has it", func(r riskData) report.Text { return r.has() }},
	{"Fixed in", func(r riskData) report.Text {
		if r.Fixed == "" {
			return nil
		}
		return report.Code(r.Fixed)
	}},
	{"Through", func(r riskData) report.Text { return some(report.Clip(strings.Join(r.Through, " → "), 200)) }},
	{"Reached", func(r riskData) report.Text { return some(r.Reach) }},
	{"New", func(r riskData) report.Text {
		if r.New == nil {
			return nil
		}
		return report.T(map[bool]string{true: "new", false: "no"}[*r.New])
	}},
	{"Published", func(r riskData) report.Text { return some(r.Published) }},
	{"Where", func(r riskData) report.Text { return where(r.Places) }},
}

// keptRisks are the risks of some kind, worst first.
func keptRisks(all []riskData, of func(riskData) bool) report.Table {
	risks := slices.DeleteFunc(slices.Clone(all), func(r riskData) bool { return !of(r) })
	slices.SortStableFunc(risks, func(a, b riskData) int { return rank(a.Outcome) - rank(b.Outcome) })
	t := report.Table{Rows: make([][]report.Text, len(risks))}
	for _, c := range keptColumns {
		if !slices.ContainsFunc(risks, func(r riskData) bool { return len(c.cell(r)) > 0 }) {
			continue
		}
		t.Header = append(t.Header, c.name)
		for i, r := range risks {
			t.Rows[i] = append(t.Rows[i], c.cell(r))
		}
	}
	return t.First(shown)
}

func (r riskData) named() report.Text {
	text := report.Code(r.ID)
	if r.Exploited {
		text = report.Join(text, report.T(" "), report.Bold("exploited"))
	}
	if len(r.Aliases) > 0 {
		text = append(text, report.T(" ("+report.Clip(strings.Join(r.Aliases, ", "), 80)+")")...)
	}
	return text
}

func (r riskData) severity() string {
	if r.Score > 0 {
		return fmt.Sprintf("%s (%.1f, %s)", r.Severity, r.Score, r.RatedBy)
	}
	return r.Severity
}

func (r riskData) has() report.Text {
	if r.Package == "" {
		return nil
	}
	return report.Code(strings.TrimSpace(r.Package + " " + r.Version))
}

func keptAccepted(accepted []riskData) report.Table {
	t := report.Table{Header: []string{"Risk", "Severity", "What has it", "Owner", "Reason", "Until"}}
	for _, r := range accepted {
		t.Rows = append(t.Rows, []report.Text{r.named(), report.T(r.severity()), r.has(), report.T(r.Owner), report.T(r.Reason), report.T(cmp.Or(r.Expires, "no end ("+r.By+")"))})
	}
	return t.First(shown)
}

func keptFixed(fixed []riskData) report.Table {
	t := report.Table{Header: []string{"Risk", "Severity", "What had it", "Published"}}
	for _, r := range fixed {
		t.Rows = append(t.Rows, []report.Text{r.named(), report.T(r.Severity), r.has(), report.T(r.Published)})
	}
	return t.First(shown)
}
