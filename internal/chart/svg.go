package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// The picture's own units. It is so narrow that its letters can still be read on a phone, where one unit is
// a little less than a pixel.
const (
	width, height = 360.0, 224.0
	lineHeight    = 13.0
	bottom        = 34.0
	labelRoom     = 100.0 // beside the lines, at most
	tickRoom      = 110.0 // before them
)

// Style is what a page with pictures needs in its style sheet, once. It follows what the reader prefers,
// light or dark; on paper it is light.
const Style = `.chart{--canary:#b34700;--baseline:#0b61a4;--bound:#1a1a1a;--other:#6b3fa0;--grid:#dcdcdc;--ink:#3a3a3a;--paper:#fff;display:block;width:100%;height:auto}
@media screen and (prefers-color-scheme:dark){.chart{--canary:#ff9d5c;--baseline:#6db9f5;--bound:#f2f2f2;--other:#c3a3f0;--grid:#3a3f46;--ink:#c9ced6;--paper:#16191d}}
.chart text{font:11px system-ui,sans-serif;fill:var(--ink)}
.chart .grid{stroke:var(--grid);stroke-width:1;fill:none}
.chart .line{fill:none;stroke:var(--other);stroke-width:2;stroke-linejoin:round;stroke-linecap:round;stroke-dasharray:9 3 2 3}
.chart .dot{fill:var(--other)}.chart .name{fill:var(--other);font-weight:600;stroke:var(--paper);stroke-width:3px;paint-order:stroke;stroke-linejoin:round}
.chart .canary.line{stroke:var(--canary);stroke-dasharray:none}.chart .canary.dot,.chart .canary.name{fill:var(--canary)}
.chart .baseline.line{stroke:var(--baseline);stroke-dasharray:6 4}.chart .baseline.dot,.chart .baseline.name{fill:var(--baseline)}
.chart .limit.line{stroke:var(--bound);stroke-width:1.5;stroke-dasharray:1 4}.chart .limit.dot,.chart .limit.name{fill:var(--bound)}
.chart .mark{stroke:var(--bound);stroke-width:1;stroke-dasharray:4 2}.chart .flag{fill:var(--bound)}.chart .said{fill:var(--bound)}
`

// SVG draws the chart for a page that has Style. Its id, letters and digits, is the picture's own on the page.
func (c Chart) SVG(id string) string {
	p := c.layout()
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="img" aria-labelledby="%s-title %s-desc">`, width, height, id, id)
	fmt.Fprintf(&b, "\n<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n", id, escaped(c.Title), id, escaped(c.Sentence()))
	p.axes(&b)
	if c.empty() {
		fmt.Fprintf(&b, `<text x="%s" y="%s" text-anchor="middle">no numbers</text>`+"\n", number(p.left+p.wide/2), number(p.top+p.high/2))
	}
	if c.limited() {
		fmt.Fprintf(&b, `<path class="limit line" d="M%s %sH%s"/>`+"\n", number(p.left), number(p.y(c.Limit)), number(p.left+p.wide))
	}
	drawn := c.drawn()
	for i := len(drawn) - 1; i >= 0; i-- { // what is judged comes first, and lies on top
		p.line(&b, drawn[i])
	}
	p.marks(&b)
	p.names(&b)
	b.WriteString("</svg>\n")
	return b.String()
}

// plot is where everything is, in the picture's units.
type plot struct {
	Chart
	values                scale
	from, to              float64 // time, in seconds of Unix
	left, top, wide, high float64
	flags                 []flag
	labels                []label
}

func (c Chart) layout() plot {
	p := plot{Chart: c, values: c.valueScale(4)}
	p.from, p.to = c.sight()
	for i, t := range p.values.ticks {
		p.values.ticks[i].label = fit(t.label, tickRoom)
		p.left = max(p.left, 10+length(p.values.ticks[i].label))
	}
	p.labels = p.named()
	right := 18.0
	for _, l := range p.labels {
		right = max(right, 10+bold*length(l.text))
	}
	p.wide = width - p.left - right
	p.flags = p.flagged()
	rows := 0
	for _, f := range p.flags {
		rows = max(rows, f.row+1)
	}
	p.top = 10 + lineHeight*float64(rows)
	p.high = height - bottom - p.top
	p.place(p.labels)
	return p
}

func (p plot) x(unix float64) float64 {
	if p.to <= p.from {
		return p.left + p.wide/2
	}
	return p.left + p.wide*min(max((unix-p.from)/(p.to-p.from), 0), 1)
}

func (p plot) y(v float64) float64 { return p.top + p.high*(1-p.values.level(v)) }

// number writes a place as finely as anybody can see.
func number(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

func (p plot) axes(b *strings.Builder) {
	for _, t := range p.values.ticks {
		y := number(p.top + p.high*(1-t.at))
		fmt.Fprintf(b, `<path class="grid" d="M%s %sH%s"/><text x="%s" y="%s" dy="4" text-anchor="end">%s</text>`+"\n",
			number(p.left), y, number(p.left+p.wide), number(p.left-6), y, escaped(t.label))
	}
	floor := p.top + p.high
	if len(p.X) == 0 {
		return
	}
	ticks := timeTicks(p.from, p.to, 4)
	for _, t := range ticks {
		x := p.left + p.wide*t.at
		fmt.Fprintf(b, `<path class="grid" d="M%s %sv4"/><text x="%s" y="%s" text-anchor="middle">%s</text>`+"\n", number(x), number(floor), number(x), number(floor+16), escaped(t.label))
	}
	fmt.Fprintf(b, `<text x="%s" y="%s" text-anchor="middle">%s</text>`+"\n", number(p.left+p.wide/2), number(floor+30), escaped(p.days()+" UTC"))
}

// days are the dates that are seen.
func (c Chart) days() string {
	from, to := c.sight()
	first, last := moment(from).Format("2006-01-02"), moment(to).Format("2006-01-02")
	if first == last {
		return first
	}
	return first + " to " + last
}

// line draws a series. A gap stays one, and a value between two gaps is a dot.
func (p plot) line(b *strings.Builder, s Series) {
	var path, dots strings.Builder
	role, open := roleClass(s.Role), false
	numbers := thinned(s.at, len(p.X))
	for k, i := range numbers {
		v := s.at(i)
		if math.IsNaN(v) {
			open = false
			continue
		}
		x, y := number(p.x(seconds(p.X[i]))), number(p.y(v))
		alone := !open && (k+1 == len(numbers) || math.IsNaN(s.at(numbers[k+1])))
		switch {
		case alone:
			fmt.Fprintf(&dots, `<circle class="%sdot" cx="%s" cy="%s" r="2.5"/>`, role, x, y)
			continue
		case open:
			path.WriteString("L")
		default:
			path.WriteString("M")
		}
		open = true
		path.WriteString(x + " " + y)
	}
	if path.Len() > 0 {
		fmt.Fprintf(b, `<path class="%sline" d="%s"/>`+"\n", role, path.String())
	}
	if dots.Len() > 0 {
		b.WriteString(dots.String() + "\n")
	}
}

// roleClass is a role as the style sheet knows it, ready to stand before another class.
func roleClass(r Role) string {
	switch r {
	case Canary, Baseline, Limit:
		return string(r) + " "
	}
	return ""
}
