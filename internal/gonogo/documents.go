package gonogo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

const (
	fileLimit     = 10 << 20 // bytes of one file of evidence
	documentLimit = 200      // of one line of the input
)

// files reads the workspace.
type files interface {
	Read(name string, limit int64) ([]byte, error)
	Glob(pattern string) ([]string, error)
}

// document is the result of an earlier step, as far as a decision needs it.
type document struct {
	source     string // where it was handed in, for people
	file       string // its path in the workspace; "" for a JSON text
	problem    string // why it is no evidence; "" where it can be judged
	action     string
	verdict    verdict.Verdict
	sentence   string
	repository string
	sha        string
	finished   time.Time
	url        string         // of the run that judged
	data       map[string]any // the action's own figures; nil where there are none
}

// readDocuments reads the input evidence: lines with a file, a glob, or a JSON text, which may
// go on over several lines. What cannot be read becomes a document with a problem: handed in and
// not understood is not the same as not handed in.
func readDocuments(text string, f files, inDir func(string) (string, error)) []document {
	var documents []document
	for n := 1; ; n++ {
		text = strings.TrimSpace(text)
		switch {
		case text == "":
			return documents
		case text[0] == '{':
			decoder := json.NewDecoder(strings.NewReader(text))
			var value json.RawMessage
			source := fmt.Sprintf("entry %d of the input evidence", n)
			if err := decoder.Decode(&value); err != nil {
				return append(documents, document{source: source, problem: fmt.Sprintf("the JSON text is broken, and what follows it is not read: %v", err)})
			}
			behind, rest, _ := strings.Cut(text[decoder.InputOffset():], "\n")
			if strings.TrimSpace(behind) != "" {
				return append(documents, document{source: source, problem: "text follows the JSON text on its line, and is not read"})
			}
			documents, text = append(documents, decodeDocument(source, "", value)), rest
		default:
			line, rest, _ := strings.Cut(text, "\n")
			documents, text = append(documents, readFiles(strings.TrimSpace(line), f, inDir)...), rest
		}
	}
}

// readFiles reads what one line names: the file of that very name, else those that match.
func readFiles(line string, f files, inDir func(string) (string, error)) []document {
	path, err := inDir(line)
	if err != nil {
		return []document{{source: line, problem: err.Error()}}
	}
	source, err := f.Read(path, fileLimit)
	switch {
	case err == nil:
		return []document{decodeDocument(path, path, source)}
	case !strings.ContainsAny(line, "*?["):
		return []document{{source: line, problem: unreadable(err)}}
	case strings.Contains(line, "**"):
		return []document{{source: line, problem: "** is not read here; * stands for names in one folder"}}
	}
	paths, err := f.Glob(path)
	if err != nil {
		return []document{{source: line, problem: fmt.Sprintf("the glob cannot be read: %v", err)}}
	}
	// What an earlier decision said is no evidence for this one; preflight's result holds one.
	paths = slices.DeleteFunc(paths, func(p string) bool { return p == result.Path("go-no-go") || p == result.Path("preflight") })
	switch {
	case len(paths) == 0:
		return []document{{source: line, problem: "no file matches"}}
	case len(paths) > documentLimit:
		return []document{{source: line, problem: fmt.Sprintf("%d files match; at most %d are read", len(paths), documentLimit)}}
	}
	var documents []document
	for _, p := range paths {
		source, err := f.Read(p, fileLimit)
		if err != nil {
			documents = append(documents, document{source: p, problem: unreadable(err)})
			continue
		}
		documents = append(documents, decodeDocument(p, p, source))
	}
	return documents
}

func decodeDocument(source, file string, text []byte) document {
	d, err := result.Decode(text)
	if err != nil {
		return document{source: source, file: file, problem: err.Error()}
	}
	data, _ := d.Data.(map[string]any)
	return document{
		source: source, file: file, action: d.Action, verdict: d.Verdict, sentence: d.Sentence,
		repository: d.Subject.Repository, sha: strings.ToLower(d.Subject.SHA), finished: d.FinishedAt, url: d.Run.URL, data: data,
	}
}

func unreadable(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "there is no such file"
	}
	return fmt.Sprintf("it cannot be read: %v", err)
}
