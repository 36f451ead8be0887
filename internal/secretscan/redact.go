package secretscan

import (
	"context"
	"regexp"
	"slices"
	"strings"
)

// hidden is what stands in place of a secret.
const hidden = "[a secret]"

// own are the fingerprints of secrets. They are made to be shown, as in the policy that accepts one, and
// look like secrets to some rules.
var own = regexp.MustCompile(`secret:[a-z0-9-]+:[0-9a-f]{16}`)

// digest is what ids of commits and sums look like. Some rules take any of them for a secret.
var digest = regexp.MustCompile(`^(?:[0-9a-f]{40}|[0-9a-f]{64})$`)

// Redactor looks for secrets in texts, each by itself, and is a function that takes those out of any other:
// names of files, packages and versions may be anything. The rule for secrets of any kind does not count
// here, for it would take versions and digests for some. A text that cannot be searched to its end is not to be
// shown; then there is an error.
func (*Scanner) Redactor(ctx context.Context, texts []string) (func(string) string, error) {
	rules, err := load()
	if err != nil {
		return nil, err
	}
	s := newSearcher(rules)
	var found []string
	for _, text := range slices.Compact(slices.Sorted(slices.Values(texts))) {
		some, err := s.secrets(ctx, text, false)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return replacer(found), nil
}

// Quoted is a text that quotes files, as parsers do that cannot read them, without any secrets.
func (*Scanner) Quoted(ctx context.Context, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	rules, err := load()
	if err != nil {
		return "", err
	}
	found, err := newSearcher(rules).secrets(ctx, text, true)
	return replacer(found)(text), err
}

// secrets are those of one text.
func (s *searcher) secrets(ctx context.Context, text string, generic bool) (found []string, err error) {
	s.cutter.emit = func(p piece) error {
		hits, err := s.search(ctx, p)
		for _, h := range hits {
			if (generic || !h.rule.generic) && !digest.MatchString(h.secret) {
				found = append(found, h.secret)
			}
		}
		return err
	}
	s.cutter.begin(1)
	if _, err := s.cutter.Write([]byte(text)); err != nil {
		return found, err
	}
	return found, s.cutter.end()
}

// replacer takes the longest first, so that no part of one is left.
func replacer(secrets []string) func(string) string {
	if len(secrets) == 0 {
		return func(text string) string { return text }
	}
	slices.SortFunc(secrets, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	var pairs []string
	for _, secret := range slices.Compact(secrets) {
		if secret != "" {
			pairs = append(pairs, secret, hidden)
		}
	}
	return strings.NewReplacer(pairs...).Replace
}
