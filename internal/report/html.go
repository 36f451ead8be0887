package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"slices"
	"strings"
)

// HTML is the page as one document that needs nothing besides itself: no script, no font, no picture from
// elsewhere, which its policy of content forbids as well. about is its last line, such as who made it and
// when; it may be empty.
func (p Page) HTML(title string, about Text) []byte {
	w := htmlWriter{}
	w.page(p)
	var b strings.Builder
	sum := sha256.Sum256([]byte(style))
	fmt.Fprintf(&b, `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>%s</title>
<style>%s</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><h1>%[2]s</h1></header>
`, base64.StdEncoding.EncodeToString(sum[:]), escapeHTML(cmp.Or(OneLine(title), noText)), style)
	b.WriteString(w.contents())
	b.WriteString("<main id=\"content\" tabindex=\"-1\">\n" + w.b.String() + "</main>\n")
	if !about.empty() {
		b.WriteString("<footer><p>" + about.html() + "</p></footer>\n")
	}
	b.WriteString("</body>\n</html>\n")
	return []byte(b.String())
}

// htmlWriter writes blocks, and keeps what later ones need of earlier ones.
type htmlWriter struct {
	b        strings.Builder
	headings []tocEntry
	charts   int
	tables   map[string]int // how many are called so
	about    string         // the heading or summary that the next table stands under
	levels   []int          // of the headings that the next block stands under, the outermost first
	folded   int            // how deep in parts that are folded away
}

// noText stands where a name must be and there is none.
const noText = "(no text)"

// tocEntry is a heading that the list of contents leads to.
type tocEntry struct {
	id, text string
	level    int
}

// contents lists the headings where there are so many that one looks for them, and only the uppermost ones
// where there are so many that one would look for them in the list.
func (w *htmlWriter) contents() string {
	const few, many = 3, 30
	if len(w.headings) > many {
		if upper := slices.DeleteFunc(slices.Clone(w.headings), func(h tocEntry) bool { return h.level > 2 }); len(upper) >= few {
			w.headings = upper
		}
	}
	if len(w.headings) < few {
		return ""
	}
	var s strings.Builder
	s.WriteString("<nav aria-label=\"Contents\"><ul>\n")
	for _, h := range w.headings {
		fmt.Fprintf(&s, "<li><a href=\"#%s\">%s</a></li>\n", h.id, escapeHTML(Clip(h.text, 60)))
	}
	s.WriteString("</ul></nav>\n")
	return s.String()
}

// page writes blocks; charts that follow on each other stand side by side where there is room.
func (w *htmlWriter) page(p Page) {
	abreast := false
	for _, block := range p {
		if _, ok := block.(Chart); ok != abreast {
			if abreast = ok; ok {
				w.b.WriteString("<div class=\"charts\">\n")
			} else {
				w.b.WriteString("</div>\n")
			}
		}
		w.block(block)
	}
	if abreast {
		w.b.WriteString("</div>\n")
	}
}

func (w *htmlWriter) block(block Block) {
	switch b := block.(type) {
	case Heading:
		w.heading(b)
	case Paragraph:
		w.b.WriteString("<p>" + b.Text.html() + "</p>\n")
	case Alert:
		fmt.Fprintf(&w.b, "<div class=\"alert %s\" role=\"note\"><p><strong>%s</strong></p><p>%s</p></div>\n", b.Kind.class(), b.Kind.name(), b.Text.html())
	case Table:
		w.table(b)
	case List:
		w.b.WriteString("<ul>\n")
		for _, item := range b.Items {
			w.b.WriteString("<li>" + item.html() + "</li>\n")
		}
		w.b.WriteString("</ul>\n")
	case Fence:
		w.fence(b)
	case Markdown:
		w.b.WriteString(b.html())
	case Details:
		w.about = cmp.Or(OneLine(b.Summary), noText)
		w.b.WriteString("<details><summary>" + escapeHTML(w.about) + "</summary>\n")
		w.folded++
		w.page(b.Body)
		w.folded--
		w.b.WriteString("</details>\n")
	case Chart:
		w.charts++
		w.b.WriteString(b.html(fmt.Sprintf("chart%d", w.charts)))
	case Banner:
		w.b.WriteString(b.html())
	case Timeline:
		w.charts++
		w.b.WriteString(b.html(fmt.Sprintf("chart%d", w.charts)))
	default:
		panic(fmt.Sprintf("report: no HTML for %T", block))
	}
}

// heading is below the document's title, and one level below the heading that it belongs to, so that no
// level is left out whatever the page numbers them by.
func (w *htmlWriter) heading(h Heading) {
	for len(w.levels) > 0 && w.levels[len(w.levels)-1] >= h.Level {
		w.levels = w.levels[:len(w.levels)-1]
	}
	w.levels = append(w.levels, h.Level)
	level := min(1+len(w.levels), 6)
	if w.about = h.Text.plain(); w.about == "" { // one that says nothing is heard as nothing
		h.Text, w.about = T(noText), noText
	}
	id := ""
	if w.folded == 0 && level <= 3 {
		entry := tocEntry{fmt.Sprintf("part%d", len(w.headings)+1), w.about, level}
		w.headings, id = append(w.headings, entry), fmt.Sprintf(" id=\"%s\"", entry.id)
	}
	fmt.Fprintf(&w.b, "<h%d%s>%s</h%[1]d>\n", level, id, h.Text.html())
}

// table scrolls by itself where it is wider than the screen; for the keyboard to scroll it, it can be reached.
func (w *htmlWriter) table(t Table) {
	if len(t.Header) == 0 {
		return
	}
	caption := w.about
	if caption == "" {
		caption = "Overview"
	}
	if w.tables == nil {
		w.tables = map[string]int{}
	}
	caption = Clip(caption, 120)
	if w.tables[caption]++; w.tables[caption] > 1 { // a list of the page's regions tells them apart
		caption += fmt.Sprintf(", table %d", w.tables[caption])
	}
	fmt.Fprintf(&w.b, "<div class=\"wide\" role=\"region\" aria-label=\"%s\" tabindex=\"0\"><table><caption>%[1]s</caption>\n<thead><tr>", escapeHTML(caption))
	for _, h := range t.Header {
		w.b.WriteString("<th scope=\"col\">" + escapeHTML(OneLine(h)) + "</th>")
	}
	w.b.WriteString("</tr></thead>\n<tbody>\n")
	for _, row := range t.Rows {
		w.b.WriteString("<tr>")
		for i := range t.Header {
			if i == 0 {
				w.b.WriteString("<th scope=\"row\">" + cell(row, i).html() + "</th>")
				continue
			}
			w.b.WriteString("<td>" + cell(row, i).html() + "</td>")
		}
		w.b.WriteString("</tr>\n")
	}
	w.b.WriteString("</tbody></table></div>\n")
}

// fence shows a picture in Mermaid as the text it is made of, folded away, for nothing here draws it.
func (w *htmlWriter) fence(f Fence) {
	code := "<pre tabindex=\"0\"><code>" + escapeHTML(strings.TrimRight(f.Body, "\n")) + "</code></pre>\n"
	if f.Info == "mermaid" {
		code = "<details><summary>A picture, as the text it is drawn from</summary>\n" + code + "</details>\n"
	}
	w.b.WriteString(code)
}

func (k AlertKind) class() string {
	switch k {
	case Caution, Warning:
		return strings.ToLower(string(k))
	}
	return "note"
}

func (k AlertKind) name() string { return strings.ToUpper(k.class()[:1]) + k.class()[1:] }

func (t Text) html() string {
	var s strings.Builder
	for _, span := range t {
		s.WriteString(span.html())
	}
	return s.String()
}

func (s Span) html() string {
	body := escapeHTML(s.Body)
	switch {
	case s.Body == "":
		return ""
	case s.Code:
		return "<code>" + body + "</code>"
	case s.Bold:
		return "<strong>" + body + "</strong>"
	case s.URL != "":
		if target := safeURL(s.URL); target != "" {
			return openLink(target) + body + "</a>"
		}
	}
	return body
}

// openLink begins a link to an address of safeURL, which has made its character references harmless already.
func openLink(target string) string {
	return `<a href="` + html.EscapeString(html.UnescapeString(target)) + `" rel="noopener noreferrer">`
}

// plain is the text without its properties, on one line.
func (t Text) plain() string {
	var s strings.Builder
	for _, span := range t {
		s.WriteString(span.Body)
	}
	return OneLine(s.String())
}

// escapeHTML makes text of any text, between tags and in attributes.
func escapeHTML(s string) string { return html.EscapeString(Printable(s)) }
