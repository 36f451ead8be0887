package versionfile

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// element is an XML element that is being read, or was.
type element struct {
	name   xml.Name
	at     int      // where its tag ends
	end    int      // where its end tag begins
	texts  [][2]int // from and to which byte its own text is written, CDATA marks and all
	values []string // the same as read
	parent bool     // it has elements in it
}

// eachXML visits every element when it ends, with those around it first; and every token.
func eachXML(body []byte, visit func(way []*element), each func(token xml.Token)) error {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		charset = strings.ToLower(charset)
		if strings.HasPrefix(charset, "iso-8859-") || strings.HasPrefix(charset, "windows-125") || charset == "us-ascii" {
			return in, nil // what is not valid UTF-8 was refused, and ASCII is the same in all of them
		}
		return nil, fmt.Errorf("the encoding %q is not read; save the file as UTF-8", clip(charset))
	}
	var way []*element
	for {
		before := int(d.InputOffset())
		token, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("it cannot be read as XML: %s", oneLine(err.Error()))
		}
		after := int(d.InputOffset())
		each(token)
		switch token := token.(type) {
		case xml.StartElement:
			if len(way) == deepest {
				return fmt.Errorf("line %d nests too deeply", lineOf(body, before))
			}
			if len(way) > 0 {
				way[len(way)-1].parent = true
			}
			way = append(way, &element{name: token.Name, at: after})
		case xml.CharData:
			if len(way) > 0 && len(bytes.TrimSpace(token)) > 0 {
				top := way[len(way)-1]
				top.texts, top.values = append(top.texts, [2]int{before, after}), append(top.values, string(token))
			}
		case xml.EndElement:
			way[len(way)-1].end = before
			visit(way)
			way = way[:len(way)-1]
		}
	}
}

func parseXML(body []byte) ([]event, error) {
	var events []event
	err := eachXML(body, func([]*element) {}, func(token xml.Token) {
		switch token := token.(type) {
		case xml.StartElement:
			events = append(events, event{'<', token.Name.Space + " " + token.Name.Local})
			for _, a := range token.Attr {
				events = append(events, event{'a', a.Name.Space + " " + a.Name.Local}, event{'v', a.Value})
			}
		case xml.EndElement:
			events = append(events, event{kind: '>'})
		case xml.CharData:
			events = append(events, event{'v', string(token)})
		case xml.Comment:
			events = append(events, event{'v', string(token)})
		case xml.ProcInst:
			events = append(events, event{'?', token.Target + " " + string(token.Inst)})
		case xml.Directive:
			events = append(events, event{'!', string(token)})
		}
	})
	return events, err
}

// findXML finds an element by the names from below the root, all of the root's namespace.
func findXML(body []byte, t Target) ([]site, error) {
	if slices.ContainsFunc(t.Key, func(s Step) bool { return !s.named() }) {
		return nil, fmt.Errorf("the key %s has an index, which XML keys have not", t.Key)
	}
	return findInXML(body, false, "", t.Key)
}

// findInXML finds the one element at a key; root is the name that the root must have, "" for any.
func findInXML(body []byte, own bool, root string, key Key) ([]site, error) {
	var (
		sites []site
		wrong error
	)
	err := eachXML(body, func(way []*element) {
		if len(way) != len(key)+1 || root != "" && way[0].name.Local != root {
			return
		}
		for i, step := range key {
			if got := way[i+1].name; got.Local != step.Name || got.Space != way[0].name.Space {
				return
			}
		}
		s, err := way[len(way)-1].site(body, key.String())
		s.own = own
		sites, wrong = append(sites, s), errors.Join(wrong, err)
	}, func(xml.Token) {})
	switch err = errors.Join(err, wrong); {
	case err != nil:
		return nil, err
	case len(sites) == 0:
		return nil, absentf("there is no element %s below the root", strings.ReplaceAll(key.String(), ".", "/"))
	case len(sites) > 1:
		return nil, fmt.Errorf("line %d: %s is there twice", lineOf(body, sites[1].start), key)
	}
	return sites, nil
}

// site is where an element's text is written, without the blanks around it.
func (e *element) site(body []byte, key string) (site, error) {
	line := lineOf(body, e.at)
	if e.parent || len(e.texts) != 1 {
		return site{}, fmt.Errorf("line %d: %s holds something else than one piece of text", line, key)
	}
	value := strings.TrimSpace(e.values[0])
	raw := body[e.texts[0][0]:e.texts[0][1]]
	at := bytes.Index(raw, []byte(value))
	if at < 0 {
		return site{}, fmt.Errorf("line %d: %s is written with entities; write it plainly", line, key)
	}
	start := e.texts[0][0] + at
	return site{start: start, end: start + len(value), value: value, key: key, text: true}, nil
}
