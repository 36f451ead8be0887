package changelog

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/slipway-actions/slipway/internal/semver"
)

// splice puts text in the place of some bytes.
type splice struct {
	start, end int
	text       string
}

// section is a release as it stands in the file.
type section struct {
	release
	parts []part
	mark  string // what it was made from; "" tells nothing, see mark
	free  bool   // a template wrote it, or a person a part of it: it may hold anything
}

func (s section) text() string {
	parts := s.parts
	if s.mark != "" {
		parts = append(slices.Clone(parts), part{text: s.mark + "\n"})
	}
	return render(parts)
}

// add writes chapters for versions, lowest first, that have none yet. Each goes above the first lower
// version, or below the last lower one where the file is written oldest first. Where the last one
// takes over, what stands under an Unreleased heading moves into it, unless it is a pre-release; the
// heading stays. A version that the file's own text would swallow is returned.
func (b book) add(sections []section, l links, takesOver bool) (text []byte, swallowed *section) {
	sections = slices.Clone(sections)
	last := &sections[len(sections)-1]
	newest := !slices.ContainsFunc(b.chapters, func(c chapter) bool { return c.version != nil && c.version.GreaterThan(last.version) })
	if i := slices.IndexFunc(b.chapters, func(c chapter) bool { return c.unreleased }); i >= 0 && takesOver && newest && last.version.Prerelease() == "" {
		pending := b.chapters[i]
		if written := b.partsOf(pending); !onlyComments(written) {
			last.parts, last.free = fold(last.parts, written), true
			gap := "\n"
			if pending.end == len(b.text) {
				gap = ""
			}
			b = open(b.apply(splice{pending.body, pending.end, gap}))
		}
	}
	order := b.order()
	styles := make([]style, len(sections))
	for i, s := range sections {
		_, neighbour := b.place(s.version, order)
		styles[i] = b.styleOf(neighbour)
	}
	ours := b.blank && !slices.ContainsFunc(sections, func(s section) bool { return s.free })
	b = open(b.apply(b.definitionSplices(sections, styles, l, newest)...))
	if !ours { // nobody's text could swallow any
		if swallowed := b.swallows(sections, styles, l, order); swallowed != nil {
			return nil, swallowed
		}
	}
	return b.apply(b.chapterSplices(sections, styles, l, order)...), nil
}

// chapterSplices are the new chapters at their places.
func (b book) chapterSplices(sections []section, styles []style, l links, order ordering) []splice {
	chapters := map[int][]string{}
	for i, s := range sections {
		at, neighbour := b.place(s.version, order)
		chapters[at] = append(chapters[at], b.chapterText(s, styles[i], l, neighbour))
	}
	return b.laidOut(chapters, order)
}

// swallows is a section that would be none, nil where all would be. Text of the built-in form can end
// nothing and begin nothing, so a word does for it: there may be megabytes of it.
func (b book) swallows(sections []section, styles []style, l links, order ordering) *section {
	stubs := slices.Clone(sections)
	for i, s := range stubs {
		if !s.free {
			stubs[i].parts, stubs[i].mark = []part{{text: "Text.\n"}}, ""
		}
	}
	longer := open(b.apply(b.chapterSplices(stubs, styles, l, order)...))
	for i, s := range stubs {
		if at, ok := longer.versions[key(s.version)]; !ok || !longer.holds(at, s.text()) {
			return &sections[i]
		}
	}
	return nil
}

// holds tells whether a chapter's text is what was written into it.
func (b book) holds(at int, text string) bool {
	body := bytes.ReplaceAll(bytes.TrimSpace(b.text[b.chapters[at].body:b.chapters[at].end]), []byte("\r\n"), []byte("\n"))
	return string(body) == strings.TrimSpace(text)
}

// styleOf is the style of a chapter; Keep a Changelog's where there is none.
func (b book) styleOf(c *chapter) style {
	if c != nil {
		return c.style
	}
	return style{bracket: true}
}

// chapterText is a new chapter.
func (b book) chapterText(r section, s style, l links, neighbour *chapter) string {
	name, date := s.prefix+r.version.String(), " - "+day(r.date)
	if s.bracket {
		name = "[" + name + "]"
	}
	if url := l.compare(r.release); s.inline && url != "" {
		name += "(" + url + ")"
	}
	if s.parens {
		date = " (" + day(r.date) + ")"
	}
	level := 2
	if neighbour != nil {
		level = min(level, neighbour.level)
	}
	return strings.Repeat("#", level) + " " + s.lead + name + date + "\n\n" + r.text()
}

// laidOut joins the chapters of each place in the file's order, set off by blank lines.
func (b book) laidOut(places map[int][]string, o ordering) []splice {
	var edits []splice
	for at, chapters := range places {
		if o == newestFirst {
			slices.Reverse(chapters)
		}
		text := strings.Join(chapters, "\n")
		if at < len(b.text) {
			text += "\n"
		}
		if at == len(b.text) || !b.begins(at) {
			text = b.gap(at) + text
		}
		edits = append(edits, splice{at, at, text})
	}
	return edits
}

// begins tells whether a chapter begins at a place.
func (b book) begins(at int) bool {
	_, found := sort.Find(len(b.chapters), func(i int) int { return cmp.Compare(at, b.chapters[i].start) })
	return found
}

// gap is what a blank line before a place wants.
func (b book) gap(at int) string {
	before := b.text[:at]
	lines := 0
	for lines < 2 && bytes.HasSuffix(before, []byte("\n")) {
		before = bytes.TrimSuffix(bytes.TrimSuffix(before, []byte("\n")), []byte("\r"))
		lines++
	}
	if len(before) == 0 {
		return ""
	}
	return "\n\n"[lines:]
}

// compared is what an Unreleased link leads to: all since a version, up to HEAD or a branch.
var compared = regexp.MustCompile(`(/compare/)[^\s)]*?\d\.\d[^\s)]*?(\.\.\.?[^\s).][^\s)]*)`)

// definitionSplices keep the link definitions up: one for each version, beside those of its
// neighbours, and the comparison of what is unreleased moves on.
func (b book) definitionSplices(sections []section, styles []style, l links, newest bool) []splice {
	tag := sections[len(sections)-1].tag
	var edits []splice
	move := func(start, end int) {
		old := string(b.text[start:end])
		if moved := compared.ReplaceAllString(old, "${1}"+strings.ReplaceAll(ref(tag), "$", "$$")+"$2"); newest && l.repository != "" && moved != old {
			edits = append(edits, splice{start, end, moved})
		}
	}
	for _, c := range b.chapters {
		if c.unreleased {
			move(c.start, c.body)
		}
	}
	d := b.definedVersions()
	for _, one := range b.definitions {
		if strings.EqualFold(one.label, "unreleased") {
			move(one.start, one.end)
		}
	}
	lines := map[int][]string{}
	for i, s := range sections {
		label, url := styles[i].prefix+s.version.String(), l.compare(s.release)
		if url == "" || d.labels[strings.ToLower(label)] || styles[i].inline || !styles[i].bracket && d.last < 0 {
			continue
		}
		at := d.place(s.version)
		lines[at] = append(lines[at], "["+label+"]: "+url+"\n")
	}
	for at, texts := range lines {
		if d.order == newestFirst {
			slices.Reverse(texts)
		}
		text := strings.Join(texts, "")
		switch {
		case at < 0:
			at = len(b.text)
			text = b.gap(at) + text
		case at > 0 && b.text[at-1] != '\n':
			text = "\n" + text
		}
		edits = append(edits, splice{at, at, text})
	}
	return edits
}

// definedVersions are the link definitions as far as they are of versions.
type definedVersions struct {
	labels   map[string]bool // of all definitions, in lower case
	order    ordering
	versions []*semver.Version // that are lower, or higher, than all before them
	starts   []int             // of their definitions
	last     int               // end of the last one, -1 where there is none
}

func (b book) definedVersions() definedVersions {
	d := definedVersions{labels: map[string]bool{}, last: -1}
	var all []*semver.Version
	var starts []int
	for _, one := range b.definitions {
		d.labels[strings.ToLower(one.label)] = true
		if strings.EqualFold(one.label, "unreleased") {
			d.last = one.end
		} else if m := versionTitle.FindStringSubmatch(one.label); m != nil {
			if v, err := semver.Parse(m[4]); err == nil {
				all, starts = append(all, v), append(starts, one.start)
			}
			d.last = one.end
		}
	}
	if n := len(all); n > 1 && all[n-1].GreaterThan(all[0]) {
		d.order = oldestFirst
	}
	for i, v := range all {
		if n := len(d.versions); n == 0 || d.order == newestFirst && v.LessThan(d.versions[n-1]) || d.order == oldestFirst && v.GreaterThan(d.versions[n-1]) {
			d.versions, d.starts = append(d.versions, v), append(d.starts, starts[i])
		}
	}
	return d
}

// place is where a version's definition goes, -1 for the end of the file.
func (d definedVersions) place(v *semver.Version) int {
	i := sort.Search(len(d.versions), func(i int) bool {
		return d.order == newestFirst && d.versions[i].LessThan(v) || d.order == oldestFirst && d.versions[i].GreaterThan(v)
	})
	if i < len(d.starts) {
		return d.starts[i]
	}
	return d.last
}

// apply is the text with splices made, in the file's own line breaks.
func (b book) apply(edits ...splice) []byte {
	slices.SortStableFunc(edits, func(x, y splice) int { return cmp.Or(cmp.Compare(x.start, y.start), cmp.Compare(x.end, y.end)) })
	crlf := bytes.Count(b.text, []byte("\r\n"))*2 > bytes.Count(b.text, []byte("\n"))
	size := len(b.text)
	for _, e := range edits {
		size += len(e.text)
	}
	out := bytes.NewBuffer(make([]byte, 0, size))
	at := 0
	for _, e := range edits {
		out.Write(b.text[at:e.start])
		text := e.text
		if crlf {
			text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
		}
		out.WriteString(text)
		at = e.end
	}
	out.Write(b.text[at:])
	return out.Bytes()
}
