package policy

import (
	"fmt"
	"maps"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Evidence is a result of another action, or any JSON file.
type Evidence struct {
	Action  string            `yaml:"action"`
	File    string            `yaml:"file"`
	MaxAge  Duration          `yaml:"max-age"` // 0 is no limit
	Require map[string]string `yaml:"require"` // field → condition
	Keys    []string          `yaml:"keys"`    // PEM files of Ed25519 public keys beside the policy; one of them must have signed. Empty asks for no signature
}

// judges are the actions whose results can be evidence.
var judges = []string{"version-bump", "changelog", "security-gate", "deploy-verify", "go-no-go", "preflight"}

// keyLimit is the most keys of one criterion.
const keyLimit = 10

func (e *Evidence) validate(at string) *misfit {
	if (e.Action == "") == (e.File == "") {
		return misfitf(at, "set either action or file")
	}
	if e.Action != "" && !slices.Contains(judges, e.Action) {
		return misfitf(at+".action", "%q is no action; allowed: %s", e.Action, strings.Join(judges, ", "))
	}
	for _, field := range slices.Sorted(maps.Keys(e.Require)) {
		if strings.TrimSpace(field) == "" {
			return misfitf(at+".require", "the name of a field is empty")
		}
		if _, err := ParseCondition(e.Require[field]); err != nil {
			return misfitf(at+".require", "%s: %v", field, err)
		}
	}
	if len(e.Keys) > keyLimit {
		return misfitf(at+".keys", "%d keys; at most %d are allowed", len(e.Keys), keyLimit)
	}
	for i, key := range e.Keys {
		switch {
		case !within(key):
			return misfitf(fmt.Sprintf("%s.keys[%d]", at, i), "%q; allowed: the path of a public key (PEM) from the top of the repository, such as .github/keys/scanner.pem", key)
		case slices.Contains(e.Keys[:i], key):
			return misfitf(fmt.Sprintf("%s.keys[%d]", at, i), "%q is there twice", key)
		}
	}
	return nil
}

// Condition is what a field must be: <=, >=, <, > with a number, == or != with any value.
type Condition struct {
	Operator string
	Operand  string
}

// ParseCondition reads a condition. A value alone must be equal.
func ParseCondition(s string) (Condition, error) {
	s = strings.TrimSpace(s)
	for _, operator := range []string{"<=", ">=", "==", "!=", "<", ">"} {
		operand, ok := strings.CutPrefix(s, operator)
		if !ok {
			continue
		}
		c := Condition{operator, strings.TrimSpace(operand)}
		if _, ok := Number(c.Operand); !ok && operator != "==" && operator != "!=" {
			return c, fmt.Errorf("%q compares with no number; use one such as %q", s, operator+" 90")
		}
		return c, nil
	}
	if strings.HasPrefix(s, "=") || strings.HasPrefix(s, "!") {
		return Condition{}, fmt.Errorf("%q is no condition; allowed: <=, >=, <, >, ==, != or a value alone", s)
	}
	return Condition{"==", s}, nil
}

// Number reads a number that can be compared; what is infinite or none at all is no such number.
func Number(s string) (float64, bool) {
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
}

// Document is a file with sections that are not empty.
type Document struct {
	Path     string   `yaml:"path"`     // at the judged commit, from the top of the repository
	Sections []string `yaml:"sections"` // headings
	MaxAge   Duration `yaml:"max-age"`  // since the last commit that changed it; 0 is no limit
}

func (d *Document) validate(at string) *misfit {
	if d.Path == "" {
		return misfitf(at, "path is missing")
	}
	if !within(path.Clean(d.Path)) {
		return misfitf(at+".path", "%q is no file of the repository; use a path from its top, such as docs/rollback.md", d.Path)
	}
	for i, name := range d.Sections {
		if strings.TrimSpace(name) == "" {
			return misfitf(fmt.Sprintf("%s.sections[%d]", at, i), "the name is empty")
		}
	}
	return nil
}

// within tells whether a path stays below the top of the repository, and is plainly written.
func within(name string) bool {
	return name != "" && name == path.Clean(name) && name != "." && name != ".." && !path.IsAbs(name) && !strings.HasPrefix(name, "../") && !strings.ContainsAny(name, "\\\n\x00")
}
