package fakegithub

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// described is the part of GitHub's own OpenAPI description that the hub answers, from the npm package
// @octokit/openapi; TestTrim makes it. testdata/openapi.LICENSE is its licence.
//
//go:embed testdata/openapi.json
var described []byte

// document is that part, as TestTrim writes it.
type document struct {
	Version    string                    `json:"version"`
	Operations map[string]*operation     `json:"operations"` // by "METHOD /path/{of}"
	Events     map[string]map[string]any `json:"events"`     // schemas of what a webhook sends, which is a workflow's event file
	Schemas    map[string]map[string]any `json:"schemas"`
}

// operation is what a request may hold, and what it is answered with.
type operation struct {
	Parameters   map[string]parameterOf    `json:"parameters"`
	Body         map[string]any            `json:"body,omitempty"`
	BodyRequired bool                      `json:"bodyRequired,omitempty"`
	Answers      map[string]map[string]any `json:"answers"` // by status; null is an answer without a body
}

type parameterOf struct {
	In       string         `json:"in"`
	Required bool           `json:"required,omitempty"`
	Schema   map[string]any `json:"schema"`
}

// events are the webhooks that payloads can be made of.
var events = []string{"pull-request-opened", "pull-request-synchronize", "pull-request-review-submitted", "check-run-completed", "issue-comment-created"}

var description = sync.OnceValue(func() document {
	var d document
	if err := json.Unmarshal(described, &d); err != nil {
		panic(err)
	}
	return d
})

var compiler = sync.OnceValue(func() *jsonschema.Compiler {
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(described))
	if err != nil {
		panic(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("openapi.json", whole); err != nil {
		panic(err)
	}
	return c
})

var compiling sync.Mutex

// fits holds a value against a schema of the description, which lies below a path of names.
func fits(value any, path ...string) error {
	for i, p := range path {
		path[i] = strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D", " ", "%20").Replace(p)
	}
	compiling.Lock()
	schema, err := compiler().Compile("openapi.json#/" + strings.Join(path, "/"))
	compiling.Unlock()
	if err != nil {
		return err
	}
	err = schema.Validate(value)
	var bad *jsonschema.ValidationError
	if errors.As(err, &bad) {
		return errors.New(deepest(bad))
	}
	return err
}

// deepest is the first fault that has no cause of its own, and where it is.
func deepest(e *jsonschema.ValidationError) string {
	for len(e.Causes) > 0 {
		e = e.Causes[0]
	}
	lines := strings.Split(strings.TrimSpace(e.Error()), "\n")
	return strings.TrimPrefix(lines[len(lines)-1], "- ")
}

// unlisted are parameters that GitHub takes and passes over, and its description does not name.
var unlisted = map[string][]string{"GET /repos/{owner}/{repo}/git/matching-refs/{ref}": {"page", "per_page"}}

// checkRequest tells what in a request GitHub's description does not know. It leaves the body to be read.
func checkRequest(r *http.Request, one *route) error {
	name := one.method + " " + one.path
	o := description().Operations[name]
	query := r.URL.Query()
	for _, given := range slices.Sorted(maps.Keys(query)) {
		p, ok := o.Parameters[given]
		if !ok || p.In != "query" {
			if slices.Contains(unlisted[name], given) {
				continue
			}
			return fmt.Errorf("the query has %s, which the operation does not take", given)
		}
		if err := fits(valueOf(query.Get(given), p.Schema), "operations", name, "parameters", given, "schema"); err != nil {
			return fmt.Errorf("%s in the query: %w", given, err)
		}
	}
	for _, wanted := range slices.Sorted(maps.Keys(o.Parameters)) {
		switch p := o.Parameters[wanted]; {
		case p.In == "query" && p.Required && !query.Has(wanted):
			return fmt.Errorf("the query lacks %s", wanted)
		case p.In == "path":
			if err := fits(valueOf(r.PathValue(wanted), p.Schema), "operations", name, "parameters", wanted, "schema"); err != nil {
				return fmt.Errorf("%s in the address: %w", wanted, err)
			}
		}
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil // what is cut off is answered with an error anyway
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if strings.HasSuffix(name, "/assets") && r.Header.Get("Content-Type") == "application/octet-stream" {
		return nil // the file itself, of which the description says nothing
	}
	if len(body) == 0 || o.Body == nil {
		if len(body) == 0 && o.BodyRequired {
			return errors.New("it has no body")
		} else if len(body) > 0 {
			return errors.New("it has a body, which the operation does not take")
		}
		return nil
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("its body is no JSON: %w", err)
	}
	if list, ok := value.([]any); ok && strings.HasSuffix(name, "/issues/{issue_number}/labels") {
		value = object{"labels": list} // GitHub takes both, as it always has; the description has the newer form
	}
	if err := fits(value, "operations", name, "body"); err != nil {
		return fmt.Errorf("its body: %w", err)
	}
	return nil
}

// valueOf reads a text of an address as what its schema says it is.
func valueOf(text string, schema map[string]any) any {
	if kind := schema["type"]; kind == "integer" || kind == "boolean" || kind == nil {
		var v any
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if decoder.Decode(&v) == nil && !decoder.More() {
			switch v.(type) {
			case json.Number, bool:
				return v
			}
		}
	}
	return text
}

// complete makes a whole answer of one that says only what matters, and tells what in it the description
// does not know.
func (h *Hub) complete(one *route, a answer) (any, error) {
	name, status := one.method+" "+one.path, fmt.Sprint(a.status)
	schema, known := description().Operations[name].Answers[status]
	path := []string{"operations", name, "answers", status}
	if !known && a.status == http.StatusUnprocessableEntity { // every operation may be refused
		schema, path = description().Schemas["validation-error"], []string{"schemas", "validation-error"}
	} else if !known && a.status >= 400 {
		schema, path = description().Schemas["basic-error"], []string{"schemas", "basic-error"}
	} else if !known {
		return a.body, fmt.Errorf("it is not answered with %s", status)
	}
	if schema == nil || a.body == nil {
		if schema == nil && a.body != nil && a.status < 400 {
			return a.body, fmt.Errorf("%s has a body", status)
		}
		return a.body, nil
	}
	return h.filled(schema, a.body, path...)
}

// filled fills a value up with what a schema requires, and holds it against that.
func (h *Hub) filled(schema map[string]any, value any, path ...string) (any, error) {
	f := filler{now: h.Now()}
	whole := f.fill(schema, plain(value), "")
	if f.strange != nil {
		return whole, f.strange
	}
	return whole, fits(plain(whole), path...)
}

// plain is a value as JSON has it.
func plain(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		panic(err)
	}
	return out
}
