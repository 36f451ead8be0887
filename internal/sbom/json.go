package sbom

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

var errTruncated = errors.New("it is cut off")

// reader walks through JSON and knows the line it is at. Only what is asked for is kept, so that
// the many other things in a document cost nothing but time.
type reader struct {
	text    []byte
	dec     *json.Decoder
	counted int // bytes whose lines are in line
	line    int
	depth   int
}

func newReader(text []byte) *reader {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return &reader{text: text, dec: d, line: 1}
}

// at is the line where the last token ends.
func (r *reader) at() int {
	end := int(r.dec.InputOffset())
	r.line += bytes.Count(r.text[r.counted:end], []byte("\n"))
	r.counted = end
	return r.line
}

func (r *reader) token() (json.Token, error) {
	t, err := r.dec.Token()
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, errTruncated
	case err != nil:
		return nil, fmt.Errorf("line %d: %w", r.at(), err)
	}
	return t, nil
}

// end makes sure that nothing follows.
func (r *reader) end() error {
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("line %d: something follows the document", r.at())
	}
	return nil
}

// open takes an opening bracket, or null: then there is nothing inside.
func (r *reader) open(bracket json.Delim, what string) (bool, error) {
	t, err := r.token()
	if err != nil || t == nil {
		return false, err
	}
	if t != bracket {
		return false, fmt.Errorf("line %d: %s is expected here", r.at(), what)
	}
	if r.depth++; r.depth > depthLimit {
		return false, fmt.Errorf("line %d: it is nested more than %d deep", r.at(), depthLimit)
	}
	return true, nil
}

func (r *reader) close() error {
	r.depth--
	_, err := r.token()
	return err
}

// object calls field for each name of an object; it has to read or skip the value.
func (r *reader) object(field func(name string) error) error {
	if ok, err := r.open('{', "an object"); !ok {
		return err
	}
	for r.dec.More() {
		t, err := r.token()
		if err != nil {
			return err
		}
		name, ok := t.(string)
		if !ok {
			return fmt.Errorf("line %d: a name is expected here", r.at())
		}
		if err := field(name); err != nil {
			return err
		}
	}
	return r.close()
}

// list calls item for each element of a list; it has to read or skip it.
func (r *reader) list(item func() error) error {
	if ok, err := r.open('[', "a list"); !ok {
		return err
	}
	for r.dec.More() {
		if err := item(); err != nil {
			return err
		}
	}
	return r.close()
}

// string reads a text and its line; null is an empty one.
func (r *reader) string() (located, error) {
	t, err := r.token()
	if err != nil {
		return located{}, err
	}
	switch s := t.(type) {
	case nil:
		return located{"", r.at()}, nil
	case string:
		return located{s, r.at()}, nil
	}
	return located{}, fmt.Errorf("line %d: a text is expected here", r.at())
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
		t, err := r.token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			if depth++; r.depth+depth > depthLimit {
				return fmt.Errorf("line %d: it is nested more than %d deep", r.at(), depthLimit)
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// readJSON finds out which format a JSON document has and reads it.
func readJSON(text []byte) (document, error) {
	r := newReader(text)
	var read func(*reader) (document, error)
	found := errors.New("found")
	err := r.object(func(name string) error {
		switch name {
		case "bomFormat":
			read = readCycloneDXJSON
		case "spdxVersion":
			read = readSPDXJSON
		default:
			return r.skip()
		}
		return found
	})
	switch {
	case read == nil && err != nil:
		return document{}, err
	case read == nil:
		return document{}, errForeign
	}
	r = newReader(text)
	d, err := read(r)
	if err != nil {
		return d, err
	}
	return d, r.end()
}
