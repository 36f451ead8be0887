package sarif

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// check refuses what is no JSON, what is too large, too deep or too long, and what says a thing
// twice: of two keys that differ in nothing but case encoding/json takes the later, so
// `"results": […], "Results": []` would hide all results.
func check(text []byte) error {
	if len(text) > sizeLimit {
		return fmt.Errorf("it has more than %d MB", sizeLimit>>20)
	}
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return errors.New("it is UTF-16 and must be UTF-8; PowerShell's > writes so, Out-File -Encoding utf8 does not")
	}
	if json.Valid(text) {
		return checkStructure(text)
	}
	var none struct{}
	err := json.Unmarshal(text, &none) // which says why
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("it is no JSON: line %d: %w", lineOf(text, int(syntax.Offset)), err)
	}
	return fmt.Errorf("it is no JSON: %w", err)
}

func lineOf(text []byte, offset int) int {
	return 1 + bytes.Count(text[:min(offset, len(text))], []byte("\n"))
}

// container is an object or an array that is being walked through.
type container struct {
	object   bool
	elements int
	keys     map[string]bool // kept from object to object, to be filled anew
}

// checkStructure walks through valid JSON.
func checkStructure(text []byte) error {
	stack := make([]container, depthLimit)
	depth := -1
	folded := folder{}
	key := false // the next string is a key
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '{', '[':
			if depth++; depth == depthLimit {
				return fmt.Errorf("line %d: more than %d levels within each other", lineOf(text, i), depthLimit)
			}
			top := &stack[depth]
			top.object, top.elements = c == '{', 1
			if len(top.keys) > 100 {
				top.keys = nil // to clear a large map again and again takes long
			}
			clear(top.keys)
			key = top.object
		case '}', ']':
			depth--
		case ',':
			top := &stack[depth]
			key = top.object
			if top.elements++; !top.object && top.elements > elementLimit {
				return fmt.Errorf("line %d: a list has more than %d elements", lineOf(text, i), elementLimit)
			}
		case '"':
			end := stringEnd(text, i)
			if key {
				key = false
				top, name := &stack[depth], folded.fold(text[i:end])
				if top.keys[name] {
					return fmt.Errorf("line %d: the key %s is there twice", lineOf(text, i), quote(name))
				}
				if top.keys == nil {
					top.keys = map[string]bool{}
				}
				top.keys[name] = true
			}
			i = end - 1
		}
	}
	return nil
}

// stringEnd is the index behind a string that starts at start.
func stringEnd(text []byte, start int) int {
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// folder remembers keys by how they are written: a report has few different ones.
type folder map[string]string

// fold is a key, given in its quotes, without regard to case, as encoding/json compares them.
func (f folder) fold(quoted []byte) string {
	if name, ok := f[string(quoted)]; ok {
		return name
	}
	var name string
	if err := json.Unmarshal(quoted, &name); err != nil {
		name = string(quoted)
	}
	name = strings.ToLower(strings.ToUpper(name)) // ſ and the Kelvin sign too
	if len(f) < 10_000 {
		f[string(quoted)] = name
	}
	return name
}
