package runner

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/slipway-actions/slipway/internal/report"
)

// Harmless makes text safe for a log that a runner parses: no line begins with "::", no line
// holds "##[", control characters, which move a terminal's cursor or split lines, are replaced, and
// characters without a shape are left out, for the runner's comparison of texts skips them.
func Harmless(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(report.Printable(text), "\r", "\uFFFD")
	text = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			return -1
		}
		return r
	}, text)
	text = strings.ReplaceAll(text, "##[", `#\#[`)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if rest := strings.TrimSpace(line); strings.HasPrefix(rest, "::") {
			lines[i] = `\` + rest
		}
	}
	return strings.Join(lines, "\n")
}

// clip shortens text to at most n bytes, between characters.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	n -= len("…")
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}

func oneLine(text string, n int) string {
	return clip(strings.Join(strings.Fields(Harmless(text)), " "), n)
}

// redactor replaces secrets, longest first, also as they look in Markdown and in JSON.
type redactor struct{ secrets, forms []string }

// add remembers a secret; too short a one would shred ordinary text and is no secret.
func (r *redactor) add(secret string) bool {
	if len(secret) < 4 || slices.Contains(r.secrets, secret) {
		return false
	}
	r.secrets = append(r.secrets, secret)
	quoted, _ := json.Marshal(secret) // a string always encodes
	r.forms = append(r.forms, secret, report.Escape(secret), string(quoted[1:len(quoted)-1]))
	slices.SortFunc(r.forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return true
}

func (r *redactor) clean(text string) string {
	for _, s := range r.forms {
		text = strings.ReplaceAll(text, s, "***")
	}
	return text
}
