// Package jsonpath reads one value out of a JSON document. Its paths are the singular queries of
// RFC 9535, such as $.build.version or $['items'][0]: those that by their form name at most one
// place, so that no document can make one answer with several values or with much work. It does no I/O.
package jsonpath

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/theory/jsonpath"
)

// Path is a place in a document.
type Path struct {
	text  string
	query *jsonpath.Path
}

// Parse reads a path.
func Parse(s string) (Path, error) {
	query, err := jsonpath.Parse(s)
	if err != nil {
		return Path{}, fmt.Errorf("%q is not a path such as $.version or $.items[0].version: %w", s, err)
	}
	if query.Query().Singular() == nil {
		return Path{}, fmt.Errorf("%q can name several places; use names and indices alone, such as $.items[0].version", s)
	}
	return Path{s, query}, nil
}

func (p Path) String() string { return p.text }

// The reasons why there is no value.
var (
	ErrMissing  = errors.New("there is nothing")
	ErrNoScalar = errors.New("there is an object or a list, not a single value")
)

// Value is the single value at the path as text: a string's own, and a number, true, false or null
// as it is written.
func (p Path) Value(document any) (string, error) {
	nodes := p.query.Select(document)
	if len(nodes) != 1 {
		return "", ErrMissing
	}
	switch v := nodes[0].(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		return strconv.FormatBool(v), nil
	case nil:
		return "null", nil
	}
	return "", ErrNoScalar
}

// Decode reads a document that is JSON and nothing else. Numbers stay as they are written.
func Decode(text []byte) (any, error) {
	var document any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&document); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("text follows the JSON document")
	}
	return document, nil
}
