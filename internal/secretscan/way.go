package secretscan

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// way is how the matches of an expression are found without trying it at every byte, which is what
// takes the time of a scan. Most rules begin with a text that is rare, or have one behind a few
// letters that may be missing. The automaton finds those, and the expression is tried there alone.
// What is found is the same as by trying it everywhere; see matches.
type way struct {
	heads []string // that a match begins with, behind lead; nil: it is tried everywhere
	lead  int      // the most bytes before the head
	// There tries the expression. Without a lead it takes one byte before the head, which a word's
	// boundary is judged by, and gives the match. With one it begins at the head and leaves out the lead.
	there func() *regexp.Regexp
	right int  // the most bytes from the head on; 0 where there is no such bound
	lined bool // what has no bound ends with its line
}

// wayTo works one out from an expression.
func wayTo(re *regexp.Regexp) (way, error) {
	tree, err := syntax.Parse(re.String(), syntax.Perl)
	if err != nil {
		return way{}, fmt.Errorf("parse its expression: %w", err)
	}
	for tree.Op == syntax.OpCapture {
		tree = tree.Sub[0]
	}
	subs := []*syntax.Regexp{tree}
	if tree.Op == syntax.OpConcat {
		subs = tree.Sub
	}
	lead, asserts, i := 0, false, 0
	for ; i < len(subs); i++ {
		if n, ok := optional(subs[i]); ok {
			lead += n
		} else if !assertion(subs[i].Op) {
			break
		} else {
			asserts = true
		}
	}
	rest := &syntax.Regexp{Op: syntax.OpConcat, Sub: subs[i:]}
	if lead > 0 && asserts || i == len(subs) {
		return way{}, nil
	}
	w := way{heads: headsOf(rest), lead: lead, right: max(0, widest(rest)), lined: lined(rest)}
	if w.heads == nil {
		return way{}, nil
	}
	source := `^(?s:.)(?:` + re.String() + `)`
	if lead > 0 {
		source = `^(?:` + rest.String() + `)`
	}
	w.there = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(source) })
	return w, nil
}

func assertion(op syntax.Op) bool {
	return op == syntax.OpWordBoundary || op == syntax.OpNoWordBoundary || op == syntax.OpBeginLine || op == syntax.OpBeginText || op == syntax.OpEmptyMatch
}

// optional tells of up to so many letters, all of one byte, that may be missing.
func optional(re *syntax.Regexp) (most int, ok bool) {
	if re.Op != syntax.OpRepeat || re.Min != 0 || re.Max < 1 || re.Sub[0].Op != syntax.OpCharClass {
		return 0, false
	}
	return re.Max, narrow(re.Sub[0])
}

// narrow tells that a class holds letters of one byte alone, but for the two that are never met: a
// text that holds those is searched otherwise.
func narrow(class *syntax.Regexp) bool {
	for i := 0; i+1 < len(class.Rune); i += 2 {
		from, to := class.Rune[i], class.Rune[i+1]
		if to >= utf8.RuneSelf && (from != to || from != longS && from != kelvin) {
			return false
		}
	}
	return class.Op == syntax.OpCharClass
}

// widest is the most bytes of a match, -1 where there is no such bound.
func widest(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpLiteral:
		return utf8.UTFMax * len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		if narrow(re) {
			return 1
		}
		return utf8.UTFMax
	case syntax.OpStar, syntax.OpPlus:
		return -1
	case syntax.OpRepeat:
		if n := widest(re.Sub[0]); n >= 0 && re.Max >= 0 {
			return n * re.Max
		}
		return -1
	}
	sum := 0
	for _, sub := range re.Sub {
		switch n := widest(sub); {
		case n < 0:
			return -1
		case re.Op == syntax.OpAlternate:
			sum = max(sum, n)
		default:
			sum += n
		}
	}
	return sum
}

// lined tells that no part of an expression that may go on for ever goes past the end of a line.
func lined(re *syntax.Regexp) bool {
	if (re.Op == syntax.OpStar || re.Op == syntax.OpPlus || re.Op == syntax.OpRepeat && re.Max < 0) && breaks(re) {
		return false
	}
	return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !lined(sub) })
}

// breaks tells whether a match may hold a line break.
func breaks(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpAnyChar:
		return true
	case syntax.OpLiteral:
		return slices.Contains(re.Rune, '\n')
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if re.Rune[i] <= '\n' && '\n' <= re.Rune[i+1] {
				return true
			}
		}
	}
	return slices.ContainsFunc(re.Sub, breaks)
}

// folded tells that a text holds letters that the automaton does not know for the ASCII ones they
// stand for where case does not count.
func folded(text string) bool {
	return strings.ContainsRune(text, longS) || strings.ContainsRune(text, kelvin)
}

// matches lists where an expression matches, as FindAllStringIndex does. At are the places of its
// heads in the text; nil where they are not known.
//
// Every match begins with a head, behind a lead at most. Without a lead, the leftmost match is the
// first head at which the expression matches. With one, a head counts if the rest of the expression
// matches there: then there is a match, for the lead may be missing, and the leftmost one begins no
// further before that head than a lead is long. A lead comes with no assertion, so that nothing
// hangs on what stands before the text that is cut out for it.
func (r *rule) matches(text string, at []int) (found [][]int) {
	slices.Sort(at)
	if r.heads == nil || at == nil || r.costly(text, at) {
		return r.Regex.FindAllStringIndex(text, -1)
	}
	end := 0
	for _, k := range at {
		if k < end {
			continue
		}
		var m []int
		if r.lead > 0 {
			if r.there().MatchString(text[k:r.reach(text, k)]) {
				m = shifted(r.Regex.FindStringIndex(text[max(end, k-r.lead):]), max(end, k-r.lead))
			}
		} else if k == 0 {
			if m = r.Regex.FindStringIndex(text[:r.reach(text, k)]); m != nil && m[0] > 0 {
				m = nil
			}
		} else if m = shifted(r.there().FindStringIndex(text[k-1:r.reach(text, k)]), k-1); m != nil {
			m[0] = k
		}
		if m != nil {
			found, end = append(found, m), m[1]
		}
	}
	return found
}

// reach is where what the expression sees from a head on can end. Some more bytes than a match takes
// are seen, so that the end of the text is not taken for that of a word or line.
func (r *rule) reach(text string, head int) int {
	if r.right > 0 {
		return min(len(text), head+r.right+utf8.UTFMax)
	}
	return len(text)
}

// costly tells that a text holds so many heads that it is quicker to try everywhere: such as
// thousands within one endless line, each of which would be followed to its end.
func (r *rule) costly(text string, at []int) bool {
	const factor = 8
	cost := 0
	for _, k := range at {
		span := len(text) - k
		if r.right > 0 {
			span = min(span, r.right)
		} else if r.lined {
			if n := strings.IndexByte(text[k:], '\n'); n >= 0 {
				span = n
			}
		}
		if cost += span; cost > factor*len(text) {
			return true
		}
	}
	return false
}

func shifted(m []int, by int) []int {
	if m != nil {
		m[0], m[1] = m[0]+by, m[1]+by
	}
	return m
}
