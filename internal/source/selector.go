package source

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// selector is a plain selector of PromQL: a name and what its labels must be.
type selector struct {
	name     string
	matchers []matcher
}

type matcher struct {
	label, operator, value string
}

var (
	metricName = regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:]*`)
	labelName  = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*`)
)

// errNoSelector is an expression where raw samples are wanted.
var errNoSelector = errors.New("it is no plain selector such as http_requests_total{job=\"shop\"}")

// parseSelector reads name{label="value", …}. What follows it, such as a range or an offset, is refused, and
// so is whatever wraps it.
func parseSelector(text string) (selector, error) {
	rest := strings.TrimSpace(text)
	s := selector{name: metricName.FindString(rest)}
	rest = strings.TrimSpace(rest[len(s.name):])
	if rest == "" && s.name != "" {
		return s, nil
	}
	if !strings.HasPrefix(rest, "{") {
		return s, errNoSelector
	}
	rest = strings.TrimSpace(rest[1:])
	for !strings.HasPrefix(rest, "}") {
		m := matcher{label: labelName.FindString(rest)}
		rest = strings.TrimSpace(rest[len(m.label):])
		for _, operator := range []string{"=~", "!~", "!=", "="} {
			if strings.HasPrefix(rest, operator) {
				m.operator = operator
				break
			}
		}
		if m.label == "" || m.operator == "" {
			return s, errNoSelector
		}
		value, after, err := quoted(strings.TrimSpace(rest[len(m.operator):]))
		if err != nil {
			return s, err
		}
		m.value, rest = value, strings.TrimSpace(after)
		s.matchers = append(s.matchers, m)
		if strings.HasPrefix(rest, ",") {
			rest = strings.TrimSpace(rest[1:])
		} else if !strings.HasPrefix(rest, "}") {
			return s, errNoSelector
		}
	}
	if strings.TrimSpace(rest[1:]) != "" {
		return s, errNoSelector
	}
	if s.name == "" {
		i := slices.IndexFunc(s.matchers, func(m matcher) bool { return m.label == "__name__" && m.operator == "=" })
		if i < 0 {
			return s, errors.New("it names no metric")
		}
		s.name = s.matchers[i].value
		s.matchers = slices.Delete(s.matchers, i, i+1)
	}
	return s, nil
}

// quoted reads a string in one of the three kinds of quotes.
func quoted(text string) (value, rest string, err error) {
	if text == "" || !strings.ContainsRune("\"'`", rune(text[0])) {
		return "", "", errNoSelector
	}
	end, raw := text[0], text[0] == '`'
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == end:
			return b.String(), text[i+1:], nil
		case text[i] == '\\' && !raw && i+1 < len(text):
			i++
			if text[i] == 'n' {
				b.WriteByte('\n')
			} else {
				b.WriteByte(text[i])
			}
		default:
			b.WriteByte(text[i])
		}
	}
	return "", "", errors.New("a string in it does not end")
}

// String writes the selector again.
func (s selector) String() string {
	parts := []string{fmt.Sprintf("__name__=%s", quote(s.name))}
	for _, m := range s.matchers {
		parts = append(parts, m.label+m.operator+quote(m.value))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// quote is a string of PromQL that means exactly this text.
func quote(text string) string { return `"` + escape(text, '"') + `"` }

// escape is a text as it stands between quotes of that kind. Between backquotes nothing can be escaped.
func escape(text string, kind byte) string {
	if kind == '`' {
		return text
	}
	return strings.NewReplacer(`\`, `\\`, string(kind), `\`+string(kind), "\n", `\n`, "\r", `\r`).Replace(text)
}
