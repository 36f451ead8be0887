// Package sbom reads and writes bills of materials: CycloneDX in JSON and XML, SPDX in JSON and
// tag-value form. It turns their components into the packages that advisories speak of, and says
// how many it could not turn: what is not judged must not look as if it were safe. It does no I/O.
package sbom

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/slipway-actions/slipway/internal/manifest"
)

// The most that is read. Past any of them a document is not judged at all.
const (
	sizeLimit      = 128 << 20 // bytes
	componentLimit = 500_000
	edgeLimit      = 2_000_000
	depthLimit     = 200 // objects and lists within each other
	textLimit      = 4096
)

// Reading is what a bill of materials says.
type Reading struct {
	Format   string           // CycloneDX 1.6, SPDX 2.3
	Entries  []manifest.Entry // by package; a package that is named twice stands once
	Unjudged int              // components that name no package that can be looked up, or no version
	Foreign  int              // components of a kind that no advisory is about
	Notes    []string         // what is left open, as sentences without a full stop
}

// Read reads a bill of materials. The name is that of its file and stands in errors alone; what the
// format is, its text tells. A document that is cut off, of an unknown version or without any
// component is an error.
func Read(name string, text []byte) (Reading, error) {
	r, err := read(bytes.TrimPrefix(text, []byte("\ufeff")))
	if err != nil {
		return Reading{}, fmt.Errorf("read the bill of materials %s: %w", name, err)
	}
	return r, nil
}

var errForeign = errors.New("it is neither CycloneDX (JSON, XML) nor SPDX (JSON, tag-value)")

func read(text []byte) (Reading, error) {
	if len(text) > sizeLimit {
		return Reading{}, fmt.Errorf("it has %d bytes, more than %d", len(text), sizeLimit)
	}
	if !utf8.Valid(text) {
		return Reading{}, errors.New("it is not UTF-8")
	}
	start := bytes.TrimLeft(text, " \t\r\n")
	if len(start) == 0 {
		return Reading{}, errors.New("it is empty")
	}
	d, err := document{}, error(nil)
	switch {
	case start[0] == '{':
		d, err = readJSON(text)
	case start[0] == '<':
		d, err = readCycloneDXXML(text)
	default:
		d, err = readTagValue(text)
	}
	if err != nil {
		return Reading{}, err
	}
	return d.judge()
}
