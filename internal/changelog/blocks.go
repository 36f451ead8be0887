package changelog

import (
	"regexp"
	"strings"

	"github.com/slipway-actions/slipway/internal/report"
)

var (
	listItem  = regexp.MustCompile(`^( *)([-*+]|\d{1,9}[.)]) +(\S.*)$`)
	codeFence = regexp.MustCompile("^ {0,3}(```+|~~~+)([^`]*)$")
)

// blocks makes harmless Markdown of a text of several lines. Paragraphs, lists and code stay what
// they are; all else, such as headings and tables, becomes text.
func (l links) blocks(text string) string {
	r := blockReader{links: l, lines: strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\t", "    "), "\n")}
	for r.at < len(r.lines) {
		r.next()
	}
	r.flush()
	return strings.Join(r.blocks, "\n")
}

// blockReader reads text from its first line on.
type blockReader struct {
	links
	lines     []string
	at        int
	paragraph []string // lines of the one that is open
	marker    string   // of the list's item that the paragraph is; "" for none
	list      bool     // the last block is a list, whose items stand together
	blocks    []string // each ends with a line break
}

func (r *blockReader) next() {
	line := strings.TrimRight(r.lines[r.at], " ")
	fence := codeFence.FindStringSubmatch(line)
	item := listItem.FindStringSubmatch(line)
	switch {
	case fence != nil:
		r.flush()
		r.fenced(fence[1])
		return
	case line == "":
		r.flush()
	case item != nil && (len(item[1]) < 4 || r.list || r.marker != ""):
		r.flush()
		depth := min(len(item[1])/2, 4)
		marker := item[2]
		if strings.ContainsAny(marker, "*+") {
			marker = "-"
		}
		r.marker, r.paragraph = strings.Repeat("  ", depth)+marker+" ", []string{item[3]}
	case strings.HasPrefix(line, "    ") && len(r.paragraph) == 0 && !r.list:
		r.indented()
		return
	default:
		r.paragraph = append(r.paragraph, strings.TrimSpace(line))
	}
	r.at++
}

// flush ends the paragraph or the item that is open.
func (r *blockReader) flush() {
	if len(r.paragraph) == 0 {
		return
	}
	text := r.marker + r.prose(strings.Join(r.paragraph, " ")) + "\n"
	if r.marker != "" && r.list {
		r.blocks[len(r.blocks)-1] += text
	} else {
		r.blocks = append(r.blocks, text)
	}
	r.list = r.marker != ""
	r.paragraph, r.marker = nil, ""
}

// fenced copies code up to the line that ends it, or to the end.
func (r *blockReader) fenced(fence string) {
	var code []string
	for r.at++; r.at < len(r.lines); r.at++ {
		line := strings.TrimSpace(r.lines[r.at])
		if len(line) >= len(fence) && strings.Trim(line, fence[:1]) == "" {
			r.at++
			break
		}
		code = append(code, r.lines[r.at])
	}
	r.code(code)
}

// indented copies code that is set off by four blanks.
func (r *blockReader) indented() {
	var code []string
	for ; r.at < len(r.lines); r.at++ {
		line, inside := strings.CutPrefix(r.lines[r.at], "    ")
		if !inside && strings.TrimSpace(line) != "" {
			break
		}
		code = append(code, line)
	}
	r.code(code)
}

func (r *blockReader) code(lines []string) {
	r.list = false
	body := strings.Trim(report.Printable(strings.Join(lines, "\n")), "\n")
	if strings.TrimSpace(body) == "" {
		return
	}
	fence := "```"
	for strings.Contains(body, fence) {
		fence += "`"
	}
	r.blocks = append(r.blocks, fence+"\n"+body+"\n"+fence+"\n")
}

// indent sets lines off by two blanks, so that they belong to the entry above.
func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			b.WriteString("  ")
		}
		b.WriteString(line)
	}
	return b.String()
}
