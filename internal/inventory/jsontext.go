package inventory

import (
	"bytes"
	"encoding/json"
)

// jsonText goes through a JSON text once, and knows the line it is at. It checks no more than it
// needs to: the parser has read the same text before and has refused what is no JSON. Where it finds
// what it does not understand, it stops, and what it has told so far stands.
type jsonText struct {
	text    []byte
	at      int
	counted int // newlines before it are in newlines
	lines   int
	depth   int
	broken  bool
}

// nesting is the deepest that objects may hold others; encoding/json refuses more as well.
const nesting = 10_000

func newJSONText(text []byte) *jsonText { return &jsonText{text: text} }

// line is the line of a place that is not before one asked for earlier.
func (j *jsonText) line(at int) int {
	if at > j.counted {
		j.lines += bytes.Count(j.text[j.counted:at], newline)
		j.counted = at
	}
	return j.lines + 1
}

var newline = []byte{'\n'}

// peek is the next byte that is no space; 0 at the end.
func (j *jsonText) peek() byte {
	for !j.broken && j.at < len(j.text) {
		switch c := j.text[j.at]; c {
		case ' ', '\t', '\r', '\n':
			j.at++
		default:
			return c
		}
	}
	return 0
}

// object hands over the key of each member and where that starts. What does not take the member's
// value leaves it to be passed over. A value that is no object has no members.
func (j *jsonText) object(each func(key string, start int)) {
	j.members('{', '}', func() {
		j.peek()
		start := j.at
		key, ok := j.quoted()
		if !ok || j.peek() != ':' {
			j.broken = true
			return
		}
		j.at++
		j.value(func() { each(key, start) })
	})
}

// array hands over where each element starts.
func (j *jsonText) array(each func(start int)) {
	j.members('[', ']', func() {
		j.value(func() { each(j.at) })
	})
}

// value goes to the next value, lets it be taken, and passes over it if it was not.
func (j *jsonText) value(take func()) {
	j.peek()
	start := j.at
	take()
	if j.at == start {
		j.skip()
	}
}

func (j *jsonText) members(open, end byte, each func()) {
	if j.peek() != open {
		j.skip()
		return
	}
	j.at++
	if j.depth++; j.depth > nesting {
		j.broken = true
	}
	defer func() { j.depth-- }()
	for !j.broken {
		switch j.peek() {
		case end:
			j.at++
			return
		case ',':
			j.at++
		case 0:
			j.broken = true
		default:
			before := j.at
			each()
			if j.at == before {
				j.broken = true
			}
		}
	}
}

// string takes a value and tells it if it is a string.
func (j *jsonText) string() string {
	if j.peek() != '"' {
		j.skip()
		return ""
	}
	s, _ := j.quoted()
	return s
}

// strings takes a value and tells the strings in it, if it is an array, or it itself.
func (j *jsonText) strings() (list []string) {
	if j.peek() == '"' {
		return []string{j.string()}
	}
	j.array(func(int) {
		if s := j.string(); s != "" {
			list = append(list, s)
		}
	})
	return list
}

// keys takes a value and tells the keys in it, if it is an object.
func (j *jsonText) keys() (list []string) {
	j.object(func(key string, _ int) { list = append(list, key) })
	return list
}

// quoted takes a string.
func (j *jsonText) quoted() (string, bool) {
	start := j.at
	if !j.skipQuoted() {
		return "", false
	}
	raw := j.text[start+1 : j.at-1]
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw), true
	}
	var s string
	if json.Unmarshal(j.text[start:j.at], &s) != nil {
		j.broken = true
		return "", false
	}
	return s, true
}

func (j *jsonText) skipQuoted() bool {
	if j.at >= len(j.text) || j.text[j.at] != '"' {
		j.broken = true
		return false
	}
	for at := j.at + 1; ; {
		i := bytes.IndexByte(j.text[at:], '"')
		if i < 0 {
			j.broken, j.at = true, len(j.text)
			return false
		}
		at += i + 1
		slashes := 0
		for j.text[at-2-slashes] == '\\' { // the opening quote ends this
			slashes++
		}
		if slashes%2 == 0 {
			j.at = at
			return true
		}
	}
}

// skip passes over a value, however deep.
func (j *jsonText) skip() {
	if j.peek() == 0 {
		j.broken = true
		return
	}
	depth := 0
	for j.at < len(j.text) {
		switch j.text[j.at] {
		case '"':
			if !j.skipQuoted() {
				return
			}
			if depth == 0 {
				return
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth < 0 {
				return
			}
			if depth == 0 {
				j.at++
				return
			}
		case ',':
			if depth == 0 {
				return
			}
		}
		j.at++
	}
	j.broken = depth > 0
}
