package action_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/action"
)

const contract = `
name: Test
description: For tests.
inputs:
  text: {description: any, default: v}
  empty: {description: any, default: ''}
  level: {description: one of, default: high}
  choice: {description: one of or none, default: ''}
  flag: {description: true or false, default: 'false'}
  bare-flag: {description: true or false, default: true}
  count: {description: a number, default: '3'}
  wait: {description: a time, default: 3m}
  now: {description: a moment, default: ''}
  url: {description: an address, default: ''}
  token: {description: an expression, default: '${{ github.token }}'}
  no-default: {description: nothing}
outputs:
  verdict: {description: pass or fail}
`

func spec(t *testing.T) action.Spec {
	t.Helper()
	s, err := action.ParseSpec([]byte(contract))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestParseSpec(t *testing.T) {
	s := spec(t)
	if s.Name != "Test" || len(s.Inputs) != 12 || s.Inputs[0].Name != "text" || s.Outputs[0].Description != "pass or fail" {
		t.Errorf("got %+v", s)
	}
	if in, ok := s.Input("bare-flag"); !ok || in.Default != "true" {
		t.Errorf("got %+v, %v", in, ok)
	}
	for _, bad := range []string{"inputs: [a]", "name: {"} {
		if _, err := action.ParseSpec([]byte(bad)); err == nil || !strings.Contains(err.Error(), "read action.yml") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestReaders goes through every reader: nothing given, empty, blanks around, and each kind of wrong.
func TestReaders(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)
	text := func(in *action.Inputs) any { return in.Text("text") }
	orDefault := func(in *action.Inputs) any { return in.OrDefault("text") }
	lines := func(in *action.Inputs) any { return in.Lines("empty") }
	paths := func(in *action.Inputs) any { return in.Paths("empty") }
	oneOf := func(in *action.Inputs) any { return in.OneOf("level", "low", "high") }
	choice := func(in *action.Inputs) any { return in.OneOf("choice", "a", "b") }
	flag := func(in *action.Inputs) any { return in.Bool("flag") }
	bare := func(in *action.Inputs) any { return in.Bool("bare-flag") }
	count := func(in *action.Inputs) any { return in.Int("count", 1, 10, 7) }
	countless := func(in *action.Inputs) any { return in.Int("empty", 1, 10, 7) }
	wait := func(in *action.Inputs) any { return in.Duration("wait", time.Second, time.Hour) }
	now := func(in *action.Inputs) any { return in.Time("now") }
	none := map[string]string{}
	tests := []struct {
		name  string
		given map[string]string
		read  func(*action.Inputs) any
		want  any
		wrong string // a part of the error; "" for none
	}{
		{"text, default", none, text, "v", ""},
		{"text", map[string]string{"text": " x y\n"}, text, "x y", ""},
		{"text, empty says something", map[string]string{"text": " "}, text, "", ""},
		{"text or default, empty", map[string]string{"text": ""}, orDefault, "v", ""},
		{"an expression is nothing", none, func(in *action.Inputs) any { return in.Text("token") }, "", ""},
		{"an expression is nothing, given empty", map[string]string{"token": ""}, func(in *action.Inputs) any { return in.OrDefault("token") }, "", ""},
		{"no default", none, func(in *action.Inputs) any { return in.Text("no-default") }, "", ""},
		{"lines", map[string]string{"empty": "\n a \r\n\n\tb c\n"}, lines, []string{"a", "b c"}, ""},
		{"lines, none", none, lines, []string(nil), ""},
		{"paths", map[string]string{"empty": "a/b\n./c\n*.go"}, paths, []string{"a/b", "./c", "*.go"}, ""},
		{"paths, out", map[string]string{"empty": "a\n../b"}, paths, []string{"a", "../b"}, `input empty is "../b"; allowed: a path inside the repository`},
		{"paths, absolute", map[string]string{"empty": "/b"}, paths, []string{"/b"}, `input empty is "/b"`},
		{"one of, default", none, oneOf, "high", ""},
		{"one of, empty", map[string]string{"level": ""}, oneOf, "high", ""},
		{"one of", map[string]string{"level": "low"}, oneOf, "low", ""},
		{"one of, wrong", map[string]string{"level": "Low"}, oneOf, "", `input level is "Low"; allowed: low, high`},
		{"one of, none", none, choice, "", ""},
		{"one of, none allowed but wrong", map[string]string{"choice": "c"}, choice, "", `input choice is "c"; allowed: a, b`},
		{"bool, default", none, flag, false, ""},
		{"bool, bare default", none, bare, true, ""},
		{"bool, empty", map[string]string{"bare-flag": ""}, bare, true, ""},
		{"bool", map[string]string{"flag": "true"}, flag, true, ""},
		{"bool, wrong", map[string]string{"flag": "yes"}, flag, false, `input flag is "yes"; allowed: true, false`},
		{"bool, shouted", map[string]string{"flag": "TRUE"}, flag, false, `input flag is "TRUE"`},
		{"int, default", none, count, 3, ""},
		{"int", map[string]string{"count": "10"}, count, 10, ""},
		{"int, no default", none, countless, 7, ""},
		{"int, too low", map[string]string{"count": "0"}, count, 7, `input count is "0"; allowed: a whole number from 1 to 10`},
		{"int, too high", map[string]string{"count": "11"}, count, 7, `input count is "11"`},
		{"int, endless", map[string]string{"count": "99999999999999999999"}, count, 7, `input count is`},
		{"int, no number", map[string]string{"count": "3.5"}, count, 7, `input count is "3.5"`},
		{"duration, default", none, wait, 3 * time.Minute, ""},
		{"duration", map[string]string{"wait": "90s"}, wait, 90 * time.Second, ""},
		{"duration, too long", map[string]string{"wait": "1d"}, wait, time.Second, `input wait is "1d"; allowed: a duration from 1s to 1h`},
		{"duration, negative", map[string]string{"wait": "-1m"}, wait, time.Second, `input wait is "-1m"`},
		{"duration, no unit", map[string]string{"wait": "90"}, wait, time.Second, `input wait is "90"`},
		{"time, none", none, now, time.Time{}, ""},
		{"time", map[string]string{"now": "2026-11-20T09:30:00Z"}, now, at, ""},
		{"time, wrong", map[string]string{"now": "yesterday"}, now, time.Time{}, `input now is "yesterday"; allowed: a moment in RFC 3339`},
		{"a long value is cut", map[string]string{"level": strings.Repeat("ä", 1000)}, oneOf, "", `ää…"; allowed: low, high`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := action.NewInputs(spec(t), tt.given)
			if diff := cmp.Diff(tt.want, tt.read(in)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			err := in.Err()
			var caller *action.CallerError
			switch {
			case tt.wrong == "" && err != nil:
				t.Error(err)
			case tt.wrong != "" && (!errors.As(err, &caller) || !strings.Contains(err.Error(), tt.wrong) || strings.Contains(err.Error(), "hunter2") || len(err.Error()) > 1000):
				t.Errorf("the error is %v, want %s", err, tt.wrong)
			}
		})
	}
}

// TestNames holds that a name nobody knows is refused, and one of a later release unless it asks for nothing.
func TestNames(t *testing.T) {
	err := action.NewInputs(spec(t), map[string]string{
		"text": "x", "Bare_Flag": "true", "bareflag": "true", "leval": "high", "push-tag": "true", "floating-tags": " false ", "release": "",
	}).Err()
	want := strings.Join([]string{
		"input Bare_Flag: there is no such input; did you mean bare-flag?",
		"input bareflag: there is no such input; did you mean bare-flag?",
		"input leval: there is no such input; there are: text, empty, level, choice, flag, bare-flag, count, wait, now, url, token, no-default",
		`input push-tag is "true"; this action decides and publishes nothing at GitHub, for that is not to happen before a go. Use version-bump and changelog themselves, after it`,
	}, "\n")
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestGiven(t *testing.T) {
	in := action.NewInputs(spec(t), map[string]string{"text": "v", "level": "low", "empty": "", "flag": "false"})
	for name, want := range map[string]bool{"text": false, "level": true, "empty": false, "flag": false, "count": false} {
		if got := in.Given(name); got != want {
			t.Errorf("%s was given: %v", name, got)
		}
	}
	if got := in.With("text", "other").Text("text"); got != "other" || in.Text("text") != "v" {
		t.Errorf("with another value: %q, then %q", got, in.Text("text"))
	}
	narrow, err := action.ParseSpec([]byte("inputs: {level: {default: high}}"))
	if err != nil {
		t.Fatal(err)
	}
	if one := in.For(narrow); one.Err() != nil || one.OneOf("level", "low", "high") != "low" {
		t.Errorf("for another action: %v", one.Err())
	}
	defer func() {
		if recover() == nil {
			t.Error("an input that is not in the contract was read")
		}
	}()
	in.Text("nowhere")
}
