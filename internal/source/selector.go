package source

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
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
		s.name = s.matchers[i].value // before Delete moves the others into its place
		s.matchers = slices.Delete(s.matchers, i, i+1)
	}
	if slices.ContainsFunc(s.matchers, func(m matcher) bool { return m.label == "__name__" }) {
		return s, errors.New("it names its metric twice")
	}
	return s, nil
}

// quoted reads a string in one of the three kinds of quotes.
func quoted(text string) (value, rest string, err error) {
	if text == "" || !strings.ContainsRune("\"'`", rune(text[0])) {
		return "", "", errNoSelector
	}
	end, rest := text[0], text[1:]
	if end == '`' {
		value, rest, ok := strings.Cut(rest, "`")
		if !ok {
			return "", "", errUnended
		}
		return value, rest, nil
	}
	var b strings.Builder
	for rest != "" && rest[0] != end {
		if rest[0] != '\\' { // as it stands, even where it is no UTF-8
			b.WriteByte(rest[0])
			rest = rest[1:]
			continue
		}
		r, multibyte, after, err := strconv.UnquoteChar(rest, end)
		if err != nil { // taken for something else, it would look for what is not there
			return "", "", errors.New("a string in it has an escape that PromQL does not know; a backslash itself is \\\\")
		}
		if multibyte {
			b.WriteRune(r)
		} else {
			b.WriteByte(byte(r))
		}
		rest = after
	}
	if rest == "" {
		return "", "", errUnended
	}
	return b.String(), rest[1:], nil
}

var errUnended = errors.New("a string in it does not end")

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
