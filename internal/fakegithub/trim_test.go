package fakegithub

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// openapi renews testdata/openapi.json:
//
//	npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
//	go test ./internal/fakegithub -run TestTrim -openapi=$PWD/package/generated/api.github.com.json
var openapi = flag.String("openapi", "", "GitHub's whole description, to be trimmed into testdata")

// TestTrim wants an operation of the description for each route. With -openapi it takes them anew from the
// whole one: their parameters, bodies and answers as JSON Schema, without what is there for people to read.
func TestTrim(t *testing.T) {
	if *openapi != "" {
		trim(t)
	}
	for _, one := range routes {
		if _, ok := description().Operations[one.method+" "+one.path]; !ok {
			t.Errorf("%s %s is not in testdata/openapi.json; renew it, see above", one.method, one.path)
		}
	}
	if n := len(description().Operations); n != len(routes) {
		t.Errorf("testdata/openapi.json has %d operations, the hub %d routes", n, len(routes))
	}
}

func trim(t *testing.T) {
	text, err := os.ReadFile(*openapi)
	if err != nil {
		t.Fatal(err)
	}
	var whole struct {
		Info  struct{ Version string }
		Paths map[string]map[string]struct {
			Parameters []map[string]any
			Body       map[string]any            `json:"requestBody"`
			Responses  map[string]map[string]any `json:"responses"`
		}
		Webhooks   map[string]map[string]struct{ RequestBody map[string]any } `json:"x-webhooks"`
		Components map[string]map[string]map[string]any
	}
	if err := json.Unmarshal(text, &whole); err != nil {
		t.Fatal(err)
	}
	follow := func(o map[string]any) map[string]any {
		for ref, ok := o["$ref"].(string); ok; ref, ok = o["$ref"].(string) {
			parts := strings.Split(ref, "/")
			o = whole.Components[parts[2]][parts[3]]
		}
		return o
	}
	schemaOf := func(o map[string]any) map[string]any {
		content, _ := follow(o)["content"].(map[string]any)
		one, _ := content["application/json"].(map[string]any)
		schema, _ := one["schema"].(map[string]any)
		return toJSONSchema(schema)
	}
	kept := document{Version: whole.Info.Version, Operations: map[string]*operation{}, Events: map[string]map[string]any{}, Schemas: map[string]map[string]any{}}
	for _, r := range routes {
		from, ok := whole.Paths[r.path][strings.ToLower(r.method)]
		if !ok {
			t.Errorf("GitHub has no %s %s", r.method, r.path)
			continue
		}
		o := &operation{Parameters: map[string]parameterOf{}, Answers: map[string]map[string]any{}}
		for _, p := range from.Parameters {
			p = follow(p)
			required, _ := p["required"].(bool)
			schema, _ := p["schema"].(map[string]any)
			o.Parameters[p["name"].(string)] = parameterOf{In: p["in"].(string), Required: required, Schema: toJSONSchema(schema)}
		}
		if from.Body != nil {
			o.Body = closed(schemaOf(from.Body))
			o.BodyRequired, _ = from.Body["required"].(bool)
		}
		for status, a := range from.Responses {
			o.Answers[status] = schemaOf(a)
		}
		kept.Operations[r.method+" "+r.path] = o
	}
	for _, name := range events {
		kept.Events[name] = schemaOf(whole.Webhooks[name]["post"].RequestBody)
	}
	for _, name := range []string{"basic-error", "validation-error"} {
		kept.Schemas[name] = toJSONSchema(whole.Components["schemas"][name])
	}
	for grown := true; grown; {
		grown = false
		for _, name := range references(kept) {
			if kept.Schemas[name] == nil {
				kept.Schemas[name], grown = toJSONSchema(whole.Components["schemas"][name]), true
			}
		}
	}
	// GitHub's own pages on checks name these two as well; only its description leaves them out.
	run := kept.Schemas["check-run"]["properties"].(map[string]any)["conclusion"].(map[string]any)
	run["enum"] = append(run["enum"].([]any), "stale", "startup_failure")
	out, err := json.MarshalIndent(kept, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("testdata/openapi.json", append(out, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Skip("testdata/openapi.json was renewed; run the test again")
}

// references are the schemas that a description names, in order.
func references(d document) []string {
	found := map[string]bool{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				found[strings.TrimPrefix(ref, "#/schemas/")] = true
			}
			for _, inner := range v {
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	text, _ := json.Marshal(d)
	var plain any
	_ = json.Unmarshal(text, &plain)
	walk(plain)
	return slices.Sorted(maps.Keys(found))
}

// closed lets an object have no properties but those that are named.
func closed(schema map[string]any) map[string]any {
	for _, word := range []string{"additionalProperties", "oneOf", "anyOf", "allOf", "$ref"} {
		if schema[word] != nil {
			return schema
		}
	}
	if schema["properties"] != nil {
		schema["additionalProperties"] = false
	}
	return schema
}

// toJSONSchema makes JSON Schema of an OpenAPI 3.0 schema, and leaves out what only people read.
func toJSONSchema(from map[string]any) map[string]any {
	if from == nil {
		return nil
	}
	to := map[string]any{}
	for word, value := range from {
		switch word {
		case "type", "format", "enum", "required", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "uniqueItems":
			to[word] = value
		case "$ref":
			to[word] = "#/schemas/" + strings.TrimPrefix(value.(string), "#/components/schemas/")
		case "properties":
			properties := map[string]any{}
			for name, p := range value.(map[string]any) {
				properties[name] = toJSONSchema(p.(map[string]any))
			}
			to[word] = properties
		case "items", "additionalProperties", "not":
			if schema, ok := value.(map[string]any); ok {
				value = toJSONSchema(schema)
			}
			to[word] = value
		case "oneOf", "anyOf", "allOf":
			var all []any
			for _, one := range value.([]any) {
				all = append(all, toJSONSchema(one.(map[string]any)))
			}
			if word == "oneOf" {
				word = "anyOf" // many of GitHub's alternatives overlap
			}
			to[word] = all
		}
	}
	if from["nullable"] != true {
		return to
	}
	if kind, ok := to["type"].(string); ok {
		to["type"] = []any{kind, "null"}
		if enum, ok := to["enum"].([]any); ok && !slices.Contains(enum, nil) {
			to["enum"] = append(slices.Clone(enum), nil)
		}
		return to
	}
	return map[string]any{"anyOf": []any{to, map[string]any{"type": "null"}}}
}
