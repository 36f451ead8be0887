package gonogo

import (
	"slices"
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
	if rest = strings.Join(words, " "); isNobody(rest) {
		rest = ""
	}
	return primary, backup, rest
}

// unfilled is what stands for a person where there is none yet, and nobodies are words that such a text
// begins with.
var (
	unfilled = []string{"na", "n a", "tba", "open", "free", "vacant", "empty", "missing", "unfilled", "unassigned", "unstaffed", "unknown", "uncovered", "gap", "to be"}
	nobodies = []string{"no", "not", "none", "nobody", "noone"}
)

// isNobody tells whether a name only keeps the place for one.
func isNobody(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return name != ""
	}
	all := strings.Join(words, " ")
	return slices.Contains(markers, words[0]) || slices.Contains(nobodies, words[0]) || slices.Contains(unfilled, all) || strings.HasPrefix(all, "to be ")
}
