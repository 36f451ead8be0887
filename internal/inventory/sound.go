package inventory

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// keys are those that parsers read. Names of packages are keys too, and may differ by case alone.
var keys = []string{
	"version", "packages", "packages-dev", "dependencies", "default", "develop", "name", "resolved", "license", "libraries", "targets", "requires", "pins", "state", "object", "package", "type", "link", "hasinstallscript",
}

// spelledTwice is about a key that an object has in two spellings. The parsers do not tell upper from lower
// case in keys, while the package managers do: of "version" and "Version" a parser would take the last, and so
// judge what nobody installs.
func spelledTwice(key string) error {
	return fmt.Errorf("an object in it has the key %q in two spellings, and which one counts depends on the reader", key)
}

func jsonSpelledOnce(text []byte) error {
	found := ""
	newJSONText(text).twins(&found)
	if found != "" {
		return spelledTwice(found)
	}
	return nil
}

// tomlTwin finds keys in TOML. No lockfile has them in another spelling than the usual one.
var tomlTwin = regexp.MustCompile(`(?mi)^[ \t]*["']?(version|name|package|packages)["']?[ \t]*=`)

func tomlSpelledOnce(text []byte) error {
	for _, m := range tomlTwin.FindAllSubmatch(text, -1) {
		if key := string(m[1]); key != strings.ToLower(key) {
			return spelledTwice(key)
		}
	}
	return nil
}

// oneDocument refuses a line that parts YAML documents behind something else than comments: the parser
// reads the first document alone.
func oneDocument(text []byte) error {
	begun := false
	for line := range bytes.Lines(text) {
		line = bytes.TrimRight(line, " \t\r\n")
		if begun && bytes.HasPrefix(line, []byte("---")) && (len(line) == 3 || line[3] == ' ') {
			return errors.New("it holds several YAML documents, of which the parser reads one")
		}
		begun = begun || len(line) > 0 && line[0] != '#' && line[0] != '%' && !bytes.HasPrefix(line, []byte("---"))
	}
	return nil
}

// twins looks through a value and those in it.
func (j *jsonText) twins(found *string) {
	switch j.peek() {
	case '{':
		var seen []string
		j.object(func(key string, _ int) {
			if folded := strings.ToLower(key); slices.Contains(keys, folded) {
				if slices.ContainsFunc(seen, func(other string) bool { return other != key && strings.EqualFold(other, key) }) && *found == "" {
					*found = key
				}
				seen = append(seen, key)
			}
			j.twins(found)
		})
	case '[':
		j.array(func(int) { j.twins(found) })
	default:
		j.skip()
	}
}
