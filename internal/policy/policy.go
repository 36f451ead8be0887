// Package policy is .github/slipway.yml: one file with a section for each action. It is read
// strictly, since a misspelt key would silently loosen a gate: unknown and duplicate keys, wrong
// types and values out of range are errors with line, column and caret. It does no I/O.
package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/printer"
	"github.com/goccy/go-yaml/token"
)

// SizeLimit is the most bytes a policy file may have.
const SizeLimit = 1 << 20

// Policy is the whole file. The zero value of a section means its defaults.
type Policy struct {
	Version    int        `yaml:"version"` // of the file's form: 1
	Service    string     `yaml:"service"`
	Timezone   string     `yaml:"timezone"` // IANA name, for windows and dates; UTC if empty
	Versioning Versioning `yaml:"versioning"`
	Changelog  Changelog  `yaml:"changelog"`
	Security   Security   `yaml:"security"`
	Gate       *Gate      `yaml:"gate"` // nil: all checks succeeded and all evidence passes
	Verify     *Verify    `yaml:"verify"`
	Source     string     `yaml:"-"` // the file's own text; "" without a file
}

// Error is a policy that cannot be used, and where.
type Error struct {
	File         string
	Line, Column int // from 1; 0 where the whole file is meant
	Message      string
	Snippet      string // the lines around, with a caret; may be empty
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Message)
	}
	text := fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
	if e.Snippet != "" {
		text += "\n" + e.Snippet
	}
	return text
}

// Default is the policy without a file.
func Default() Policy {
	p := Policy{Version: 1}
	p.fillDefaults()
	return p
}

// Parse reads a policy; name is how errors call the file. Every error is an *Error.
func Parse(name string, source []byte) (Policy, error) {
	fail := func(format string, args ...any) (Policy, error) {
		return Policy{}, &Error{File: name, Message: fmt.Sprintf(format, args...)}
	}
	if len(source) > SizeLimit {
		return fail("the file has %d bytes; at most %d are read", len(source), SizeLimit)
	}
	source = bytes.TrimPrefix(source, []byte("\ufeff")) // some editors write a byte order mark
	var p Policy
	file, err := decode(source, &p)
	if errors.Is(err, io.EOF) {
		return fail("the file is empty; begin it with: version: 1")
	}
	if err != nil {
		return Policy{}, locate(name, err)
	}
	if err := p.validate(); err != nil {
		return Policy{}, locate(name, err.in(file))
	}
	p.fillDefaults()
	p.Source = string(source)
	return p, nil
}

// invalid is a value that cannot stand where it does.
type invalid struct {
	token   *token.Token // nil where the whole file is meant
	message string
	column  int // of the place in the value that is meant, from 1; 0 is the value itself
}

func (e *invalid) Error() string { return e.message }

// misfit is a value that does not go with the rest of the file.
type misfit struct {
	path    string // YAML path of its place
	message string
	column  int // in the value, from 1; 0 is the value itself
}

func misfitf(path, format string, args ...any) *misfit {
	return &misfit{path: path, message: fmt.Sprintf(format, args...)}
}

// in finds the place in the file, or the nearest one around it that is there.
func (m *misfit) in(file *ast.File) *invalid {
	for path := m.path; path != ""; path = path[:max(0, strings.LastIndexAny(path, ".["))] {
		at, err := yaml.PathString("$." + path)
		if err != nil {
			continue
		}
		var node ast.Node
		if err := guarded(func() (err error) { node, err = at.FilterFile(file); return err }); err == nil && node != nil {
			found := &invalid{token: node.GetToken(), message: m.path + ": " + m.message}
			if path == m.path {
				found.column = m.column
			}
			return found
		}
	}
	return &invalid{message: m.path + ": " + m.message}
}

// locate turns what the YAML library says into an Error.
func locate(name string, err error) *Error {
	var (
		ours   *invalid
		theirs yaml.Error
		e      = &Error{File: name, Message: err.Error()}
		at     *token.Token
	)
	switch {
	case errors.As(err, &ours):
		e.Message, at = ours.message, ours.token
	case errors.As(err, &theirs):
		e.Message, at = theirs.GetMessage(), theirs.GetToken()
		if strings.HasPrefix(e.Message, "unknown field ") {
			e.Message += "; docs/policy.md lists the keys of each section"
		}
	}
	if at == nil || at.Position == nil {
		return e
	}
	e.Line, e.Column = at.Position.Line, at.Position.Column
	if crowded(at) {
		return e
	}
	if guarded(func() error {
		e.Snippet = strings.TrimRight(new(printer.Printer).PrintErrorToken(at, false), "\n ")
		return nil
	}) != nil || len(e.Snippet) > snippetLimit {
		e.Snippet = ""
		return e
	}
	if ours != nil && ours.column > 0 {
		e.moveTo(placeIn(at, ours.column))
	}
	return e
}

const (
	snippetLimit = 4 << 10 // bytes of the lines that are shown around an error
	crowd        = 2_000   // tokens near one that take too long to show
)

// crowded tells whether the lines around a token are too full to be shown to anybody.
func crowded(at *token.Token) bool {
	const lines = 4
	near := 0
	for t := at; t != nil && near <= crowd && at.Position.Line-t.Position.Line < lines; t = t.Prev {
		near++
	}
	for t := at; t != nil && near <= crowd && t.Position.Line-at.Position.Line < lines; t = t.Next {
		near++
	}
	return near > crowd
}

func (p *Policy) fillDefaults() {
	p.Versioning.fillDefaults()
	p.Changelog.fillDefaults()
	p.Security.fillDefaults()
}

// validate checks what one field alone cannot show.
func (p *Policy) validate() *misfit {
	if p.Version == 0 {
		return misfitf("version", "it is missing; begin the file with: version: 1")
	}
	if p.Version != 1 {
		return misfitf("version", "this release reads version 1, not %d", p.Version)
	}
	// Local is what each machine is set to; a decision would be another on the next one.
	if _, err := time.LoadLocation(p.Timezone); err != nil || p.Timezone == "Local" {
		return misfitf("timezone", "%q is no time zone; use an IANA name such as Europe/Berlin, or UTC", p.Timezone)
	}
	if m := p.Versioning.validate(); m != nil {
		return m
	}
	if m := p.Changelog.validate(); m != nil {
		return m
	}
	if m := p.Security.validate(); m != nil {
		return m
	}
	if p.Gate != nil {
		if m := p.Gate.validate(); m != nil {
			return m
		}
	}
	if p.Verify != nil {
		return p.Verify.validate()
	}
	return nil
}
