package gonogo

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/window"
)

const chartDays = 7

// scheduleChart is the earliest go, and a picture of the week ahead: when the deploy window is open and
// when freezes are on. It is nothing where the policy has no windows.
func scheduleChart(e evidence, k known) report.Page {
	if e.Gate.Windows == nil {
		return nil
	}
	s := scheduleOf(e, k)
	earliest := "not known, for a part of the windows is not known."
	switch at, ok := s.next(e.Now); {
	case ok && at.Equal(e.Now):
		earliest = "now, by the windows."
	case ok:
		earliest = s.moment(at) + "."
	case len(s.unknown) == 0:
		earliest = "not within 400 days."
	}
	return report.Page{
		report.Paragraph{Text: report.Join(report.Bold("Earliest go: "), report.T(earliest))},
		report.Fence{Info: "mermaid", Body: s.gantt(e.Now)},
	}
}

// gantt is the picture, in the words of https://mermaid.js.org/syntax/gantt.html. Moments are as clocks
// of the policy's zone show them.
func (s schedule) gantt(now time.Time) string {
	end := now.AddDate(0, 0, chartDays)
	var b strings.Builder
	b.WriteString("gantt\n    title Windows of the next 7 days, " + chartText(s.zone.String()) + "\n    dateFormat YYYY-MM-DDTHH:mm\n    axisFormat %a %d\n    tickInterval 1day\n    todayMarker off\n")
	row := func(name, tags string, span window.Span) {
		start, until := span.Start, span.End
		if start.Before(now) {
			start = now
		}
		if until.After(end) {
			until = end
		}
		const form = "2006-01-02T15:04"
		fmt.Fprintf(&b, "    %s :%s, %s, %s\n", name, tags, start.In(s.zone).Format(form), until.In(s.zone).Format(form))
	}
	b.WriteString("    section Now\n")
	row("now", "milestone", window.Span{Start: now, End: now})
	b.WriteString("    section Deploy window\n")
	hours := []window.Span{{Start: now, End: end}}
	if s.Hours != nil {
		hours = s.Hours.Spans(now, end)
	}
	for _, open := range hours {
		row("open", "active", open)
	}
	frozen := slices.DeleteFunc(slices.Clone(s.Freezes), func(f window.Freeze) bool { return !f.Start.Before(end) || !f.End.After(now) || !f.Start.Before(f.End) })
	if len(frozen) == 0 {
		return b.String()
	}
	b.WriteString("    section Freezes\n")
	for i, f := range frozen {
		if i == shownFreezes {
			break
		}
		row(strings.TrimSpace("freeze "+chartText(f.Why)), "crit", f.Span)
	}
	return b.String()
}

// chartText leaves of a text what can mean nothing to the language of the picture: it stands behind another
// word, so that it begins no line either.
func chartText(s string) string {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-./", r) {
			return r
		}
		return ' '
	}, s)
	return report.Clip(oneLine(letters), 40)
}
