//go:build verifyit

package deployverify

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/browser"
	"github.com/slipway-actions/slipway/internal/report"
)

// hostileReport is a report in which every foreign text is as long and as wild as it may be.
func hostileReport() []byte {
	e, d := watchedFor(3, true)
	wild := `"><svg onload=alert(1)>` + strings.Repeat("W", 150)
	e.Expected, e.Previous, e.Service.Environment = wild, wild, wild
	for i := range d.numbers.metrics {
		j := &d.numbers.metrics[i]
		j.metric.Name, j.reason = wild[:100-i], wild
		e.Watch.Metrics[i].Name, e.Watch.Metrics[i].Queries[0].Query = j.metric.Name, strings.Repeat(wild, 10)
		for k := range j.lines {
			j.lines[k].unit, j.lines[k].title = wild, wild
		}
	}
	return htmlReport(e, d, sameText)
}

// plainReport has every other kind of block, also what is wide by nature.
func plainReport() []byte {
	table := report.Table{Header: strings.Fields("a b c d e f g h i j k l")}
	for range 4 {
		var row []report.Text
		for range table.Header {
			row = append(row, report.T("some words that take room"))
		}
		table.Rows = append(table.Rows, row)
	}
	long := strings.Repeat("x", 400)
	return report.Page{
		report.Alert{Kind: report.Caution, Text: report.T("report-only is set.")}, report.Alert{Kind: report.Note, Text: report.T(long)}, report.Heading{Level: 2, Text: report.T(long)}, table,
		report.Heading{Level: 2, Text: report.T("List")}, report.List{Items: []report.Text{report.Code(long), report.Link(long, "https://e.example/"+long)}},
		report.Heading{Level: 2, Text: report.T("Text")}, report.Fence{Info: "yaml", Body: long}, report.Fence{Info: "mermaid", Body: "gantt\n    " + long},
		report.Markdown("### Fixed\n\n| a | b |\n|---|---|\n| " + long + " | `" + long + "` |\n"), report.Details{Summary: long, Body: report.Page{table}},
	}.HTML("A page of everything "+long, report.T(long))
}

// The report is seen as it should be: on phones, on desks, by day and by night, and on paper.
func TestBrowserShowsReports(t *testing.T) {
	b, folder := browser.Open(t), browser.Shelf(t)
	made := func(metrics int, harmful bool) []byte {
		e, d := watchedFor(metrics, harmful)
		return htmlReport(e, d, sameText)
	}
	widths := []int{340, 390, 1280} // ascending
	for _, tc := range []struct {
		name     string
		document []byte
		charts   int
	}{
		{"harm-1", made(1, true), 2}, {"harm-20", made(20, true), 34}, {"fine-3", made(3, false), 5}, {"hostile", hostileReport(), 5}, {"blocks", plainReport(), 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server := browser.Serve(t, tc.document)
			var looks []string
			for theme, flag := range map[string]string{"light": "--blink-settings=preferredColorScheme=1", "dark": "--blink-settings=preferredColorScheme=0"} {
				for i, s := range b.Look(t, server, widths, flag) {
					at := fmt.Sprintf("%d wide, %s", widths[i], theme)
					if s.Scroll > s.Client || s.Client != widths[i] || len(s.Wide) > 0 {
						t.Errorf("%s: it takes %d of %d: %q", at, s.Scroll, s.Client, s.Wide)
					}
					if s.Charts != tc.charts || s.Forbidden > 0 {
						t.Errorf("%s: %d charts, want %d; %d elements that should not be", at, s.Charts, tc.charts, s.Forbidden)
					}
					if len(s.Outside) > 0 || len(s.Small) > 0 {
						t.Errorf("%s: outside of their picture: %q; too small to read: %q", at, s.Outside, s.Small)
					}
					if s.Open > s.Client || len(s.Faint) > 0 {
						t.Errorf("%s: unfolded it takes %d of %d; too faint: %q", at, s.Open, s.Client, s.Faint)
					}
					if s.Stops.First != "Skip to the content" || s.Stops.Turned > 0 || len(s.Stops.Lost) > 0 {
						t.Errorf("%s: the tab key finds %+v", at, s.Stops)
					}
					if i == 0 {
						looks = append(looks, s.Look)
						continue
					}
					path := filepath.Join(folder, fmt.Sprintf("%s-%d-%s.png", tc.name, widths[i], theme))
					b.Run(t, fmt.Sprintf("%s/frame?w=%d&h=%d", server, widths[i], s.Height), flag, "--screenshot="+path, fmt.Sprintf("--window-size=%d,%d", max(widths[i], 500), min(s.Height, 8000)))
					browser.Shelved(t, path, "\x89PNG")
				}
			}
			if looks[0] == looks[1] {
				t.Errorf("light and dark look alike: %v", looks)
			}
			path := filepath.Join(folder, tc.name+".pdf")
			b.Run(t, server+"/report", "--print-to-pdf="+path, "--no-pdf-header-footer")
			browser.Shelved(t, path, "%PDF")
		})
	}
}
