package changelog

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// splice puts text in the place of some bytes.
type splice struct {
	start, end int
	text       string
}

// add writes a version's chapter above the first lower version. What stands under an Unreleased
// heading moves into the newest final version; the heading stays.
func (b book) add(n notes, l links) book {
	parts := n.parts(l)
	var edits []splice
	newest := !slices.ContainsFunc(b.chapters, func(c chapter) bool { return c.version != nil && c.version.GreaterThan(n.version) })
	if i := slices.IndexFunc(b.chapters, func(c chapter) bool { return c.unreleased }); i >= 0 && newest && n.version.Prerelease() == "" {
		pending := b.chapters[i]
		if !blank(b.text[pending.body:pending.end]) {
			parts = fold(parts, b.partsOf(pending))
			edits = append(edits, splice{pending.body, pending.end, "\n"})
		}
	}
	edits = append(edits, b.chapterSplice(n, parts))
	edits = append(edits, b.definitionSplices(n, l, newest)...)
	return open(b.apply(edits))
}

// part is a group of entries under a heading; without a title, what stands above the first one.
type part struct{ title, text string }

func (n notes) parts(l links) []part {
	var parts []part
	if len(n.breaking) > 0 {
		parts = append(parts, part{"Breaking changes", lines(n.breaking, l)})
	}
	for _, g := range n.groups {
		parts = append(parts, part{g.title, lines(g.entries, l)})
	}
	if len(parts) == 0 && len(n.commits) > 0 {
		parts = append(parts, part{"", "No change that users would notice.\n"})
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
		case i >= 0:
			ours[i].text += t.text
		default:
			ours = append(ours, t)
		}
	}
	return ours
}

func render(parts []part) string {
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

// chapterSplice is the new chapter at its place, set off by blank lines.
func (b book) chapterSplice(n notes, parts []part) splice {
	name := "[" + n.version.String() + "]"
	at := -1
	for _, c := range b.chapters {
		if c.version == nil {
			continue
		}
		if !strings.HasPrefix(c.title, "[") {
			name = n.version.String() // the file's own way of writing headings
		}
		if at < 0 && c.version.LessThan(n.version) {
			at = c.start
		}
	}
	chapter := "## " + name + " - " + day(n.date) + "\n\n" + render(parts)
	if at >= 0 {
		return splice{at, at, chapter + "\n"}
	}
	at = b.textEnd()
	gap := "\n"
	if before := b.text[:at]; len(before) > 0 && before[len(before)-1] != '\n' {
		gap = "\n\n"
	} else if bytes.HasSuffix(before, []byte("\n\n")) || bytes.HasSuffix(before, []byte("\n\r\n")) {
		gap = ""
	}
	if at < len(b.text) {
		chapter += "\n"
	}
	return splice{at, at, gap + chapter}
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
func (b book) definitionSplices(n notes, l links, newest bool) []splice {
	url := l.compare(n)
	if url == "" || slices.ContainsFunc(b.definitions, func(d definition) bool { return d.label == n.version.String() }) {
		return nil
	}
	line := "[" + n.version.String() + "]: " + url + "\n"
	var edits []splice
	at := -1
	for _, d := range b.definitions {
		old := string(b.text[d.start:d.end])
		if strings.EqualFold(d.label, "unreleased") {
			if moved := comparedWithHead.ReplaceAllString(old, "${1}"+strings.ReplaceAll(n.tag, "$", "$$")+"$2"); newest && moved != old {
				edits = append(edits, splice{d.start, d.end, moved})
			}
			if at < 0 {
				at = d.end
			}
			continue
		}
		if m := titleVersion.FindStringSubmatch(d.label); m != nil && (at < 0 || at == b.afterUnreleased()) {
			at = d.start
		}
	}
	switch {
	case at >= 0:
		edits = append(edits, splice{at, at, line})
	case b.bracketed() || len(b.definitions) > 0:
		edits = append(edits, splice{len(b.text), len(b.text), "\n" + line})
	}
	return edits
}

func (b book) afterUnreleased() int {
	for _, d := range b.definitions {
		if strings.EqualFold(d.label, "unreleased") {
			return d.end
		}
	}
	return -1
}

// bracketed tells whether headings are links, as they are in a file of our own.
func (b book) bracketed() bool {
	for _, c := range b.chapters {
		if c.version != nil {
			return strings.HasPrefix(c.title, "[")
		}
	}
	return true
}

// apply splices from the end on, in the file's own line breaks.
func (b book) apply(edits []splice) []byte {
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
	return out.Bytes()
}
