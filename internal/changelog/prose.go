package changelog

import (
	"regexp"
	"strings"

	"github.com/slipway-actions/slipway/internal/report"
)

// prose makes a line of harmless Markdown of a text, but for code between single backticks, in which
// nothing else means anything. Numbers of issues in this repository become links; those of others
// are kept from becoming some.
func (l links) prose(s string) string {
	if harmless(s, false) {
		return s
	}
	parts := strings.Split(s, "`")
	if len(parts)%2 == 0 { // an odd backtick: none of them can be trusted
		return l.text(s, false)
	}
	var b strings.Builder
	for i, part := range parts {
		switch {
		case i%2 == 0 && part != "":
			b.WriteString(l.text(part, i > 0))
		case i%2 == 1:
			if code := report.OneLine(part); code != "" {
				b.WriteString("`" + code + "`")
			}
		}
	}
	return b.String()
}

// harmless tells quickly that a text needs no escapes: most need none. Only what is inner may begin
// with anything.
func harmless(s string, inner bool) bool {
	if s == "" || !inner && !letter(s[0]) {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case letter(c), c >= '0' && c <= '9', c == ' ', c == ',', c == '\'', c == '"', c == '(', c == ')', c == '/', c == ';', c == '!', c == '?', c == '%', c == '=', c == '+':
		case c == '-':
			if hasPrefixFold(s[max(0, i-2):], "gh-") {
				return false
			}
		case c == '.':
			if hasPrefixFold(s[max(0, i-3):], "www.") {
				return false
			}
		case c == ':':
			if strings.HasPrefix(s[i:], "://") {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// issueReference is what GitHub would link: #12, GH-12, owner/name#12.
var issueReference = regexp.MustCompile(`((?:[\w.-]+/[\w.-]+)?#|\b(?i:gh)-)(\d{1,9})\b`)

// text escapes what is no code. Only what is not inner can begin a line.
func (l links) text(s string, inner bool) string {
	if harmless(s, inner) {
		return s
	}
	var b strings.Builder
	at := 0
	plain := func(end int) {
		if end > at {
			b.WriteString(escapeInner(s[at:end], inner || at > 0))
		}
	}
	for _, m := range issueReferences(s) {
		before, lead, number := byte(' '), s[m[2]:m[3]], s[m[4]:m[5]]
		if m[0] > 0 {
			before = s[m[0]-1]
		}
		repository := strings.TrimSuffix(lead, "#")
		here := lead == "#" || hasPrefixFold(lead, "gh-") || strings.EqualFold(repository, l.name())
		switch {
		case before == '&' || wordByte(before): // an entity, a colour, the end of a word
			continue
		case here && l.repository != "":
			plain(m[0])
			b.WriteString(l.link(escapeInner(s[m[0]:m[1]], true), "/issues/"+number))
		case !here:
			plain(m[0])
			b.WriteString(escapeInner(repository, inner || m[0] > 0) + "#<wbr>" + number)
		default:
			continue
		}
		at = m[1]
	}
	plain(len(s))
	return b.String()
}

func issueReferences(s string) [][]int {
	if !strings.ContainsAny(s, "#-") {
		return nil
	}
	return issueReference.FindAllStringSubmatchIndex(s, -1)
}

func wordByte(c byte) bool {
	return letter(c) || c >= '0' && c <= '9' || c == '_' || c == '/' || c == '#' || c >= 0x80
}

// escapeInner escapes a part; only one that is not inner can begin a line.
func escapeInner(s string, inner bool) string {
	if harmless(s, inner) {
		return s
	}
	if inner {
		return strings.TrimPrefix(report.Escape("("+s), "(")
	}
	return report.Escape(s)
}
