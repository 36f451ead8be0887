package secretscan

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of the texts that tell where matches begin: more or shorter ones would be met at every turn.
const (
	headsLimit = 64 // texts
	headLeast  = 2  // bytes of one
	classLimit = 4  // letters that a class may stand for
	timesLimit = 8  // repeats that are written out
)

// headsOf lists texts, in lower case, with one of which every match of an expression begins,
// whatever its case; nil where there is no such list.
func headsOf(re *syntax.Regexp) []string {
	list, _ := beginnings(re)
	slices.Sort(list)
	var heads []string
	for _, text := range list {
		switch {
		case len(text) < headLeast:
			return nil
		case len(heads) == 0 || !strings.HasPrefix(text, heads[len(heads)-1]): // else the shorter one says it
			heads = append(heads, text)
		}
	}
	return heads
}

// anything is the list for an expression of which nothing is known.
var anything = []string{""}

// beginnings lists how matches begin. Whole tells that these are all they consist of, but for what
// has no width.
func beginnings(re *syntax.Regexp) (list []string, whole bool) {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return anything, true
	case syntax.OpLiteral:
		if text := string(re.Rune); ascii(text) {
			return []string{strings.ToLower(text)}, true
		}
	case syntax.OpCharClass:
		return letters(re)
	case syntax.OpCapture:
		return beginnings(re.Sub[0])
	case syntax.OpConcat:
		return inOrder(re.Sub)
	case syntax.OpAlternate:
		whole = true
		for _, sub := range re.Sub {
			more, all := beginnings(sub)
			list, whole = append(list, more...), whole && all
		}
		if len(list) <= headsLimit {
			return list, whole
		}
	case syntax.OpQuest:
		if more, all := beginnings(re.Sub[0]); all {
			return append([]string{""}, more...), true
		}
	case syntax.OpPlus:
		list, _ = beginnings(re.Sub[0])
		return list, false
	case syntax.OpRepeat:
		if re.Min > 0 {
			list, whole = inOrder(slices.Repeat(re.Sub, min(re.Min, timesLimit)))
			return list, whole && re.Min == re.Max && re.Min <= timesLimit
		}
	}
	return anything, false
}

// inOrder is how expressions begin that follow each other.
func inOrder(subs []*syntax.Regexp) (list []string, whole bool) {
	list = anything
	for _, sub := range subs {
		next, all := beginnings(sub)
		if len(list)*len(next) > headsLimit {
			return list, false
		}
		var joined []string
		for _, a := range list {
			for _, b := range next {
				joined = append(joined, a+b)
			}
		}
		if list = joined; !all {
			return list, false
		}
	}
	return list, true
}

// letters are what a class stands for, where those are few.
func letters(re *syntax.Regexp) (list []string, whole bool) {
	for i := 0; i+1 < len(re.Rune); i += 2 {
		for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
			if r == longS || r == kelvin {
				continue
			}
			letter := strings.ToLower(string(r))
			if !slices.Contains(list, letter) {
				list = append(list, letter)
			}
			if r >= utf8.RuneSelf || len(list) > classLimit {
				return anything, false
			}
		}
	}
	return list, len(list) > 0
}

// The two letters outside ASCII that count as one of it where case does not.
const (
	longS  = '\u017f' // s
	kelvin = '\u212a' // k
)

func ascii(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}
