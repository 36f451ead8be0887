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
	words  string
	ticked bool
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
	place, inside := 0, 0 // level of the section's heading; 0 is outside
	document := goldmark.New(goldmark.WithExtensions(extension.TaskList)).Parser().Parse(text.NewReader(source))
	for block := document.FirstChild(); block != nil; block = block.NextSibling() {
		if heading, ok := block.(*ast.Heading); ok {
			switch {
			case strings.EqualFold(plain(heading, source, lines), strings.TrimSpace(section)):
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
				b, found = box{words: wordsOf(mark.Parent(), source), ticked: mark.IsChecked}, true
			} else if spoilt(n, source) {
				b, found = box{words: wordsOf(n.FirstChild(), source)}, true
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
	var s strings.Builder
	for i := range paragraph.Lines().Len() {
		line := paragraph.Lines().At(i)
		s.Write(line.Value(source))
		s.WriteByte(' ')
	}
	_, words, _ := strings.Cut(s.String(), "]")
	return oneLine(words)
}
