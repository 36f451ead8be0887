// Package versionfile writes a version into the files that carry it. A place is found with a parser
// of the file's form, its bytes alone are replaced, and the result is parsed again and compared:
// comments, line ends, order and indentation stay as they are. Bytes come in and bytes go out; it
// does no I/O.
package versionfile

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slipway-actions/slipway/internal/semver"
)

// SizeLimit is the most bytes that a file may have.
const SizeLimit = 16 << 20

// treeLimit is the most bytes of a file whose parser keeps a tree of it in memory.
const treeLimit = 4 << 20

// mostPlaces is how many values of one file may carry the version.
const mostPlaces = 1000

// Change is what setting a version makes of a file.
type Change struct {
	Data   []byte
	Places []Place // in the file's order, at least one
}

// Place is one value that carries the version.
type Place struct {
	Key  string // as a person would name it: image.tag, or "marked line"
	Line int    // from 1
	Old  string // as it stood there, with its v where it had one
	New  string
}

// Absent is the error of a file that lacks its key, or any place for a version.
type Absent struct{ message string }

func (e *Absent) Error() string { return e.message }

func absentf(format string, args ...any) error { return &Absent{fmt.Sprintf(format, args...)} }

// site is a value that was found in a file.
type site struct {
	start, end int    // its bytes, without quotes
	value      string // as the parser reads it
	key        string
	own        bool // the field holds the project's version and nothing else, by the file's form
	text       bool // the parser reads it as text, not as a number
}

// edit replaces bytes of a file.
type edit struct {
	start, end int
	old, new   string
}

// Set makes every place of the target carry the version, which is a semantic one without prefix.
// Data that carries it already comes back as it is. Errors say what is wrong in which line;
// an *Absent or *Inherited one tells that the place is not in this file.
func Set(t Target, data []byte, version string) (Change, error) {
	if _, err := semver.Parse(version); err != nil {
		return Change{}, err
	}
	f, err := formOf(t)
	if err != nil {
		return Change{}, err
	}
	if err := readable(data, f.limit); err != nil {
		return Change{}, err
	}
	body := bytes.TrimPrefix(data, byteOrderMark)
	sites, err := f.sites(body, t)
	if err != nil {
		return Change{}, err
	}
	if len(sites) > mostPlaces {
		return Change{}, fmt.Errorf("it has %d places for the version; at most %d are written", len(sites), mostPlaces)
	}
	edits, places, err := plan(body, sites, version)
	if err != nil {
		return Change{}, err
	}
	next := splice(body, edits)
	if bytes.Equal(next, body) {
		return Change{Data: data, Places: places}, nil
	}
	if err := f.verify(t, body, next, edits, places); err != nil {
		return Change{}, fmt.Errorf("the version cannot be set without changing something else: %w", err)
	}
	return Change{Data: append(bytes.Clone(data[:len(data)-len(body)]), next...), Places: places}, nil
}

var byteOrderMark = []byte("\ufeff")

// readable refuses what is no text in UTF-8.
func readable(data []byte, limit int) error {
	switch {
	case len(data) > limit:
		return fmt.Errorf("it has %d bytes; at most %d are read", len(data), limit)
	case bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")):
		return fmt.Errorf("it is written in UTF-16; save it as UTF-8")
	case bytes.IndexByte(data, 0) >= 0:
		return fmt.Errorf("line %d holds a NUL byte; this is no text file", lineOf(data, bytes.IndexByte(data, 0)))
	case !utf8.Valid(data):
		return fmt.Errorf("line %d is not valid UTF-8; save the file as UTF-8", lineOf(data, invalidAt(data)))
	}
	return nil
}

func invalidAt(data []byte) int {
	at := 0
	for at < len(data) {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return at
}

// plan works out what to replace. All that is wrong is named at once.
func plan(body []byte, sites []site, version string) (edits []edit, places []Place, err error) {
	slices.SortStableFunc(sites, func(a, b site) int { return cmp.Compare(a.start, b.start) })
	var wrong []string
	for _, s := range sites {
		line := lineOf(body, s.start)
		if string(body[s.start:s.end]) != s.value {
			wrong = append(wrong, fmt.Sprintf("line %d: %s is written with escapes; write it plainly", line, s.key))
			continue
		}
		from, err := replaceable(s.value, s.own)
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("line %d: %s is %v", line, s.key, err))
			continue
		}
		edits = append(edits, edit{s.start + from, s.end, s.value[from:], version})
		places = append(places, Place{Key: s.key, Line: line, Old: s.value, New: s.value[:from] + version})
	}
	if wrong != nil {
		return nil, nil, fmt.Errorf("%s", strings.Join(wrong, "; "))
	}
	return edits, places, nil
}

func splice(body []byte, edits []edit) []byte {
	var next []byte
	at := 0
	for _, e := range edits {
		next = append(next, body[at:e.start]...)
		next = append(next, e.new...)
		at = e.end
	}
	return append(next, body[at:]...)
}

// lineOf counts lines as an editor does.
func lineOf(data []byte, at int) int { return bytes.Count(data[:at], []byte("\n")) + 1 }
