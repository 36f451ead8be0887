package sbom

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

var errTruncated = errors.New("it is cut off")

// reader walks through JSON and knows the line it is at. Only what is asked for is kept, so that
// the many other things in a document cost nothing but time. It relies on check.
type reader struct {
	text    []byte
	pos     int // before the next token, or the space in front of it
	counted int // bytes whose lines are in line
	line    int
	depth   int
}

// form takes any JSON and keeps nothing of it.
type form struct{}

func (*form) UnmarshalJSON([]byte) error { return nil }

// check makes sure that a text is one value of JSON and nothing more.
func check(text []byte) error {
	var syntax *json.SyntaxError
	err := json.Unmarshal(text, &form{})
	switch {
	case errors.As(err, &syntax) && int(syntax.Offset) >= len(text):
		return errTruncated
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: %w", 1+bytes.Count(text[:syntax.Offset], []byte("\n")), err)
	}
	return err
}

// at is the line where the last token ends.
func (r *reader) at() int {
	r.line += bytes.Count(r.text[r.counted:r.pos], []byte("\n"))
	r.counted = r.pos
	return r.line
}

// next is the first byte of the next token; a comma or colon in front of it says nothing new.
func (r *reader) next() byte {
	for r.pos < len(r.text) {
		switch b := r.text[r.pos]; b {
		case ' ', '\t', '\r', '\n', ',', ':':
			r.pos++
		default:
			return b
		}
	}
	return 0
}

// scalar takes a number, true, false or null.
func (r *reader) scalar() []byte {
	start := r.pos
	for r.pos < len(r.text) && bytes.IndexByte([]byte(" \t\r\n,:]}"), r.text[r.pos]) < 0 {
		r.pos++
	}
	return r.text[start:r.pos]
}

// quoted takes a text with its quotes.
func (r *reader) quoted() []byte {
	start := r.pos
	for r.pos++; r.pos < len(r.text); r.pos++ {
		switch r.text[r.pos] {
		case '\\':
			r.pos++
		case '"':
			r.pos++
			return r.text[start:r.pos]
		}
	}
	return r.text[start:]
}

// open takes an opening bracket, or null: then there is nothing inside.
func (r *reader) open(bracket byte, what string) (bool, error) {
	switch r.next() {
	case bracket:
		r.pos++
	case 'n':
		r.scalar()
		return false, nil
	default:
		return false, fmt.Errorf("line %d: %s is expected here", r.at(), what)
	}
	if r.depth++; r.depth > depthLimit {
		return false, fmt.Errorf("line %d: it is nested more than %d deep", r.at(), depthLimit)
	}
	return true, nil
}

// object calls field for each name of an object; it has to read or skip the value.
func (r *reader) object(field func(name string) error) error {
	if ok, err := r.open('{', "an object"); !ok {
		return err
	}
	for r.next() == '"' {
		name, err := plain(r.quoted())
		if err != nil {
			return err
		}
		if err := field(name); err != nil {
			return err
		}
	}
	r.depth--
	r.pos++
	return nil
}

// list calls item for each element of a list; it has to read or skip it.
func (r *reader) list(item func() error) error {
	if ok, err := r.open('[', "a list"); !ok {
		return err
	}
	for r.next() != ']' {
		if err := item(); err != nil {
			return err
		}
	}
	r.depth--
	r.pos++
	return nil
}

// string reads a text and its line; null is an empty one.
func (r *reader) string() (located, error) {
	switch r.next() {
	case '"':
		s, err := plain(r.quoted())
		return located{s, r.at()}, err
	case 'n':
		r.scalar()
		return located{"", r.at()}, nil
	}
	return located{}, fmt.Errorf("line %d: a text is expected here", r.at())
}

// plain is a text without its quotes and escapes.
func plain(quoted []byte) (s string, err error) {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1]), nil
	}
	err = json.Unmarshal(quoted, &s)
	return s, err
}

// strings reads a list of texts.
func (r *reader) strings(each func(string) error) error {
	return r.list(func() error {
		s, err := r.string()
		if err != nil {
			return err
		}
		return each(s.text)
	})
}

// set reads a text into a place.
func (r *reader) set(to *string) error {
	s, err := r.string()
	*to = s.text
	return err
}

// skip passes over a value.
func (r *reader) skip() error {
	for depth := 0; ; {
		switch r.next() {
		case '{', '[':
			depth++
			r.pos++
		case '}', ']':
			depth--
			r.pos++
		case '"':
			r.quoted()
		case 0:
			return errTruncated
		default:
			r.scalar()
		}
		if depth <= 0 {
			return nil
		}
	}
}

// readJSON finds out which format a JSON document has and reads it.
func readJSON(text []byte) (document, error) {
	if err := check(text); err != nil {
		return document{}, err
	}
	var read func(*reader) (document, error)
	later := false
	found := errors.New("found")
	r := &reader{text: text, line: 1}
	_ = r.object(func(name string) error {
		switch name {
		case "bomFormat":
			read = readCycloneDXJSON
		case "spdxVersion":
			read = readSPDXJSON
		case "@graph": // of JSON-LD
			later = true
			return r.skip()
		default:
			return r.skip()
		}
		return found
	})
	switch {
	case read == nil && later:
		return document{}, errors.New("it is a graph as SPDX 3 has it; SPDX-2.2 and SPDX-2.3 are read")
	case read == nil:
		return document{}, errForeign
	}
	return read(&reader{text: text, line: 1})
}
