package gonogo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/attest"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

const (
	fileLimit     = 10 << 20 // bytes of one file of evidence
	documentLimit = 200      // of one line of the input
	figuresDepth  = 100      // of objects within each other
	signedLimit   = 8 << 20  // bytes of all envelopes together: a record holds them, and each decision verifies them anew
)

// files reads the workspace.
type files interface {
	Read(name string, limit int64) ([]byte, error)
	Glob(pattern string) ([]string, error)
}

// document is the result of an earlier step, as far as a decision needs it.
type document struct {
	Source     string            `json:"source"`            // where it was handed in, for people
	File       string            `json:"file,omitempty"`    // its path in the workspace; "" for a JSON text
	Sum        string            `json:"sum,omitempty"`     // SHA-256 of it as it was handed in, in hexadecimal; "" where it could not be read
	Problem    string            `json:"problem,omitempty"` // why it is no evidence; "" where it can be judged
	Action     string            `json:"action,omitempty"`
	Verdict    verdict.Verdict   `json:"verdict,omitempty"`
	Sentence   string            `json:"sentence,omitempty"`
	Repository string            `json:"repository,omitempty"`
	SHA        string            `json:"sha,omitempty"`
	Digest     string            `json:"digest,omitempty"` // of the image that was judged, such as sha256:…; "" where it names none
	Finished   time.Time         `json:"finishedAt,omitzero"`
	URL        string            `json:"url,omitempty"`      // of the run that judged
	Data       map[string]any    `json:"data,omitempty"`     // the action's own figures: texts, numbers, true and false, and objects of them
	Subjects   []attest.Resource `json:"subjects,omitempty"` // of the in-toto statement that it came in; none where it came without
	Envelope   []byte            `json:"envelope,omitempty"` // the DSSE envelope that it came in, whole, for the signature is judged by decide; nil where it is not signed
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
				return append(documents, document{Source: source, Problem: fmt.Sprintf("the JSON text is broken, and what follows it is not read: %v", err)})
			}
			behind, rest, _ := strings.Cut(text[decoder.InputOffset():], "\n")
			if strings.TrimSpace(behind) != "" {
				return append(documents, document{Source: source, Problem: "text follows the JSON text on its line, and is not read"})
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
		return []document{{Source: line, Problem: err.Error()}}
	}
	source, err := f.Read(path, fileLimit)
	switch {
	case err == nil:
		return []document{decodeDocument(path, path, source)}
	case !strings.ContainsAny(line, "*?["):
		return []document{{Source: line, Problem: unreadable(err)}}
	case strings.Contains(line, "**"):
		return []document{{Source: line, Problem: "** is not read here; * stands for names in one folder"}}
	}
	paths, err := f.Glob(path)
	if err != nil {
		return []document{{Source: line, Problem: fmt.Sprintf("the glob cannot be read: %v", err)}}
	}
	// What an earlier decision said is no evidence for this one; preflight's result holds one.
	paths = slices.DeleteFunc(paths, func(p string) bool {
		return p == result.Path("go-no-go") || p == result.Path("preflight") || slices.Contains(recordFiles, p)
	})
	switch {
	case len(paths) == 0:
		return []document{{Source: line, Problem: "no file matches"}}
	case len(paths) > documentLimit:
		return []document{{Source: line, Problem: fmt.Sprintf("%d files match; at most %d are read", len(paths), documentLimit)}}
	}
	var documents []document
	for _, p := range paths {
		source, err := f.Read(p, fileLimit)
		if err != nil {
			documents = append(documents, document{Source: p, Problem: unreadable(err)})
			continue
		}
		documents = append(documents, decodeDocument(p, p, source))
	}
	return documents
}

// decodeDocument reads a result: as it is, as the predicate of an in-toto statement, or as that of
// one in a DSSE envelope. Whether a signature is right is not decided here.
func decodeDocument(source, file string, text []byte) document {
	broken := func(err error) document {
		return document{Source: source, File: file, Sum: sum(text), Problem: err.Error()}
	}
	w, err := unwrap(text)
	if err != nil {
		return broken(err)
	}
	if w.statement != nil && w.statement.PredicateType != attest.ResultType {
		return broken(fmt.Errorf("the predicate of the statement is of the type %q, want %s", shorten(w.statement.PredicateType), attest.ResultType))
	}
	d, err := result.Decode(w.text)
	if err != nil {
		return broken(err)
	}
	data, _ := d.Data.(map[string]any)
	read := document{
		Source: source, File: file, Sum: sum(text), Action: d.Action, Verdict: d.Verdict, Sentence: d.Sentence, Repository: d.Subject.Repository,
		SHA: strings.ToLower(d.Subject.SHA), Digest: strings.ToLower(d.Subject.Digest), Finished: d.FinishedAt, URL: d.Run.URL, Data: figures(data, figuresDepth),
	}
	if w.statement != nil {
		read.Subjects = w.statement.Subject
	}
	if w.signed {
		read.Envelope = slices.Clone(text)
	}
	return read
}

func sum(text []byte) string {
	hash := sha256.Sum256(text)
	return hex.EncodeToString(hash[:])
}

// bounded sets aside the envelopes that go beyond what is read of them.
func bounded(documents []document) []document {
	total := 0
	for i, d := range documents {
		if total += len(d.Envelope); total > signedLimit && d.Envelope != nil {
			documents[i] = document{Source: d.Source, File: d.File, Sum: d.Sum, Problem: fmt.Sprintf("the signed evidence before it and this are larger than %d bytes together", signedLimit)}
		}
	}
	return documents
}

func unreadable(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "there is no such file"
	}
	return fmt.Sprintf("it cannot be read: %v", err)
}

// figures are the values of an action's data that conditions can be about. Lists are left out: no
// condition reads one, and they are most of a document. So are objects too deep within each other: a record
// holds them deeper still, and could not be read.
func figures(data map[string]any, depth int) map[string]any {
	kept := map[string]any{}
	for name, value := range data {
		switch v := value.(type) {
		case map[string]any:
			if depth > 0 {
				kept[name] = figures(v, depth-1)
			}
		case string, float64, bool, json.Number:
			kept[name] = v
		}
	}
	return kept
}
