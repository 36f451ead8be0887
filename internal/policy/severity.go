package policy

import (
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// Severity is how bad an issue is, as its labels say: critical, high, medium or low.
type Severity string

// Severities are the allowed ones, the worst first. A number stands for the word of its place, so
// that sev1 is critical.
var Severities = []string{"critical", "high", "medium", "low"}

// severityWords are all spellings that labels use.
var severityWords = map[string]Severity{
	"critical": "critical", "crit": "critical", "blocker": "critical", "0": "critical", "1": "critical",
	"high": "high", "major": "high", "2": "high",
	"medium": "medium", "moderate": "medium", "3": "medium",
	"low": "low", "minor": "low", "trivial": "low", "4": "low", "5": "low",
}

// UnmarshalYAML reads a severity as a word, a number, or both, such as SEV-1.
func (s *Severity) UnmarshalYAML(node ast.Node) error {
	text, err := scalar(node)
	if err != nil {
		return err
	}
	words := labelWords(text)
	if len(words) == 2 && isSeverity(words[0]) {
		words = words[1:]
	}
	if len(words) != 1 || severityWords[words[0]] == "" {
		return refuse(node, "%q is no severity; allowed: %s, or sev1 to sev4", text, strings.Join(Severities, ", "))
	}
	*s = severityWords[words[0]]
	return nil
}

// SeverityOf is the worst severity that a label means, "" where it means none. All usual ways of writing
// count: sev1, SEV-1, severity/1, severity: critical, S1, critical. Where in doubt a label means
// one, for an issue too many is looked at and one too few is not.
func SeverityOf(label string) Severity {
	words := labelWords(label)
	var worst Severity
	for i, word := range words {
		found := severityWords[word]
		before := ""
		if i > 0 {
			before = words[i-1]
		}
		switch {
		case found == "":
		case isSeverity(before), len(words) == 1 && !isNumber(word), word == "critical" && !slices.Contains([]string{"no", "non", "not"}, before):
			if worst == "" || slices.Index(Severities, string(found)) < slices.Index(Severities, string(worst)) {
				worst = found
			}
		}
	}
	return worst
}

func isSeverity(word string) bool { return word == "sev" || word == "severity" || word == "s" }

func isNumber(word string) bool { return strings.Trim(word, "0123456789") == "" }

// labelWords are the words and numbers of a label in lower case; sev01 is sev and 1.
func labelWords(label string) []string {
	if len(label) > 200 { // GitHub's own limit is 50 characters
		label = label[:200]
	}
	var words []string
	var before rune // of what kind the last one was: a letter, a digit, or neither
	for _, r := range strings.ToLower(label) {
		kind := ' '
		switch {
		case unicode.IsLetter(r):
			kind = 'a'
		case r >= '0' && r <= '9':
			kind = '0'
		}
		switch {
		case kind == ' ':
		case kind == before:
			words[len(words)-1] += string(r)
		default:
			words = append(words, string(r))
		}
		before = kind
	}
	for i, word := range words {
		if isNumber(word) {
			words[i] = strings.TrimLeft(word[:len(word)-1], "0") + word[len(word)-1:]
		}
	}
	return words
}
