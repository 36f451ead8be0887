package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/pipelinereport"
	"github.com/slipway-actions/slipway/internal/result"
)

// Bounds of one page.
const (
	mostDocuments = 200
	mostBytes     = 128 << 20 // of all files together
)

// documents are what was read for a page.
type documents struct {
	sources []pipelinereport.Source
	steps   []pipelinereport.Source // that other documents hold
	aside   []pipelinereport.Aside
	files   []os.FileInfo // that were read, to know them again under another name
	bytes   int
}

// readDocuments reads the files that are named, and those that match a pattern. A file that cannot be read, or
// is a broken result, is an error; one that a pattern caught and that is of another kind is left aside, with
// the reason.
func readDocuments(named []string) (documents, error) {
	var all documents
	for _, name := range named {
		paths, caught, err := matching(name)
		if err != nil {
			return all, err
		}
		for _, path := range paths {
			if err := all.read(path, caught); err != nil {
				return all, fmt.Errorf("%s: %w", path, err)
			}
		}
	}
	if len(all.sources) == 0 {
		return all, fmt.Errorf("there is no result document among %s; actions leave theirs in .slipway/<action>.json, and a download of artifacts brings them back", quoted(named))
	}
	all.unite()
	return all, nil
}

// unite adds the steps that have no file of their own: preflight leaves one for each.
func (all *documents) unite() {
	known := map[string]bool{}
	for _, s := range all.sources {
		known[canonical(s)] = true
	}
	for _, s := range all.steps {
		if !known[canonical(s)] {
			all.sources = append(all.sources, s)
		}
	}
	for i := range all.sources {
		all.sources[i].Document.Data = nil // the actions have shown it
	}
}

// canonical is a document by what it says, however it was spaced.
func canonical(s pipelinereport.Source) string {
	text, err := s.Document.Encode()
	if err != nil { // what was read can be written
		return s.SHA256
	}
	sum := sha256.Sum256(text)
	return string(sum[:])
}

// matching are the files that a name or a pattern means; caught tells that it is a pattern.
func matching(name string) (paths []string, caught bool, err error) {
	if _, err := os.Lstat(name); err == nil || !strings.ContainsAny(name, `*?[`) {
		return []string{name}, false, nil
	}
	paths, err = filepath.Glob(name)
	switch {
	case err != nil:
		return nil, true, fmt.Errorf("%q is no pattern: %w; allowed: file names with *, ? and [a-z]", name, err)
	case len(paths) == 0:
		return nil, true, fmt.Errorf("no file matches %q; run the actions first, or name the result documents, such as download/*/*.json", name)
	}
	return paths, true, nil
}

func quoted(names []string) string {
	var all []string
	for _, name := range names[:min(len(names), 5)] {
		all = append(all, fmt.Sprintf("%q", name))
	}
	if more := len(names) - len(all); more > 0 {
		all = append(all, fmt.Sprintf("%d more", more))
	}
	return strings.Join(all, ", ")
}

func (all *documents) read(path string, caught bool) error {
	info, err := os.Stat(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return errors.New("there is no such file; name a result document, such as .slipway/go-no-go.json")
		}
		return err
	}
	if slices.ContainsFunc(all.files, func(read os.FileInfo) bool { return os.SameFile(read, info) }) {
		return nil // named twice
	}
	if len(all.files) == mostDocuments {
		return fmt.Errorf("it is one too many: a page is made from at most %d files. Name those of one pipeline", mostDocuments)
	}
	all.files = append(all.files, info)
	text, err := readRecord(path)
	if err != nil {
		return err
	}
	if all.bytes += len(text); all.bytes > mostBytes {
		return fmt.Errorf("the files are larger than %d MB together. Name those of one pipeline", mostBytes>>20)
	}
	other, beside, err := otherKind(text)
	switch {
	case err != nil:
		return fmt.Errorf("it cannot be read: %w. Take the file as the action wrote it, or run the action again", err)
	case other != "" && (caught || beside):
		all.aside = append(all.aside, pipelinereport.Aside{Path: path, Why: other})
		return nil
	case other != "":
		return fmt.Errorf("it is no result document: %s; allowed: %s. Name the file that an action wrote, such as .slipway/go-no-go.json", other, result.Schema)
	}
	return all.add(path, text)
}

// otherKind says what JSON is that is no result document; "" where it is one, or claims to be. beside tells that
// it is what go-no-go leaves beside its result: a shell names it where somebody writes .slipway/*.json.
func otherKind(text []byte) (kind string, beside bool, err error) {
	var head map[string]json.RawMessage
	var mistaken *json.UnmarshalTypeError
	if err := json.Unmarshal(text, &head); errors.As(err, &mistaken) {
		return "it is no JSON object", false, nil
	} else if err != nil {
		return "", false, err
	}
	named := func(key string) string {
		var value string
		if json.Unmarshal(head[key], &value) != nil {
			return ""
		}
		return value
	}
	switch schema := named("schema"); {
	case strings.HasPrefix(schema, "slipway.result/"):
		return "", false, nil
	case schema != "":
		return fmt.Sprintf("its schema is %.80q", schema), false, nil
	case strings.HasPrefix(named("_type"), "https://in-toto.io/Statement/"), named("payloadType") == "application/vnd.in-toto+json":
		return "it is the record of a decision, whose result is a document of its own", true, nil
	}
	return "it names no schema", false, nil
}

// add takes a document in, and the steps of one that holds others.
func (all *documents) add(path string, text []byte) error {
	s, err := sourceOf(path, text)
	if err != nil {
		return err
	}
	all.sources = append(all.sources, s)
	if s.Document.Action != "preflight" {
		return nil
	}
	var held struct {
		Data struct {
			Steps []json.RawMessage `json:"steps"`
		} `json:"data"`
	}
	if err := json.Unmarshal(text, &held); err != nil {
		return fmt.Errorf("its steps cannot be read: %w", err)
	}
	for i, step := range held.Data.Steps {
		if len(all.steps) == mostDocuments {
			return fmt.Errorf("it holds too many steps: a page shows at most %d results", mostDocuments)
		}
		s, err := sourceOf(fmt.Sprintf("%s, step %d", path, i+1), step)
		if err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
		all.steps = append(all.steps, s)
	}
	return nil
}

// sourceOf reads one document, and lets its action show it.
func sourceOf(path string, text []byte) (pipelinereport.Source, error) {
	doc, err := result.Decode(text)
	if err != nil {
		return pipelinereport.Source{}, err
	}
	sum := sha256.Sum256(text)
	s := pipelinereport.Source{Path: path, Size: len(text), SHA256: hex.EncodeToString(sum[:]), Document: doc}
	at := slices.IndexFunc(actions, func(a action.Action) bool { return a.Name == doc.Action && a.Page != nil })
	if at < 0 {
		return s, nil
	}
	shown, err := showAgainSafely(actions[at], text)
	if err != nil {
		return s, err
	}
	s.Page, s.Again, s.Cut = shown.Page, shown.Again, shown.Cut
	return s, nil
}

// showAgainSafely is the action's Page. A document may come from anywhere, and one that it stumbles over is
// refused like any other that is broken.
func showAgainSafely(a action.Action, text []byte) (shown action.Shown, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("what the result holds does not add up: %v", r)
		}
	}()
	return a.Page(text)
}

// spares tells that writing to a path replaces none of the documents.
func (all documents) spares(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return nil // nothing is there that could be lost; writing says what else is wrong
	}
	if slices.ContainsFunc(all.files, func(read os.FileInfo) bool { return os.SameFile(read, info) }) {
		return fmt.Errorf("--output %s is one of the documents, and would be lost; name another file, such as report.html", path)
	}
	return nil
}
