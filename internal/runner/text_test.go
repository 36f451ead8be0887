package runner_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/slipway-actions/slipway/internal/runner"
)

func TestHarmless(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                  "plain",
		"a::b":                   "a::b",
		"::error::x":             `\::error::x`,
		"a\n \t::error::x \nb":   "a\n\\::error::x\nb",
		"\u00a0\u2003::error::x": `\::error::x`,
		"\u200b::error::x":       `\::error::x`,
		":\ufeff:error::x":       `\::error::x`,
		"\u2060#\u200d#[error]x": `#\#[error]x`,
		"x ##[error]y":           `x #\#[error]y`,
		"###[x]":                 `##\#[x]`,
		"a\r\n::b":               "a\n\\::b",
		"a\r::b":                 "a\uFFFD::b",
		"a\v::b\f::c\x85::d":     "a\uFFFD::b\uFFFD::c\uFFFD::d",
		"\x1b[2J\x00":            "\uFFFD[2J\uFFFD",
		"\xff":                   "\uFFFD",
		"a\u2028::b":             "a\uFFFD::b",
		"\u202e::x":              "\uFFFD::x",
		"":                       "",
	} {
		if got := runner.Harmless(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// FuzzHarmless holds what a runner must never meet in a log.
func FuzzHarmless(f *testing.F) {
	for _, seed := range []string{"::error::x", "a\r\n\u200b ::b", "##[x]", "#\u00ad#["} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := runner.Harmless(text)
		shapeless := func(r rune) bool { return unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Cc) }
		for line := range strings.SplitSeq(got, "\n") {
			if strings.HasPrefix(strings.TrimLeftFunc(line, shapeless), "::") || strings.Contains(line, "##[") {
				t.Errorf("%q became %q", text, got)
			}
		}
		if strings.ContainsAny(got, "\r\x1b\x00\v\f") || runner.Harmless(got) != got {
			t.Errorf("%q became %q, and that %q", text, got, runner.Harmless(got))
		}
	})
}
