package changelog

import (
	"regexp"
	"slices"
	"strings"
)

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

var comment = regexp.MustCompile(`(?s)<!--.*?-->`)

// onlyComments tells that there is nothing for readers, but perhaps a word on where to write.
func onlyComments(parts []part) bool {
	return !slices.ContainsFunc(parts, func(p part) bool { return strings.TrimSpace(comment.ReplaceAllString(p.text, "")) != "" })
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
