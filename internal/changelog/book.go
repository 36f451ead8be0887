package changelog

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
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
	versions    map[string]int // place in chapters by version, see key
	bounds      [2][]int       // what place searches, by ordering
	end         int            // of the text: before the link definitions at the end of the file
	unfinished  []int          // while it is read: chapters without an end, each within the one before
	blank       bool           // nobody has written anything into it
}

// chapter is a heading of the first three levels with what follows it.
type chapter struct {
	level      int
	start      int // of the heading's line
	body, end  int // of the text below it, up to the next heading of its level or a higher one
	title      string
	style      style
	version    *semver.Version // nil where the heading is of none
	unreleased bool
}

// style is how a file writes the headings of versions.
type style struct {
	lead    string // a word before the version, such as "Version "
	prefix  string // of the version, such as v
	bracket bool   // [1.4.0]
	inline  bool   // [1.4.0](https://…)
	parens  bool   // 1.4.0 (2026-03-01)
}

// definition is a link reference such as [1.4.0]: https://….
type definition struct {
	label      string
	start, end int // of its line, the line break included
}

var (
	// versionTitle is a heading that begins with a version: word, bracket, prefix, version, address, rest.
	versionTitle = regexp.MustCompile(`^((?i:version|release)\s+)?(\[?)([^\s\[\]()]*?)(\d+\.\d+\.\d+[^\s\[\]():,;]*)\]?(\([^)]*\))?(.*)$`)
	// onlyDate is all that may follow a version in a heading of another level than the second.
	onlyDate        = regexp.MustCompile(`^[\s(–—-]*(\d{4}-\d{2}-\d{2})?\)?\s*(\[YANKED\])?\s*$`)
	dateInParens    = regexp.MustCompile(`\(\d{4}-\d{2}-\d{2}\)`)
	unreleasedTitle = regexp.MustCompile(`(?i)^\[?unreleased\]?(\W|$)`)
	linkDefinition  = regexp.MustCompile(`^ {0,3}\[([^\]\n]+)\]:[ \t]+\S`)
)

// emphasis is what a version may be wrapped in.
var emphasis = strings.NewReplacer("*", "", "_", "", "`", "")

var byteOrderMark = []byte("\ufeff")

// outline reads blocks alone: what stands inside of them takes longer and does not matter here, and
// of many link definitions in a row each would take as long as all behind it.
var outline = parser.NewParser(parser.WithBlockParsers(parser.DefaultBlockParsers()...))

// open reads a file; an empty one becomes a book with a title.
func open(source []byte) book {
	empty := blank(source)
	if empty {
		source = []byte("# Changelog\n\nWhat changed in each version, newest first.\n")
	}
	b := book{text: source, blank: empty}
	visible := source
	if bytes.HasPrefix(source, byteOrderMark) { // it would hide a heading behind it
		visible = append([]byte("   "), source[len(byteOrderMark):]...)
	}
	var code [][2]int // where text is none of Markdown's
	end := len(source)
	doc := outline.Parse(text.NewReader(visible))
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
			if !linkDefinition.Match(source[first.Start:last.Stop]) { // which a rule follows
				b.chapter(n.Level, first.Start, last.Stop)
			}
		}
	}
	b.define(code)
	last := 0
	if len(b.chapters) > 0 {
		last = b.chapters[len(b.chapters)-1].body
	}
	for i := len(b.definitions) - 1; i >= 0 && blank(source[b.definitions[i].end:end]) && b.definitions[i].start >= last; i-- {
		end = b.definitions[i].start // those at the end belong to no chapter
	}
	b.end = end
	b.close(0, end)
	b.versions = make(map[string]int, len(b.chapters))
	next := len(source) // where the next version begins, whatever the levels: some write them by the size of the change
	for i, c := range slices.Backward(b.chapters) {
		b.chapters[i].end = min(c.end, max(next, c.body))
		if c.version != nil || c.unreleased {
			next = c.start
		}
	}
	for i, c := range b.chapters {
		if c.version != nil {
			if _, twice := b.versions[key(c.version)]; !twice {
				b.versions[key(c.version)] = i
			}
		}
	}
	return b
}

// define finds the link definitions outside of code.
func (b *book) define(code [][2]int) {
	for at := 0; at < len(b.text); {
		next := nextLine(b.text, at)
		for len(code) > 0 && code[0][1] <= at {
			code = code[1:]
		}
		line := b.text[at:next]
		if inside := len(code) > 0 && code[0][0] <= at; !inside && bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("[")) {
			if m := linkDefinition.FindSubmatch(line); m != nil {
				b.definitions = append(b.definitions, definition{label: string(m[1]), start: at, end: next})
			}
		}
		at = next
	}
}

// chapter begins a chapter with the heading whose text lies between start and stop.
func (b *book) chapter(level, start, stop int) {
	lineStart := bytes.LastIndexByte(b.text[:start], '\n') + 1
	if lineStart == 0 && bytes.HasPrefix(b.text, byteOrderMark) {
		lineStart = len(byteOrderMark)
	}
	b.close(level, lineStart)
	if level > 3 {
		return
	}
	c := chapter{level: level, title: strings.TrimSpace(string(b.text[start:stop])), start: lineStart, body: nextLine(b.text, stop)}
	if bytes.TrimLeft(b.text[lineStart:], " ")[0] != '#' {
		c.body = nextLine(b.text, c.body) // underlined: the rule is a line of the heading
	}
	c.unreleased = level <= 2 && unreleasedTitle.MatchString(c.title)
	if m := versionTitle.FindStringSubmatch(emphasis.Replace(c.title)); m != nil && (level == 2 || onlyDate.MatchString(m[6])) {
		if v, err := semver.Parse(m[4]); err == nil {
			c.version = v
			c.style = style{lead: m[1], prefix: m[3], bracket: m[2] != "", inline: m[2] != "" && m[5] != "", parens: dateInParens.MatchString(m[6])}
		}
	}
	b.unfinished = append(b.unfinished, len(b.chapters))
	b.chapters = append(b.chapters, c)
}

// close ends the chapters of a level and below at a place.
func (b *book) close(level, at int) {
	for len(b.unfinished) > 0 {
		c := &b.chapters[b.unfinished[len(b.unfinished)-1]]
		if c.level < level || c.level == 3 && level == 3 && c.version != nil { // its groups have headings of its own level
			return
		}
		c.end = max(at, c.body)
		b.unfinished = b.unfinished[:len(b.unfinished)-1]
	}
}

// has tells whether there is a chapter for a version.
func (b book) has(v *semver.Version) bool {
	_, ok := b.versions[key(v)]
	return ok
}

// key is the same for versions that are equal: build metadata does not tell them apart.
func key(v *semver.Version) string {
	text := strconv.AppendUint(make([]byte, 0, 32), v.Major(), 10)
	text = strconv.AppendUint(append(text, '.'), v.Minor(), 10)
	text = strconv.AppendUint(append(text, '.'), v.Patch(), 10)
	if v.Prerelease() != "" {
		text = append(append(text, '-'), v.Prerelease()...)
	}
	return string(text)
}

func nextLine(text []byte, at int) int {
	if i := bytes.IndexByte(text[min(at, len(text)):], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(text)
}

func blank(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }
