package license

import (
	"errors"
	"fmt"
	"strings"
)

// The most that is read of an expression. Longer ones are Unknown.
const (
	sizeLimit  = 4096
	depthLimit = 50
)

// expression is a licence, or several joined by AND or OR
// (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/).
type expression struct {
	op      string // AND or OR; "" for a single licence
	parts   []expression
	term    term
	guessed bool // made of a name in plain words
}

// known tells whether SPDX knows every name.
func (e expression) known() bool {
	for _, p := range e.parts {
		if !p.known() {
			return false
		}
	}
	return e.op != "" || e.term.problem == ""
}

func parse(text string) (expression, error) {
	text = strings.TrimSpace(text)
	if len(text) > sizeLimit {
		return expression{}, fmt.Errorf("the licence has %d bytes, more than %d", len(text), sizeLimit)
	}
	if id, ok := spellings[plain(text)]; ok {
		return expression{term: termOf(id, "", false), guessed: true}, nil
	}
	p := parser{tokens: tokens(text)}
	e, err := p.choice(0)
	if err == nil && len(p.tokens) > 0 {
		err = errForm
	}
	if err != nil {
		return expression{}, fmt.Errorf("%q is no SPDX expression: %w", shorten(text), err)
	}
	return e, nil
}

var errForm = errors.New("names are joined by AND, OR and WITH alone")

// tokens splits at spaces and brackets. A slash stands for OR where an old form of Cargo's wants it.
func tokens(text string) []string { return strings.Fields(spaced.Replace(text)) }

var spaced = strings.NewReplacer("(", " ( ", ")", " ) ", "/", " / ")

type parser struct{ tokens []string }

func (p *parser) next() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *parser) take(words ...string) bool {
	for _, w := range words {
		if p.next() == w {
			p.tokens = p.tokens[1:]
			return true
		}
	}
	return false
}

// choice is the loosest: parts joined by OR.
func (p *parser) choice(depth int) (expression, error) {
	return p.joined("OR", depth, p.all, "OR", "or", "/")
}

// all are parts joined by AND.
func (p *parser) all(depth int) (expression, error) {
	return p.joined("AND", depth, p.single, "AND", "and")
}

func (p *parser) joined(op string, depth int, part func(int) (expression, error), words ...string) (expression, error) {
	first, err := part(depth)
	if err != nil {
		return first, err
	}
	e := expression{op: op, parts: []expression{first}}
	for p.take(words...) {
		next, err := part(depth)
		if err != nil {
			return next, err
		}
		e.parts = append(e.parts, next)
	}
	if len(e.parts) == 1 {
		return first, nil
	}
	return e, nil
}

// single is a bracket, or a licence with its exception.
func (p *parser) single(depth int) (expression, error) {
	if depth > depthLimit {
		return expression{}, fmt.Errorf("it has more than %d brackets within each other", depthLimit)
	}
	if p.take("(") {
		e, err := p.choice(depth + 1)
		if err == nil && !p.take(")") {
			err = errors.New("a bracket is not closed")
		}
		return e, err
	}
	id, err := p.name()
	if err != nil {
		return expression{}, err
	}
	exception := ""
	if p.take("WITH", "with") {
		if exception, err = p.name(); err != nil {
			return expression{}, err
		}
	}
	id, later := strings.CutSuffix(id, "+")
	return expression{term: termOf(id, exception, later)}, nil
}

// name is anything that is no operator. Whether SPDX knows it is not asked here.
func (p *parser) name() (string, error) {
	name := p.next()
	switch strings.ToUpper(name) {
	case "", "AND", "OR", "WITH", "(", ")", "/":
		return "", errors.New("a licence is missing")
	}
	if strings.ContainsFunc(name, func(r rune) bool {
		return !(r == '-' || r == '.' || r == '+' || r == ':' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	}) {
		return "", errForm
	}
	p.tokens = p.tokens[1:]
	return name, nil
}

func shorten(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
