package ticket

import (
	"strings"
	"unicode"
)

// Section is the text under a heading of a Markdown document, to the next heading of its level or above;
// the heading is named by its words or by its anchor. It is false where there is no such heading.
func Section(text, heading string) (string, bool) {
	var (
		f      Fence
		inside int // level of the heading; 0 is outside
		found  bool
		lines  []string
	)
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		edge := f.Next(line)
		level := 0
		if !edge && !f.Open() {
			level = levelOf(line)
		}
		switch {
		case level > 0 && anchor(strings.TrimLeft(line, "#")) == anchor(heading) && !found:
			inside, found = level, true
			continue
		case level > 0 && level <= inside:
			inside = 0
		}
		if inside > 0 {
			lines = append(lines, line)
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n")), found
}

// levelOf is the level of the heading that a line is, 0 where it is none.
func levelOf(line string) int {
	rest := strings.TrimLeft(line, "#")
	level := len(line) - len(rest)
	if level > 6 || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return 0
	}
	return level
}

// anchor is how addresses name a heading: its letters and digits, in lower case, with hyphens between.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, strings.Trim(heading, " \t#"))
}
