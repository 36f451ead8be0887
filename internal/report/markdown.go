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
		return fmt.Sprintf("<details><summary>%s</summary>\n\n%s\n</details>\n", htmlEscapes.Replace(OneLine(b.Summary)), b.Body.Markdown(SummaryLimit))
	case Chart:
		return b.markdown()
	case Banner:
		return markdown(b.paragraph())
	case Timeline:
		return b.words().Markdown(SummaryLimit)
	}
	panic(fmt.Sprintf("report: no Markdown for %T", block))
}

func (t Table) markdown() string {
	if len(t.Header) == 0 {
		return ""
	}
	var s strings.Builder
	s.WriteString("| " + strings.Join(t.Header, " | ") + " |\n")
	s.WriteString(strings.Repeat("|---", len(t.Header)) + "|\n")
	for _, row := range t.Rows {
		for i := range t.Header {
			s.WriteString("| " + cell(row, i).markdown() + " ")
		}
		s.WriteString("|\n")
	}
	return s.String()
}

// cell is one of a row, empty where the row is short.
func cell(row []Text, i int) Text {
	if i < len(row) {
		return row[i]
	}
	return nil
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
	return lineStart(s.String())
}

func (s Span) markdown() string {
	switch {
	case s.Body == "":
		return ""
	case s.Code: // as HTML, for Markdown's own code has no escape for a pipe in a table
		return "<code>" + inline(s.Body) + "</code>"
	case s.Bold:
		return "<strong>" + inline(s.Body) + "</strong>"
	case s.URL != "":
		if target := safeURL(s.URL); target != "" {
			return "[" + inline(s.Body) + "](" + target + ")"
		}
	}
	return inline(s.Body)
}

// escapes makes characters that mean something to GitHub's Markdown mean themselves: HTML,
// emphasis, tables, links, addresses, mentions of strangers. A mention is broken by an empty tag,
// which leaves nothing in a command that somebody copies, such as go get example.com/x@v1.2.3.
var escapes = strings.NewReplacer(
	"<", "&lt;", ">", "&gt;",
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`, "|", `\|`,
	"[", `\[`, "]", `\]`, "$", `\$`, "@", "@<wbr>", "://", `\://`,
	"\r\n", " ", "\n", " ", "\r", " ", "\t", " ",
)

var (
	// entity is an ampersand that begins a character reference; any other is only itself.
	entity = regexp.MustCompile(`&(#?\w+;)`)
	// innerUnderscore is one that GitHub does not read as emphasis, which keeps snake_case readable.
	innerUnderscore = regexp.MustCompile(`([\pL\pN])\\_([\pL\pN])`)
	// webAddress is one that GitHub makes a link of without a scheme.
	webAddress = regexp.MustCompile(`(?i)\b(www)\.`)
	// blockStart is what makes a heading, a list or a rule of a line; numbered, what makes a list of it.
	blockStart = regexp.MustCompile(`^[#+:=-]`)
	numbered   = regexp.MustCompile(`^(\d+)([.)])( |$)`)
)

// htmlEscapes are for a line of HTML, in which Markdown means nothing.
var htmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "@<wbr>")

// Escape makes one line of harmless Markdown of any text. Line breaks become blanks.
func Escape(s string) string { return lineStart(inline(s)) }

// inline makes text harmless in the middle of a line.
func inline(s string) string {
	s = escapes.Replace(entity.ReplaceAllString(Printable(s), "&amp;$1"))
	return webAddress.ReplaceAllString(innerUnderscore.ReplaceAllString(s, "${1}_$2"), `$1\.`)
}

// lineStart keeps text that begins like a block, or like one of code, from being one.
func lineStart(s string) string {
	s = strings.TrimLeft(s, " ")
	return numbered.ReplaceAllString(blockStart.ReplaceAllString(s, `\$0`), `$1\$2$3`)
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
	return urlEscapes.Replace(entity.ReplaceAllString(u.String(), "&amp;$1"))
}

// urlEscapes keep an address from ending its link or a table's cell.
var urlEscapes = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "|", "%7C", `\`, "%5C", " ", "%20", "\"", "%22", "`", "%60")

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
