package expression

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/common"
	celenv "cel.dev/cel-go/common/env"
)

func errorf(column int, format string, args ...any) *Error {
	return &Error{column, fmt.Sprintf(format, args...)}
}

// columnOf is a place in the whole source, from CEL's line, from 1, and column, from 0.
func columnOf(source string, line, column int) int {
	at := 1
	for i, text := range strings.SplitAfter(source, "\n") {
		if i+1 == line {
			return at + max(0, min(column, len([]rune(text))))
		}
		at += len([]rune(text))
	}
	return 1
}

var (
	undeclared  = regexp.MustCompile(`^undeclared reference to '([^']*)'`)
	overload    = regexp.MustCompile(`^found no matching overload for '([^']*)' applied to '(.*)'$`)
	unread      = regexp.MustCompile(`(?s)^Syntax error: (?:token recognition error at:|extraneous input|mismatched input|no viable alternative at input|missing .* at) '(.*?)'(?: expecting.*)?$`)
	dotted      = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(?:\s*\.\s*[A-Za-z_][A-Za-z0-9_]*)*`)
	selection   = regexp.MustCompile(`^type '([^']*)' does not support field selection`)
	spelledWord = map[string]string{"and": "&&", "or": "||", "not": "!", "AND": "&&", "OR": "||", "NOT": "!", "is": "=="}
)

// translate says in this house's words what CEL found first.
func (v *Vocabulary) translate(source string, issues []*common.Error) *Error {
	first := issues[0]
	for _, i := range issues {
		if earlier(i, first) {
			first = i
		}
	}
	column := columnOf(source, first.Location.Line(), first.Location.Column())
	said := first.Message
	if m := undeclared.FindStringSubmatch(said); m != nil {
		return v.unnamed(source, column, m[1])
	}
	if m := overload.FindStringSubmatch(said); m != nil {
		return errorf(column, "%s", mismatch(m[1], m[2]))
	}
	if m := selection.FindStringSubmatch(said); m != nil {
		return errorf(column, "%s has no parts; a . cannot stand behind it", kindOf(m[1]))
	}
	if m := unread.FindStringSubmatch(said); m != nil {
		return errorf(column, "%s", unreadable(source, column, strings.TrimSpace(m[1])))
	}
	switch {
	case strings.Contains(said, "recursion"):
		return errorf(column, "it is nested too deeply; at most %d levels are read", depthLimit)
	case strings.Contains(said, "comprehension exceeds nesting limit"):
		return errorf(column, "there are too many loops within or behind each other; at most %d are taken", loopLimit)
	case strings.HasPrefix(said, "invalid matches argument"):
		return errorf(column, "the pattern cannot be read; it is one as in https://github.com/google/re2/wiki/Syntax")
	case strings.HasPrefix(said, "regex program size"):
		return errorf(column, "the pattern is too large; at most %d steps of its program are taken", regexLimit)
	case strings.HasPrefix(said, "expected type"):
		return errorf(column, "this is of another kind than what stands before it in the list")
	}
	return errorf(column, "it cannot be read: %s", clip(strings.TrimPrefix(said, "Syntax error: ")))
}

func earlier(a, b *common.Error) bool {
	if a.Location.Line() != b.Location.Line() {
		return a.Location.Line() < b.Location.Line()
	}
	return a.Location.Column() < b.Location.Column()
}

// unnamed says that there is no such name, and which one may be meant. CEL tells the place of a
// name, of the last dot in it, or of the bracket behind it.
func (v *Vocabulary) unnamed(source string, column int, name string) *Error {
	letters := []rune(source)
	start := min(column-1, len(letters))
	if start < len(letters) && !isNamePart(letters[start]) {
		for start > 0 && (isNamePart(letters[start-1]) || letters[start-1] == '.') {
			start--
		}
		for start < len(letters) && letters[start] == '.' {
			start++
		}
	}
	written := dotted.FindString(string(letters[start:]))
	called := strings.HasPrefix(strings.TrimSpace(string(letters[start:])[len(written):]), "(")
	written = strings.Join(strings.Fields(written), "")
	owner, method := cutLast(written)
	switch {
	case called && (owner == "" || method == name):
		return noFunction(start+1, name)
	case called && nearest(written, []string{touchesName}) == "":
		written = owner
	}
	return errorf(start+1, "%s: there is no such name; %s", clip(written), v.suggest(written, called))
}

func isNamePart(c rune) bool {
	return c == '_' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

// cutLast cuts at the last dot; owner is empty where there is none.
func cutLast(name string) (owner, last string) {
	i := strings.LastIndex(name, ".")
	return name[:max(0, i)], name[i+1:]
}

func noFunction(column int, name string) *Error {
	if name == "has" {
		return &Error{column, "has() is not needed: where a fact that counts is not known, the condition is undecided"}
	}
	functions := []string{"contains", "startsWith", "endsWith", "matches", "size", "all", "exists", "exists_one", "filter", "map", "duration", "timestamp", "string", "int", "double"}
	meant := "some are " + strings.Join(functions, ", ")
	if near := nearest(name, functions); near != "" {
		meant = "did you mean " + near + "?"
	}
	return errorf(column, "%s(): there is no such function; %s", clip(name), meant)
}

// suggest names what is meant, else what there is.
func (v *Vocabulary) suggest(name string, called bool) string {
	var names, group []string
	head, _, isDotted := strings.Cut(name, ".")
	for _, f := range v.facts {
		names = append(names, f.name)
		if strings.HasPrefix(f.name, head+".") {
			group = append(group, f.name)
		}
	}
	if called {
		names = append(names, touchesName)
	}
	switch near := nearest(name, names); {
	case near != "":
		return "did you mean " + near + "?"
	case group != nil:
		return "there are: " + strings.Join(group, ", ")
	case !isDotted:
		return `a text stands in quotes, as in "` + clip(name) + `"`
	}
	return "there are: " + strings.Join(names, ", ")
}

// nearest is the name that differs in a few letters at most, "" where there is none.
func nearest(name string, names []string) string {
	best, least := "", max(2, len(name)/3)+1
	for _, n := range names {
		if d := celenv.EditDistance(name, n); d < least {
			best, least = n, d
		}
	}
	return best
}

// mismatch says that an operation does not go with its values.
func mismatch(function, signature string) string {
	target, args, member := strings.Cut(signature, ".(")
	if !member {
		args = strings.TrimPrefix(signature, "(")
	}
	var kinds []string
	for _, a := range split(strings.TrimSuffix(args, ")")) {
		kinds = append(kinds, kindOf(a))
	}
	sign := strings.Trim(strings.TrimPrefix(function, "@"), "_")
	switch {
	case member:
		return fmt.Sprintf("%s of %s does not take %s", function, kindOf(target), orNothing(kinds))
	case function == touchesName && len(kinds) == 2:
		return touchesName + " takes a text, not " + kinds[1]
	case function == "_?_:_" && len(kinds) == 3:
		return fmt.Sprintf("? : needs true or false first and two of a kind behind it, not %s, %s and %s", kinds[0], kinds[1], kinds[2])
	case len(kinds) == 2 && sign != function:
		return fmt.Sprintf("%s does not go with %s and %s", sign, kinds[0], kinds[1])
	case len(kinds) == 1 && sign != function:
		return fmt.Sprintf("%s does not go with %s", sign, kinds[0])
	}
	return fmt.Sprintf("%s() does not take %s", function, orNothing(kinds))
}

func orNothing(kinds []string) string {
	if len(kinds) == 0 {
		return "nothing"
	}
	return strings.Join(kinds, ", ")
}

// split cuts a list of types at the commas that stand in no brackets.
func split(list string) []string {
	var parts []string
	depth, start := 0, 0
	for i, c := range list {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			parts, start = append(parts, list[start:i]), i+1
		}
	}
	if strings.TrimSpace(list) == "" {
		return nil
	}
	return append(parts, list[start:])
}

// kindOf names a type of CEL for people.
func kindOf(celType string) string {
	celType = strings.TrimSpace(celType)
	known := map[string]string{
		"int": "a whole number", "uint": "a whole number with a u", "double": "a number", "string": "a text", "bool": "true or false", "bytes": "bytes", "null": "null", "null_type": "null",
		"timestamp": "a time", "google.protobuf.Timestamp": "a time", "duration": "a duration", "google.protobuf.Duration": "a duration",
	}
	switch {
	case known[celType] != "":
		return known[celType]
	case strings.HasPrefix(celType, "list"):
		return "a list"
	case strings.HasPrefix(celType, "map"):
		return "a map"
	}
	return "a value of the kind " + clip(celType)
}

// unreadable says what cannot stand at a place, or is missing there.
func unreadable(source string, column int, token string) string {
	letters := []rune(source)
	at := string(letters[min(column-1, len(letters)):])
	switch {
	case token == "<EOF>" || token == "":
		return "it ends too early; something is missing here"
	case strings.HasPrefix(at, "=") && !strings.HasPrefix(at, "=="):
		return "= compares nothing; write =="
	case strings.HasPrefix(at, "&"), strings.HasPrefix(at, "|"):
		return "write && for and, || for or"
	case strings.HasPrefix(at, `"`), strings.HasPrefix(at, "'"):
		return "this text has no end, or an escape in it that does not exist"
	}
	if word := dotted.FindString(at); spelledWord[word] != "" {
		return fmt.Sprintf("%s is no operator; write %s", word, spelledWord[word])
	}
	if word := lastWord(string(letters[:min(column-1, len(letters))])); spelledWord[word] != "" {
		return fmt.Sprintf("%s is no operator; write %s", word, spelledWord[word])
	}
	return fmt.Sprintf("%s cannot stand here", clip(token))
}

func lastWord(s string) string {
	words := strings.Fields(s)
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// clip makes text of the condition or of CEL fit into a message.
func clip(s string) string {
	letters := []rune(strings.Join(strings.Fields(s), " "))
	if len(letters) > 100 {
		letters = append(slices.Clip(letters[:99]), '…')
	}
	return string(letters)
}
