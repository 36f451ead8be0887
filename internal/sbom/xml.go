package sbom

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// elements walks through XML and knows the line it is at. It declares no entities, so none expand.
type elements struct {
	text    []byte
	dec     *xml.Decoder
	counted int // bytes whose lines are in line
	line    int
	depth   int
}

func newElements(text []byte) *elements {
	return &elements{text: text, dec: xml.NewDecoder(bytes.NewReader(text)), line: 1}
}

// tagLimit is the most bytes between < and >. Attributes take many times their size in memory.
const tagLimit = 64 << 10

// checkTags finds a tag that is too long. Comments and CDATA may be.
func checkTags(text []byte) error {
	for pos := 0; ; {
		at := bytes.IndexByte(text[pos:], '<')
		if at < 0 {
			return nil
		}
		pos += at
		tag := text[pos:min(len(text), pos+tagLimit)]
		end := bytes.IndexByte(tag, '>')
		if end < 0 && len(tag) == tagLimit && !bytes.HasPrefix(tag, []byte("<!")) {
			return fmt.Errorf("line %d: a tag has more than %d bytes", 1+bytes.Count(text[:pos], []byte("\n")), tagLimit)
		}
		pos++
	}
}

// lineAt is the line of a place, which must not lie before one asked for earlier.
func (e *elements) lineAt(offset int) int {
	if offset > e.counted {
		e.line += bytes.Count(e.text[e.counted:offset], []byte("\n"))
		e.counted = offset
	}
	return e.line
}

func (e *elements) token() (xml.Token, error) {
	t, err := e.dec.Token()
	var wrong *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.As(err, &wrong) && wrong.Msg == "unexpected EOF":
		return nil, errTruncated
	case errors.As(err, &wrong):
		return nil, fmt.Errorf("line %d: %.200q", wrong.Line, wrong.Msg) // it tells names from the document
	case err != nil:
		return nil, err
	}
	switch t.(type) {
	case xml.Directive:
		return nil, fmt.Errorf("line %d: it has a document type, which is not read", e.lineAt(int(e.dec.InputOffset())))
	case xml.StartElement:
		if e.depth++; e.depth > depthLimit {
			return nil, fmt.Errorf("line %d: it is nested more than %d deep", e.lineAt(int(e.dec.InputOffset())), depthLimit)
		}
	case xml.EndElement:
		e.depth--
	}
	return t, nil
}

// root is the outermost element.
func (e *elements) root() (xml.StartElement, error) {
	for {
		t, err := e.token()
		if err != nil {
			return xml.StartElement{}, err
		}
		if start, ok := t.(xml.StartElement); ok {
			return start, nil
		}
	}
}

// children calls each for every element within the one that was opened; it has to read or skip it.
// Those of another namespace are extensions and skipped.
func (e *elements) children(space string, each func(xml.StartElement) error) error {
	for {
		t, err := e.token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if t.Name.Space != space {
				err = e.skip()
			} else {
				err = each(t)
			}
			if err != nil {
				return err
			}
		}
	}
}

// string is the text of the element that was opened, and the line where it begins.
func (e *elements) string() (located, error) {
	var b strings.Builder
	line := 0
	for depth := 0; ; {
		start := int(e.dec.InputOffset())
		t, err := e.token()
		if err != nil {
			return located{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			if depth--; depth < 0 {
				return located{strings.TrimSpace(b.String()), max(line, 1)}, nil
			}
		case xml.CharData:
			raw := e.text[start:e.dec.InputOffset()]
			if inside := bytes.TrimLeft(raw, " \t\r\n"); line == 0 && len(inside) > 0 {
				line = e.lineAt(start + len(raw) - len(inside))
			}
			b.Write(t)
		}
	}
}

func (e *elements) set(to *string) error {
	s, err := e.string()
	*to = s.text
	return err
}

// skip passes over the element that was opened.
func (e *elements) skip() error {
	for depth := 0; depth >= 0; {
		t, err := e.token()
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

// end makes sure that nothing follows but space and comments.
func (e *elements) end() error {
	for {
		t, err := e.token()
		if errors.Is(err, errTruncated) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.Comment, xml.ProcInst:
			continue
		case xml.CharData:
			if len(bytes.TrimSpace(t)) == 0 {
				continue
			}
		}
		return errors.New("something follows the document")
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}
