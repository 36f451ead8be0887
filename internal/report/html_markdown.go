package report

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// html renders text that its maker escaped for GitHub. What would be more than text, tables and links to
// http and https is shown as the text it is: HTML, pictures, links to elsewhere.
func (m Markdown) html() string {
	source := []byte(Printable(strings.ReplaceAll(string(m), "<wbr>", ""))) // the empty tag that breaks mentions on GitHub
	var b bytes.Buffer
	if err := markdownRenderer().Convert(source, &b); err != nil { // writing into memory never fails
		return "<pre tabindex=\"0\">" + escapeHTML(string(m)) + "</pre>\n"
	}
	return b.String()
}

func markdownRenderer() goldmark.Markdown {
	md := goldmark.New(goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)), extension.Strikethrough))
	md.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(harmless{}, 0)))
	return md
}

// harmless renders what could be more than text.
type harmless struct{}

// RegisterFuncs tells goldmark which nodes it renders.
func (harmless) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindLink, link)
	r.Register(ast.KindAutoLink, autoLink)
	r.Register(ast.KindImage, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
		return ast.WalkContinue, nil // its text is shown
	})
	r.Register(ast.KindRawHTML, rawHTML)
	r.Register(ast.KindHTMLBlock, htmlBlock)
}

func link(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	target := safeURL(string(n.(*ast.Link).Destination))
	switch {
	case target == "":
	case entering:
		w.WriteString(openLink(target))
	default:
		w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

func autoLink(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		n := n.(*ast.AutoLink)
		w.WriteString(Link(string(n.Label(source)), string(n.URL(source))).html())
	}
	return ast.WalkContinue, nil
}

// rawHTML leaves out the tags that Span makes, which nobody here pairs, and shows any other as text.
func rawHTML(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkSkipChildren, nil
	}
	lines := n.(*ast.RawHTML).Segments
	var s strings.Builder
	for i := range lines.Len() {
		at := lines.At(i)
		s.Write(at.Value(source))
	}
	switch tag := s.String(); tag {
	case "<code>", "</code>", "<strong>", "</strong>":
	default:
		w.WriteString(escapeHTML(tag))
	}
	return ast.WalkSkipChildren, nil
}

func htmlBlock(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	w.WriteString("<p>")
	lines := n.Lines()
	for i := range lines.Len() {
		at := lines.At(i)
		w.WriteString(escapeHTML(string(at.Value(source))))
	}
	if block := n.(*ast.HTMLBlock); block.HasClosure() {
		w.WriteString(escapeHTML(string(block.ClosureLine.Value(source))))
	}
	w.WriteString("</p>\n")
	return ast.WalkContinue, nil
}
