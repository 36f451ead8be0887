package report

import (
	"fmt"
	"html"
	"regexp"
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
		title := fold(b.Text.terminal(), width)
		rule := "-"
		if b.Level <= 2 {
			rule = "="
		}
		return strings.Join(title, "\n") + "\n" + strings.Repeat(rule, utf8.RuneCountInString(title[0])) + "\n"
	case Paragraph:
		return wrap("", "", b.Text.terminal(), width)
	case Alert:
		return wrap(string(b.Kind)+": ", "  ", b.Text.terminal(), width)
	case Table:
		return b.terminal(width)
	case List:
		var s strings.Builder
		for _, item := range b.Items {
			s.WriteString(wrap("- ", "  ", item.terminal(), width))
		}
		return s.String()
	case Fence:
		return indent(strings.TrimRight(Printable(b.Body), "\n")) + "\n"
	case Markdown:
		return plain(string(b))
	case Details:
		return b.Summary + "\n" + indent(strings.TrimRight(b.Body.Terminal(width-2), "\n")) + "\n"
	case Chart:
		return b.terminal(width)
	case Banner:
		return terminal(b.paragraph(), width)
	case Timeline:
		return strings.TrimSuffix(b.words().Terminal(width), "\n")
	}
	panic(fmt.Sprintf("report: no terminal form of %T", block))
}

// roomForLast is the least width, in columns, in which a table's last column may wrap.
const roomForLast = 40

// terminal sets the table in columns. Where they do not fit side by side the last one wraps, and
// where that leaves too little room each row becomes a little list.
func (t Table) terminal(width int) string {
	if len(t.Header) == 0 {
		return ""
	}
	widths := make([]int, len(t.Header))
	for i, h := range t.Header {
		widths[i] = utf8.RuneCountInString(h)
	}
	for _, row := range t.Rows {
		for i := range widths {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell(row, i).oneLine()))
		}
	}
	last := len(widths) - 1
	before := 2 * last
	for _, w := range widths[:last] {
		before += w
	}
	if before+widths[last] > width {
		if width-before < roomForLast {
			return t.stacked(width)
		}
		widths[last] = width - before
	}
	var s strings.Builder
	line := func(text func(int) string) {
		var head strings.Builder
		for i, w := range widths[:last] {
			fmt.Fprintf(&head, "%-*s  ", w, text(i))
		}
		s.WriteString(wrap(head.String(), strings.Repeat(" ", before), text(last), width))
	}
	line(func(i int) string { return t.Header[i] })
	line(func(i int) string { return strings.Repeat("-", widths[i]) })
	for _, row := range t.Rows {
		line(func(i int) string { return cell(row, i).oneLine() })
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
		s.WriteString(wrap("", "", cell(row, 0).oneLine(), width))
		for i, header := range t.Header[1:] {
			if text := cell(row, i+1).oneLine(); text != "" {
				s.WriteString(wrap(fmt.Sprintf("  %-*s  ", label, header), strings.Repeat(" ", label+4), text, width))
			}
		}
	}
	return s.String()
}

func (t Text) terminal() string {
	var s strings.Builder
	for _, span := range t {
		s.WriteString(Printable(span.Body))
		if target := safeURL(span.URL); target != "" && span.URL != span.Body {
			s.WriteString(" (" + target + ")")
		}
	}
	return s.String()
}

func (t Text) oneLine() string { return strings.Join(strings.Fields(t.terminal()), " ") }

var (
	inlineLink = regexp.MustCompile(`\[([^\]]+)\]\(https?://[^)\s]+\)`)
	backslash  = regexp.MustCompile(`\\([[:punct:]])`)
)

// plain undoes what Escape did and shows links as their text: a terminal renders no Markdown.
func plain(markdown string) string {
	text := backslash.ReplaceAllString(inlineLink.ReplaceAllString(markdown, "$1"), "$1")
	return Printable(html.UnescapeString(strings.ReplaceAll(text, "<wbr>", "")))
}

func indent(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }

// wrap breaks text at blanks; its first line begins with first, the others with rest.
func wrap(first, rest, text string, width int) string {
	var s strings.Builder
	for i, line := range fold(text, width-max(utf8.RuneCountInString(first), utf8.RuneCountInString(rest))) {
		prefix := rest
		if i == 0 {
			prefix = first
		}
		s.WriteString(strings.TrimRight(prefix+line, " ") + "\n")
	}
	return s.String()
}

// fold breaks text at blanks into lines of at most width columns; a longer word stays whole.
func fold(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		current := &lines[len(lines)-1]
		switch {
		case *current == "":
			*current = word
		case utf8.RuneCountInString(*current)+1+utf8.RuneCountInString(word) <= width:
			*current += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}
