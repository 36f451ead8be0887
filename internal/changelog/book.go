package changelog

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"github.com/slipway-actions/slipway/internal/semver"
)

// book is a changelog file: its bytes, and where its parts are. Parts are found with a Markdown
// parser, so that a heading in a block of code is none; edits splice bytes, so that all the rest
// stays as somebody wrote it.
type book struct {
	text        []byte
	chapters    []chapter
	definitions []definition
}

// chapter is a heading of the second or third level with what follows it.
type chapter struct {
	level      int
	title      string
	start      int // of the heading's line
	body, end  int // of the text below it, up to the next heading of its level or a higher one
	version    *semver.Version
	unreleased bool
}

// definition is a link reference such as [1.4.0]: https://….
type definition struct {
	label      string
	start, end int // of its line, the line break included
}

var (
	titleVersion   = regexp.MustCompile(`^\[?(?:[^\s\[\]()]*?)(\d+\.\d+\.\d+[^\s\[\]()]*)`)
	linkDefinition = regexp.MustCompile(`(?m)^ {0,3}\[([^\]\n]+)\]:[ \t]+\S.*(?:\n|\z)`)
)

// open reads a file; an empty one becomes a book with a title.
func open(source []byte) book {
	if len(bytes.TrimSpace(source)) == 0 {
		source = []byte("# Changelog\n\nWhat changed in each version, newest first.\n")
	}
	b := book{text: source}
	var code [][2]int // where text is none of Markdown's
	end := len(source)
	doc := goldmark.DefaultParser().Parse(text.NewReader(source))
	for node := doc.FirstChild(); node != nil; node = node.NextSibling() {
		lines := node.Lines()
		if lines.Len() == 0 {
			continue
		}
		first, last := lines.At(0), lines.At(lines.Len()-1)
		switch n := node.(type) {
		case *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock:
			code = append(code, [2]int{first.Start, last.Stop})
		case *ast.Heading:
			b.chapter(n.Level, first.Start, last.Stop)
		}
	}
	for _, m := range linkDefinition.FindAllSubmatchIndex(source, -1) {
		if !within(code, m[0]) {
			b.definitions = append(b.definitions, definition{label: string(source[m[2]:m[3]]), start: m[0], end: m[1]})
		}
	}
	if len(b.definitions) > 0 && len(b.chapters) > 0 { // those at the end belong to no chapter
		for i := len(b.definitions) - 1; i >= 0 && blank(source[b.definitions[i].end:end]) && b.definitions[i].start >= b.chapters[len(b.chapters)-1].body; i-- {
			end = b.definitions[i].start
		}
	}
	b.close(0, end)
	return b
}

// chapter begins a chapter with the heading whose text lies between start and stop.
func (b *book) chapter(level, start, stop int) {
	lineStart := bytes.LastIndexByte(b.text[:start], '\n') + 1
	b.close(level, lineStart)
	if level > 3 {
		return
	}
	c := chapter{level: level, title: string(b.text[start:stop]), start: lineStart, body: nextLine(b.text, stop), end: -1}
	if b.text[lineStart+countBlanks(b.text[lineStart:])] != '#' { // underlined: the rule is a line of the heading
		c.body = nextLine(b.text, c.body)
	}
	c.unreleased = level == 2 && strings.EqualFold(strings.Trim(c.title, "[] "), "unreleased")
	if m := titleVersion.FindStringSubmatch(c.title); m != nil && level == 2 {
		if v, err := semver.Parse(m[1]); err == nil {
			c.version = v
		}
	}
	b.chapters = append(b.chapters, c)
}

// close ends the chapters of a level and below at a place.
func (b *book) close(level, at int) {
	for i := range b.chapters {
		if b.chapters[i].end < 0 && b.chapters[i].level >= level {
			b.chapters[i].end = max(at, b.chapters[i].body)
		}
	}
}

// has tells whether there is a chapter for a version.
func (b book) has(v *semver.Version) bool {
	for _, c := range b.chapters {
		if c.version != nil && c.version.Equal(v) {
			return true
		}
	}
	return false
}

func within(ranges [][2]int, at int) bool {
	for _, r := range ranges {
		if r[0] <= at && at < r[1] {
			return true
		}
	}
	return false
}

func nextLine(text []byte, at int) int {
	if i := bytes.IndexByte(text[min(at, len(text)):], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(text)
}

func countBlanks(text []byte) int { return len(text) - len(bytes.TrimLeft(text, " ")) }

func blank(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }
