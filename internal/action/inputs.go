package action

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/glob"
)

// Inputs reads an action's inputs strictly. What is wrong is collected, so that one run names all
// of it; Err returns it as one CallerError. An empty value means the default, save for those
// inputs where emptiness says something (Text and Lines read those).
type Inputs struct {
	spec     Spec
	values   map[string]string // as given, by name
	problems []string
}

// NewInputs takes the values that were given, by input name. A name that the contract does not
// hold is a problem: a misspelt input would silently leave a gate at its default.
func NewInputs(spec Spec, given map[string]string) *Inputs {
	in := &Inputs{spec: spec, values: given}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, ok := spec.Input(name); ok {
			continue
		}
		silent, writes := outbound[name]
		switch value := strings.TrimSpace(given[name]); {
		case writes && (value == "" || value == silent):
		case writes:
			in.problems = append(in.problems, fmt.Sprintf("input %s is %q; this action decides and publishes nothing at GitHub, for that is not to happen before a go. Use version-bump and changelog themselves, after it", name, short(value)))
		default:
			in.problems = append(in.problems, fmt.Sprintf("input %s: there is no such input%s", name, in.suggestion(name)))
		}
	}
	return in
}

// outbound are the inputs of actions that write at GitHub, with the value that asks for nothing. An
// action without them says that it writes nothing, rather than that there is no such input.
var outbound = map[string]string{"push-tag": "false", "floating-tags": "false", "dispatch": "", "release": "none", "land": "none", "comment": "false"}

// For gives the same values to an action within this one, as far as that action has such inputs.
func (in *Inputs) For(spec Spec) *Inputs {
	values := map[string]string{}
	for name, value := range in.values {
		if _, ok := spec.Input(name); ok {
			values[name] = value
		}
	}
	return NewInputs(spec, values)
}

// With is the same inputs with one value set.
func (in *Inputs) With(name, value string) *Inputs {
	values := maps.Clone(in.values)
	values[name] = value
	return NewInputs(in.spec, values)
}

// Given tells whether a value other than the default was given.
func (in *Inputs) Given(name string) bool {
	value, ok := in.values[name]
	spec, _ := in.spec.Input(name)
	return ok && value != "" && value != spec.Default
}

// preset is the contract's default. One that is an expression was not evaluated by a runner, so it
// is nothing.
func (in *Inputs) preset(name string) string {
	spec, ok := in.spec.Input(name)
	if !ok {
		panic("action: the input " + name + " is not in action.yml")
	}
	if strings.Contains(spec.Default, "${{") {
		return ""
	}
	return spec.Default
}

// Text is a value as it is, the default where none was given; one that was given empty stays empty.
func (in *Inputs) Text(name string) string {
	preset := in.preset(name)
	if value, ok := in.values[name]; ok {
		return strings.TrimSpace(value)
	}
	return preset
}

// OrDefault is a value as it is; one that was given empty is the default.
func (in *Inputs) OrDefault(name string) string { return cmp.Or(in.Text(name), in.preset(name)) }

// secrets are the inputs whose values nobody may read.
var secrets = []string{"github-token", "signing-key"}

// Secrets are the values to be masked, before anything is said. Of several lines each is one, too,
// save those that only frame a PEM block and tell nothing.
func (in *Inputs) Secrets() []string {
	var values []string
	for _, name := range secrets {
		value := strings.TrimSpace(in.values[name])
		if value == "" {
			continue
		}
		values = append(values, value)
		for line := range strings.Lines(value) {
			if line = strings.TrimSpace(line); line != "" && line != value && !strings.HasPrefix(line, "-----") {
				values = append(values, line)
			}
		}
	}
	return values
}

// Lines are the lines of a value that hold something, without surrounding blanks.
func (in *Inputs) Lines(name string) []string {
	var lines []string
	for line := range strings.Lines(in.Text(name)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// Paths are the lines of a value, each a path below the top of the repository.
func (in *Inputs) Paths(name string) []string {
	paths := in.Lines(name)
	for _, path := range paths {
		if err := glob.CheckPath(path); err != nil {
			in.Refuse(name, path, err.Error())
		} else if !filepath.IsLocal(path) {
			in.Refuse(name, path, "allowed: a path inside the repository, from its top, such as services/api")
		}
	}
	return paths
}

// Bool is true or false.
func (in *Inputs) Bool(name string) bool { return in.OneOf(name, "true", "false") == "true" }

// OneOf is one of the allowed values. Where even the default is empty, empty is allowed too.
func (in *Inputs) OneOf(name string, allowed ...string) string {
	value := in.OrDefault(name)
	if value != "" && !slices.Contains(allowed, value) {
		in.Refuse(name, value, "allowed: "+strings.Join(allowed, ", "))
		return ""
	}
	return value
}

// Int is a whole number within bounds; fallback where nothing is given and there is no default.
func (in *Inputs) Int(name string, low, high, fallback int) int {
	value := in.OrDefault(name)
	if value == "" {
		return fallback
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < low || n > high {
		in.Refuse(name, value, fmt.Sprintf("allowed: a whole number from %d to %d", low, high))
		return fallback
	}
	return n
}

// Duration is a span of time within bounds.
func (in *Inputs) Duration(name string, low, high time.Duration) time.Duration {
	value := in.OrDefault(name)
	if value == "" {
		return low
	}
	d, err := duration.Parse(value)
	if err != nil || d < low || d > high {
		in.Refuse(name, value, fmt.Sprintf("allowed: a duration from %s to %s, such as 90s, 3m or 1d", duration.Format(low), duration.Format(high)))
		return low
	}
	return d
}

// Time is a moment in RFC 3339, the zero time where nothing is given.
func (in *Inputs) Time(name string) time.Time {
	value := in.OrDefault(name)
	if value == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		in.Refuse(name, value, "allowed: a moment in RFC 3339, such as 2026-11-20T09:30:00Z")
	}
	return t
}

// Refuse notes that a value cannot be used; allowed says what can.
func (in *Inputs) Refuse(name, value, allowed string) {
	in.problems = append(in.problems, fmt.Sprintf("input %s is %q; %s", name, short(value), allowed))
}

// short cuts a value that would drown what is said of it.
func short(value string) string {
	if text := []rune(value); len(text) > 200 {
		return string(text[:199]) + "…"
	}
	return value
}

// Err is all that is wrong with the inputs, as one *CallerError, or nil.
func (in *Inputs) Err() error {
	if len(in.problems) == 0 {
		return nil
	}
	return &CallerError{errors.New(strings.Join(in.problems, "\n"))}
}

// suggestion names the input that was probably meant.
func (in *Inputs) suggestion(name string) string {
	plain := func(s string) string { return strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(s)) }
	names := make([]string, len(in.spec.Inputs))
	for i, s := range in.spec.Inputs {
		if plain(s.Name) == plain(name) {
			return "; did you mean " + s.Name + "?"
		}
		names[i] = s.Name
	}
	return "; there are: " + strings.Join(names, ", ")
}
