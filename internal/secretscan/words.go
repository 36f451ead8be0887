package secretscan

// word is what a text found in passing means for a rule.
type word struct {
	rule int  // its index
	size int  // bytes of the text
	gate bool // the rule looks at a text only if it holds one of these; else a match begins here
}

// lexicon gathers texts to be looked for, in lower case.
type lexicon struct {
	texts []string
	words []word
}

func (l *lexicon) add(text string, w word) {
	w.size = len(text)
	l.texts, l.words = append(l.texts, text), append(l.words, w)
}

// automaton finds all texts of a lexicon in one pass, without regard to the case of ASCII letters
// (Aho and Corasick, 1975). It is a full table: what it reads decides each step by one look.
type automaton struct {
	class [256]uint8 // of a byte; 0 for those that no text holds
	width int        // classes
	next  []uint16   // by state times width plus class
	found [][]word   // by state
}

func (l *lexicon) automaton() automaton {
	a := automaton{width: 1}
	for _, text := range l.texts {
		for _, b := range []byte(text) {
			if a.class[b] != 0 {
				continue
			}
			a.class[b] = uint8(a.width)
			if 'a' <= b && b <= 'z' {
				a.class[b-'a'+'A'] = uint8(a.width)
			}
			a.width++
		}
	}
	a.state()
	for i, text := range l.texts {
		s := 0
		for _, b := range []byte(text) {
			at := s*a.width + int(a.class[b])
			if a.next[at] == 0 {
				a.next[at] = a.state()
			}
			s = int(a.next[at])
		}
		a.found[s] = append(a.found[s], l.words[i])
	}
	a.complete()
	return a
}

// state adds one.
func (a *automaton) state() uint16 {
	a.next = append(a.next, make([]uint16, a.width)...)
	a.found = append(a.found, nil)
	return uint16(len(a.found) - 1)
}

// complete fills in where to go on from where no text goes on: at the state of the longest end of
// what was read that begins a text.
func (a *automaton) complete() {
	back := make([]int, len(a.found))
	queue := []int{0}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		for c := range a.width {
			at := s*a.width + c
			to, other := int(a.next[at]), int(a.next[back[s]*a.width+c])
			if to == 0 {
				if s != 0 {
					a.next[at] = uint16(other)
				}
				continue
			}
			if s != 0 {
				back[to] = other
			}
			a.found[to] = append(a.found[to], a.found[back[to]]...)
			queue = append(queue, to)
		}
	}
}

// marks are what the words of a text say of each rule. They are used again for the next text.
type marks struct {
	open []bool  // a word of the rule's gate is there
	at   [][]int // where a match of the rule may begin, or nearly so
}

func newMarks(rules int) *marks {
	m := &marks{open: make([]bool, rules), at: make([][]int, rules)}
	for i := range m.at {
		m.at[i] = []int{} // known, and none
	}
	return m
}

// mark notes the words of a text.
func (a *automaton) mark(text string, m *marks) {
	clear(m.open)
	for i := range m.at {
		m.at[i] = m.at[i][:0]
	}
	s := 0
	for i := range len(text) {
		s = int(a.next[s*a.width+int(a.class[text[i]])])
		for _, w := range a.found[s] {
			if w.gate {
				m.open[w.rule] = true
			} else {
				m.at[w.rule] = append(m.at[w.rule], i+1-w.size)
			}
		}
	}
}
