package report

import (
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/chart"
)

// mapped is the chart with its texts replaced.
func (c Chart) mapped(f func(string) string) Chart {
	c.Title, c.Unit, c.LimitName = f(c.Title), f(c.Unit), f(c.LimitName)
	c.Series, c.Marks = slices.Clone(c.Series), slices.Clone(c.Marks)
	for i := range c.Series {
		c.Series[i].Name = f(c.Series[i].Name)
	}
	for i := range c.Marks {
		c.Marks[i].Text = f(c.Marks[i].Text)
	}
	return c
}

// markdown is the picture in Mermaid, which GitHub draws, between its title and what it shows.
func (c Chart) markdown() string {
	title := Paragraph{Bold(OneLine(c.Title))}
	text, legend := c.Mermaid()
	if text == "" {
		return Page{title, Paragraph{T(c.Sentence())}}.Markdown(SummaryLimit)
	}
	return Page{title, Fence{"mermaid", text}, Paragraph{T(legend)}, Paragraph{T(c.Sentence())}}.Markdown(SummaryLimit)
}

// terminal is the picture in letters.
func (c Chart) terminal(width int) string {
	var s strings.Builder
	s.WriteString(wrap("", "", Printable(c.Title), width))
	for _, line := range c.Sparks(width) {
		s.WriteString(line + "\n")
	}
	s.WriteString(wrap("", "", c.Sentence(), width))
	return s.String()
}

// html is the picture itself. id is its own on the page.
func (c Chart) html(id string) string {
	return `<figure><figcaption>` + escapeHTML(OneLine(c.Title)) + "</figcaption>\n" + c.SVG(id) + `<p class="seen">` + escapeHTML(c.Sentence()) + "</p></figure>\n"
}

// chartStyle is what the pictures need in the style sheet.
const chartStyle = chart.Style + chart.TimelineStyle
