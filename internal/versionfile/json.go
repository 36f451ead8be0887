package versionfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// nest is an object or array that is being read.
type nest struct {
	object bool
	seen   map[string]bool // keys of an object so far
}

// deepestJSON is how far a JSON document may nest.
const deepestJSON = 10_000

// eachJSON visits every token: of a value that is no object or array with the way to it, which is
// only good during the visit. A key that is there twice is an error.
func eachJSON(body []byte, visit func(at Key, kind byte, token json.Token, start, end int)) error {
	var (
		d     = json.NewDecoder(bytes.NewReader(body))
		open  []nest
		at    Key
		value bool // a key was read, its value comes next
	)
	d.UseNumber()
	for begun := false; !begun || len(open) > 0; begun = true {
		before := int(d.InputOffset())
		token, err := d.Token()
		if err != nil {
			return jsonError(body, int(d.InputOffset()), err)
		}
		end := int(d.InputOffset())
		start := before + bytes.IndexFunc(body[before:end], func(r rune) bool { return !bytes.ContainsRune([]byte(" \t\r\n,:"), r) })
		top := len(open) - 1
		if delim, ok := token.(json.Delim); ok && (delim == '}' || delim == ']') {
			open, at = open[:top], at[:top]
			value = false
			visit(nil, byte(delim), token, start, end)
			continue
		}
		if top >= 0 && open[top].object && !value {
			key := token.(string)
			if open[top].seen[key] {
				return fmt.Errorf("line %d: the key %q is there twice", lineOf(body, start), clip(key))
			}
			open[top].seen[key] = true
			at[top], value = name(key), true
			visit(nil, 'k', token, start, end)
			continue
		}
		if top >= 0 && !open[top].object {
			at[top].Index++
		}
		value = false
		if delim, ok := token.(json.Delim); ok {
			if len(open) == deepestJSON {
				return fmt.Errorf("line %d nests too deeply", lineOf(body, start))
			}
			open = append(open, nest{object: delim == '{'})
			if delim == '{' {
				open[len(open)-1].seen = map[string]bool{}
			}
			at = append(at, Step{Index: -1})
			visit(nil, byte(delim), token, start, end)
			continue
		}
		visit(at, 'v', token, start, end)
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("line %d: something follows the JSON document", lineOf(body, int(d.InputOffset())))
	}
	return nil
}

func jsonError(body []byte, at int, err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = min(int(syntax.Offset), len(body))
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON document is empty or cut off")
	}
	return fmt.Errorf("line %d cannot be read as JSON: %s", lineOf(body, min(at, len(body))), oneLine(err.Error()))
}

// parseJSON keeps values as they are written, which tells more than what they mean.
func parseJSON(body []byte) ([]event, error) {
	var events []event
	text := string(body)
	err := eachJSON(body, func(_ Key, kind byte, token json.Token, start, end int) {
		if s, ok := token.(string); ok && kind == 'v' && len(s) == end-start-2 {
			events = append(events, event{'v', s})
			return
		}
		events = append(events, event{kind | 0x80, text[start:end]})
	})
	return events, err
}

func findJSON(body []byte, t Target) ([]site, error) { return findInJSON(body, false, t.Key) }

// findOwnJSON finds a key that holds the project's version by the file's form.
func findOwnJSON(key Key) func([]byte, Target) ([]site, error) {
	return func(body []byte, _ Target) ([]site, error) { return findInJSON(body, true, key) }
}

// findInJSON finds the values of keys, of which at least one must be there.
func findInJSON(body []byte, own bool, keys ...Key) ([]site, error) {
	var (
		sites []site
		wrong error
	)
	err := eachJSON(body, func(at Key, kind byte, token json.Token, start, end int) {
		if kind != 'v' || !slices.ContainsFunc(keys, at.equal) {
			return
		}
		value, ok := token.(string)
		if !ok {
			wrong = errors.Join(wrong, fmt.Errorf("line %d: %s is %s, which is no string; write it in quotes", lineOf(body, start), at, clip(string(body[start:end]))))
			return
		}
		sites = append(sites, site{start: start + 1, end: end - 1, value: value, key: at.String(), own: own, text: true})
	})
	if err = errors.Join(err, wrong); err != nil {
		return nil, err
	}
	if len(sites) == 0 {
		return nil, absentf("there is no value at %s; write one there once, or correct the key", keys[0])
	}
	return sites, nil
}

// findNPMLock finds the versions of a package in its lock, not those of its dependencies:
// https://docs.npmjs.com/cli/configuring-npm/package-lock-json. Locks of the first form have no
// packages; a member of a workspace is in packages alone.
func findNPMLock(body []byte, t Target) ([]site, error) {
	if t.Member != "" {
		return findInJSON(body, true, names("packages", t.Member, "version"))
	}
	return findInJSON(body, true, names("version"), names("packages", "", "version"))
}
