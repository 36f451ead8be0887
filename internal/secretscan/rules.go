package secretscan

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/rs/zerolog"
	"github.com/spf13/viper"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/logging"
)

// rules are what is searched for. They are not changed once they are loaded.
type rules struct {
	all   []rule
	allow []*config.Allowlist // for every rule
	words automaton
}

// rule is one of them, and how its matches are come by.
type rule struct {
	config.Rule
	generic bool // gives way to any other rule on the same line
	way
}

// load compiles the rules once for the process, when the first text is searched: it takes as long as
// the rest of the program's start, which runs for other actions as well.
var load = sync.OnceValues(compile)

// compile reads the rules that are built in. gitleaks itself would look for others in the
// environment and in the tree, through settings that all of the process shares; so they are read here
// from the text that the library carries, and from nothing else.
func compile() (r *rules, err error) {
	defer func() {
		if broken := recover(); broken != nil { // what the library does with an expression it cannot compile
			r, err = nil, fmt.Errorf("compile the rules for secrets: %v", broken)
		}
	}()
	logging.Logger = zerolog.Nop() // the library logs the secrets that it sees
	text := viper.New()
	text.SetConfigType("toml")
	if err := text.ReadConfig(strings.NewReader(config.DefaultConfig)); err != nil {
		return nil, fmt.Errorf("read the rules for secrets: %w", err)
	}
	var raw config.ViperConfig
	if err := text.Unmarshal(&raw); err != nil {
		return nil, fmt.Errorf("read the rules for secrets: %w", err)
	}
	c, err := raw.Translate()
	if err != nil {
		return nil, fmt.Errorf("read the rules for secrets: %w", err)
	}
	return arrange(c)
}

// arrange makes ready for the search. It refuses what the search would not do, so that a new version
// of the rules cannot lose one in silence.
func arrange(c config.Config) (*rules, error) {
	r := &rules{allow: c.Allowlists}
	slices.Sort(c.OrderedRules)
	var words lexicon
	for i, id := range c.OrderedRules {
		one := rule{Rule: c.Rules[id], generic: strings.Contains(strings.ToLower(id), "generic")}
		switch {
		case len(one.RequiredRules) > 0, one.SkipReport:
			return nil, fmt.Errorf("rule %s depends on another, which is not supported", id)
		case one.Regex == nil && one.Path == nil:
			return nil, fmt.Errorf("rule %s looks for nothing", id)
		}
		for _, a := range slices.Concat(one.Allowlists, c.Allowlists) {
			if len(a.Commits) > 0 {
				return nil, fmt.Errorf("rule %s passes over a commit, which is not supported", id)
			}
		}
		for _, keyword := range one.Keywords {
			words.add(keyword, word{rule: i, gate: true})
		}
		if one.Regex != nil {
			w, err := wayTo(one.Regex)
			if err != nil {
				return nil, fmt.Errorf("rule %s: %w", id, err)
			}
			one.way = w
			for _, head := range w.heads {
				words.add(head, word{rule: i})
			}
		}
		r.all = append(r.all, one)
	}
	if len(r.all) == 0 {
		return nil, errors.New("there are no rules for secrets")
	}
	r.words = words.automaton()
	return r, nil
}

// leavesOut tells whether no rule is to look at a path.
func (r *rules) leavesOut(path string) bool {
	return slices.ContainsFunc(r.allow, func(a *config.Allowlist) bool { return passes(a, path) })
}

// wants tells whether a rule looks at a path.
func (r *rule) wants(path string) bool {
	return !slices.ContainsFunc(r.Allowlists, func(a *config.Allowlist) bool { return passes(a, path) }) &&
		(r.Path == nil || r.Path.MatchString(path))
}

// passes tells whether a list allows all that is at a path.
func passes(a *config.Allowlist, path string) bool {
	whole := a.MatchCondition != config.AllowlistMatchAnd || len(a.Regexes) == 0 && len(a.StopWords) == 0
	return whole && a.PathAllowed(path)
}

// finding is a match as the lists of what is allowed look at it.
type finding struct{ secret, match, line, path string }

// allows tells whether a list allows one finding.
func allows(a *config.Allowlist, f finding) bool {
	target := f.secret
	switch a.RegexTarget {
	case "match":
		target = f.match
	case "line":
		target = f.line
	}
	pattern := a.RegexAllowed(target)
	stop, _ := a.ContainsStopWord(f.secret)
	if a.MatchCondition != config.AllowlistMatchAnd {
		return pattern || stop
	}
	return (len(a.Paths) == 0 || a.PathAllowed(f.path)) && (len(a.Regexes) == 0 || pattern) && (len(a.StopWords) == 0 || stop)
}

// text picks the secret out of what matched, "" where the rule's group is not in it.
func (r *rule) text(match string) string {
	groups := r.Regex.FindStringSubmatch(match)
	switch {
	case r.SecretGroup > 0 && r.SecretGroup < len(groups):
		return groups[r.SecretGroup]
	case len(groups) < 2 || r.SecretGroup > 0:
		return match
	}
	for _, g := range groups[1:] {
		if g != "" {
			return g
		}
	}
	return match
}
