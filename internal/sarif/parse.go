package sarif

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/report"
)

// Parse reads a report. Roots are the absolute paths that the workspace has or had where the tool
// ran, such as /github/workspace and /home/runner/work/name/name: files below one are told
// relative to it.
//
// An error means that the report cannot be believed: it is no SARIF 2.1.0, has no run, or a result
// points to what is not there. A run that can be read and yet is not all that the tool should have
// looked at is not Complete and says why in Problems; neither is ever "nothing found".
func Parse(text []byte, roots ...string) ([]Run, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if err := check(text); err != nil {
		return nil, fmt.Errorf("read SARIF report: %w", err)
	}
	runs, err := parse(text, roots)
	if err != nil {
		return nil, fmt.Errorf("read SARIF report: %w", err)
	}
	return runs, nil
}

func parse(text []byte, roots []string) ([]Run, error) {
	var shape logShape
	if err := decode(text, "", &shape); err != nil {
		return nil, err
	}
	switch {
	case shape.Version != "2.1.0":
		return nil, fmt.Errorf("version: %s, and only 2.1.0 can be read", quote(shape.Version))
	case len(shape.Runs) == 0:
		return nil, errors.New("runs: there is none, so no tool has looked at anything")
	case len(shape.Runs) > runLimit:
		return nil, fmt.Errorf("runs: there are more than %d", runLimit)
	case given(shape.Inline):
		return nil, errors.New("inlineExternalProperties: results may be in there, and it cannot be read; write the report without it")
	}
	var runs []Run
	total := 0
	for i, raw := range shape.Runs {
		at := fmt.Sprintf("runs[%d]", i)
		var shape runShape
		if err := decode(raw, at, &shape); err != nil {
			return nil, err
		}
		if total += len(shape.Results); total > totalLimit {
			return nil, fmt.Errorf("%s.results: with those before there are more than %d", at, totalLimit)
		}
		r := reader{at: at, shape: shape, roots: roots}
		if err := r.read(); err != nil {
			return nil, err
		}
		runs = append(runs, r.run)
	}
	return runs, nil
}

// reader reads one run.
type reader struct {
	at        string // where the run stands in the report
	shape     runShape
	roots     []string
	rules     map[*component]map[string]*descriptor // by id
	extended  map[string]*descriptor                // of all extensions
	kinds     map[*component]map[string]*descriptor // of notifications, by id
	about     map[*descriptor]about
	overrides []map[*descriptor]string // levels, by invocation
	problems  []string
	more      int // problems beyond the limit
	run       Run
}

func (r *reader) read() error {
	driver := r.shape.Tool.Driver
	if driver == nil || strings.TrimSpace(driver.Name) == "" {
		return fmt.Errorf("%s.tool.driver.name: it is missing, so nobody knows which tool this is of", r.at)
	}
	r.run.Tool, r.run.Version = line(driver.Name, 100), line(cmp.Or(driver.Version, driver.SemanticVersion), 100)
	for _, from := range r.shape.Provenance {
		r.run.Revision = cmp.Or(r.run.Revision, line(from.Revision, 100))
	}
	if err := r.indexRules(); err != nil {
		return err
	}
	if err := r.invocations(); err != nil {
		return err
	}
	if r.shape.Results == nil {
		// Specification, 3.14.23: null or absent is a tool that did not get to look.
		r.problem("it has no list of results, which means that the tool did not get to look for any")
	}
	for _, external := range r.shape.External {
		if given(external) {
			r.problem("a part of it is in other files (externalPropertyFileReferences), and those are not read")
		}
	}
	var keys []string
	for i, raw := range r.shape.Results {
		at := fmt.Sprintf("%s.results[%d]", r.at, i)
		var shape resultShape
		if err := decode(raw, at, &shape); err != nil {
			return err
		}
		result, err := r.result(at, shape)
		if err != nil {
			return err
		}
		r.run.Results = append(r.run.Results, result)
		keys = append(keys, matchOf(shape, result.Message))
	}
	fingerprint(r.run.Tool, r.run.Results, keys)
	if r.more > 0 {
		r.problems = append(r.problems, fmt.Sprintf("and %s more", report.Count(r.more, "problem")))
	}
	r.run.Problems, r.run.Complete = r.problems, len(r.problems) == 0
	return nil
}

// problem notes why the run is not complete, once.
func (r *reader) problem(format string, args ...any) {
	switch p := fmt.Sprintf(format, args...); {
	case slices.Contains(r.problems, p):
	case len(r.problems) == problemLimit:
		r.more++
	default:
		r.problems = append(r.problems, p)
	}
}

// decode reads JSON that is known to be valid.
func decode(raw []byte, at string, into any) error {
	if string(raw) == "null" {
		return fmt.Errorf("%s: it is null", at)
	}
	err := json.Unmarshal(raw, into)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Errorf("%s: it is of the type %s, which it must not be", strings.Trim(at+"."+wrong.Field, "."), cut(wrong.Value, 40))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	return nil
}

// given tells whether there is anything in a value.
func given(raw json.RawMessage) bool {
	return len(raw) > 0 && !slices.Contains([]string{"null", "[]", "{}"}, string(raw))
}

// quote makes text of the report fit for an error.
func quote(s string) string { return strconv.Quote(cut(s, 100)) }

// cut shortens text. It looks at no more than it keeps: text that many results share may be long.
func cut(s string, most int) string { return report.Clip(s[:min(len(s), 4*most+4)], most) }

// line is text within a line.
func line(s string, most int) string { return report.OneLine(cut(s, most)) }

// oneOf holds a word against those that the specification knows; absent is fine.
func oneOf(at, word string, known ...string) error {
	if word == "" || slices.Contains(known, word) {
		return nil
	}
	return fmt.Errorf("%s: %s, want one of %s", at, quote(word), strings.Join(known, ", "))
}
