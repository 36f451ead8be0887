package deployverify

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/chart"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// metricsPage is what the metrics show: a table, and the pictures and queries of each. Those that are fine
// are folded away.
func metricsPage(e evidence, n numbers) report.Page {
	return metricsSection(e, n, func(j judged) bool { return j.outcome == verdict.Passed || j.outcome == verdict.Skipped })
}

// htmlReport is the page of a decision as a document to keep, with every picture in sight. redact takes out
// what must not be seen.
func htmlReport(e evidence, d decision, redact func(string) string) []byte {
	whole := append(report.Page{report.Paragraph{Text: report.Bold(sentence(d))}, report.Heading{Level: 3, Text: report.T("Findings")}}, wholePage(e, d)...)
	title := strings.TrimSpace("deploy-verify: " + d.act + " " + e.Expected)
	if e.Service.Environment != "" {
		title += " in " + e.Service.Environment
	}
	about := "slipway deploy-verify, " + e.Ended.UTC().Format("2006-01-02 15:04:05") + " UTC"
	if e.SHA != "" {
		about += ", commit " + e.SHA
	}
	return whole.Map(redact).HTML(redact(title), report.T(redact(about)))
}

// wholePage is the page with every picture in sight.
func wholePage(e evidence, d decision) report.Page {
	return append(page(e, d), metricsSection(e, d.numbers, func(judged) bool { return false })...)
}

func metricsSection(e evidence, n numbers, folded func(judged) bool) report.Page {
	if len(n.metrics) == 0 {
		return nil
	}
	page := report.Page{report.Heading{Level: 3, Text: report.T("Metrics")}, metricTable(e, n)}
	for _, j := range n.metrics {
		part := metricPart(e, n, j)
		switch {
		case len(part) == 0:
		case folded(j):
			page = append(page, report.Details{Summary: report.Mark(j.outcome) + " " + j.metric.Name, Body: part})
		default:
			page = append(page, report.Heading{Level: 4, Text: report.T(report.Mark(j.outcome) + " " + j.metric.Name)})
			page = append(page, part...)
		}
	}
	return page
}

// metricColumns are those of the table, each left out where no metric fills it.
var metricColumns = []struct {
	name string
	cell func(e evidence, n numbers, j judged) string
}{
	{"Metric", func(_ evidence, _ numbers, j judged) string { return metricTitle(j.metric) }},
	{"Outcome", func(_ evidence, _ numbers, j judged) string { return report.Mark(j.outcome) }},
	{"New version", func(e evidence, n numbers, j judged) string {
		return counted(e, n, j, func(s slot) *side { return &s.Canary })
	}},
	{"Baseline", func(e evidence, n numbers, j judged) string {
		if j.metric.Compare == nil {
			return ""
		}
		return named(baselineName(e, j.metric), counted(e, n, j, func(s slot) *side { return s.Baseline }))
	}},
	{"Wanted", func(_ evidence, _ numbers, j judged) string { return wanted(j) }},
	{"Seen", func(_ evidence, _ numbers, j judged) string { return j.reason }},
	{"First breach (UTC)", func(e evidence, _ numbers, j judged) string { return firstBreach(e.Watch, j) }},
}

func metricTable(e evidence, n numbers) report.Table {
	t := report.Table{Rows: make([][]report.Text, len(n.metrics))}
	for _, column := range metricColumns {
		cells := make([]string, len(n.metrics))
		for i, j := range n.metrics {
			cells[i] = column.cell(e, n, j)
		}
		if !slices.ContainsFunc(cells, func(s string) bool { return s != "" }) {
			continue
		}
		t.Header = append(t.Header, column.name)
		for i, text := range cells {
			t.Rows[i] = append(t.Rows[i], report.T(text))
		}
	}
	return t
}

func metricTitle(m policy.Metric) string {
	var notes []string
	if m.Critical {
		notes = append(notes, "critical")
	}
	if m.ReportOnly {
		notes = append(notes, "report only")
	}
	if len(notes) > 0 {
		return m.Name + " (" + strings.Join(notes, ", ") + ")"
	}
	return m.Name
}

func named(name, text string) string {
	if text == "" {
		return ""
	}
	return name + ": " + text
}

// wanted is what the findings of a metric hold it to, or else the policy's own words.
func wanted(j judged) string {
	var all []string
	for _, f := range j.findings {
		if f.Threshold != "" && !slices.Contains(all, f.Threshold) {
			all = append(all, f.Threshold)
		}
	}
	return cmp.Or(strings.Join(all, "; "), j.metric.Limit)
}

// firstBreach is the end of the slot by which harm was shown.
func firstBreach(w watch, j judged) string {
	if j.harmed <= 0 {
		return ""
	}
	return fmt.Sprintf("%s, after %s", w.until(j.harmed).Format(time.TimeOnly), span(time.Duration(j.harmed)*w.Width))
}

// until is the end of so many slots.
func (w watch) until(slots int) time.Time {
	return w.Began.Add(time.Duration(slots) * w.Width).UTC()
}

// baselineName is what the new version is compared with.
func baselineName(e evidence, m policy.Metric) string {
	switch {
	case m.Compare == nil:
		return ""
	case m.Compare.Baseline == "before":
		return "before"
	case m.Compare.Baseline != "" && m.Compare.Baseline != "previous":
		return m.Compare.Baseline + " before"
	}
	return cmp.Or(e.Previous, "previous version")
}

// counted is what one side of a metric adds up to, over the slots that it was judged by.
func counted(e evidence, n numbers, j judged, of func(slot) *side) string {
	metric := e.watchedOf(j.metric)
	if metric == nil {
		return ""
	}
	var bad, total, readings float64
	last, recorded := math.NaN(), false
	for _, s := range metric.Slots[:min(max(n.slots, 0), len(metric.Slots))] {
		side := of(s)
		if side == nil || side.Samples == 0 || s.Problem != nil {
			continue
		}
		recorded = true
		bad, total = bad+side.Bad, total+side.Total
		if k := len(side.Buckets); k > 0 {
			total += side.Buckets[k-1]
		}
		if side.Value != nil {
			readings, last = readings+1, *side.Value
		}
	}
	switch {
	case !recorded:
		return "nothing recorded"
	case j.metric.Kind() == "gauge":
		return fmt.Sprintf("%s, last %s", report.Count(int(readings), "reading"), chart.Number(last, ""))
	case j.metric.Kind() == "histogram":
		return amount(total) + " measured"
	}
	return fmt.Sprintf("%s of %s", amount(bad), amount(total))
}

// amount is a number of things that happened; sums of growth need not be whole.
func amount(v float64) string { return chart.Number(math.Round(v), "") }

// watchedOf is where a metric's numbers are: those of a budget are another one's.
func (e evidence) watchedOf(m policy.Metric) *watched {
	name := cmp.Or(m.Use, m.Name)
	for i := range e.Watch.Metrics {
		if e.Watch.Metrics[i].Name == name {
			return &e.Watch.Metrics[i]
		}
	}
	return nil
}

// metricPart is a metric's pictures, and its queries as the source was asked.
func metricPart(e evidence, n numbers, j judged) report.Page {
	var page report.Page
	for _, l := range j.lines {
		if len(l.canary) > 0 || len(l.compare) > 0 {
			page = append(page, report.Chart{Chart: l.chart(e, j)})
		}
	}
	metric := e.watchedOf(j.metric)
	if metric == nil || len(metric.Queries) == 0 {
		return page
	}
	t := report.Table{Header: []string{"For", "Query"}}
	for _, q := range metric.Queries {
		t.Rows = append(t.Rows, []report.Text{report.T(q.For), report.Code(report.Clip(q.Query, maxQueryShown))})
	}
	return append(page, report.Details{Summary: "Queries of " + j.metric.Name, Body: report.Page{t}})
}

// maxQueryShown is how many characters of a query are shown.
const maxQueryShown = 2000

// chart draws a line over the ends of its slots.
func (l line) chart(e evidence, j judged) chart.Chart {
	c := chart.Chart{Title: j.metric.Name, Unit: l.unit, Limit: l.limit, Log: l.log}
	if l.title != "" && l.title != j.metric.Name {
		c.Title += ": " + l.title
	}
	if l.log { // the evidence of harm, and from where on it is shown
		c.LimitName = "harm"
	}
	for k := range max(len(l.canary), len(l.compare)) {
		c.X = append(c.X, e.Watch.until(k+1))
	}
	c.Series = []chart.Series{{Name: e.versionText(), Values: l.canary, Role: chart.Canary}}
	if len(l.compare) > 0 {
		c.Series = append(c.Series, chart.Series{Name: cmp.Or(baselineName(e, j.metric), "baseline"), Values: l.compare, Role: chart.Baseline})
	}
	if j.harmed > 0 {
		c.Marks = append(c.Marks, chart.Mark{At: e.Watch.until(j.harmed), Text: "harm shown"})
	}
	return c
}
