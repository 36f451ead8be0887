package migration

import "strings"

// comment is one comment of a file, without its marks.
type comment struct {
	line int
	text string
}

// declared takes up what comments declare: "slipway: irreversible <reason>". Without a reason nothing is
// declared.
func (m *Migration) declared(comments []comment) {
	for _, c := range comments {
		rest, ok := strings.CutPrefix(strings.TrimSpace(c.text), "slipway:")
		if !ok {
			continue
		}
		word, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
		reason = strings.TrimSpace(reason)
		var into *string
		switch word {
		case "irreversible":
			into = &m.Irreversible
		case "contract":
			into = &m.Contract
		case "additive":
			into = &m.Additive
		default:
			m.doubt(c.line, "the declaration is not understood; there are: irreversible, contract, additive")
			continue
		}
		if reason == "" {
			m.doubt(c.line, "the declaration "+word+" has no reason behind it, and so does not count")
		} else if *into == "" {
			*into = reason
		}
	}
}

// programComments are the lines of a program that are comments alone, behind # or //. A text that spans
// lines may hold one that is none; whoever writes that declares it all the same.
func programComments(text string) (list []comment) {
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		for _, mark := range []string{"#", "//", "--"} {
			if rest, ok := strings.CutPrefix(line, mark); ok {
				list = append(list, comment{n + 1, rest})
				break
			}
		}
	}
	return list
}
