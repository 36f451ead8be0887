package ticket

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/slipway-actions/slipway/internal/report"
)

var (
	headingLine = regexp.MustCompile(`^#{1,6}[ \t]+(.*?)[ \t]*#*$`)
	item        = regexp.MustCompile(`^([-*+]|\d{1,9}[.)])[ \t]+(\[[ xX]\][ \t]+)?(\S.*)$`)
)

// Harmless makes of somebody's Markdown one that keeps lists, boxes, headings and code, and in which all
// else is plain text: no links, no mentions, no HTML, no marks of ours. It keeps at most so many lines
// and says what it left out.
func Harmless(text string, most int) string {
	h := harmless{}
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")), "\n")
	left := len(lines) - most
	for _, line := range lines[:min(most, len(lines))] {
		h.line(strings.TrimRight(strings.ReplaceAll(line, "\t", "    "), " "))
	}
	h.endCode()
	if left > 0 {
		h.out = append(h.out, "", fmt.Sprintf("_… and %s more_", report.Count(left, "line")))
	}
	return strings.Trim(strings.Join(h.out, "\n"), "\n")
}

// harmless writes line after line. Lists are indented anew, so that a reader of Markdown sees the
// nesting that we see, and nothing becomes code, or ceases to be, by its indentation.
type harmless struct {
	out    []string
	fence  Fence
	code   []string
	indent int   // of the block of code
	levels []int // how far the text of each open item of a list is indented
}

func (h *harmless) line(line string) {
	was := h.fence.Open()
	text := strings.TrimLeft(line, " ")
	indent := len(line) - len(text)
	switch edge := h.fence.Next(text); {
	case edge && was:
		h.endCode()
		return
	case edge:
		h.within(indent)
		h.indent = indent
		return
	case was:
		h.code = append(h.code, line[min(h.indent, indent):])
		return
	}
	heading, entry := headingLine.FindStringSubmatch(text), item.FindStringSubmatch(text)
	switch {
	case text == "":
		h.blank()
	case heading != nil:
		h.levels = nil
		h.blank()
		if title := report.Escape(report.OneLine(heading[1])); title != "" {
			h.out = append(h.out, "**"+title+"**", "")
		}
	case entry != nil:
		pad := h.within(indent)
		if len(h.levels) == 0 && len(h.out) > 0 && !item.MatchString(strings.TrimLeft(h.out[len(h.out)-1], " ")) {
			h.blank()
		}
		box := strings.TrimSpace(entry[2])
		if box != "" {
			box += " "
		}
		h.levels = append(h.levels, pad+len(entry[1])+1)
		h.out = append(h.out, strings.Repeat(" ", pad)+entry[1]+" "+box+words(entry[3]))
	default:
		h.out = append(h.out, strings.Repeat(" ", h.within(indent))+words(text))
	}
}

// within ends the items of lists that a line with that indentation is not part of, and returns how far
// what is part of the others is indented.
func (h *harmless) within(indent int) int {
	for len(h.levels) > 0 && indent < h.levels[len(h.levels)-1] {
		h.levels = h.levels[:len(h.levels)-1]
	}
	if len(h.levels) == 0 {
		return 0
	}
	return h.levels[len(h.levels)-1]
}

func (h *harmless) blank() {
	if len(h.out) > 0 && h.out[len(h.out)-1] != "" {
		h.out = append(h.out, "")
	}
}

// endCode writes the block of code that was read. Blank lines around it keep it from being taken for the
// end of a paragraph.
func (h *harmless) endCode() {
	if len(h.code) > 0 {
		body := strings.ReplaceAll(strings.Join(h.code, "\n"), "<!--", "<! --")
		pad := strings.Repeat(" ", h.within(1<<20))
		h.blank()
		for line := range strings.SplitSeq(strings.TrimRight(report.Page{report.Fence{Body: body}}.Markdown(report.SummaryLimit), "\n"), "\n") {
			h.out = append(h.out, strings.TrimRight(pad+line, " "))
		}
		h.out = append(h.out, "")
	}
	h.code, h.fence = nil, Fence{}
}

// words are a line in which all is plain text but code between single backticks.
func words(line string) string {
	parts := strings.Split(line, "`")
	if len(parts)%2 == 0 || strings.Contains(line, "``") {
		return report.Escape(line)
	}
	var text report.Text
	for i, part := range parts {
		if i%2 == 1 {
			text = append(text, report.Code(part)...)
		} else {
			text = append(text, report.T(part)...)
		}
	}
	return strings.TrimSpace(report.Page{report.Paragraph{Text: text}}.Markdown(report.SummaryLimit))
}

var box = regexp.MustCompile(`(?m)^( *(?:[-*+]|\d{1,9}[.)]) )\[[ xX]\] `)

// WithTicks is the text with the boxes ticked as in an older one that says the same.
func WithTicks(text, older string) string {
	unticked := func(s string) string { return box.ReplaceAllString(s, "$1[ ] ") }
	if unticked(older) == unticked(text) {
		return older
	}
	return text
}
