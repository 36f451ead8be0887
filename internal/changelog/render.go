package changelog

import (
	"fmt"
	"strings"

	"github.com/slipway-actions/slipway/internal/report"
)

// nothingToTell is the text of a version without an entry.
const nothingToTell = "No change that users would notice.\n"

// part is a group of entries under a heading; without a title, what stands above the first one.
type part struct{ title, text string }

// parts are the sections of notes as the file and the notes show them.
func (a arrangement) parts(n notes) []part {
	parts := make([]part, 0, len(n.groups))
	for _, g := range n.groups {
		var b strings.Builder
		for _, e := range g.entries {
			a.line(&b, e)
		}
		parts = append(parts, part{report.OneLine(g.title), b.String()})
	}
	return parts
}

// scope is a scope in Markdown. The name of a package such as @acme/shop is code, which mentions nobody.
func scope(name string) string {
	if strings.Contains(name, "@") && !strings.Contains(name, "`") {
		return "`" + report.OneLine(name) + "`"
	}
	return escapeInner(name, false)
}

// line writes an entry: scope, text, references, and what is below.
func (a arrangement) line(b *strings.Builder, e entry) {
	b.WriteString("- ")
	if e.Scope != "" {
		if a.view.plain() {
			b.WriteString(escapeInner(e.Scope, false) + ": ")
		} else {
			b.WriteString("**" + scope(e.Scope) + ":** ")
		}
	}
	b.WriteString(a.words().prose(e.said))
	a.references(b, e)
	b.WriteByte('\n')
	if e.more != "" {
		if text := a.words().blocks(e.more); text != "" {
			b.WriteString("\n" + indent(text))
		}
	}
}

// words are the links that prose may have: none where readers do not know the repository.
func (a arrangement) words() links {
	if a.view.plain() {
		return links{}
	}
	return a.links
}

// references link an entry's advisories, pull request, the issues it closes, and its newest commit.
func (a arrangement) references(b *strings.Builder, e entry) {
	sep := " ("
	add := func(text string) {
		b.WriteString(sep)
		b.WriteString(text)
		sep = ", "
	}
	for _, id := range e.advisories {
		add(advisory(id))
	}
	if !a.view.plain() {
		if e.Pull != "" {
			add(a.links.pull(e.Pull))
		}
		for _, number := range e.issues {
			if !strings.Contains(e.said, "#"+number) {
				add("closes " + a.links.issue(number))
			}
		}
		add(a.links.commit(e.Commit.SHA))
	}
	if sep != " (" {
		b.WriteByte(')')
	}
}

func render(parts []part) string {
	if len(parts) == 0 {
		return nothingToTell
	}
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteByte('\n')
		}
		if p.title != "" {
			b.WriteString("### " + p.title + "\n\n")
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// ending is what notes have behind their sections: who contributed, and where all is to be seen. The
// file has links of its own.
func (a arrangement) ending(n notes) string {
	var b strings.Builder
	if len(n.people) > 0 {
		var all, firsts []string
		for i, p := range n.people {
			if i == shown {
				all = append(all, fmt.Sprintf("and %d more", len(n.people)-shown))
				break
			}
			all = append(all, a.contributor(p).String())
		}
		for _, p := range n.people {
			if p.first && len(firsts) < shown {
				where := a.links.commit(p.sha)
				if p.pull != "" {
					where = a.links.pull(p.pull)
				}
				firsts = append(firsts, a.contributor(p).String()+" in "+where)
			}
		}
		b.WriteString("\n### Contributors\n\n" + strings.Join(all, ", ") + "\n")
		if len(firsts) > 0 {
			b.WriteString("\nFirst contributions: " + strings.Join(firsts, ", ") + "\n")
		}
	}
	if text, address := a.links.all(n.release); address != "" && !a.view.plain() {
		b.WriteString("\n**All changes:** [" + report.Escape(text) + "](" + address + ")\n")
	}
	return b.String()
}
