package gonogo

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slipway-actions/slipway/internal/attest"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/jsonpath"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
)

// asksForAge tells whether a criterion is about the age of a file of the commit.
func (i inputs) asksForAge(path string) bool {
	return slices.ContainsFunc(i.Gate.Criteria, func(c policy.Criterion) bool {
		return c.Document != nil && c.Document.Path == path && c.Document.MaxAge > 0
	})
}

// lastChange is when the last commit that changed a file was made: from the clone where it holds the
// commit, else from the API.
func (c collector) lastChange(ctx context.Context, sha, path string) (time.Time, problem) {
	if sha == "" {
		at, err := c.GitHub.LastChange(ctx, c.in.Repository, path, c.in.SHA)
		return at.UTC(), problemOf(err)
	}
	at, err := c.Repo.LastChange(ctx, sha, path)
	p := problemOf(err)
	if errors.Is(err, gitrepo.ErrCutOff) {
		p.Next = fetchAll
	}
	return at, p
}

// judgedPart reads a JSON file of the workspace and keeps what criteria are about. The rest, which may
// hold what no record should, goes no further.
func (c collector) judgedPart(path string) file {
	f := c.fromWorkspace(path)
	if f.Missing || f.Problem.What != "" {
		return f
	}
	var fields []string
	for _, rule := range c.in.Gate.Criteria {
		if rule.Evidence != nil && rule.Evidence.File == path {
			for name := range rule.Evidence.Require {
				fields = append(fields, name)
			}
		}
	}
	part := judgedPart(f.Text, fields)
	part.Sum = f.Sum
	return part
}

// Fields that are kept whatever a policy requires: what tells when a file was made, about what, and
// what a result of Slipway is recognised by.
var (
	timeFields    = []string{"finishedAt", "createdAt", "timestamp"}
	subjectFields = []string{"schema", "commit", "sha", "repository", "subject.sha", "subject.repository"}
	resultFields  = []string{"action", "verdict", "sentence", "subject.digest", "run.url"}
)

// judgedPart is a JSON object with some of its fields alone. What is no object becomes null, which is
// none either. An envelope is kept as it is, for all of it was signed; of a statement its predicate is cut.
func judgedPart(text []byte, fields []string) file {
	switch w, err := unwrap(text); {
	case err != nil:
		return file{Problem: problem{What: err.Error(), Next: "See why the step that writes it did not write it so."}}
	case w.signed:
		return file{Text: text}
	case w.statement != nil:
		part := judgedPart(w.text, fields)
		if part.Problem.What != "" {
			return part
		}
		w.statement.Predicate = part.Text
		return statementOf(*w.statement)
	}
	whole, err := jsonpath.Decode(text)
	from, ok := whole.(map[string]any)
	if err != nil || !ok {
		return file{Text: []byte("null")}
	}
	if err := jsonpath.KeysOnce(text); err != nil {
		return file{Problem: problem{What: err.Error(), Next: "See why the step that writes it did not write it so."}}
	}
	fields = slices.Concat(fields, timeFields, subjectFields)
	if isResult(from) {
		if _, err := result.Decode(text); err != nil {
			return file{Problem: problem{What: err.Error(), Next: "See why the step before did not write this result."}}
		}
		fields = slices.Concat(fields, resultFields)
	}
	to := map[string]any{}
	for _, name := range fields {
		keep(from, to, name)
	}
	kept, err := json.Marshal(to)
	if err != nil {
		return file{Problem: problem{What: "its fields cannot be recorded: " + err.Error(), Next: "See why the step before wrote it so."}}
	}
	return file{Text: kept}
}

func statementOf(s attest.Statement) file {
	text, err := json.Marshal(s)
	if err != nil {
		return file{Problem: problem{What: "the statement cannot be recorded: " + err.Error(), Next: "See why the step before wrote it so."}}
	}
	return file{Text: text}
}

// keep copies one field, looked up as lookUp does. Of an object or a list only that it is one is kept.
func keep(from, to map[string]any, name string) {
	if v, ok := from[name]; ok {
		if _, there := to[name]; !there {
			to[name] = leaf(v)
		}
		return
	}
	first, rest, _ := strings.Cut(name, ".")
	inner, ok := from[first].(map[string]any)
	if !ok || rest == "" {
		return
	}
	kept, ok := to[first].(map[string]any)
	if !ok {
		kept = map[string]any{}
		to[first] = kept
	}
	keep(inner, kept, rest)
}

// keptText is the most bytes that are kept of a text.
const keptText = 10_000

func leaf(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return map[string]any{}
	case []any:
		return []any{}
	case string:
		if len(v) <= keptText {
			return v
		}
		cut := keptText
		for !utf8.RuneStart(v[cut]) {
			cut--
		}
		return v[:cut] + "…"
	}
	return v
}
