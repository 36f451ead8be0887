package inventory

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/google/osv-scalibr/extractor"
	"github.com/google/osv-scalibr/extractor/filesystem"
	scalibrlog "github.com/google/osv-scalibr/log"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

// OSVScanner reads lockfiles with the parsers of osv-scanner, one file at a time. Nothing else of it
// is used: matching, configuration and walking of its own pass silently where they fail. The
// parsers are called directly, for a scan of the library costs many times what the parser takes.
type OSVScanner struct{}

// running keeps parsers apart: they log through the process, not through the call.
var running sync.Mutex

// Parse reads one lockfile. What a parser logs as an error is an error here as well.
func (OSVScanner) Parse(ctx context.Context, l Lockfile) ([]manifest.Entry, error) {
	type answer struct {
		entries []manifest.Entry
		err     error
	}
	done := make(chan answer, 1) // most parsers cannot be cancelled, so one may be left behind
	go func() {
		entries, err := parse(ctx, l)
		done <- answer{entries, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case a := <-done:
		return a.entries, a.err
	}
}

func parse(ctx context.Context, l Lockfile) (entries []manifest.Entry, err error) {
	defer func() {
		if r := recover(); r != nil {
			entries, err = nil, fmt.Errorf("the parser broke off: %v", r)
		}
	}()
	p, ok := plugins[l.Plugin]
	if !ok {
		return nil, fmt.Errorf("there is no parser %s", l.Plugin)
	}
	packages, err := extract(ctx, p, l)
	if err != nil {
		return nil, err
	}
	for _, found := range packages {
		if e, ok := entryOf(l, found); ok {
			if p.pieces != nil {
				e.Line = 0
			}
			entries = append(entries, e)
		}
	}
	if p.survey != nil {
		entries = p.survey(l).annotate(entries)
	}
	return entries, nil
}

// extract calls the parser.
func extract(ctx context.Context, p plugin, l Lockfile) (packages []*extractor.Package, err error) {
	parser, err := p.parser(nil)
	if err != nil {
		return nil, err
	}
	pieces := [][]byte{l.Text}
	if p.pieces != nil {
		pieces = p.pieces(l.Text)
	}
	running.Lock()
	defer running.Unlock()
	var log errorLog
	scalibrlog.SetLogger(&log)
	files := &treeFS{lockfile: l}
	for _, text := range pieces {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		inv, err := parser.Extract(ctx, &filesystem.ScanInput{FS: files, Path: l.Path, Reader: bytes.NewReader(text), Info: files.info(l.Path, len(text))})
		if problems := log.problems(err); len(problems) > 0 {
			return nil, errors.New(strings.Join(problems, "; "))
		}
		packages = append(packages, inv.Packages...)
	}
	if p.json && !json.Valid(l.Text) {
		return nil, errors.New("there is more after the end of its JSON")
	}
	return packages, nil
}

// entryOf is the entry of a package; false for one that is none.
func entryOf(l Lockfile, p *extractor.Package) (manifest.Entry, bool) {
	e := manifest.Entry{Package: osv.Package{Ecosystem: p.Ecosystem().String(), Name: p.Name, Version: p.Version}}
	switch osv.BaseEcosystem(e.Ecosystem) {
	case "Go":
		// Made of the go directive, which is the lowest version of the language that will do, not the toolchain that builds.
		if e.Name == "stdlib" || e.Name == "go" {
			return e, false
		}
	case "PyPI":
		e.Name = pypiName(e.Name)
	}
	if at := p.Location.Descriptor; at != nil && at.File != nil && at.File.Path == l.Path { // not go.sum
		e.Line = at.File.LineNumber
	}
	return e, true
}

// errorLog keeps what a parser logs as an error and prints nothing.
type errorLog struct{ errors []string }

func (l *errorLog) Errorf(format string, args ...any) {
	l.errors = append(l.errors, fmt.Sprintf(format, args...))
}
func (l *errorLog) Error(args ...any)   { l.errors = append(l.errors, fmt.Sprint(args...)) }
func (*errorLog) Warnf(string, ...any)  {}
func (*errorLog) Warn(...any)           {}
func (*errorLog) Infof(string, ...any)  {}
func (*errorLog) Info(...any)           {}
func (*errorLog) Debugf(string, ...any) {}
func (*errorLog) Debug(...any)          {}

// preamble is what parsers put before the words that help.
var preamble = regexp.MustCompile(`^(could not extract:? )+`)

// problems are what was logged and what was returned, each once.
func (l *errorLog) problems(err error) []string {
	texts := slices.Clone(l.errors)
	if err != nil {
		texts = append(texts, err.Error())
	}
	for i, text := range texts {
		texts[i] = preamble.ReplaceAllString(text, "")
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}
