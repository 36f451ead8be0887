package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Terminal renders the page for people at a terminal of the given width in columns.
func (p Page) Terminal(width int) string {
	var b strings.Builder
	for _, block := range p {
		b.WriteString(terminal(block, width))
		b.WriteByte('\n')
	}
	return b.String()
}

func terminal(block Block, width int) string {
	switch b := block.(type) {
	case Heading:
		title := b.Text.terminal()
		return title + "\n" + strings.Repeat(map[bool]string{true: "=", false: "-"}[b.Level <= 2], min(width, utf8.RuneCountInString(title))) + "\n"
	case Paragraph:
		return wrap(b.Text.terminal(), "", width)
	case Alert:
		return wrap(string(b.Kind)+": "+b.Text.terminal(), "  ", width)
	case Table:
		return b.terminal(width)
	case List:
		var s strings.Builder
		for _, item := range b.Items {
			s.WriteString(wrap("- "+item.terminal(), "  ", width))
		}
		return s.String()
	case Fence:
		return indent(strings.TrimRight(Printable(b.Body), "\n")) + "\n"
	case Details:
		return b.Summary + "\n" + indent(strings.TrimRight(b.Body.Terminal(width-2), "\n")) + "\n"
	}
	panic(fmt.Sprintf("report: no terminal form of %T", block))
}

// terminal sets the table in columns; where they do not fit side by side the last one wraps, and
// where not even that is left room each row becomes a little list.
func (t Table) terminal(width int) string {
	widths := make([]int, len(t.Header))
	for i, h := range t.Header {
		widths[i] = utf8.RuneCountInString(h)
	}
	for _, row := range t.Rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(oneLine(cell.terminal())))
		}
	}
	total := 2 * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	if total > width {
		return t.stacked(width)
	}
	var s strings.Builder
	line := func(cells []string) {
		var l strings.Builder
		for i, cell := range cells {
			fmt.Fprintf(&l, "%-*s  ", widths[i], cell)
		}
		s.WriteString(strings.TrimRight(l.String(), " ") + "\n")
	}
	line(t.Header)
	rules := make([]string, len(widths))
	for i, w := range widths {
		rules[i] = strings.Repeat("-", w)
	}
	line(rules)
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = oneLine(cell.terminal())
		}
		line(cells)
	}
	return s.String()
}

func (t Table) stacked(width int) string {
	label := 0
	for _, h := range t.Header[1:] {
		label = max(label, utf8.RuneCountInString(h))
	}
	var s strings.Builder
	for _, row := range t.Rows {
		s.WriteString(wrap(oneLine(row[0].terminal()), "", width))
		for i, cell := range row[1:] {
			if text := oneLine(cell.terminal()); text != "" {
				s.WriteString(wrap(fmt.Sprintf("  %-*s  %s", label, t.Header[i+1], text), strings.Repeat(" ", label+4), width))
			}
		}
	}
	return s.String()
}

func (t Text) terminal() string {
	var s strings.Builder
	for _, span := range t {
		s.WriteString(Printable(span.Body))
		if span.URL != "" && safeURL(span.URL) != "" && span.URL != span.Body {
			s.WriteString(" (" + safeURL(span.URL) + ")")
		}
	}
	return s.String()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func indent(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }

// wrap breaks text at blanks; lines after the first begin with hang.
func wrap(text, hang string, width int) string {
	lead := text[:len(text)-len(strings.TrimLeft(text, " "))]
	var s strings.Builder
	line := lead
	for i, word := range strings.Fields(text) {
		if i > 0 && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			s.WriteString(line + "\n")
			line = hang + word
			continue
		}
		if i > 0 {
			line += " "
		}
		line += word
	}
	s.WriteString(line + "\n")
	return s.String()
}
