package gonogo

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tasks "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// box is an item of a Markdown list that can be ticked.
type box struct {
	under  string // the headings and the items of lists that it stands under
	words  string
	ticked bool
	at     int // where its [ ] begins in the text
}

// boxesOf are the boxes of a text, or of one of its sections. A section goes on to the next heading of
// its level or above.
func boxesOf(source []byte, section string) []box {
	boxes, _ := sectionBoxes(source, section)
	return boxes
}

// sectionBoxes is boxesOf with the places that they have among all boxes of the text.
func sectionBoxes(source []byte, section string) (boxes []box, places []int) {
	source = bytes.TrimPrefix(source, byteOrderMark)
	lines := inOneLine()
	place, inside := 0, 0  // level of the section's heading; 0 is outside
	var headings [7]string // by their level
	document := goldmark.New(goldmark.WithExtensions(extension.TaskList)).Parser().Parse(text.NewReader(source))
	for block := document.FirstChild(); block != nil; block = block.NextSibling() {
		if heading, ok := block.(*ast.Heading); ok {
			title := plain(heading, source, lines)
			headings[heading.Level] = title
			clear(headings[heading.Level+1:])
			switch {
			case strings.EqualFold(title, strings.TrimSpace(section)):
				inside = heading.Level
			case heading.Level <= inside:
				inside = 0
			}
			continue
		}
		ast.Walk(block, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if !entering {
				return ast.WalkContinue, nil
			}
			b, found := box{}, false
			if mark, ok := n.(*tasks.TaskCheckBox); ok {
				b, found = boxIn(mark.Parent(), source), true
				b.under, b.ticked = headingsOver(headings[:])+itemsOver(mark, source), mark.IsChecked
			} else if spoilt(n, source) {
				b, found = boxIn(n.FirstChild(), source), true
				b.under = headingsOver(headings[:]) + itemsOver(n.FirstChild(), source)
			}
			if found {
				if section == "" || inside > 0 {
					boxes, places = append(boxes, b), append(places, place)
				}
				place++
			}
			return ast.WalkContinue, nil
		})
	}
	return boxes, places
}

// boxIn is the box that a paragraph begins with.
func boxIn(paragraph ast.Node, source []byte) box {
	return box{words: wordsOf(paragraph, source), at: paragraph.Lines().At(0).Start}
}

// almostBox is what somebody wrote for an open box, and no box is made of: [], [-], or with another blank.
var almostBox = regexp.MustCompile(`^\[[^\pL\pN\[\]]*\](?:[^(:\[]|$)`)

// spoilt tells whether a list's item begins so. For people it is open, so it counts as that.
func spoilt(n ast.Node, source []byte) bool {
	if n.Kind() != ast.KindListItem || n.FirstChild() == nil {
		return false
	}
	first := n.FirstChild()
	if kind := first.Kind(); kind != ast.KindTextBlock && kind != ast.KindParagraph || first.Lines().Len() == 0 {
		return false
	}
	_, isBox := first.FirstChild().(*tasks.TaskCheckBox)
	line := first.Lines().At(0)
	return !isBox && almostBox.Match(line.Value(source))
}

// wordsOf is what stands behind a box, to the end of its paragraph.
func wordsOf(paragraph ast.Node, source []byte) string {
	_, words, _ := strings.Cut(blockWords(paragraph, source), "]")
	return oneLine(words)
}

// unticked is a text with all its boxes open.
func unticked(source string) string {
	text := bytes.TrimPrefix([]byte(source), byteOrderMark)
	for _, b := range boxesOf(text, "") {
		if b.ticked {
			text[b.at+1] = ' '
		}
	}
	return string(text)
}

// headingsOver are the headings that are open, the outermost first. At which level they stand says nothing:
// the form of an issue has its own.
func headingsOver(byLevel []string) string {
	var s strings.Builder
	for _, title := range byLevel {
		if title != "" {
			s.WriteString(title + "\n")
		}
	}
	return s.String()
}

// itemsOver are the items of lists that a box's own item is part of, the nearest first.
func itemsOver(mark ast.Node, source []byte) string {
	var s strings.Builder
	own := true
	for n := mark.Parent(); n != nil; n = n.Parent() {
		if n.Kind() != ast.KindListItem {
			continue
		}
		if text := n.FirstChild(); !own && text != nil && text.Type() == ast.TypeBlock {
			s.WriteString("\n" + blockWords(text, source))
		}
		own = false
	}
	return s.String()
}

// blockWords is the text of a block as it is written.
func blockWords(block ast.Node, source []byte) string {
	var s strings.Builder
	for i := range block.Lines().Len() {
		line := block.Lines().At(i)
		s.Write(line.Value(source))
		s.WriteByte(' ')
	}
	return s.String()
}
