package changelog

import (
	"regexp"
	"strings"
)

// unit is what a person edits as one in a section: an entry with what is below it, a paragraph, a
// comment, a heading.
type unit struct {
	start, end int    // in the file; end is behind its last line break
	title      string // of the heading above it
	heading    bool
	text       string // without the line break at its end, with plain line breaks
}

var (
	topItem   = regexp.MustCompile(`^ ?[-*+] `)
	subtitle  = regexp.MustCompile(`^ {0,3}#{3,6}[ \t]+(.*?)[ \t#]*$`)
	openFence = regexp.MustCompile("^ *(```+|~~~+)")
)

// unitsOf parts a section's text, which begins at a place of the file. Whole is false where code or a
// comment in it does not end.
func unitsOf(text []byte, start int) (units []unit, whole bool) {
	r := unitReader{at: start}
	for line := range strings.Lines(string(text)) {
		r.read(line)
	}
	r.finish()
	return r.units, r.until == ""
}

// unitReader reads a section line by line.
type unitReader struct {
	units  []unit
	at     int      // of the next line
	title  string   // of the last heading
	open   *unit    // the unit that is read
	lines  []string // of it
	blanks int      // lines behind it that hold nothing
	until  string   // what ends code or a comment within it
}

func (r *unitReader) read(raw string) {
	line := strings.TrimRight(raw, "\r\n")
	start := r.at
	r.at += len(raw)
	if r.until != "" {
		r.take(line)
		if r.until == "-->" && strings.Contains(line, "-->") || r.until != "-->" && strings.HasPrefix(strings.TrimSpace(line), r.until) {
			r.until = ""
		}
		return
	}
	blank := strings.TrimSpace(line) == ""
	heading := subtitle.FindStringSubmatch(line)
	indented := strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\t")
	switch {
	case blank:
		if r.open != nil {
			r.blanks++
		}
		return
	case heading != nil:
		r.begin(start)
		r.title = heading[1]
		r.open.heading, r.open.title = true, r.title
	case topItem.MatchString(line), strings.HasPrefix(line, "<!--"), r.open == nil, r.open.heading, r.blanks > 0 && !(indented && topItem.MatchString(r.lines[0])):
		r.begin(start)
	}
	r.take(line)
	if m := openFence.FindStringSubmatch(line); m != nil {
		r.until = m[1]
	} else if at := strings.LastIndex(line, "<!--"); at >= 0 && !strings.Contains(line[at:], "-->") {
		r.until = "-->"
	}
}

func (r *unitReader) begin(start int) {
	r.finish()
	r.open = &unit{start: start, title: r.title}
}

// take adds a line to the unit, with the blank ones before it.
func (r *unitReader) take(line string) {
	for ; r.blanks > 0; r.blanks-- {
		r.lines = append(r.lines, "")
	}
	r.lines = append(r.lines, strings.TrimRight(line, " \t"))
	r.open.end = r.at
}

func (r *unitReader) finish() {
	if r.open != nil {
		r.open.text = strings.Join(r.lines, "\n")
		r.units = append(r.units, *r.open)
	}
	r.open, r.lines, r.blanks = nil, nil, 0
}
