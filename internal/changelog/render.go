package changelog

import (
	"fmt"
	"strings"

	"github.com/slipway-actions/slipway/internal/report"
)

func lines(entries []entry, l links) string {
	var b strings.Builder
	for _, e := range entries {
		b.WriteString("- ")
		if e.Scope != "" {
			b.WriteString("**" + report.Escape(e.Scope) + ":** ")
		}
		b.WriteString(prose(e.Description))
		b.WriteString(l.references(e))
		b.WriteByte('\n')
		if e.Migration != "" && e.Migration != e.Description {
			for paragraph := range strings.SplitSeq(e.Migration, "\n\n") {
				fmt.Fprintf(&b, "\n  %s\n", prose(paragraph))
			}
		}
	}
	return b.String()
}

// prose escapes text for Markdown but for code between single backticks, in which nothing else
// means anything.
func prose(s string) string {
	var b strings.Builder
	parts := strings.Split(s, "`")
	if len(parts)%2 == 0 { // an odd backtick: none of them can be trusted
		return report.Escape(s)
	}
	for i, part := range parts {
		switch code := report.OneLine(part); {
		case i%2 == 0 && part != "":
			b.WriteString(escapeInner(part, i > 0))
		case i%2 == 1 && code != "":
			b.WriteString("`" + code + "`")
		}
	}
	return b.String()
}

// escapeInner escapes a part; only the first can begin a line.
func escapeInner(s string, inner bool) string {
	if inner {
		return strings.TrimPrefix(report.Escape("("+s), "(")
	}
	return report.Escape(s)
}

// references link an entry's pull request and its newest commit.
func (l links) references(e entry) string {
	var refs []string
	if e.Pull != "" {
		refs = append(refs, l.link("#"+e.Pull, "/pull/"+e.Pull))
	}
	short := e.shas[0][:min(7, len(e.shas[0]))]
	refs = append(refs, l.link(short, "/commit/"+e.shas[0]))
	return " (" + strings.Join(refs, ", ") + ")"
}

func (l links) link(text, path string) string {
	if l.repository == "" {
		return text
	}
	return "[" + text + "](" + l.repository + path + ")"
}

// compare is the page that shows the commits of a release, "" where no repository is known.
func (l links) compare(n notes) string {
	switch {
	case l.repository == "":
		return ""
	case n.previous == "":
		return l.repository + "/releases/tag/" + n.tag
	}
	return l.repository + "/compare/" + n.previous + "..." + n.tag
}
