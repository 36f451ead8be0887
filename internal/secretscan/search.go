package secretscan

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect/codec"
)

// piece is a part of a file that is searched by itself.
type piece struct {
	path   string
	commit string // that added it; "" in a tree
	text   string
	line   int // of its first byte, from 1
	column int // characters of that line before it
}

// hit is a secret in a piece.
type hit struct {
	rule                  *rule
	secret                string
	line, endLine, column int
}

// searcher goes through pieces, one after the other.
type searcher struct {
	*rules
	marks  *marks
	cutter cutter
	head   [sniffed]byte
}

func newSearcher(r *rules) *searcher { return &searcher{rules: r, marks: newMarks(len(r.all))} }

// broken is a search that did not come to its end.
type broken struct{ line int }

func (b broken) Error() string {
	return fmt.Sprintf("the search broke off in the part that begins at line %d", b.line)
}

// search finds the secrets of a piece: in the text as it stands, and in what parts of it say that
// are encoded. What breaks in it is an error: the decoders see what an adversary wrote.
func (s *searcher) search(ctx context.Context, p piece) (hits []hit, err error) {
	defer func() {
		if recover() != nil { // and nothing of what it says, which may quote the text
			hits, err = nil, broken{p.line}
		}
	}()
	if wide(p.text) {
		p.text = strings.ReplaceAll(p.text, "\x00", "")
	}
	if strings.Contains(p.text, "secret:") {
		p.text = own.ReplaceAllStringFunc(p.text, func(print string) string { return strings.Repeat("_", len(print)) })
	}
	where := places{text: p.text, first: p.line, column: p.column}
	decoder := codec.NewDecoder()
	text, decoded := p.text, []*codec.EncodedSegment(nil)
	for range depth + 1 {
		odd := folded(text)
		if odd { // what the words of a gate are then, the rules say in Unicode's lower case
			s.words.mark(strings.ToLower(text), s.marks)
		} else {
			s.words.mark(text, s.marks)
		}
		for i := range s.all {
			r := &s.all[i]
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if r.Regex == nil || len(r.Keywords) > 0 && !s.marks.open[i] {
				continue
			}
			at := s.marks.at[i]
			if odd {
				at = nil
			}
			found := r.matches(text, at)
			if len(found) == 0 || !r.wants(p.path) {
				continue
			}
			for _, m := range found {
				if h, ok := s.judge(r, p.path, text, decoded, m, &where); ok {
					hits = append(hits, h)
				}
			}
		}
		if !encoded(text) {
			break
		}
		if text, decoded = decoder.Decode(text, decoded); len(decoded) == 0 {
			break
		}
	}
	return withoutGeneric(hits), nil
}

// judge takes a match for a secret, or not.
func (s *searcher) judge(r *rule, path, text string, decoded []*codec.EncodedSegment, m []int, where *places) (hit, bool) {
	match := strings.Trim(text[m[0]:m[1]], "\n")
	start, end, line := m[0], m[0]+len(match), ""
	if len(decoded) > 0 {
		segments := codec.SegmentsWithDecodedOverlap(decoded, m[0], m[1])
		if len(segments) == 0 {
			return hit{}, false // nothing in it was decoded, so an earlier pass has seen it
		}
		original := codec.AdjustMatchIndex(segments, m)
		start, end, line = original[0], original[1], codec.CurrentLine(segments, text)
	} else {
		line = where.lines(start, end)
	}
	f := finding{secret: r.text(match), match: match, line: line, path: path}
	allowed := func(a *config.Allowlist) bool { return allows(a, f) }
	if r.Entropy > 0 && entropy(f.secret) <= r.Entropy || slices.ContainsFunc(s.allow, allowed) || slices.ContainsFunc(r.Allowlists, allowed) {
		return hit{}, false
	}
	h := hit{rule: r, secret: f.secret}
	h.line, h.endLine, h.column = where.of(start, end)
	return h, true
}

// withoutGeneric leaves out what a rule for secrets of any kind found where one that knows the kind
// found the same.
func withoutGeneric(hits []hit) []hit {
	if !slices.ContainsFunc(hits, func(h hit) bool { return h.rule.generic }) {
		return hits
	}
	known := map[int][]string{} // secrets by line
	for _, h := range hits {
		if !h.rule.generic {
			known[h.line] = append(known[h.line], h.secret)
		}
	}
	return slices.DeleteFunc(hits, func(h hit) bool {
		return h.rule.generic && slices.ContainsFunc(known[h.line], func(secret string) bool { return strings.Contains(secret, h.secret) })
	})
}

// entropy is Shannon's, in bits a byte. Characters are added up in their order, so that rounding is
// the same each time.
func entropy(text string) (bits float64) {
	count := map[rune]int{}
	for _, r := range text {
		count[r]++
	}
	for _, r := range slices.Sorted(maps.Keys(count)) {
		share := float64(count[r]) / float64(len(text))
		bits -= share * math.Log2(share)
	}
	return bits
}

// places tells lines and columns of a text.
type places struct {
	text   string
	first  int   // line of its first byte
	column int   // characters of that line before it
	ends   []int // of its lines, once they are asked for
	known  bool
}

func (p *places) find() {
	if p.known {
		return
	}
	p.known = true
	for i := 0; i < len(p.text); i++ {
		n := strings.IndexByte(p.text[i:], '\n')
		if n < 0 {
			break
		}
		i += n
		p.ends = append(p.ends, i)
	}
}

// before is how many lines end before a place.
func (p *places) before(at int) int { return sort.SearchInts(p.ends, at) }

// of is where a part of the text is. One that begins with a line break counts from the next line on.
func (p *places) of(start, end int) (line, endLine, column int) {
	p.find()
	first, last := p.before(start+1), p.before(end)
	from, column := 0, p.column+1
	if first > 0 {
		from, column = p.ends[first-1]+1, 1
	}
	return p.first + first, p.first + max(first, last), column + utf8.RuneCountInString(p.text[from:max(from, start)])
}

// lines are those that a part of the text touches.
func (p *places) lines(start, end int) string {
	p.find()
	from, to := 0, len(p.text)
	if n := p.before(start + 1); n > 0 {
		from = p.ends[n-1]
	}
	if n := p.before(end); n < len(p.ends) {
		to = p.ends[n]
	}
	return p.text[from:max(from, to)]
}
