// Package vex reads what a maker says of vulnerabilities in a product: OpenVEX, and the analyses of
// a CycloneDX document. It tells which statement is about a package and whether it takes a finding
// out. It does no I/O, and it does not ask who may speak: that is for whoever hands a document in.
package vex

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The most that is read. Past any of them a document is an error.
const (
	sizeLimit      = 32 << 20 // bytes
	statementLimit = 100_000
	productLimit   = 1_000_000 // of all statements together, with their subcomponents
	idLimit        = 1_000     // of one statement
)

// Statement is what a maker says of one vulnerability in some products.
type Statement struct {
	IDs           []string // of the vulnerability: its name first, then its aliases
	Products      []Product
	Status        Status
	Justification string    // a label of the format's; may be empty
	Impact        string    // why, in words; may be empty
	Author        string    // as the document states; may be empty
	Issued        time.Time // in UTC; zero where the document does not tell
	Line          int       // where it begins, from 1
	flaw          string    // why it cannot take a finding out; "" where it can
}

// Product is what a statement is about.
type Product struct {
	ID            string   // as it stands in the document
	PURL          string   // "" where the document gives none
	Subcomponents []string // package URLs of the parts meant, "" for one without; nil where the product itself is
}

// Status is how a product stands to a vulnerability, in the words of OpenVEX.
type Status string

// The statuses. Only the first two can take a finding out.
const (
	NotAffected        Status = "not_affected"
	Fixed              Status = "fixed"
	Affected           Status = "affected"
	UnderInvestigation Status = "under_investigation"
)

// Excuses tells whether a statement takes out the findings it covers; if not, why not.
func (s Statement) Excuses() (ok bool, why string) {
	switch {
	case s.Status != NotAffected && s.Status != Fixed:
		return false, "its status is " + string(s.Status)
	case s.flaw != "":
		return false, s.flaw
	case !slices.ContainsFunc(s.Products, Product.named):
		return false, "it names no product by a package URL"
	}
	return true, ""
}

func (p Product) named() bool {
	if p.Subcomponents != nil {
		return slices.ContainsFunc(p.Subcomponents, func(s string) bool { return s != "" })
	}
	return p.PURL != ""
}

// Parse reads a document. The name is that of its file and stands in errors alone. A document that
// is cut off, of an unknown format or status, or without statements is an error. One statement that
// its format forbids, such as not_affected without a reason, is read and excuses nothing.
func Parse(name string, text []byte) ([]Statement, error) {
	statements, err := parse(bytes.TrimPrefix(text, []byte("\ufeff")))
	if err != nil {
		return nil, fmt.Errorf("read the VEX document %s: %w", name, err)
	}
	return statements, nil
}

func parse(text []byte) ([]Statement, error) {
	switch {
	case len(text) > sizeLimit:
		return nil, fmt.Errorf("it has %d bytes, more than %d", len(text), sizeLimit)
	case !utf8.Valid(text):
		return nil, errors.New("it is not UTF-8")
	case len(bytes.TrimSpace(text)) == 0:
		return nil, errors.New("it is empty")
	}
	var head struct {
		Context json.RawMessage `json:"@context"`
		Format  string          `json:"bomFormat"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, explain(text, err)
	}
	var statements []Statement
	var err error
	switch {
	case head.Context != nil:
		statements, err = parseOpenVEX(text)
	case head.Format == "CycloneDX":
		statements, err = parseCycloneDX(text)
	default:
		return nil, errors.New("it is neither OpenVEX nor CycloneDX in JSON")
	}
	if err == nil && len(statements) == 0 {
		err = errors.New("it makes no statement")
	}
	if err != nil {
		return nil, err
	}
	return statements, bounded(statements)
}

func bounded(statements []Statement) error {
	n := 0
	for _, s := range statements {
		for _, p := range s.Products {
			n += 1 + len(p.Subcomponents)
		}
		if len(s.IDs) > idLimit {
			return fmt.Errorf("line %d: the vulnerability has more than %d names", s.Line, idLimit)
		}
	}
	if n > productLimit {
		return fmt.Errorf("it names more than %d products", productLimit)
	}
	return nil
}

// explain says where JSON is wrong.
func explain(text []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &syntax) && int(syntax.Offset) >= len(text):
		return errors.New("it is cut off")
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: %w", lineAt(text, int(syntax.Offset)), err)
	case errors.As(err, &kind):
		return fmt.Errorf("%q is a %s where a %s is expected", kind.Field, kind.Value, kind.Type)
	}
	return err
}

func lineAt(text []byte, offset int) int {
	return 1 + bytes.Count(text[:min(max(offset, 0), len(text))], []byte("\n"))
}

// each decodes the elements of the list that a document has under a name, with their lines. The
// document as a whole has been found to be JSON.
func each[T any](text []byte, name string, take func(element T, line int) error) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil {
		return explain(text, err)
	}
	counted, line, n := 0, 1, 0
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return explain(text, err)
		}
		var other json.RawMessage
		if key != name {
			if err := d.Decode(&other); err != nil {
				return explain(text, err)
			}
			continue
		}
		if open, err := d.Token(); err != nil || open != json.Delim('[') {
			return fmt.Errorf("line %d: %s is no list", lineAt(text, int(d.InputOffset())), name)
		}
		for d.More() {
			start := int(d.InputOffset())
			start += len(text[start:]) - len(bytes.TrimLeft(text[start:], ", \t\r\n"))
			line += bytes.Count(text[counted:start], []byte("\n"))
			counted = start
			var element T
			if err := d.Decode(&element); err != nil {
				return fmt.Errorf("line %d: %w", line, explain(text, err))
			}
			if n++; n > statementLimit {
				return fmt.Errorf("it has more than %d entries under %s", statementLimit, name)
			}
			if err := take(element, line); err != nil {
				return fmt.Errorf("line %d: %w", line, err)
			}
		}
		if _, err := d.Token(); err != nil {
			return explain(text, err)
		}
	}
	return nil
}

// moment reads RFC 3339. An empty one is unknown; one that is none is an error, for the time decides
// which of two statements holds.
func moment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no time by RFC 3339", shorten(s))
	}
	return t.UTC(), nil
}

// names are ids without those that name nothing, and without repetitions.
func names(all ...string) []string {
	var ids []string
	for _, id := range all {
		id = strings.TrimSpace(id)
		if id != "" && !slices.ContainsFunc(ids, func(other string) bool { return strings.EqualFold(id, other) }) && len(ids) <= idLimit {
			ids = append(ids, id)
		}
	}
	return ids
}

func shorten(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
