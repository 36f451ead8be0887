package jsonpath

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestValue(t *testing.T) {
	document, err := Decode([]byte(`{"version":"1.5.0","build":{"number":12.50,"ok":true,"none":null},"items":[{"v":"a"},{"v":"b"}],"app":{"my-version":"x"}}`))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"$.version": "1.5.0", "$.build.number": "12.50", "$.build.ok": "true", "$.build.none": "null",
		"$['version']": "1.5.0", `$["app"]["my-version"]`: "x", "$.items[0].v": "a", "$.items[-1].v": "b",
	} {
		p, err := Parse(path)
		if err != nil {
			t.Error(err)
			continue
		}
		if got, err := p.Value(document); err != nil || got != want || p.String() != path {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	for path, want := range map[string]error{
		"$": ErrNoScalar, "$.build": ErrNoScalar, "$.items": ErrNoScalar,
		"$.Version": ErrMissing, "$.items[2].v": ErrMissing, "$.version.x": ErrMissing, "$[0]": ErrMissing,
	} {
		p, err := Parse(path)
		if err != nil {
			t.Error(err)
			continue
		}
		if got, err := p.Value(document); !errors.Is(err, want) || got != "" {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for path, why := range map[string]string{
		"": "is not a path", "version": "is not a path", ".version": "is not a path", "$.": "is not a path", "$.a-b": "is not a path", "$[": "is not a path",
		"$..version": "several places", "$.items[*].v": "several places", "$.items[0:1]": "several places", "$.items[?@.v]": "several places", "$['a','b']": "several places",
	} {
		if _, err := Parse(path); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v", path, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, text := range []string{"", "1.5.0", `{"a":1}{"a":2}`, `{"a":1} x`, `{"a":1}]`, "<html>", strings.Repeat("[", 100_000)} {
		if _, err := Decode([]byte(text)); err == nil {
			t.Errorf("it reads %.20q", text)
		}
	}
}

// Fields are read by more names than one: a key that is spelt with a letter that folds to the field's is the field.
func TestSingleKeysFoldsAsFieldsAreRead(t *testing.T) {
	for _, text := range []string{`{"subject":1,"\u017fubject":2}`, `{"SUBJECT":1,"subject":2}`, `{"token":1,"to\u212aen":2}`} {
		var read struct{ Subject, Token int }
		if err := json.Unmarshal([]byte(text), &read); err != nil || read.Subject+read.Token != 2 {
			t.Fatalf("%s is read as %+v, %v", text, read, err)
		}
		if err := SingleKeys([]byte(text), "data"); err == nil {
			t.Errorf("%s holds no key twice", text)
		}
	}
	if err := SingleKeys([]byte(`{"data":{"a":1,"A":2},"s":1}`), "data"); err != nil {
		t.Error(err)
	}
}
