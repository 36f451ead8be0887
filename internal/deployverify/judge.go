package deployverify

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/slipway-actions/slipway/internal/jsonpath"
	"github.com/slipway-actions/slipway/internal/probe"
)

// says is what a request tells about a service.
type says int

const (
	good   says = iota
	blind       // nothing: this machine did not get as far as the service
	silent      // nothing by itself; after an answer, that the service has stopped answering
	bad         // that it is not what is wanted
)

// sight is one request, judged.
type sight struct {
	says    says
	problem string // what is wrong, "" where nothing is; foreign text in it is shortened
	whole   bool   // there was a whole answer
	version string // that it told, as it can be shown; "" for none
	rule    string // where that was found
	wrong   bool   // it is not the one expected
	hint    string // how to mend a comparison that nearly held, "" for none
	final   string // where redirects led; "" for none
	latency time.Duration
}

// silence is what classes other than a whole answer say. A class that is not listed says nothing.
var silence = map[probe.Class]struct {
	says says
	text string
}{
	probe.Refused:     {bad, "no connection"},
	probe.TLS:         {bad, "TLS failed"},
	probe.Reset:       {bad, "the connection was broken before an answer began"},
	probe.Cut:         {bad, "the answer broke off"},
	probe.TooLarge:    {bad, "the answer is too large"},
	probe.Redirect:    {bad, "the answer leads astray"},
	probe.Malformed:   {bad, "the answer is no HTTP"},
	probe.Timeout:     {silent, "no answer"},
	probe.DNS:         {blind, "no address"},
	probe.Unreachable: {blind, "no connection"},
	probe.Proxy:       {blind, "no connection through the proxy"},
}

// judge holds an answer against what is wanted.
func judge(c check, a probe.Answer) sight {
	s := sight{latency: a.Latency, final: a.Final}
	if a.Class != probe.Answered {
		meaning, ok := silence[a.Class]
		if !ok {
			meaning.says, meaning.text = blind, "it could not be asked"
		}
		s.says, s.problem = meaning.says, meaning.text
		if a.Detail != "" {
			s.problem += ": " + shown(a.Detail)
		}
		return s
	}
	s.whole = true
	var problems []string
	if a.Status < c.low || a.Status > c.high {
		// The body of an error is no place to look for a version.
		problems = append(problems, fmt.Sprintf("status %d, wanted %s", a.Status, c.status()))
	} else {
		problems = s.read(c, a.Body)
	}
	if c.latency > 0 && a.Latency >= c.latency {
		problems = append(problems, fmt.Sprintf("it took %s, wanted less than %s", a.Latency.Round(time.Millisecond), c.latency))
	}
	if len(problems) > 0 {
		s.says, s.problem = bad, strings.Join(problems, "; ")
	}
	return s
}

// read looks for the version and whatever else is wanted of a body, and returns what is wrong.
func (s *sight) read(c check, body []byte) (problems []string) {
	document, notJSON := any(nil), errors.New("nobody asked")
	if len(c.fields) > 0 || c.version != nil {
		document, notJSON = jsonpath.Decode(body)
	}
	if c.version != nil {
		problems = append(problems, s.readVersion(*c.version, body, document, notJSON)...)
	}
	for _, f := range c.fields {
		value, err := at(f.path, document, notJSON)
		if f.tells && err == nil {
			problems = append(problems, s.compare(value, f.want, f.path.String())...)
			continue
		}
		if err != nil {
			problems = append(problems, err.Error())
		} else if value != f.want {
			problems = append(problems, fmt.Sprintf("%s is %q, wanted %q", f.path, shown(value), f.want))
		}
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
