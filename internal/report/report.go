// Package report builds what people read: step summaries in GitHub's Markdown, the same page for a
// terminal, and as HTML that stands by itself. All text is taken as hostile and made harmless where it is rendered, so a page
// is put together from plain strings. It does no I/O.
package report

import (
	"fmt"
	"strings"

	"github.com/slipway-actions/slipway/internal/chart"
)

// Page is a sequence of blocks.
type Page []Block

// Block is one of Heading, Paragraph, Alert, Table, List, Fence, Markdown, Details, Chart,
// Banner or Timeline.
type Block interface{ block() }

// Heading is a title; Level counts from 1.
type Heading struct {
	Level int
	Text  Text
}

// Paragraph is running text.
type Paragraph struct{ Text Text }

// Alert is a paragraph that must not be overlooked.
type Alert struct {
	Kind AlertKind
	Text Text
}

// AlertKind says how loud an alert is.
type AlertKind string

// The alerts that GitHub knows and Slipway uses.
const (
	Note    AlertKind = "NOTE"
	Warning AlertKind = "WARNING"
	Caution AlertKind = "CAUTION"
)

// Table has a header and rows of as many cells.
type Table struct {
	Header []string
	Rows   [][]Text
}

// First is the table with so many rows, and one that counts the others where there are more.
func (t Table) First(most int) Table {
	left := len(t.Rows) - most
	if left <= 0 {
		return t
	}
	t.Rows = append(t.Rows[:most:most], []Text{T(fmt.Sprintf("… and %d more", left))})
	return t
}

// List is a bulleted list.
type List struct{ Items []Text }

// Fence is preformatted text; Info names its language, "" for none.
type Fence struct{ Info, Body string }

// Markdown is text that its maker has made harmless already, with Escape.
type Markdown string

// Details is a part that is folded away under its Summary.
type Details struct {
	Summary string
	Body    Page
}

// Chart is a picture of numbers over time, with a sentence that says what is seen.
type Chart struct{ chart.Chart }

func (Heading) block()   {}
func (Paragraph) block() {}
func (Alert) block()     {}
func (Table) block()     {}
func (List) block()      {}
func (Fence) block()     {}
func (Markdown) block()  {}
func (Details) block()   {}
func (Chart) block()     {}

// Map is the page with every text, but for the headers of tables, replaced by what f makes of it.
func (p Page) Map(f func(string) string) Page {
	mapped := make(Page, len(p))
	for i, block := range p {
		switch b := block.(type) {
		case Heading:
			block = Heading{b.Level, b.Text.mapped(f)}
		case Paragraph:
			block = Paragraph{b.Text.mapped(f)}
		case Alert:
			block = Alert{b.Kind, b.Text.mapped(f)}
		case Table:
			rows := make([][]Text, len(b.Rows))
			for n, row := range b.Rows {
				rows[n] = mappedAll(row, f)
			}
			block = Table{b.Header, rows}
		case List:
			block = List{mappedAll(b.Items, f)}
		case Fence:
			block = Fence{b.Info, f(b.Body)}
		case Markdown:
			block = Markdown(f(string(b)))
		case Details:
			block = Details{f(b.Summary), b.Body.Map(f)}
		case Chart:
			block = b.mapped(f)
		case Banner:
			block = Banner{b.Outcome, b.Text.mapped(f)}
		case Timeline:
			block = b.mapped(f)
		}
		mapped[i] = block
	}
	return mapped
}

func mappedAll(texts []Text, f func(string) string) []Text {
	mapped := make([]Text, len(texts))
	for i, t := range texts {
		mapped[i] = t.mapped(f)
	}
	return mapped
}

func (t Text) mapped(f func(string) string) Text {
	mapped := make(Text, len(t))
	for i, s := range t {
		mapped[i] = Span{Body: f(s.Body), Code: s.Code, Bold: s.Bold, URL: f(s.URL)}
	}
	return mapped
}

// Text is a run of spans.
type Text []Span

// Span is a piece of text with at most one of the three properties.
type Span struct {
	Body string
	Code bool
	Bold bool
	URL  string // makes it a link if it is http or https
}

// T is plain text.
func T(s string) Text { return Text{{Body: s}} }

// Code is text to be read letter by letter.
func Code(s string) Text { return Text{{Body: s, Code: true}} }

// Bold is text that matters.
func Bold(s string) Text { return Text{{Body: s, Bold: true}} }

// Link is text that leads somewhere; with an empty or unsafe url it is plain text.
func Link(s, url string) Text { return Text{{Body: s, URL: url}} }

// Join puts texts behind each other.
func Join(texts ...Text) Text {
	var all Text
	for _, t := range texts {
		all = append(all, t...)
	}
	return all
}

func (t Text) empty() bool {
	for _, span := range t {
		if span.Body != "" {
			return false
		}
	}
	return true
}

// Clip shortens text to so many characters.
func Clip(s string, most int) string {
	if letters := []rune(s); len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return s
}

// Count says how many there are of something: 1 commit, 2 commits.
func Count(n int, one string) string {
	switch {
	case n == 1:
		return "1 " + one
	case strings.HasSuffix(one, "y") && !strings.HasSuffix(one, "ay"):
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(one, "y"))
	}
	return fmt.Sprintf("%d %ss", n, one)
}
