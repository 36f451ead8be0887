package calendar

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// component is what stands between BEGIN and END.
type component struct {
	name       string
	line       int // of its BEGIN
	properties []property
	parts      []component
}

// property is one content line.
type property struct {
	name   string // in upper case
	params map[string][]string
	value  string
	line   int // the first of it, from 1
}

// param is the first value of a parameter, "" where there is none.
func (p property) param(name string) string {
	if values := p.params[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// in says where in the file an error is.
func (p property) in(err error) error { return fmt.Errorf("line %d: %s: %w", p.line, p.name, err) }

func (c component) in(err error) error {
	return fmt.Errorf("the %s of line %d: %w", c.name, c.line, err)
}

// all are the properties of a name.
func (c component) all(name string) []property {
	var found []property
	for _, p := range c.properties {
		if p.name == name {
			found = append(found, p)
		}
	}
	return found
}

// one is the property of a name that may be there once. Of several the first is meant.
func (c component) one(name string) (p property, ok bool) {
	for _, p := range c.properties {
		if p.name == name {
			return p, true
		}
	}
	return property{}, false
}

// depthLimit is how deep components may stand in each other: an alarm in an event in a calendar, and
// one more.
const depthLimit = 4

// parse reads the calendars of a file. What is cut or does not add up is an error.
func parse(text []byte) ([]component, error) {
	switch text = bytes.TrimPrefix(text, []byte("\ufeff")); {
	case len(text) > SizeLimit:
		return nil, fmt.Errorf("it has more than %d MB", SizeLimit>>20)
	case len(bytes.TrimSpace(text)) == 0:
		return nil, errors.New("it is empty")
	case !utf8.Valid(text) && !utf8.Valid(fold.ReplaceAll(text, nil)): // some programs fold within a letter
		return nil, errors.New("it is no UTF-8 text")
	}
	top := component{}
	open := []*component{&top}
	for _, l := range unfold(string(text)) {
		inner := open[len(open)-1]
		if inner == &top && !strings.EqualFold(l.text, "BEGIN:VCALENDAR") {
			return nil, fmt.Errorf("line %d: it is no calendar, for BEGIN:VCALENDAR is wanted here", l.number)
		}
		p, err := l.property()
		if err != nil {
			return nil, err
		}
		switch p.name {
		case "BEGIN":
			if len(open) > depthLimit {
				return nil, fmt.Errorf("line %d: components stand in each other too deep", p.line)
			}
			inner.parts = append(inner.parts, component{name: strings.ToUpper(p.value), line: p.line})
			open = append(open, &inner.parts[len(inner.parts)-1])
		case "END":
			if !strings.EqualFold(p.value, inner.name) {
				return nil, fmt.Errorf("line %d: END:%s does not end %s, which begins in line %d", p.line, clip(p.value), clip(inner.name), inner.line)
			}
			open = open[:len(open)-1]
		default:
			inner.properties = append(inner.properties, p)
		}
	}
	if inner := open[len(open)-1]; inner != &top {
		return nil, fmt.Errorf("it breaks off: %s of line %d has no END", clip(inner.name), inner.line)
	}
	return top.parts, nil
}

var fold = regexp.MustCompile(`\r?\n[ \t]`)

type line struct {
	number int // in the file, from 1
	text   string
}

// unfold puts lines together that were folded, and leaves empty ones out.
func unfold(text string) []line {
	var (
		lines  []line
		whole  strings.Builder
		number int
	)
	finish := func() {
		if whole.Len() > 0 {
			lines = append(lines, line{number, whole.String()})
		}
		whole.Reset()
	}
	n := 0
	for physical := range strings.Lines(text) {
		n++
		physical = strings.TrimRight(physical, "\r\n")
		if whole.Len() > 0 && physical != "" && (physical[0] == ' ' || physical[0] == '\t') {
			whole.WriteString(physical[1:])
			continue
		}
		finish()
		number = n
		whole.WriteString(strings.TrimRight(physical, " \t"))
	}
	finish()
	return lines
}

// property reads a content line: NAME;PARAM=value,"value":value.
func (l line) property() (property, error) {
	fail := fmt.Errorf("line %d: %q is no line of a calendar", l.number, clip(l.text))
	p := property{line: l.number}
	name, rest := word(l.text)
	p.name = strings.ToUpper(name)
	if name == "" {
		return p, fail
	}
	for strings.HasPrefix(rest, ";") {
		var param string
		param, rest = word(rest[1:])
		if param == "" || !strings.HasPrefix(rest, "=") {
			return p, fail
		}
		param = strings.ToUpper(param)
		for more := true; more; more = strings.HasPrefix(rest, ",") {
			var value string
			if rest = rest[1:]; strings.HasPrefix(rest, `"`) {
				end := strings.IndexByte(rest[1:], '"')
				if end < 0 {
					return p, fail
				}
				value, rest = rest[1:1+end], rest[2+end:]
			} else {
				end := strings.IndexAny(rest, ",;:")
				if end < 0 {
					return p, fail
				}
				value, rest = rest[:end], rest[end:]
			}
			if p.params == nil {
				p.params = map[string][]string{}
			}
			p.params[param] = append(p.params[param], caret.Replace(value))
		}
	}
	if !strings.HasPrefix(rest, ":") {
		return p, fail
	}
	p.value = rest[1:]
	return p, nil
}

// caret undoes https://www.rfc-editor.org/rfc/rfc6868.
var caret = strings.NewReplacer("^n", "\n", "^'", `"`, "^^", "^")

// word cuts the name off that a text begins with.
func word(s string) (name, rest string) {
	end := 0
	for end < len(s) && (s[end] == '-' || '0' <= s[end] && s[end] <= '9' || 'a' <= s[end]|0x20 && s[end]|0x20 <= 'z') {
		end++
	}
	return s[:end], s[end:]
}

// texts splits a value at its commas and takes the escapes out.
func texts(value string) []string {
	var (
		all  []string
		text strings.Builder
	)
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '\\' && i+1 < len(value):
			i++
			if c = value[i]; c == 'n' || c == 'N' {
				c = '\n'
			}
			text.WriteByte(c)
		case c == ',':
			all = append(all, text.String())
			text.Reset()
		default:
			text.WriteByte(c)
		}
	}
	return append(all, text.String())
}

// text is a value that is one text. A comma that should have been escaped is part of it.
func text(value string) string { return strings.Join(texts(value), ",") }
