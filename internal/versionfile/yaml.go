package versionfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// documents reads all documents of a file as trees, in which aliases are not followed.
func documents(body []byte) ([]*yaml.Node, error) {
	// The library knows directives of YAML 1.1 alone, though it reads most of 1.2.
	d := yaml.NewDecoder(bytes.NewReader(bytes.ReplaceAll(body, []byte("%YAML 1.2"), []byte("%YAML 1.1"))))
	var all []*yaml.Node
	for {
		n := new(yaml.Node)
		if err := d.Decode(n); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("it cannot be read as YAML: %s", oneLine(err.Error()))
		}
		all = append(all, n)
	}
}

func parseYAML(body []byte) ([]event, error) {
	trees, err := documents(body)
	if err != nil {
		return nil, err
	}
	var events []event
	for _, n := range trees {
		events = walk(events, n)
	}
	return events, nil
}

func walk(events []event, n *yaml.Node) []event {
	if n.Style&yaml.TaggedStyle != 0 {
		events = append(events, event{'!', n.Tag})
	}
	if n.Anchor != "" {
		events = append(events, event{'&', n.Anchor})
	}
	switch n.Kind {
	case yaml.ScalarNode:
		return append(events, event{'v', n.Value})
	case yaml.AliasNode:
		return append(events, event{'*', n.Value})
	}
	events = append(events, event{'0' + byte(n.Kind), ""})
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && c.Kind == yaml.ScalarNode {
			events = append(events, event{'k', c.Value})
			continue
		}
		events = walk(events, c)
	}
	return append(events, event{kind: '.'})
}

func findYAML(body []byte, t Target) ([]site, error) { return findInYAML(body, false, t.Key) }

// findChart finds a chart's version and, where it names one, that of the application in it:
// https://helm.sh/docs/topics/charts/#the-chartyaml-file.
func findChart(body []byte, _ Target) ([]site, error) {
	version, err := findInYAML(body, true, names("version"))
	if err != nil {
		return nil, err
	}
	app, err := findInYAML(body, true, names("appVersion"))
	var absent *Absent
	if err != nil && !errors.As(err, &absent) {
		return nil, err
	}
	return append(version, app...), nil
}

// findInYAML finds a key in every document that has it.
func findInYAML(body []byte, own bool, key Key) ([]site, error) {
	trees, err := documents(body)
	if err != nil {
		return nil, err
	}
	var sites []site
	starts := lineStarts(body)
	for _, tree := range trees {
		n, err := follow(tree, key)
		if err != nil {
			return nil, err
		}
		if n == nil {
			continue
		}
		s, err := scalarSite(body, starts, key, n)
		if err != nil {
			return nil, fmt.Errorf("line %d: %s %w", n.Line, key, err)
		}
		s.own = own
		sites = append(sites, s)
	}
	if len(sites) == 0 {
		return nil, absentf("there is no value at %s; write one there once, or correct the key", key)
	}
	return sites, nil
}

// follow goes down a document; nil where the key is not in it.
func follow(n *yaml.Node, key Key) (*yaml.Node, error) {
	if n.Kind == yaml.DocumentNode {
		if len(n.Content) == 0 {
			return nil, nil
		}
		n = n.Content[0]
	}
	for i, step := range key {
		var (
			next *yaml.Node
			err  error
		)
		switch {
		case n.Kind == yaml.AliasNode:
			return nil, fmt.Errorf("line %d: %s is the alias *%s; name the key of its anchor", n.Line, key[:i], n.Value)
		case step.named() && n.Kind == yaml.MappingNode:
			next, err = inMapping(n, key[:i+1])
		case !step.named() && n.Kind == yaml.SequenceNode && step.Index < len(n.Content):
			next = n.Content[step.Index]
		}
		if err != nil || next == nil {
			return nil, err
		}
		n = next
	}
	return n, nil
}

// inMapping is the value of the key's last name; nil where it has none of its own.
func inMapping(n *yaml.Node, key Key) (*yaml.Node, error) {
	var found, merged *yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case k.Kind == yaml.ScalarNode && k.Value == "<<" && k.Style == 0:
			merged = k
		case k.Kind != yaml.ScalarNode || k.Value != key[len(key)-1].Name:
		case found != nil:
			return nil, fmt.Errorf("line %d: the key %s is there twice", k.Line, key)
		default:
			found = v
		}
	}
	if found == nil && merged != nil {
		return nil, absentf("line %d: %s is not there itself, but may come in with the merge key <<; name the key in the mapping that is merged", merged.Line, key)
	}
	return found, nil
}

// scalarSite is where a value is written. The parser tells line and column of its beginning, with
// tag and anchor.
func scalarSite(body []byte, starts []int, key Key, n *yaml.Node) (site, error) {
	switch {
	case n.Kind == yaml.AliasNode:
		return site{}, fmt.Errorf("is the alias *%s; name the key of its anchor", n.Value)
	case n.Kind != yaml.ScalarNode:
		return site{}, errors.New("is no single value")
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return site{}, errors.New("is a block of text (| or >); write it on one line")
	case n.Tag == "!!null":
		return site{}, errors.New(`has no value; write "" there once`)
	}
	start := offset(body, starts, n.Line, n.Column)
	for start < len(body) && (body[start] == '!' || body[start] == '&') { // its tag and its anchor
		length := bytes.IndexAny(body[start:], " \t\r\n")
		if length < 0 {
			break
		}
		start = len(body) - len(bytes.TrimLeft(body[start+length:], " \t\r\n"))
	}
	s := site{start: start, end: start + len(n.Value), value: n.Value, key: key.String(), text: n.Tag == "!!str"}
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		s.start, s.end = start+1, start+1+len(n.Value)
	}
	if s.end > len(body) || string(body[s.start:s.end]) != n.Value {
		return site{}, errors.New("is written with escapes or over several lines; write it plainly")
	}
	return s, nil
}

// offset is the byte at a line and a column of letters, both from 1.
func offset(body []byte, starts []int, line, column int) int {
	if line < 1 || line > len(starts) {
		return len(body)
	}
	at := starts[line-1]
	for ; column > 1 && at < len(body); column-- {
		_, size := utf8.DecodeRune(body[at:])
		at += size
	}
	return at
}

// lineStarts is where each line begins. YAML knows more line breaks than most.
func lineStarts(body []byte) []int {
	starts := []int{0}
	for i := 0; i < len(body); {
		rest := body[i:]
		switch {
		case bytes.HasPrefix(rest, []byte("\r\n")), bytes.HasPrefix(rest, []byte("\u0085")):
			i += 2
		case rest[0] == '\n', rest[0] == '\r':
			i++
		case bytes.HasPrefix(rest, []byte("\u2028")), bytes.HasPrefix(rest, []byte("\u2029")):
			i += 3
		default:
			i++
			continue
		}
		starts = append(starts, i)
	}
	return starts
}
