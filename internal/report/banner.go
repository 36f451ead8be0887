package report

import (
	"fmt"

	"github.com/slipway-actions/slipway/internal/chart"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Banner is what a page comes to: an outcome, what it is about, and what follows from it.
type Banner struct {
	Outcome verdict.Outcome
	Text    Text
}

func (Banner) block() {}

// paragraph is the outcome and the text as one paragraph.
func (b Banner) paragraph() Paragraph {
	return Paragraph{Join(Bold(Mark(b.Outcome)), T(" · "), b.Text)}
}

func (b Banner) html() string {
	class := "unknown" // what nobody knows is never drawn as a pass
	switch b.Outcome {
	case verdict.Passed, verdict.Failed, verdict.Warned:
		class = string(b.Outcome)
	}
	mark := Mark(b.Outcome)
	if mark == "" {
		mark = Mark(verdict.Undecided)
	}
	return fmt.Sprintf("<p class=\"banner %s\"><strong>%s</strong> %s</p>\n", class, mark, b.Text.html())
}

// Timeline is a picture of what ran when, with a sentence that says what is seen.
type Timeline struct{ chart.Timeline }

func (Timeline) block() {}

func (t Timeline) mapped(f func(string) string) Timeline {
	t.Title = f(t.Title)
	bars := make([]chart.Bar, len(t.Bars))
	for i, b := range t.Bars {
		b.Name, b.Sentence = f(b.Name), f(b.Sentence)
		bars[i] = b
	}
	t.Bars = bars
	return t
}

// words are the timeline where no picture is drawn.
func (t Timeline) words() Page {
	return Page{Paragraph{Bold(OneLine(t.Title))}, Paragraph{T(t.Sentence())}}
}

func (t Timeline) html(id string) string {
	return `<figure><figcaption>` + escapeHTML(OneLine(t.Title)) + "</figcaption>\n" + t.SVG(id) + "</figure>\n"
}
