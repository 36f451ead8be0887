package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/slipway-actions/slipway/internal/attest"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// The schemas for editors and readers are made from the Go types: make generate.
func TestSchemas(t *testing.T) {
	for path, schema := range schemas() {
		text, err := json.MarshalIndent(schema, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(root, path))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		settle(t, path, string(got), string(text)+"\n")
	}
}

func schemas() map[string]map[string]any {
	policySchema := schemaOf(reflect.TypeFor[policy.Policy](), "yaml")
	policySchema["required"] = []string{"version"}
	resultSchema := schemaOf(reflect.TypeFor[result.Document](), "json")
	resultSchema["required"] = []string{"schema", "action", "tool", "subject", "run", "startedAt", "finishedAt", "verdict", "sentence", "findings", "data"}
	resultSchema["additionalProperties"] = true // a newer release may add some
	decisionSchema := schemaOf(reflect.TypeFor[attest.Decision](), "json")
	decisionSchema["required"] = []string{"decision", "verdict", "sentence", "environment", "changeType", "decidedAt", "policy", "criteria", "approvals", "resources", "run", "tool"}
	decisionSchema["additionalProperties"] = true
	for name, s := range map[string]map[string]any{"policy": policySchema, "result": resultSchema, "release-decision": decisionSchema} {
		s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
		s["$id"] = "https://raw.githubusercontent.com/" + strings.TrimPrefix(module, "github.com/") + "/main/schemas/" + name + ".schema.json"
	}
	policySchema["title"], resultSchema["title"] = "Slipway policy (.github/slipway.yml)", "Slipway result (slipway.result/v1)"
	decisionSchema["title"] = "Predicate of Slipway's decision record (" + attest.DecisionType + ")"
	return map[string]map[string]any{"schemas/policy.schema.json": policySchema, "schemas/result.schema.json": resultSchema, "schemas/release-decision.schema.json": decisionSchema}
}

// named are the types that read themselves.
var named = map[reflect.Type]map[string]any{
	reflect.TypeFor[time.Time]():           {"type": "string", "format": "date-time"},
	reflect.TypeFor[policy.Duration]():     {"type": "string", "pattern": `^(\d+d)?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))*$`, "description": "such as 90s, 1h30m or 7d"},
	reflect.TypeFor[policy.Date]():         {"type": "string", "format": "date"},
	reflect.TypeFor[policy.Moment]():       {"type": "string", "anyOf": []any{map[string]any{"format": "date"}, map[string]any{"format": "date-time"}}},
	reflect.TypeFor[policy.Level]():        {"enum": []string{"none", "patch", "minor", "major"}},
	reflect.TypeFor[policy.Threshold]():    {"enum": policy.Thresholds},
	reflect.TypeFor[policy.Treatment]():    {"enum": policy.Treatments},
	reflect.TypeFor[policy.Reachability](): {"enum": policy.Reachabilities},
	reflect.TypeFor[policy.Passing]():      {"enum": []string{"pass", "fail"}},
	reflect.TypeFor[policy.Percentage]():   {"type": []string{"integer", "string"}, "minimum": 0, "maximum": 100, "pattern": `^\d{1,3}%?$`},
	reflect.TypeFor[verdict.Verdict]():     {"enum": []verdict.Verdict{verdict.Pass, verdict.Fail, verdict.Unknown}},
	reflect.TypeFor[verdict.Outcome]():     {"enum": []verdict.Outcome{verdict.Passed, verdict.Failed, verdict.Undecided, verdict.Warned, verdict.Skipped}},
	reflect.TypeFor[policy.Failing]():      {"enum": []string{"fail", "unknown"}},
	reflect.TypeFor[policy.RequiredCheck](): {"oneOf": []any{map[string]any{"type": "string"}, map[string]any{"type": "object", "properties": map[string]any{
		"name": map[string]any{"type": "string"}, "app": map[string]any{"type": "string"}, "workflow": map[string]any{"type": "string"},
	}, "required": []string{"name"}, "additionalProperties": false}}},
	reflect.TypeFor[policy.VersionFile](): {"oneOf": []any{map[string]any{"type": "string"}, map[string]any{"type": "object", "properties": map[string]any{"path": map[string]any{"type": "string"}, "key": map[string]any{"type": "string"}}, "required": []string{"path"}, "additionalProperties": false}}},
}

func schemaOf(t reflect.Type, tag string) map[string]any {
	if s, ok := named[t]; ok {
		return s
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), tag)
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem(), tag)}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem(), tag)}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Interface:
		return map[string]any{"type": "object"}
	case reflect.Struct:
		properties := map[string]any{}
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get(tag), ",")
			properties[name] = schemaOf(t.Field(i).Type, tag)
		}
		return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	}
	if tag == "yaml" { // an unquoted 200, or true, is text too where text is wanted
		return map[string]any{"type": []string{"string", "number", "boolean"}}
	}
	return map[string]any{"type": "string"}
}

// What the parser takes the schema takes, and what it refuses for its keys and values too.
func TestPolicySchemaAgreesWithTheParser(t *testing.T) {
	schema := compile(t, "schemas/policy.schema.json")
	taken, err := os.ReadFile(filepath.Join(root, "internal/policy/testdata/contract.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(decode(t, taken)); err != nil {
		t.Errorf("the contract's example: %v", err)
	}
	bare := []byte(`{version: 1, verify: {probes: [{name: ready, http: "https://shop.example/healthz", expect: {status: 200, json: {"$.ready": true}}}]}}`)
	if _, err := policy.Parse("bare", bare); err != nil {
		t.Errorf("the parser: %v", err)
	}
	if err := schema.Validate(decode(t, bare)); err != nil {
		t.Errorf("a number and a truth without quotes: %v", err)
	}
	for _, bad := range []string{"misspelt-key", "unknown-threshold", "percentage", "duration", "level", "version-file", "unknown-criterion", "no-version"} {
		text, err := os.ReadFile(filepath.Join(root, "internal/policy/testdata/bad", bad+".yml"))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(decode(t, text)); err == nil {
			t.Errorf("the schema takes %s, which the parser refuses", bad)
		}
	}
}

func TestResultsFitTheirSchema(t *testing.T) {
	schema := compile(t, "schemas/result.schema.json")
	text, err := result.Document{Action: "go-no-go", Verdict: verdict.Pass, Findings: []result.Finding{{ID: "tests", Outcome: verdict.Passed, Title: "Checks", Where: &result.Where{File: "go.mod"}}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(decode(t, text)); err != nil {
		t.Error(err)
	}
	if err := schema.Validate(decode(t, bytes.Replace(text, []byte(`"pass"`), []byte(`"fine"`), 1))); err == nil {
		t.Error("the schema takes a verdict that does not exist")
	}
}

func compile(t *testing.T, path string) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// decode reads YAML, or JSON, which is YAML, into what a validator knows.
func decode(t *testing.T, text []byte) any {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return value
}
