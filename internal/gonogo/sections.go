package gonogo

import (
	"bytes"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// saysSomething tells whether a Markdown document has a section of that name with more under it
// than headings, comments and placeholders. A section goes on to the next heading of its level or above.
func saysSomething(source []byte, section string) bool {
	return len(emptySections(source, []string{section})) == 0
}

// blocks reads headings, code, HTML and paragraphs, and nothing within a line: lists and quotations within
// each other, and some texts within a line, take time that grows with the square of a document. A
// list is a paragraph then, and a heading in one is no section's.
func blocks() parser.Parser {
	return parser.NewParser(parser.WithBlockParsers(
		util.Prioritized(parser.NewSetextHeadingParser(), 100), util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(parser.NewCodeBlockParser(), 300), util.Prioritized(parser.NewATXHeadingParser(), 400),
		util.Prioritized(parser.NewFencedCodeBlockParser(), 500), util.Prioritized(parser.NewHTMLBlockParser(), 600),
		util.Prioritized(parser.NewParagraphParser(), 700),
	))
}

// inOneLine reads what stands in one line.
func inOneLine() parser.Parser {
	return parser.NewParser(parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 100)), parser.WithInlineParsers(parser.DefaultInlineParsers()...))
}

// headingLimit is the most bytes of a heading that can be a section's.
const headingLimit = 1 << 10

// itemMark begins an item of a list, or a line of a quotation.
const itemMark = `[ \t]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+|>[ \t]*)`

var (
	item   = regexp.MustCompile(`(?m)^` + itemMark)
	inList = regexp.MustCompile("(?m)^" + itemMark + "(?:```|~~~)")
)

// outOfList puts blanks in place of what stands before a block of code on its line, such as the mark of a
// list's item, so that it is seen to begin there.
func outOfList(source []byte) []byte {
	return inList.ReplaceAllFunc(source, func(found []byte) []byte {
		return append(bytes.Repeat([]byte(" "), len(found)-3), found[len(found)-3:]...)
	})
}

// emptySections are those of the sections that a Markdown document has not, or that say nothing.
func emptySections(source []byte, sections []string) []string {
	if len(sections) == 0 {
		return nil
	}
	source = outOfList(bytes.TrimPrefix(source, byteOrderMark))
	lines := inOneLine()
	inside, says := make([]int, len(sections)), make([]bool, len(sections)) // levels of the sections' headings; 0 is outside
	for block := blocks().Parse(text.NewReader(source)).FirstChild(); block != nil; block = block.NextSibling() {
		heading, ok := block.(*ast.Heading)
		name, content := "", false
		if ok {
			name = plain(heading, source, lines)
		} else {
			content = isContent(block, source)
		}
		for i, section := range sections {
			switch {
			case ok && strings.EqualFold(name, strings.TrimSpace(section)):
				inside[i] = heading.Level
			case ok && heading.Level <= inside[i]:
				inside[i] = 0
			case inside[i] > 0 && content:
				says[i] = true
			}
		}
	}
	var empty []string
	for i, section := range sections {
		if !says[i] {
			empty = append(empty, section)
		}
	}
	return empty
}

// isContent tells whether a block says something: neither comments do, such as templates hold, nor
// rules, nor what only keeps the place.
func isContent(block ast.Node, source []byte) bool {
	if block.Lines() == nil {
		return false
	}
	raw := string(block.Lines().Value(source))
	switch b := block.(type) {
	case *ast.HTMLBlock:
		if b.HasClosure() {
			raw += string(b.ClosureLine.Value(source))
		}
		return strings.Contains(strings.ToLower(raw), "<img") || says(tag.ReplaceAllString(withoutComments(raw), " "))
	case *ast.Paragraph:
		return slices.ContainsFunc(item.Split(linkReference.ReplaceAllString(withoutComments(raw), ""), -1), says)
	}
	return says(raw)
}

var (
	commented     = regexp.MustCompile(`(?s)<!--.*?(-->|$)`)
	linkReference = regexp.MustCompile(`(?m)^[ \t]*\[[^\[\]\n]+\]:.*$`) // what a link's name stands for is not shown
	tag           = regexp.MustCompile(`<[^<>]*>`)
)

// byteOrderMark is what some editors write before all else; it would hide a heading or a list.
var byteOrderMark = []byte("\ufeff")

// markers begin a text that somebody means to write.
var markers = []string{"todo", "tbd", "tbc", "fixme", "xxx"}

func withoutComments(text string) string { return commented.ReplaceAllString(text, " ") }

// says tells whether a text is more than a place kept for one: TODO, TBD, n/a, dots and dashes are not.
func says(text string) bool {
	text = strings.TrimSpace(html.UnescapeString(text)) // &nbsp; is a blank
	for _, box := range []string{"[ ]", "[x]", "[X]"} {
		text = strings.TrimPrefix(text, box)
	}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	switch all := strings.Join(words, " "); all {
	case "", "n a", "na":
		return false
	}
	return !slices.Contains(markers, words[0])
}

// plain is the text of a heading without its marks, "" where it is too long for one of a section.
func plain(heading ast.Node, source []byte, lines parser.Parser) string {
	raw := heading.Lines().Value(source)
	if len(raw) > headingLimit {
		return ""
	}
	var s strings.Builder
	ast.Walk(lines.Parse(text.NewReader(raw)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			s.Write(t.Segment.Value(raw))
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(s.String())
}
