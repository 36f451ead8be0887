package fakegithub

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// filler fills values up with what their schemas require: nothing where that is allowed, else the least
// there is. What means something is never made up: the value of an enumeration must be given.
type filler struct {
	now     time.Time
	strange error // the first field that the description does not know
}

// object is something of GitHub's, with the fields that a test cares about.
type object = map[string]any

func (f *filler) fill(schema map[string]any, value any, at string) any {
	schema = resolved(schema)
	if options := alternatives(schema); options != nil {
		chosen := choose(options, value)
		if chosen == nil {
			return value
		}
		return f.fill(merged(schema, chosen), value, at)
	}
	switch v := value.(type) {
	case map[string]any:
		properties, _ := schema["properties"].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(v)) {
			p, ok := properties[name].(map[string]any)
			switch {
			case ok:
				v[name] = f.fill(p, v[name], at+"/"+name)
			case properties != nil && schema["additionalProperties"] == nil && f.strange == nil:
				f.strange = fmt.Errorf("%s/%s is no field that the description knows", at, name)
			}
		}
		required, _ := schema["required"].([]any)
		for _, r := range required {
			name := r.(string)
			if p, ok := properties[name].(map[string]any); ok {
				if _, given := v[name]; !given {
					v[name] = f.least(p, name, at+"/"+name)
				}
			}
		}
	case []any:
		items, _ := schema["items"].(map[string]any)
		for i := range v {
			v[i] = f.fill(items, v[i], fmt.Sprintf("%s/%d", at, i))
		}
	}
	return value
}

// least is the least that a schema allows.
func (f *filler) least(schema map[string]any, name, at string) any {
	schema = resolved(schema)
	if options := alternatives(schema); options != nil {
		if accepts(schema, "null") {
			return nil
		}
		return f.least(merged(schema, options[0]), name, at)
	}
	switch {
	case accepts(schema, "null"):
		return nil
	case schema["enum"] != nil:
		if enum := schema["enum"].([]any); len(enum) == 1 {
			return enum[0]
		}
		if name == "visibility" {
			return "private"
		}
		return "?" // refused by the schema, so that whoever forgot it hears of it
	case accepts(schema, "object"), schema["properties"] != nil:
		return f.fill(schema, map[string]any{}, at)
	case accepts(schema, "array"):
		return []any{}
	case accepts(schema, "boolean"):
		return false
	case accepts(schema, "integer"), accepts(schema, "number"):
		return json.Number(map[bool]string{true: "1", false: "0"}[strings.HasSuffix(name, "id")])
	case schema["format"] == "date-time", strings.HasSuffix(name, "_at"):
		return f.now.UTC().Format(time.RFC3339)
	case schema["format"] == "uri", strings.HasSuffix(name, "url"):
		return "https://api.github.com/" + name
	case schema["format"] == "email":
		return "somebody@example.com"
	}
	return "some " + strings.ReplaceAll(name, "_", " ")
}

// resolved follows references to other schemas.
func resolved(schema map[string]any) map[string]any {
	for {
		ref, ok := schema["$ref"].(string)
		if !ok {
			return schema
		}
		schema = description().Schemas[strings.TrimPrefix(ref, "#/schemas/")]
	}
}

// alternatives are the schemas of which one must fit; of allOf, which must all fit, it is one merged schema.
func alternatives(schema map[string]any) (options []map[string]any) {
	if list, ok := schema["anyOf"].([]any); ok {
		for _, one := range list {
			options = append(options, resolved(one.(map[string]any)))
		}
		return options
	}
	if all, ok := schema["allOf"].([]any); ok {
		one := map[string]any{}
		for _, part := range all {
			one = merged(one, resolved(part.(map[string]any)))
		}
		return []map[string]any{one}
	}
	return nil
}

// merged has the words of both, and the properties and requirements of both.
func merged(a, b map[string]any) map[string]any {
	m := maps.Clone(a)
	delete(m, "anyOf")
	delete(m, "allOf")
	for word, value := range b {
		switch old := m[word].(type) {
		case map[string]any:
			if word == "properties" {
				both := maps.Clone(old)
				for name, p := range value.(map[string]any) {
					if before := both[name]; before != nil {
						p = map[string]any{"allOf": []any{before, p}}
					}
					both[name] = p
				}
				value = both
			}
		case []any:
			if word == "required" {
				value = append(slices.Clone(old), value.([]any)...)
			}
		}
		m[word] = value
	}
	return m
}

// choose is the first alternative that a value may be of, nil where there is none.
func choose(options []map[string]any, value any) map[string]any {
	kind := kindOf(value)
	for _, one := range options {
		if inner := alternatives(one); inner != nil {
			if chosen := choose(inner, value); chosen != nil {
				return merged(one, chosen)
			}
			continue
		}
		if accepts(one, kind) && enumerated(one, value) {
			return one
		}
	}
	return nil
}

// enumerated tells whether the fields of a value are among those that a schema enumerates for them.
func enumerated(schema map[string]any, value any) bool {
	v, ok := value.(map[string]any)
	properties, _ := schema["properties"].(map[string]any)
	if !ok {
		return true
	}
	for name, field := range v {
		p, known := properties[name].(map[string]any)
		if properties != nil && !known && schema["additionalProperties"] == nil {
			return false
		}
		if enum, ok := resolved(p)["enum"].([]any); ok && !slices.Contains(enum, field) {
			return false
		}
	}
	return true
}

func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case bool:
		return "boolean"
	case string:
		return "string"
	}
	return "number"
}

// accepts tells whether a schema takes values of a kind.
func accepts(schema map[string]any, kind string) bool {
	if options := alternatives(schema); options != nil {
		return slices.ContainsFunc(options, func(one map[string]any) bool { return accepts(one, kind) })
	}
	one := func(t any) bool { return t == kind || kind == "number" && t == "integer" }
	switch t := schema["type"].(type) {
	case string:
		return one(t)
	case []any:
		return slices.ContainsFunc(t, one)
	}
	if schema["properties"] != nil {
		return kind == "object"
	}
	return kind != "null"
}
