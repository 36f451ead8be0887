package versionfile

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/BurntSushi/toml"
	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/slipway-actions/slipway/internal/report"
)

// deepest is how far the documents of recursive parsers may nest.
const deepest = 500

// eachTOML visits every value that is no table or array, with the way to it, which is only good
// during the visit. It finds positions; what a document means is decodeTOML's to say.
func eachTOML(body []byte, visit func(at Key, value *unstable.Node)) error {
	if err := shallow(body); err != nil {
		return err
	}
	var (
		p     unstable.Parser
		table Key
		count = map[string]int{} // of [[tables]], by the way to them
	)
	p.Reset(body)
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			var way bytes.Buffer
			table = table[:0]
			for it := e.Key(); it.Next(); {
				part := string(it.Node().Data)
				fmt.Fprintf(&way, "%q.", part)
				table = append(table, name(part))
				if e.Kind == unstable.ArrayTable && it.IsLast() {
					count[way.String()]++
				}
				if n := count[way.String()]; n > 0 {
					fmt.Fprintf(&way, "%d.", n-1)
					table = append(table, Step{Index: n - 1})
				}
			}
			if len(table) > deepest {
				return errors.New("a table's name has too many parts")
			}
		case unstable.KeyValue:
			if err := eachValue(table, e, visit, 0); err != nil {
				return err
			}
		}
	}
	return parseError(p.Error())
}

func eachValue(at Key, n *unstable.Node, visit func(Key, *unstable.Node), depth int) error {
	if depth > deepest {
		return errors.New("it nests too deeply")
	}
	switch n.Kind {
	case unstable.KeyValue:
		inside := slices.Clip(at)
		for it := n.Key(); it.Next(); {
			inside = append(inside, name(string(it.Node().Data)))
		}
		if len(inside) > 2*deepest {
			return errors.New("a key has too many parts")
		}
		return eachValue(inside, n.Value(), visit, depth+1)
	case unstable.InlineTable:
		for it := n.Children(); it.Next(); {
			if err := eachValue(at, it.Node(), visit, depth+1); err != nil {
				return err
			}
		}
	case unstable.Array:
		index := 0
		for it := n.Children(); it.Next(); index++ {
			if err := eachValue(append(slices.Clip(at), Step{Index: index}), it.Node(), visit, depth+1); err != nil {
				return err
			}
		}
	default:
		visit(at, n)
	}
	return nil
}

// shallow refuses what might make a recursive parser run out of stack. It knows no strings, and so
// sees too much rather than too little.
func shallow(body []byte) error {
	depth := 0
	for i, b := range body {
		switch b {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(0, depth-1)
		}
		if depth > deepest {
			return fmt.Errorf("line %d nests too deeply", lineOf(body, i))
		}
	}
	return nil
}

// siteOf is a string's site; any other value and strings over several lines are errors.
func siteOf(body []byte, key string, own bool, n *unstable.Node) (site, error) {
	start, end := int(n.Raw.Offset), int(n.Raw.Offset+n.Raw.Length)
	switch {
	case n.Kind != unstable.String:
		return site{}, fmt.Errorf("%s is %q, which is no string; write it in quotes", key, clip(string(n.Data)))
	case bytes.HasPrefix(body[start:end], []byte(`"""`)), bytes.HasPrefix(body[start:end], []byte(`'''`)):
		return site{}, fmt.Errorf("line %d: %s is a string of several lines; write it on one", lineOf(body, start), key)
	}
	return site{start: start + 1, end: end - 1, value: string(n.Data), key: key, own: own, text: true}, nil
}

// findTOML finds the value of the target's key.
func findTOML(body []byte, t Target) ([]site, error) {
	return findInTOML(body, false, t.Key)
}

// findInTOML finds the values of keys, of which at least one must be there.
func findInTOML(body []byte, own bool, keys ...Key) ([]site, error) {
	var (
		sites []site
		wrong error
	)
	if _, err := decodeTOML(body); err != nil {
		return nil, err
	}
	err := eachTOML(body, func(at Key, n *unstable.Node) {
		if wrong == nil && slices.ContainsFunc(keys, at.equal) {
			var s site
			s, wrong = siteOf(body, at.String(), own, n)
			sites = append(sites, s)
		}
	})
	if err = errors.Join(err, wrong); err != nil {
		return nil, err
	}
	if len(sites) == 0 {
		return nil, absentf("there is no value at %s; write one there once, or correct the key", keys[0])
	}
	return sites, nil
}

// decodeTOML is the document's meaning, from a second parser that checks all of it. The first goes
// through it before, for it bounds what the second would follow.
func decodeTOML(body []byte) (map[string]any, error) {
	if err := shallow(body); err != nil {
		return nil, err
	}
	if err := eachTOML(body, func(Key, *unstable.Node) {}); err != nil {
		return nil, err
	}
	var document map[string]any
	_, err := toml.NewDecoder(bytes.NewReader(body)).Decode(&document)
	return document, parseError(err)
}

func parseTOML(body []byte) ([]event, error) {
	document, err := decodeTOML(body)
	if err != nil {
		return nil, err
	}
	return flatten(nil, document), nil
}

func flatten(events []event, v any) []event {
	switch v := v.(type) {
	case map[string]any:
		events = append(events, event{kind: '{'})
		for _, key := range slices.Sorted(maps.Keys(v)) {
			events = flatten(append(events, event{'k', key}), v[key])
		}
		return append(events, event{kind: '}'})
	case []map[string]any:
		events = append(events, event{kind: '['})
		for _, one := range v {
			events = flatten(events, one)
		}
		return append(events, event{kind: ']'})
	case []any:
		events = append(events, event{kind: '['})
		for _, one := range v {
			events = flatten(events, one)
		}
		return append(events, event{kind: ']'})
	case string:
		return append(events, event{'v', v})
	}
	return append(events, event{'t', fmt.Sprintf("%T %v", v, v)})
}

// parseError is what a parser says, on one line.
func parseError(err error) error {
	if err == nil {
		return nil
	}
	var theirs toml.ParseError
	if errors.As(err, &theirs) {
		return fmt.Errorf("line %d cannot be read: %s", theirs.Position.Line, oneLine(theirs.Message))
	}
	return fmt.Errorf("it cannot be read: %s", oneLine(err.Error()))
}

func oneLine(s string) string {
	return report.Clip(string(bytes.Join(bytes.Fields([]byte(s)), []byte(" "))), 200)
}
