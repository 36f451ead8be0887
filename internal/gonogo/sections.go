package gonogo

import (
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// saysSomething tells whether a Markdown document has a section of that name with more under it
// than headings and comments. A section goes on to the next heading of its level or above.
func saysSomething(source []byte, section string) bool {
	inside := 0 // level of the section's heading; 0 is outside
	for block := goldmark.DefaultParser().Parse(text.NewReader(source)).FirstChild(); block != nil; block = block.NextSibling() {
		heading, ok := block.(*ast.Heading)
		switch {
		case ok && strings.EqualFold(plain(heading, source), strings.TrimSpace(section)):
			inside = heading.Level
		case ok && heading.Level <= inside:
			inside = 0
		case ok || inside == 0:
		case !isComment(block):
			return true
		}
	}
	return false
}

// plain is the text of a heading without its marks.
func plain(heading ast.Node, source []byte) string {
	var s strings.Builder
	ast.Walk(heading, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			s.Write(t.Segment.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(s.String())
}

// isComment tells whether a block shows nothing: a comment, such as templates hold, or a rule.
func isComment(block ast.Node) bool {
	html, ok := block.(*ast.HTMLBlock)
	return ok && html.HTMLBlockType == ast.HTMLBlockType2 || block.Kind() == ast.KindThematicBreak || block.Kind() == ast.KindLinkReferenceDefinition
}
