package changelog

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/semver"
)

// splice puts text in the place of some bytes.
type splice struct {
	start, end int
	text       string
}

// add writes a version's chapter above the first lower version. Where it takes over, what stands
// under an Unreleased heading moves into it, unless it is a pre-release; the heading stays. It
// fails where the file's own text would swallow the chapter.
func (b book) add(n notes, l links, takesOver bool) (book, bool) {
	parts := n.parts(l)
	newest := !slices.ContainsFunc(b.chapters, func(c chapter) bool { return c.version != nil && c.version.GreaterThan(n.version) })
	if i := slices.IndexFunc(b.chapters, func(c chapter) bool { return c.unreleased }); i >= 0 && takesOver && newest && n.version.Prerelease() == "" {
		pending := b.chapters[i]
		if written := b.partsOf(pending); len(written) > 0 {
			parts = fold(parts, written)
			b = b.apply(splice{pending.body, pending.end, "\n"})
		}
	}
	style := b.styleFor(n)
	b = b.apply(b.chapterSplice(n, style, l, parts))
	if !b.has(n.version) {
		return b, false
	}
	return b.apply(b.definitionSplices(n, style, l, newest)...), true
}

// part is a group of entries under a heading; without a title, what stands above the first one.
type part struct{ title, text string }

func (n notes) parts(l links) []part {
	var parts []part
	if len(n.breaking) > 0 {
		parts = append(parts, part{"Breaking changes", lines(n.breaking, l)})
	}
	for _, g := range n.groups {
		parts = append(parts, part{report.OneLine(g.title), lines(g.entries, l)})
	}
	return parts
}

// partsOf reads the groups of a chapter that somebody wrote.
func (b book) partsOf(c chapter) []part {
	parts := []part{{}}
	from := c.body
	for _, sub := range b.chapters {
		if sub.level == 3 && sub.start >= c.body && sub.end <= c.end {
			parts[len(parts)-1].text = string(b.text[from:sub.start])
			parts = append(parts, part{title: strings.TrimSpace(sub.title)})
			from = sub.body
		}
	}
	parts[len(parts)-1].text = string(b.text[from:c.end])
	for i := range parts {
		parts[i].text = strings.ReplaceAll(strings.Trim(parts[i].text, "\r\n")+"\n", "\r\n", "\n")
	}
	return slices.DeleteFunc(parts, func(p part) bool { return strings.TrimSpace(p.text) == "" })
}

// fold adds what was written by hand behind the entries of the same heading.
func fold(ours, theirs []part) []part {
	for _, t := range slices.Backward(theirs) {
		if t.title == "" { // an introduction stays one
			ours = slices.Insert(slices.Clone(ours), 0, t)
		}
	}
	for _, t := range theirs {
		i := slices.IndexFunc(ours, func(o part) bool { return t.title != "" && strings.EqualFold(o.title, t.title) })
		switch {
		case t.title == "":
		case i >= 0 && strings.HasPrefix(t.text, "- "):
			ours[i].text += t.text
		case i >= 0: // prose would become a part of the entry above it
			ours[i].text += "\n" + t.text
		default:
			ours = append(ours, t)
		}
	}
	return ours
}

func render(parts []part) string {
	if len(parts) == 0 {
		return "No change that users would notice.\n"
	}
	var texts []string
	for _, p := range parts {
		if p.title == "" {
			texts = append(texts, p.text)
			continue
		}
		texts = append(texts, "### "+p.title+"\n\n"+p.text)
	}
	return strings.Join(texts, "\n")
}

// place is the chapter of the highest lower version, nil where there is none. The first one counts:
// files are written newest first.
func (b book) place(n notes) *chapter {
	for i, c := range b.chapters {
		if c.version != nil && c.version.LessThan(n.version) {
			return &b.chapters[i]
		}
	}
	return nil
}

// styleFor is the style of the version below, or of any other; Keep a Changelog's where there is none.
func (b book) styleFor(n notes) style {
	if c := b.place(n); c != nil {
		return c.style
	}
	for _, c := range b.chapters {
		if c.version != nil {
			return c.style
		}
	}
	return style{bracket: true}
}

// chapterSplice is the new chapter at its place, set off by blank lines.
func (b book) chapterSplice(n notes, s style, l links, parts []part) splice {
	name, date := s.prefix+n.version.String(), " - "+day(n.date)
	if s.bracket {
		name = "[" + name + "]"
	}
	if url := l.compare(n); s.inline && url != "" {
		name += "(" + url + ")"
	}
	if s.parens {
		date = " (" + day(n.date) + ")"
	}
	level := 2
	below := b.place(n)
	if below != nil {
		level = min(level, below.level)
	}
	chapter := strings.Repeat("#", level) + " " + s.lead + name + date + "\n\n" + render(parts)
	if below != nil {
		return splice{below.start, below.start, chapter + "\n"}
	}
	at := b.textEnd()
	if at < len(b.text) {
		chapter += "\n"
	}
	return splice{at, at, b.gap(at) + chapter}
}

// gap is what a blank line before a place wants.
func (b book) gap(at int) string {
	before := bytes.ReplaceAll(b.text[:at], []byte("\r\n"), []byte("\n"))
	switch {
	case len(before) == 0 || bytes.HasSuffix(before, []byte("\n\n")):
		return ""
	case before[len(before)-1] == '\n':
		return "\n"
	}
	return "\n\n"
}

// textEnd is where the last chapter ends: before the link definitions at the end of the file.
func (b book) textEnd() int {
	end := len(b.text)
	for _, c := range b.chapters {
		if c.level <= 2 {
			end = c.end
		}
	}
	return end
}

var comparedWithHead = regexp.MustCompile(`(/compare/)\S+?(\.\.\.HEAD)`)

// definitionSplices keep the link definitions up: one for the version, above those of lower ones,
// and the comparison of what is unreleased moves on.
func (b book) definitionSplices(n notes, s style, l links, newest bool) []splice {
	url, label := l.compare(n), s.prefix+n.version.String()
	if url == "" || slices.ContainsFunc(b.definitions, func(d definition) bool { return strings.EqualFold(d.label, label) }) {
		return nil
	}
	var edits []splice
	move := func(start, end int) {
		old := string(b.text[start:end])
		if moved := comparedWithHead.ReplaceAllString(old, "${1}"+strings.ReplaceAll(n.tag, "$", "$$")+"$2"); newest && moved != old {
			edits = append(edits, splice{start, end, moved})
		}
	}
	for _, c := range b.chapters {
		if c.unreleased {
			move(c.start, c.body)
		}
	}
	at, last := -1, -1
	for _, d := range b.definitions {
		if strings.EqualFold(d.label, "unreleased") {
			move(d.start, d.end)
			last = d.end
		} else if m := versionTitle.FindStringSubmatch(d.label); m != nil {
			if v, err := semver.Parse(m[4]); err == nil && at < 0 && v.LessThan(n.version) {
				at = d.start
			}
			last = d.end
		}
	}
	line := "[" + label + "]: " + url + "\n"
	switch {
	case s.inline || !s.bracket && last < 0:
		return edits
	case at >= 0:
	case last >= 0:
		at = last
		if b.text[at-1] != '\n' {
			line = "\n" + line
		}
	default:
		at = len(b.text)
		line = b.gap(at) + line
	}
	return append(edits, splice{at, at, line})
}

// apply is the book with splices made, in the file's own line breaks.
func (b book) apply(edits ...splice) book {
	slices.SortStableFunc(edits, func(x, y splice) int { return cmp.Compare(x.start, y.start) })
	crlf := bytes.Count(b.text, []byte("\r\n"))*2 > bytes.Count(b.text, []byte("\n"))
	var out bytes.Buffer
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
	return open(out.Bytes())
}
