package report

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// SummaryLimit is the most bytes GitHub takes as one step's summary; a larger one is dropped whole.
const SummaryLimit = 1 << 20

// Markdown renders the page for GitHub. A page over limit bytes loses whole blocks from its end
// and says so, for half a table misleads and a dropped summary says nothing.
func (p Page) Markdown(limit int) string {
	const cut = "\n> [!WARNING]\n> This page was cut here: it is longer than GitHub shows. The result file has all of it.\n"
	var b strings.Builder
	for i, block := range p {
		text := markdown(block)
		room := limit - b.Len()
		if i < len(p)-1 {
			room -= len(cut)
		}
		if len(text)+1 > room {
			b.WriteString(cut)
			break
		}
		b.WriteString(text)
		b.WriteByte('\n')
	}
	return b.String()
}

func markdown(block Block) string {
	switch b := block.(type) {
	case Heading:
		return strings.Repeat("#", b.Level) + " " + b.Text.markdown() + "\n"
	case Paragraph:
		return b.Text.markdown() + "\n"
	case Alert:
		return fmt.Sprintf("> [!%s]\n> %s\n", b.Kind, b.Text.markdown())
	case Table:
		return b.markdown()
	case List:
		var s strings.Builder
		for _, item := range b.Items {
			s.WriteString("- " + item.markdown() + "\n")
		}
		return s.String()
	case Fence:
		return b.markdown()
	case Markdown:
		return string(b)
	case Details:
		return fmt.Sprintf("<details><summary>%s</summary>\n\n%s\n</details>\n", Escape(b.Summary), b.Body.Markdown(SummaryLimit))
	}
	panic(fmt.Sprintf("report: no Markdown for %T", block))
}

func (t Table) markdown() string {
	var s strings.Builder
	s.WriteString("| " + strings.Join(t.Header, " | ") + " |\n")
	s.WriteString(strings.Repeat("|---", len(t.Header)) + "|\n")
	for _, row := range t.Rows {
		for _, cell := range row {
			s.WriteString("| " + cell.markdown() + " ")
		}
		s.WriteString("|\n")
	}
	return s.String()
}

// markdown fences the body with more backticks than it holds in a row.
func (f Fence) markdown() string {
	fence := strings.Repeat("`", max(3, longestRun(f.Body, '`')+1))
	return fence + f.Info + "\n" + strings.TrimRight(Printable(f.Body), "\n") + "\n" + fence + "\n"
}

func (t Text) markdown() string {
	var s strings.Builder
	for _, span := range t {
		s.WriteString(span.markdown())
	}
	return s.String()
}

func (s Span) markdown() string {
	switch {
	case s.Body == "":
		return ""
	case s.Code:
		return codeSpan(s.Body)
	case s.Bold:
		return "**" + Escape(s.Body) + "**"
	case s.URL != "":
		if target := safeURL(s.URL); target != "" {
			return "[" + Escape(s.Body) + "](" + target + ")"
		}
	}
	return Escape(s.Body)
}

// codeSpan renders as HTML: Markdown's own code spans have no escape for a pipe in a table.
func codeSpan(body string) string {
	return "<code>" + Escape(body) + "</code>"
}

// escapes makes characters that mean something to GitHub's Markdown mean themselves: HTML,
// emphasis, tables, links, mentions of strangers. A mention is broken by an invisible character,
// which keeps the text readable and can be copied.
var escapes = strings.NewReplacer(
	"<", "&lt;", ">", "&gt;",
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`, "|", `\|`,
	"[", `\[`, "]", `\]`, "$", `\$`, "@", "@&#8203;",
	"\r\n", " ", "\n", " ", "\r", " ", "\t", " ",
)

// entity is an ampersand that begins a character reference; any other is only itself.
var entity = regexp.MustCompile(`&(#?\w+;)`)

// innerUnderscore is one that GitHub does not read as emphasis, which keeps snake_case readable.
var innerUnderscore = regexp.MustCompile(`([\pL\pN])\\_([\pL\pN])`)

// Escape makes one line of harmless Markdown of any text. Line breaks become blanks.
func Escape(s string) string {
	s = escapes.Replace(entity.ReplaceAllString(Printable(s), "&amp;$1"))
	s = innerUnderscore.ReplaceAllString(s, "${1}_$2")
	if s != "" && strings.ContainsRune("#-+=:0123456789", rune(s[0])) {
		s = escapeLineStart(s)
	}
	return s
}

// escapeLineStart keeps text that begins like a heading, a list item or a table's rule from being one.
func escapeLineStart(s string) string {
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	switch {
	case digits == 0:
		return `\` + s
	case digits < len(s) && (s[digits] == '.' || s[digits] == ')'):
		return s[:digits] + `\` + s[digits:]
	}
	return s
}

// Printable replaces what a reader cannot see: control characters (ANSI sequences with them),
// characters that turn the direction of text, and bytes that are no UTF-8.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return r
		case r < ' ' || r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x2028 || r == 0x2029:
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// safeURL returns an http(s) URL fit to stand in a Markdown link, or "".
func safeURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return ""
	}
	return strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "|", "%7C", `\`, "%5C", " ", "%20", "\"", "%22", "`", "%60").Replace(u.String())
}

func longestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// OneLine is text without line breaks and characters that nobody can see.
func OneLine(s string) string { return strings.Join(strings.Fields(Printable(s)), " ") }
