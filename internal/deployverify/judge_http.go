package deployverify

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/slipway-actions/slipway/internal/jsonpath"
	"github.com/slipway-actions/slipway/internal/probe"
)

func (c check) wantedOfHTTP() []string {
	parts := []string{"status " + c.status()}
	if v := c.version; v != nil {
		parts = append(parts, "version "+v.want+v.place())
	}
	for _, f := range c.fields {
		where := "at"
		if f.header != "" {
			where = "in"
		}
		parts = append(parts, fmt.Sprintf("%s %s %s", f.want, where, f.place()))
	}
	if c.contains != "" {
		parts = append(parts, fmt.Sprintf("a body that contains %q", c.contains))
	}
	if c.body != nil {
		parts = append(parts, "a body that matches "+c.pattern)
	}
	if c.redirect != "" {
		parts = append(parts, "a redirect to "+withoutSecrets(c.redirect))
	}
	return parts
}

func (v versionRule) place() string {
	if v.path == nil {
		return ""
	}
	return " at " + v.path.String()
}

func (c check) status() string {
	if c.low == c.high {
		return fmt.Sprint(c.low)
	}
	return fmt.Sprintf("%dxx", c.low/100)
}

// judgeHTTP returns what is wrong with a whole answer.
func (s *sight) judgeHTTP(c check, a probe.Answer) (problems []string) {
	s.whole, s.final = true, a.Final
	if a.Status < c.low || a.Status > c.high {
		// The body of an error is no place to look for a version.
		problems = append(problems, fmt.Sprintf("status %d, wanted %s", a.Status, c.status()))
	} else {
		problems = s.read(c, a.Header, a.Body)
	}
	if c.redirect != "" {
		s.final = "" // it is wanted
		problems = append(problems, leads(a.Redirect, c.redirect)...)
	}
	return problems
}

// leads says what is wrong with where a redirect leads. Queries are compared and not shown.
func leads(to *url.URL, want string) []string {
	if to == nil {
		return []string{"there is no redirect, wanted one to " + withoutSecrets(want)}
	}
	wanted, err := url.Parse(want)
	if err == nil && to.String() == wanted.String() {
		return nil
	}
	seen := shown(probe.Redact(to))
	if seen == withoutSecrets(want) {
		seen += " with another query"
	}
	return []string{fmt.Sprintf("it leads to %s, wanted %s", seen, withoutSecrets(want))}
}

// read looks for the version and whatever else is wanted of headers and body, and returns what is wrong.
func (s *sight) read(c check, header http.Header, body []byte) (problems []string) {
	document, notJSON := any(nil), errors.New("nobody asked")
	if c.version != nil || slices.ContainsFunc(c.fields, func(f field) bool { return f.header == "" }) {
		document, notJSON = jsonpath.Decode(body)
	}
	if c.version != nil {
		problems = append(problems, s.readVersion(*c.version, body, document, notJSON)...)
	}
	for _, f := range c.fields {
		value, err := f.find(header, document, notJSON)
		switch {
		case err != nil:
			problems = append(problems, err.Error())
		case f.tells:
			problems = append(problems, s.compare(value, f.want, f.place())...)
		case value != f.want:
			problems = append(problems, fmt.Sprintf("%s is %q, wanted %q", f.place(), shown(value), f.want))
		}
	}
	if c.contains != "" && !bytes.Contains(body, []byte(c.contains)) {
		problems = append(problems, fmt.Sprintf("the body does not contain %q", c.contains))
	}
	if c.body != nil && !c.body.Match(body) {
		problems = append(problems, fmt.Sprintf("the body does not match %s", c.pattern))
	}
	return problems
}

func (s *sight) readVersion(v versionRule, body []byte, document any, notJSON error) []string {
	if v.path != nil {
		value, err := at(*v.path, document, notJSON)
		if err != nil {
			return []string{err.Error()}
		}
		return s.compare(value, v.want, v.path.String())
	}
	whole := strings.TrimSpace(string(body))
	if object, ok := document.(map[string]any); ok {
		if value, ok := object["version"].(string); ok {
			return s.compare(value, v.want, `the top-level string "version"`)
		}
	}
	if len(whole) > 0 && len(whole) <= shownLimit && !strings.ContainsAny(whole, "\r\n{<") {
		return s.compare(whole, v.want, "the whole body")
	}
	return []string{fmt.Sprintf("the body (%d bytes) is neither a version alone nor JSON with a top-level string \"version\"; the input version-path can say where to look", len(body))}
}

// compare notes the version that was told and wants it to be exactly the one expected.
func (s *sight) compare(told, want, rule string) []string {
	s.rule = rule
	if strings.TrimSpace(told) == "" {
		return []string{"it tells an empty version in " + rule}
	}
	if s.version = shown(told); told == want {
		return nil
	}
	s.wrong = true
	if s.version == want || strings.ContainsFunc(s.version, func(r rune) bool { return r > unicode.MaxASCII && r != unicode.ReplacementChar && r != '…' }) {
		s.version = shown(strconv.QuoteToASCII(told[:min(len(told), 8*shownLimit)])) // it may differ in what cannot be seen
	}
	if strings.TrimPrefix(told, "v") == strings.TrimPrefix(want, "v") {
		s.hint = fmt.Sprintf("%s was expected and %s told: give expected-version as the service tells it.", want, s.version)
	}
	return []string{"said " + s.version}
}

// find is the value of a field. A header that is there several times is not one value.
func (f field) find(header http.Header, document any, notJSON error) (string, error) {
	if f.header == "" {
		return at(f.path, document, notJSON)
	}
	switch values := header[f.header]; len(values) {
	case 0:
		return "", fmt.Errorf("there is no %s", strings.TrimPrefix(f.place(), "the "))
	case 1:
		return strings.TrimSpace(values[0]), nil
	default:
		return "", fmt.Errorf("%s is there %d times", f.place(), len(values))
	}
}

func at(path jsonpath.Path, document any, notJSON error) (string, error) {
	if notJSON != nil {
		return "", fmt.Errorf("the body is no JSON, so nothing is at %s", path)
	}
	value, err := path.Value(document)
	if err != nil {
		return "", fmt.Errorf("%w at %s", err, path)
	}
	return value, nil
}
