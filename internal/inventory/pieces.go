package inventory

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/tidwall/jsonc"
)

// pieceSize is how many packages of a JSON lockfile are parsed at a time. Some parsers look for the
// line of each package from the start of the text, so twice the text would take four times as long.
const pieceSize = 8

func piecesOfNpm(text []byte) [][]byte {
	if !json.Valid(text) {
		return [][]byte{text}
	}
	if pieces, ok := cut(text, "packages"); ok {
		return pieces
	}
	pieces, _ := cut(text, "dependencies")
	return pieces
}

func piecesOfBun(text []byte) [][]byte {
	if plain := jsonc.ToJSON(text); json.Valid(plain) {
		pieces, _ := cut(plain, "packages")
		return pieces
	}
	return [][]byte{text}
}

func piecesOfPipfile(text []byte) [][]byte {
	if !json.Valid(text) {
		return [][]byte{text}
	}
	pieces, _ := cut(text, "default", "develop")
	// The parser knows these two; categories of other names are read as if they were the first.
	var categories map[string]json.RawMessage
	if json.Unmarshal(text, &categories) != nil {
		return pieces
	}
	for _, name := range slices.Sorted(maps.Keys(categories)) {
		if raw := categories[name]; name != "_meta" && name != "default" && name != "develop" && len(raw) > 0 && raw[0] == '{' {
			more, _ := cut([]byte(`{"default":`+string(raw)+`}`), "default")
			pieces = append(pieces, more...)
		}
	}
	return pieces
}

// cut divides the members of one or more groups, which are members of the whole, into documents of
// their own. What is no such group goes with the first of them, as far as it is short. A text that
// has none, or one of another form, stays whole: that is slower, and the parser can say what is wrong.
func cut(text []byte, groups ...string) (pieces [][]byte, ok bool) {
	type member struct {
		group string
		raw   []byte
	}
	var members []member
	var rest [][]byte
	whole := false
	j := newJSONText(text)
	if j.peek() != '{' {
		return [][]byte{text}, false
	}
	j.object(func(key string, start int) {
		value := j.at
		group := ""
		for _, g := range groups {
			if strings.EqualFold(key, g) { // as encoding/json does
				group = g
			}
		}
		switch {
		case group == "":
			j.skip()
			if j.at-value < 100 {
				rest = append(rest, text[start:j.at])
			}
		case j.peek() == 'n': // null
			j.skip()
		case j.peek() != '{':
			whole = true
			j.skip()
		default:
			ok = true
			j.object(func(_ string, start int) {
				j.skip()
				members = append(members, member{group, text[start:j.at]})
			})
		}
	})
	if j.broken || whole || !ok {
		return [][]byte{text}, false
	}
	for first := 0; first < len(members) || first == 0; {
		var b bytes.Buffer
		b.WriteByte('{')
		if first == 0 {
			for _, raw := range rest {
				b.Write(raw)
				b.WriteByte(',')
			}
		}
		group, n := groups[0], 0
		if first < len(members) {
			group = members[first].group
		}
		b.WriteString(`"` + group + `":{`)
		for ; first+n < len(members) && n < pieceSize && members[first+n].group == group; n++ {
			if n > 0 {
				b.WriteByte(',')
			}
			b.Write(members[first+n].raw)
		}
		b.WriteString("}}")
		pieces = append(pieces, b.Bytes())
		first += max(n, 1)
	}
	return pieces, true
}
