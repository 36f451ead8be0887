package versionfile

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

var (
	iniSection = regexp.MustCompile(`^\[([^\]]*)\][ \t]*(?:[#;].*)?$`)
	iniPair    = regexp.MustCompile(`^([^=:\s#;![](?:[^=:\s]|[ \t]+[^=:\s])*)[ \t]*[=:][ \t]*(.*?)[ \t]*$`)
)

// findOwnINI finds a key that holds the project's version by the file's form.
func findOwnINI(key Key) func([]byte, Target) ([]site, error) {
	return func(body []byte, _ Target) ([]site, error) { return findInINI(body, true, key) }
}

// findINI finds a key in .ini and .cfg files as section.key, in .properties files as it stands.
func findINI(body []byte, t Target) ([]site, error) { return findInINI(body, false, t.Key) }

func findInINI(body []byte, own bool, key Key) ([]site, error) {
	var (
		sites     []site
		section   string
		continued bool // the line before ended in a backslash
	)
	for at := 0; at < len(body); {
		end := at + endOf(body[at:], "\n", 0)
		whole := strings.TrimRight(string(body[at:end]), "\r\n")
		line := strings.TrimLeft(whole, " \t")
		indented := len(line) < len(whole) && section != ""
		if m := iniSection.FindStringSubmatch(line); m != nil && !continued && !indented {
			section = m[1] + "."
		} else if m := iniPair.FindStringSubmatchIndex(line); m != nil && !continued && !indented && key.literal(section+line[m[2]:m[3]]) {
			if len(sites) > 0 {
				return nil, fmt.Errorf("line %d: %s is there twice", lineOf(body, at), key)
			}
			start := at + len(whole) - len(line) + m[4]
			value := line[m[4]:m[5]]
			sites = append(sites, site{start: start, end: start + len(value), value: value, key: key.String(), own: own, text: true})
		}
		continued = strings.HasSuffix(whole, `\`)
		at = end
	}
	if len(sites) == 0 {
		return nil, absentf("there is no value at %s; write one there once, or correct the key", key)
	}
	return sites, nil
}

// literal tells whether the key's parts with dots between them are s.
func (k Key) literal(s string) bool {
	var b bytes.Buffer
	for i, step := range k {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step.Name)
	}
	return b.String() == s
}
