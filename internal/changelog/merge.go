package changelog

import (
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/commit"
)

// merger brings a section that a person has edited up to date.
type merger struct {
	file    []unit           // as it stands
	is      []unit           // as it would be written now
	commits map[string]bool  // short ids of the release's commits
	byText  map[string][]int // places in file by text
	byID    map[string][]int // places in file by short id of the commit that they tell of
	gone    []bool           // units of file that are taken out
	inserts []insert
	result  revision

	last   map[string]int     // place in file of the last unit below a heading, by its title in lower case
	told   map[string]string  // what tellsOf found, by text
	retold map[[2]string]bool // title and short id of the commit, of what would be written now
}

// insert is a unit that comes in before or behind one of the file's.
type insert struct {
	at    int    // in file
	after bool   // behind it
	title string // of a heading that is missing; "" where there is one
	text  string
}

func newMerger(file, is []unit, r release) *merger {
	m := &merger{file: file, is: is, commits: map[string]bool{}, byText: map[string][]int{}, byID: map[string][]int{}, gone: make([]bool, len(file))}
	for _, c := range r.commits {
		m.commits[commit.Short(c.SHA)] = true
	}
	m.last, m.told, m.retold = map[string]int{}, map[string]string{}, map[[2]string]bool{}
	for _, u := range is {
		if id := m.tellsOf(u); id != "" && !u.heading {
			m.retold[[2]string{u.title, id}] = true
		}
	}
	for i, u := range file {
		m.last[strings.ToLower(u.title)] = i
		if u.heading {
			continue
		}
		m.byText[u.text] = append(m.byText[u.text], i)
		if id := m.tellsOf(u); id != "" {
			m.byID[id] = append(m.byID[id], i)
		}
	}
	return m
}

// merge makes in the file what differs between what was written and what would be now.
func (m *merger) merge(b book, was []unit) revision {
	before, now := map[string]bool{}, map[string]bool{}
	place := func(u unit) string { return u.title + "\x00" + u.text }
	for _, u := range was {
		before[place(u)] = true
	}
	for _, u := range m.is {
		now[place(u)] = true
	}
	for _, u := range was {
		if !u.heading && !now[place(u)] {
			m.remove(u)
		}
	}
	followers := m.followers()
	for i, u := range m.is {
		if !u.heading && !before[place(u)] {
			m.insert(i, followers[i])
		}
	}
	return m.revision(b)
}

// followers are, for each unit that would be written now, the place in the file of the nearest one
// below it in its section that the file has, -1 for none.
func (m *merger) followers() []int {
	places := make([]int, len(m.is))
	for n := len(m.is) - 1; n >= 0; n-- {
		places[n] = -1
		if n+1 == len(m.is) || m.is[n+1].title != m.is[n].title {
			continue
		}
		places[n] = places[n+1]
		if i := m.counterpart(m.is[n+1]); i >= 0 && strings.EqualFold(m.file[i].title, m.is[n].title) {
			places[n] = i
		}
	}
	return places
}

// tellsOf is the short id of the commit that an entry tells of: the last one that its line names.
func (m *merger) tellsOf(u unit) string {
	id, known := m.told[u.text]
	if !known {
		first, _, _ := strings.Cut(u.text, "\n")
		if id = m.named(first); id == "" {
			id = m.named(u.text)
		}
		m.told[u.text] = id
	}
	return id
}

func (m *merger) named(text string) string {
	for _, id := range slices.Backward(commitIDs.FindAllString(text, -1)) {
		if m.commits[commit.Short(id)] {
			return commit.Short(id)
		}
	}
	return ""
}

// find is the place in the file of a unit as we wrote it, -1 where there is none: in its section, or
// where somebody has moved it.
func (m *merger) find(u unit) int {
	moved := -1
	for _, i := range m.byText[u.text] {
		switch {
		case m.gone[i]:
		case strings.EqualFold(m.file[i].title, u.title):
			return i
		case moved < 0:
			moved = i
		}
	}
	return moved
}

// mentions is the place of a unit that tells of the same commit, -1 where there is none: in its section,
// as a commit's footers have entries of their own, or where somebody has moved it.
func (m *merger) mentions(u unit) int {
	moved := -1
	for _, i := range m.byID[m.tellsOf(u)] {
		switch {
		case m.gone[i]:
		case strings.EqualFold(m.file[i].title, u.title):
			return i
		case moved < 0:
			moved = i
		}
	}
	return moved
}

// remove takes out what no longer applies, unless a person has edited it.
func (m *merger) remove(u unit) {
	switch i := m.find(u); {
	case i >= 0:
		m.gone[i] = true
		if !markLine.MatchString(u.text) && !m.replaced(u) {
			m.result.removed++
		}
	case m.mentions(u) >= 0 && !m.replaced(u):
		m.result.kept++
	}
}

// replaced tells whether what is written now tells of the same commit, only in other words.
func (m *merger) replaced(u unit) bool {
	return m.retold[[2]string{u.title, m.tellsOf(u)}]
}

// insert brings a new unit in, unless the file has it, or a person has told of it already: before the
// one that follows it there, else at the end of its section.
func (m *merger) insert(n, follower int) {
	u := m.is[n]
	marks := markLine.MatchString(u.text)
	if m.find(u) >= 0 || u.text+"\n" == nothingToTell {
		return
	}
	if m.mentions(u) >= 0 {
		return
	}
	if !marks {
		m.result.added++
	}
	last, ok := m.last[strings.ToLower(u.title)]
	if !ok || marks {
		m.insertSection(n)
		return
	}
	if follower >= 0 {
		m.inserts = append(m.inserts, insert{at: follower, text: u.text + "\n"})
		return
	}
	text := u.text + "\n"
	if m.file[last].heading {
		text = "\n" + text
	}
	m.inserts = append(m.inserts, insert{at: last, after: true, text: text})
}

// counterpart is the place in the file of what is written now.
func (m *merger) counterpart(u unit) int {
	if i := m.find(u); i >= 0 {
		return i
	}
	return m.mentions(u)
}

// insertSection brings in a unit whose heading the file lacks: above the next one that it has, else
// at the end.
func (m *merger) insertSection(n int) {
	u := m.is[n]
	if u.title != "" {
		for i, one := range m.inserts {
			if one.title == u.title {
				m.inserts[i].text += u.text + "\n"
				return
			}
		}
		for _, next := range m.is[n+1:] {
			if i := slices.IndexFunc(m.file, func(v unit) bool { return v.heading && next.heading && strings.EqualFold(v.title, next.title) }); i >= 0 {
				m.inserts = append(m.inserts, insert{at: i, title: u.title, text: "### " + u.title + "\n\n" + u.text + "\n"})
				return
			}
		}
	}
	text := u.text + "\n"
	if u.title != "" && !markLine.MatchString(u.text) {
		text = "### " + u.title + "\n\n" + text
	}
	m.inserts = append(m.inserts, insert{at: len(m.file) - 1, after: true, title: u.title, text: "\n" + text})
}

// revision is the edits that make it so.
func (m *merger) revision(b book) revision {
	for i, u := range m.file { // a heading goes with the last entry below it
		if u.heading && m.emptied(i) {
			m.gone[i] = true
		}
	}
	left := len(m.inserts) > 0
	for i := range m.file {
		left = left || !m.gone[i]
	}
	if !left {
		m.result.edits = []splice{{m.file[0].start, m.file[len(m.file)-1].end, nothingToTell}}
		return m.result
	}
	at := m.takeOut(b)
	for _, one := range m.inserts {
		u, text := m.file[one.at], one.text
		place := u.start
		switch {
		case one.after && m.gone[one.at]:
			place = at[one.at]
		case one.after:
			place = u.end
			if b.text[place-1] != '\n' {
				text = "\n" + text
			}
		case one.title != "":
			text += "\n"
		}
		m.result.edits = append(m.result.edits, splice{place, place, text})
	}
	return m.result
}

// takeOut removes what is gone, in runs, with the blank lines that would be left over. It returns
// where each run began, by unit.
func (m *merger) takeOut(b book) map[int]int {
	at := map[int]int{}
	for i := 0; i < len(m.file); i++ {
		if !m.gone[i] {
			continue
		}
		last := i
		for last+1 < len(m.file) && m.gone[last+1] {
			last++
		}
		start, end := m.file[i].start, m.file[last].end
		refilled := slices.ContainsFunc(m.inserts, func(one insert) bool { return one.after && one.at >= i && one.at <= last && one.title == "" })
		switch {
		case refilled:
		case last == len(m.file)-1 && i > 0:
			start = m.file[i-1].end
		case last < len(m.file)-1 && b.gap(start) == "":
			end = m.file[last+1].start
		}
		for n := i; n <= last; n++ {
			at[n] = start
		}
		m.result.edits = append(m.result.edits, splice{start, end, ""})
		i = last
	}
	return at
}

// emptied tells whether all that stood below a heading is taken out, and nothing comes in.
func (m *merger) emptied(heading int) bool {
	n := heading + 1
	for ; n < len(m.file) && !m.file[n].heading; n++ {
		if !m.gone[n] {
			return false
		}
	}
	return n > heading+1 && !slices.ContainsFunc(m.inserts, func(one insert) bool {
		return one.title == "" && (one.at >= heading && one.at < n)
	})
}
