package versionfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Target says where a version stands.
type Target struct {
	Path string // slash-separated; its last part tells the file's form
	Key  Key    // nil means the places that such a file has of itself, and marked lines
	// Crates are the packages of a Cargo.lock that carry the version.
	Crates []string
	// Member is the folder of a package in an npm lock of several, "" for the lock's own.
	Member string
}

func (t Target) String() string {
	if t.Key == nil {
		return t.Path
	}
	return t.Path + "#" + t.Key.String()
}

// ParseTarget reads a line such as package.json or deploy/values.yaml#image.tag: all up to the
// first # is the path.
func ParseTarget(line string) (Target, error) {
	path, key, keyed := strings.Cut(line, "#")
	if path = strings.TrimSpace(path); path == "" {
		return Target{}, errors.New("there is no path before the #")
	}
	if !keyed {
		return Target{Path: path}, nil
	}
	parsed, err := ParseKey(strings.TrimSpace(key))
	return Target{Path: path, Key: parsed}, err
}

// Key is the way to a value, from the top of a document.
type Key []Step

// Step is a name, or an index where Name is "" and Index is not negative.
type Step struct {
	Name  string
	Index int // from 0; negative for a name
}

func name(s string) Step   { return Step{s, -1} }
func (s Step) named() bool { return s.Index < 0 }

// names makes a key of names.
func names(all ...string) Key {
	var k Key
	for _, one := range all {
		k = append(k, name(one))
	}
	return k
}

// ParseKey reads a.b, a."b.c".d or list[0].tag.
func ParseKey(s string) (Key, error) {
	const example = `write it as image.tag, labels."app.kubernetes.io/version" or images[0].tag`
	if !utf8.ValidString(s) {
		return nil, fmt.Errorf("the key %q is not valid UTF-8; %s", s, example)
	}
	var k Key
	for rest := strings.TrimPrefix(s, "$."); ; { // as JSONPath begins, which some know better
		step, after, err := parseStep(rest, len(k) == 0)
		if err != nil {
			return nil, fmt.Errorf("the key %q %w; %s", s, err, example)
		}
		k = append(k, step)
		if len(k) > 100 {
			return nil, fmt.Errorf("the key %.40q… has more than 100 parts", s)
		}
		if after == "" {
			return k, nil
		}
		if rest = after; rest[0] == '.' {
			if rest = rest[1:]; strings.HasPrefix(rest, "[") {
				return nil, fmt.Errorf("the key %q has a dot before an index; %s", s, example)
			}
		} else if rest[0] != '[' {
			return nil, fmt.Errorf("the key %q lacks a dot between its parts; %s", s, example)
		}
	}
}

// parseStep reads the first part of a key.
func parseStep(s string, first bool) (step Step, rest string, err error) {
	switch {
	case s == "" && first:
		return Step{}, "", errors.New("is empty")
	case s == "":
		return Step{}, "", errors.New("ends in a dot")
	case s[0] == '[':
		digits, rest, closed := strings.Cut(s[1:], "]")
		n, err := strconv.ParseUint(digits, 10, 31)
		if err != nil || !closed {
			return Step{}, "", errors.New("has no number between [ and ]")
		}
		return Step{Index: int(n)}, rest, nil
	case s[0] == '"':
		end := 1
		for end < len(s) && s[end] != '"' {
			if s[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(s) {
			return Step{}, "", errors.New("has a quote without its other end")
		}
		var text string
		if err := json.Unmarshal([]byte(s[:end+1]), &text); err != nil {
			return Step{}, "", errors.New("has quotes that are not those of JSON")
		}
		return name(text), s[end+1:], nil
	}
	end := strings.IndexAny(s, ".[")
	if end < 0 {
		end = len(s)
	}
	if end == 0 || strings.ContainsAny(s[:end], "\"] \t") {
		return Step{}, "", errors.New("has an empty part, or a blank, quote or bracket that is not in quotes")
	}
	return name(s[:end]), s[end:], nil
}

func (k Key) String() string {
	var b strings.Builder
	for i, s := range k {
		switch {
		case !s.named():
			fmt.Fprintf(&b, "[%d]", s.Index)
			continue
		case i > 0:
			b.WriteByte('.')
		}
		if s.Name == "" || s.Name == "$" || strings.ContainsAny(s.Name, ".[]\" \t#") {
			quoted, _ := json.Marshal(s.Name) // a string always encodes
			b.Write(quoted)
		} else {
			b.WriteString(s.Name)
		}
	}
	return b.String()
}

func (k Key) equal(other Key) bool {
	if len(k) != len(other) {
		return false
	}
	for i := len(k) - 1; i >= 0; i-- {
		if k[i] != other[i] {
			return false
		}
	}
	return true
}
