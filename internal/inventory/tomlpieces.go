package inventory

import (
	"bytes"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// fields are what a parser reads of each package. The rest, hashes above all, is most of a lockfile
// and what takes its time.
func fields(name string, keep ...string) func([]byte) [][]byte {
	return func(text []byte) [][]byte { return [][]byte{reduce(text, name, keep)} }
}

// reduce leaves out of a TOML lockfile what its parser does not look at. Names count in any case, as
// they do for the parser. A text that is no TOML, or of an unusual form, stays as it is.
func reduce(text []byte, name string, keep []string) []byte {
	var p unstable.Parser
	p.Reset(text)
	var out bytes.Buffer
	kept := func(key string) bool {
		first, _, _ := strings.Cut(key, ".")
		return slices.ContainsFunc(keep, func(k string) bool { return strings.EqualFold(k, first) })
	}
	top, inside, table := true, false, ""
	for p.NextExpression() {
		n := p.Expression()
		key := tomlKey(n)
		switch n.Kind {
		case unstable.KeyValue:
			if top || inside && (table != "" || kept(key)) {
				out.Write(p.Raw(n.Raw))
				out.WriteByte('\n')
			}
		case unstable.Table, unstable.ArrayTable:
			first, rest, _ := strings.Cut(key, ".")
			top, inside, table = false, false, ""
			switch {
			case !strings.EqualFold(first, name):
			case rest == "" && n.Kind == unstable.ArrayTable:
				inside = true
				out.WriteString("[[" + name + "]]\n")
			case rest == "" || strings.ContainsFunc(rest, func(r rune) bool { return !bare(r) }):
				return text
			case kept(rest):
				inside, table = true, rest
				if n.Kind == unstable.ArrayTable {
					out.WriteString("[[" + name + "." + rest + "]]\n")
				} else {
					out.WriteString("[" + name + "." + rest + "]\n")
				}
			}
		}
	}
	if p.Error() != nil {
		return text
	}
	return out.Bytes()
}

// bare tells whether a letter of a key, or the dot between two keys, needs no quotes.
func bare(r rune) bool {
	return r == '.' || r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}
