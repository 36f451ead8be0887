package gonogo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
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
	j := judgeJSON(rule, e.Files[inWorkspace+rule.File], e)
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
	if fields["schema"] == result.Schema {
		if d := decodeDocument(rule.File, rule.File, f.Text); d.Problem != "" {
			return unknown("%s", d.Problem)
		} else if j := judgeDocument(d, policy.Evidence{File: rule.File, MaxAge: rule.MaxAge, Keys: rule.Keys}, e); j.outcome != verdict.Passed {
			return j
		}
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
		observed := name + " is " + shorten(value)
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
func lookUp(fields map[string]any, name string) (value string, ok bool) {
	if v, ok := fields[name]; ok {
		return scalar(v)
	}
	first, rest, _ := strings.Cut(name, ".")
	inner, ok := fields[first].(map[string]any)
	if !ok {
		return "", false
	}
	return lookUp(inner, rest)
}

func scalar(v any) (text string, ok bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// holds tells whether a value meets a condition: an operator and a value, or a value alone.
func holds(condition, value string) (bool, error) {
	operator, wanted := "==", strings.TrimSpace(condition)
	for _, o := range []string{"<=", ">=", "==", "!=", "<", ">"} {
		if rest, ok := strings.CutPrefix(wanted, o); ok {
			operator, wanted = o, strings.TrimSpace(rest)
			break
		}
	}
	a, errA := strconv.ParseFloat(value, 64)
	b, errB := strconv.ParseFloat(wanted, 64)
	numbers := errA == nil && errB == nil && a == a && b == b // NaN compares with nothing
	switch {
	case operator == "==" && numbers:
		return a == b, nil
	case operator == "==":
		return value == wanted, nil
	case operator == "!=" && numbers:
		return a != b, nil
	case operator == "!=":
		return value != wanted, nil
	case !numbers:
		return false, fmt.Errorf("%q compares numbers", condition)
	}
	return map[string]bool{"<=": a <= b, ">=": a >= b, "<": a < b, ">": a > b}[operator], nil
}

func wantedFields(rule policy.Evidence) string {
	wanted := "the file" + atMost(rule.MaxAge) + signedBy(rule.Keys)
	for _, name := range slices.Sorted(maps.Keys(rule.Require)) {
		wanted += fmt.Sprintf(", %s %s", name, rule.Require[name])
	}
	return wanted
}

// judgeText wants a document of the commit with sections that say something.
func judgeText(id string, rule policy.Document, e evidence) criterion {
	f := result.Finding{ID: id, Outcome: verdict.Undecided, Title: id, Threshold: "the document", Where: &result.Where{File: rule.Path}, Next: "Write it, and commit it."}
	if len(rule.Sections) > 0 {
		f.Threshold = "sections " + strings.Join(rule.Sections, ", ")
	}
	document := e.Files[atCommit+rule.Path]
	var empty []string
	for _, name := range rule.Sections {
		if !saysSomething(document.Text, name) {
			empty = append(empty, name)
		}
	}
	switch {
	case document.Missing:
		f.Outcome, f.Observed = verdict.Failed, "the commit has no such file"
	case document.Problem.What != "":
		f.Observed, f.Next = document.Problem.What, document.Problem.Next
	case rule.MaxAge > 0:
		f.Observed = "this release does not judge max-age of documents yet"
		f.Next = "Take max-age out of the criterion."
	case len(bytes.TrimSpace(document.Text)) == 0:
		f.Outcome, f.Observed = verdict.Failed, "the file is empty"
	case len(empty) > 0:
		f.Outcome, f.Observed = verdict.Failed, "missing or empty: "+strings.Join(empty, ", ")
		f.Next = "Write these sections under headings of these names, and commit it."
	default:
		f.Outcome, f.Observed, f.Next = verdict.Passed, "it is there, with all sections wanted", ""
	}
	return criterion{id: id, findings: []result.Finding{f}}
}
