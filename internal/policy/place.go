package policy

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/token"
)

// placeIn tells how many letters behind the begin of a YAML value a letter of what it stands for is:
// quotes take room of their own. Of a value of several lines, or with escapes whose writing the YAML
// library does not keep, it is the begin.
func placeIn(t *token.Token, column int) int {
	written := []rune(strings.TrimSpace(t.Origin))
	doubled := '\'' // the letter that is written with another one before it
	switch {
	case slices.Contains(written, '\n'):
		return 0
	case t.Type == token.StringType:
		return min(column-1, len(written))
	case t.Type == token.DoubleQuoteType:
		if strings.Count(t.Origin, `\`) != strings.Count(t.Origin, `\"`) {
			return 0
		}
		doubled = '\\'
	case t.Type != token.SingleQuoteType:
		return 0
	}
	at := 1
	for letter := 1; letter < column && at < len(written)-1; letter++ {
		if written[at] == doubled {
			at++
		}
		at++
	}
	return max(0, min(at, len(written)-1))
}

// moveTo moves the column, and the caret under it, on by some letters.
func (e *Error) moveTo(letters int) {
	e.Column += letters
	lines := strings.Split(e.Snippet, "\n")
	for i, line := range lines {
		if strings.TrimLeft(line, " ") == "^" {
			lines[i] = strings.Repeat(" ", letters) + line
		}
	}
	e.Snippet = strings.Join(lines, "\n")
}
