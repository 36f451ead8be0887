// Package codeowners tells who owns a file by the repository's CODEOWNERS. It does no I/O.
//
// GitHub passes over a line that it cannot read. Here such a file is an error: who would have owned
// what is not known then.
package codeowners

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hmarr/codeowners"
)

// Places are where GitHub looks for the file; the first that is there counts.
var Places = []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"}

const (
	sizeLimit = 3 << 20 // bytes; GitHub reads no larger one
	lineLimit = 4096    // bytes
	pathLimit = 256     // bytes of a pattern
	ruleLimit = 5000
	workLimit = 1_000_000 // rules held against paths
)

// Owner is a person, a team or an e-mail address; one of them is set.
type Owner struct {
	Login string // without @
	Team  string // organisation/team, without @
	Email string
}

// String is the owner as the file writes it.
func (o Owner) String() string {
	if o.Email != "" {
		return o.Email
	}
	return "@" + o.Login + o.Team
}

// Owners are the rules of a file.
type Owners struct{ rules codeowners.Ruleset }

// Parse reads a file.
func Parse(text string) (Owners, error) {
	if len(text) > sizeLimit {
		return Owners{}, fmt.Errorf("it has more than %d MB", sizeLimit>>20)
	}
	if !utf8.ValidString(text) {
		return Owners{}, errors.New("it is no text in UTF-8")
	}
	text = strings.TrimPrefix(text, "\ufeff")
	rules := 0
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if rules++; rules > ruleLimit {
			return Owners{}, fmt.Errorf("it has more than %d rules", ruleLimit)
		}
		if err := readable(line); err != nil {
			return Owners{}, fmt.Errorf("line %d: %w", number, err)
		}
	}
	read, err := codeowners.ParseFile(strings.NewReader(text), codeowners.WithOwnerMatchers([]codeowners.OwnerMatcher{
		codeowners.OwnerMatchFunc(codeowners.MatchTeamOwner), codeowners.OwnerMatchFunc(codeowners.MatchUsernameOwner), codeowners.OwnerMatchFunc(email),
	}))
	if err != nil {
		return Owners{}, err
	}
	if len(read) != rules { // its reader stops at a line that is too long, and does not say so
		return Owners{}, fmt.Errorf("only %d of %d rules could be read", len(read), rules)
	}
	return Owners{read}, nil
}

// email takes what has something on both sides of its @: the library knows only endings of six letters.
func email(s string) (codeowners.Owner, error) {
	if name, host, ok := strings.Cut(s, "@"); !ok || name == "" || host == "" || strings.Contains(host, "@") {
		return codeowners.Owner{}, codeowners.ErrNoMatch
	}
	return codeowners.Owner{Value: s, Type: codeowners.EmailOwner}, nil
}

// readable refuses what the library takes for something else, or falls over.
func readable(line string) error {
	pattern := strings.Fields(line)[0]
	switch comment := strings.IndexByte(line, '#'); {
	case len(line) > lineLimit:
		return fmt.Errorf("it is longer than %d bytes", lineLimit)
	case len(pattern) > pathLimit:
		return fmt.Errorf("its path is longer than %d bytes", pathLimit)
	case comment > 0 && !unicode.IsSpace(rune(line[comment-1])):
		return errors.New("a # inside a path or a name is not read")
	case strings.Trim(pattern, "/") == "":
		return errors.New("the path is nothing but slashes")
	case strings.HasPrefix(line, "!"), strings.ContainsAny(pattern, "[]"):
		return errors.New("a path that begins with ! or has brackets is not read, by GitHub neither")
	}
	return nil
}

// Of are the owners of each of some paths, in their order; none where no rule fits or the one that does
// names nobody.
func (o Owners) Of(paths []string) ([][]Owner, error) {
	if len(o.rules)*len(paths) > workLimit {
		return nil, fmt.Errorf("%d files and %d rules are too many to hold against each other", len(paths), len(o.rules))
	}
	owners := make([][]Owner, len(paths))
	for i, path := range paths {
		rule, err := o.rules.Match(path)
		if err != nil {
			return nil, err
		}
		if rule == nil {
			continue
		}
		for _, one := range rule.Owners {
			switch one.Type {
			case codeowners.UsernameOwner:
				owners[i] = append(owners[i], Owner{Login: one.Value})
			case codeowners.TeamOwner:
				owners[i] = append(owners[i], Owner{Team: one.Value})
			default:
				owners[i] = append(owners[i], Owner{Email: one.Value})
			}
		}
	}
	return owners, nil
}
