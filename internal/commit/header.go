package commit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// header is the first line of a conventional commit, in its parts.
type header struct {
	kind        string // the type, as written
	scope       string
	breaking    bool // by "!"
	description string
}

// readHeader reads rules 1 to 5 and 13 of the specification: type, optional scope, optional "!",
// colon, space, description. Types are nouns, so letters first. A scope may hold anything,
// brackets too where each is closed.
func readHeader(line string) (h header, ok bool) {
	end := 0
	for end < len(line) {
		r, size := utf8.DecodeRuneInString(line[end:])
		if !unicode.IsLetter(r) && (end == 0 || !unicode.In(r, unicode.M, unicode.N) && r != '_' && r != '-') {
			break
		}
		end += size
	}
	if end == 0 || end == len(line) {
		return header{}, false
	}
	h.kind = line[:end]
	rest := line[end:]
	if rest[0] == '(' {
		closing := closingBracket(rest)
		if closing < 0 {
			return header{}, false
		}
		h.scope, rest = strings.TrimSpace(rest[1:closing]), rest[closing+1:]
	}
	rest, h.breaking = strings.CutPrefix(rest, "!")
	rest, ok = strings.CutPrefix(rest, ": ")
	if !ok {
		return header{}, false
	}
	h.description = strings.TrimLeft(rest, " ")
	if h.description == "" || strings.IndexByte("\t\n\v\f\r", h.description[0]) >= 0 {
		return header{}, false
	}
	return h, true
}

// closingBracket is the place of the bracket that closes the first one, -1 where none does.
func closingBracket(text string) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		case '\r':
			return -1
		}
	}
	return -1
}

// marks tell a CI what to do and say nothing about a change.
var marks = []string{"[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]"}

// cutNumbers takes references such as (#12) off the end of a description, GitLab's (!12) and
// Bitbucket's (pull request #12) too, and marks for the CI around them. Something always stays.
func cutNumbers(description string) (rest string, numbers []string) {
	rest = description
	for again := true; again; {
		again = false
		for _, mark := range marks {
			if cut, ok := strings.CutSuffix(rest, mark); ok && strings.TrimSpace(cut) != "" {
				rest, again = strings.TrimSpace(cut), true
			}
		}
		if number, cut := cutNumber(rest); number != "" && cut != "" {
			rest, numbers, again = cut, append([]string{number}, numbers...), true
		}
	}
	return rest, numbers
}

// cutNumber takes the last reference off; number is "" where there is none.
func cutNumber(text string) (number, rest string) {
	open := strings.LastIndexByte(text, '(')
	if open < 0 || !strings.HasSuffix(text, ")") {
		return "", text
	}
	number = strings.TrimPrefix(text[open+1:len(text)-1], "pull request ")
	if number == "" || number[0] != '#' && number[0] != '!' || !digits(number[1:]) {
		return "", text
	}
	return number[1:], strings.TrimSpace(text[:open])
}

func digits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != "" && len(text) < 20
}
