package gonogo

import (
	"strings"
	"unicode"
)

// rolesIn finds the roles of people on call that a text names, and what is left without the words for
// them: a name. Ada in "Primary: Ada", "Ada (primary)" and "On-call primary - Ada".
func rolesIn(text string) (primary, backup bool, rest string) {
	isWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	letters := []rune(oneLine(text))
	blank := func(from, to int) {
		for i := from; i < to; i++ {
			letters[i] = ' '
		}
	}
	var previous string // the word before
	from := 0           // where it begins
	for start := 0; start < len(letters); {
		if !isWord(letters[start]) {
			start++
			continue
		}
		end := start
		for end < len(letters) && isWord(letters[end]) {
			end++
		}
		word := strings.ToLower(string(letters[start:end]))
		switch {
		case word == "primary":
			primary = true
			blank(start, end)
		case word == "backup" || word == "secondary":
			backup = true
			blank(start, end)
		case word == "oncall":
			blank(start, end)
		case word == "call" && previous == "on":
			blank(from, end)
		}
		previous, from, start = word, start, end
	}
	var words []string
	for _, word := range strings.Fields(string(letters)) {
		if word = strings.TrimFunc(word, func(r rune) bool { return !isWord(r) && r != '.' }); strings.Trim(word, ".") != "" {
			words = append(words, word)
		}
	}
	return primary, backup, strings.Join(words, " ")
}
