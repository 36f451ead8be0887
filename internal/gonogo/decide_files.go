package gonogo

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/jsonpath"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// judgeFile judges a JSON file that some other tool wrote, by its age and its fields. One that is
// a result of Slipway is held against the commit like any other.
func judgeFile(id string, rule policy.Evidence, e evidence) criterion {
	f := result.Finding{ID: id, Title: id, Threshold: wantedFields(rule), Where: &result.Where{File: rule.File}}
	j := judgeJSON(rule, e.file(inWorkspace+rule.File), e)
	f.Outcome, f.Observed, f.Next = j.outcome, j.observed, j.next
	return criterion{id: id, findings: []result.Finding{f}}
}

func judgeJSON(rule policy.Evidence, f file, e evidence) judged {
	again := "See why the step that writes " + rule.File + " did not write it so."
	unknown := func(format string, args ...any) judged {
		return judged{verdict.Undecided, fmt.Sprintf(format, args...), again}
	}
	switch {
	case f.Missing:
		return unknown("there is no such file")
	case f.Problem.What != "":
		return unknown("%s", f.Problem.What)
	}
	w, err := unwrap(f.Text)
	if err != nil {
		return unknown("%s", err.Error())
	}
	var envelope []byte
	if w.signed {
		envelope = f.Text
	}
	if j := judgeSignature(envelope, rule.Keys, e); j.outcome != verdict.Passed {
		return j
	}
	if w.statement != nil && !e.concerns(w.statement.Subject) {
		return unknown("%s", elsewhere(w.statement.Subject))
	}
	whole, err := jsonpath.Decode(w.text)
	fields, ok := whole.(map[string]any)
	if err != nil || !ok {
		return unknown("it is no JSON object")
	}
	if err := jsonpath.KeysOnce(w.text); err != nil { // what was recorded is cut, and holds each but once
		return unknown("%s", err.Error())
	}
	if isResult(fields) {
		if d := decodeDocument(rule.File, rule.File, f.Text); d.Problem != "" {
			return unknown("%s", d.Problem)
		} else if j := judgeDocument(d, policy.Evidence{File: rule.File, MaxAge: rule.MaxAge, Keys: rule.Keys}, e); j.outcome != verdict.Passed {
			return j
		}
	}
	if stranger := stranger(fields, e); stranger != "" && !isResult(fields) {
		return unknown("%s", stranger)
	}
	if rule.MaxAge > 0 {
		made, ok := timeOf(fields)
		switch age := e.Now.Sub(made); {
		case !ok:
			return unknown("it does not say when it was made, in finishedAt, createdAt or timestamp (RFC 3339)")
		case age < -skew:
			return unknown("it is from the future, %s", made.UTC().Format(time.RFC3339))
		case age > time.Duration(rule.MaxAge):
			return unknown("it is %s old", duration.Format(age))
		}
	}
	return judgeFields(rule.Require, fields)
}

// isResult tells whether a JSON object is a result of Slipway, be it in a form of another release that is
// not read here: what such a one says of its verdict must not be overlooked.
func isResult(fields map[string]any) bool {
	schema, _ := fields["schema"].(string)
	family, _, _ := strings.Cut(result.Schema, "/")
	return schema == family || strings.HasPrefix(schema, family+"/")
}

// stranger says what another commit or repository a file names, or that what it names is not
// understood; "" where it names none or this one. A shortened commit can come to mean another.
func stranger(fields map[string]any, e evidence) string {
	subject, _ := fields["subject"].(map[string]any)
	for _, f := range []struct {
		in   map[string]any
		name string
	}{{fields, "commit"}, {fields, "sha"}, {subject, "sha"}} {
		if v, there := f.in[f.name]; there {
			sha, ok := v.(string)
			switch sha = strings.ToLower(sha); {
			case !ok || sha == "":
				return "its field " + f.name + " names no commit"
			case sha != e.SHA && (sha != e.Merge || e.Merge == ""):
				return "it is about another commit, " + shorten(sha)
			}
		}
	}
	for _, in := range []map[string]any{fields, subject} {
		if v, there := in["repository"]; there && e.Repository != "" {
			name, ok := v.(string)
			switch {
			case !ok || name == "":
				return "its field repository names no repository"
			case !strings.EqualFold(name, e.Repository):
				return "it is about the repository " + shorten(name)
			}
		}
	}
	return ""
}

func timeOf(fields map[string]any) (time.Time, bool) {
	for _, name := range []string{"finishedAt", "createdAt", "timestamp"} {
		if text, ok := fields[name].(string); ok {
			t, err := time.Parse(time.RFC3339, text)
			return t, err == nil
		}
	}
	return time.Time{}, false
}

// judgeFields holds fields against conditions such as "<= 90", "== done" or "done".
func judgeFields(require map[string]string, fields map[string]any) judged {
	var seen []string
	for _, name := range slices.Sorted(maps.Keys(require)) {
		value, ok := lookUp(fields, name)
		if !ok {
			return judged{verdict.Undecided, "it has no field " + name, "Make the tool that writes it write this field, as a text, a number, true or false."}
		}
		holds, err := holds(require[name], value)
		observed := name + " is " + shorten(value.text)
		switch {
		case err != nil:
			return judged{verdict.Undecided, observed + ": " + err.Error(), "Correct the condition in the policy, or the field."}
		case !holds:
			return judged{verdict.Failed, observed, "Bring it to what the policy requires, and run the tool that writes it again."}
		}
		seen = append(seen, observed)
	}
	if len(seen) == 0 {
		return judged{verdict.Passed, "it is there", ""}
	}
	return judged{verdict.Passed, strings.Join(seen, ", "), ""}
}

// lookUp finds a field by its name, or by a path of names with dots between them.
func lookUp(fields map[string]any, name string) (value field, ok bool) {
	if v, ok := fields[name]; ok {
		return scalar(v)
	}
	first, rest, _ := strings.Cut(name, ".")
	inner, ok := fields[first].(map[string]any)
	if !ok {
		return field{}, false
	}
	return lookUp(inner, rest)
}

// field is the value of a field, as it is written, and whether as a number.
type field struct {
	text   string
	number bool
}

// exact is from where on numbers that differ may be read as the same.
const exact = 1 << 53

func scalar(v any) (value field, ok bool) {
	switch v := v.(type) {
	case string:
		return field{v, false}, true
	case json.Number:
		return field{v.String(), true}, true
	case float64:
		if math.Abs(v) >= exact { // as which number it was written is not known any more
			return field{strconv.FormatFloat(v, 'e', -1, 64), true}, true
		}
		return field{strconv.FormatFloat(v, 'f', -1, 64), true}, true
	case bool:
		return field{strconv.FormatBool(v), false}, true
	}
	return field{}, false
}

// holds tells whether a value meets a condition: an operator and a value, or a value alone. A text is equal
// to the very same text alone: 1.1 is no 1.10 where both are versions.
func holds(condition string, value field) (bool, error) {
	c, err := policy.ParseCondition(condition)
	if err != nil {
		return false, err
	}
	a, isA := policy.Number(value.text)
	b, isB := policy.Number(c.Operand)
	equal, same := value.text == c.Operand, isA && isB && a == b
	switch {
	case same && !equal && math.Abs(a) >= exact:
		return false, errors.New("numbers of this size are not told apart here; write it as a text")
	case same && !equal && !value.number && (c.Operator == "==" || c.Operator == "!="):
		return false, fmt.Errorf("it is a text, and only as a number the same as %s", c.Operand)
	case same:
		equal = true
	}
	switch {
	case c.Operator == "==":
		return equal, nil
	case c.Operator == "!=":
		return !equal, nil
	case !isA || !isB:
		return false, fmt.Errorf("%q compares numbers", condition)
	}
	return map[string]bool{"<=": a <= b, ">=": a >= b, "<": a < b, ">": a > b}[c.Operator], nil
}

func wantedFields(rule policy.Evidence) string {
	wanted := "the file" + atMost(rule.MaxAge) + signedBy(rule.Keys)
	for _, name := range slices.Sorted(maps.Keys(rule.Require)) {
		wanted += fmt.Sprintf(", %s %s", name, rule.Require[name])
	}
	return wanted
}
