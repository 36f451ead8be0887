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

// Redactor looks for secrets in texts, and is a function that takes those out of any other. What quotes
// files, as parsers do that cannot read them, is searched with all rules; the rest without the one for secrets of
// any kind, which would take versions and digests for some. A text that cannot be searched to its end is not to be shown; then
// there is an error.
func (*Scanner) Redactor(ctx context.Context, quoting, text string) (func(string) string, error) {
	rules, err := load()
	if err != nil {
		return nil, err
	}
	var found []string
	for _, part := range []struct {
		text    string
		generic bool
	}{{quoting, true}, {text, false}} {
		s := newSearcher(rules)
		s.cutter.emit = func(p piece) error {
			hits, err := s.search(ctx, p)
			for _, h := range hits {
				if part.generic || !h.rule.generic {
					found = append(found, h.secret)
				}
			}
			return err
		}
		s.cutter.begin(1)
		if _, err := s.cutter.Write([]byte(part.text)); err != nil {
			return nil, err
		}
		if err := s.cutter.end(); err != nil {
			return nil, err
		}
	}
	if len(found) == 0 {
		return func(text string) string { return text }, nil
	}
	// The longest first, so that no part of one is left.
	slices.SortFunc(found, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	var pairs []string
	for _, secret := range slices.Compact(found) {
		if secret != "" {
			pairs = append(pairs, secret, hidden)
		}
	}
	replace := strings.NewReplacer(pairs...)
	return replace.Replace, nil
}
