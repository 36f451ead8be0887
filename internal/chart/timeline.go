package chart

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Timeline shows what ran when: a bar for each run, below its name.
type Timeline struct {
	Title string
	Bars  []Bar
}

// Bar is a run. One that is known to have ended, but not when it began, or that is said to have begun after
// its end, is a moment: no length is made up.
type Bar struct {
	Name     string
	Began    time.Time // zero is unknown
	Ended    time.Time
	Outcome  Outcome
	Sentence string // how it ended, in few words, such as "pass, 3 s"
}

// Outcome says how a bar looks. Each has a pattern of its own besides its colour.
type Outcome string

// The outcomes.
const (
	Good Outcome = "good"
	Bad  Outcome = "bad"
	Open Outcome = "open" // nobody knows
)

// maxBars is how many bars one picture holds. What is beyond is left out, and Sentence says so.
const maxBars = 40

// Where things are in the picture, in its units. A bar too short to be seen is drawn this wide.
const (
	rowHeight  = 34.0
	barHeight  = 11.0
	sideRoom   = 24.0
	leastWide  = 3.0
	nameRoom   = width - 4
	axisHeight = 36.0
)

func (t Timeline) drawn() []Bar { return t.Bars[:min(len(t.Bars), maxBars)] }

// begun is when a bar begins: at its end where that is all one knows.
func (b Bar) begun() time.Time {
	if b.Began.IsZero() || b.Began.After(b.Ended) {
		return b.Ended
	}
	return b.Began
}

func (t Timeline) sight() (from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	for _, b := range t.drawn() {
		from, to = min(from, seconds(b.begun())), max(to, seconds(b.Ended))
	}
	return from, to
}

// Sentence says what the picture shows to who does not see it.
func (t Timeline) Sentence() string {
	if len(t.Bars) == 0 {
		return "Nothing ran."
	}
	const form = "2006-01-02 15:04:05"
	from, to := t.sight()
	text := fmt.Sprintf("%s to %s UTC: ", moment(from).Format(form), moment(to).Format(form))
	var parts []string
	for _, b := range t.drawn() {
		parts = append(parts, clip(legible(b.Name), 60)+" "+clip(legible(b.Sentence), 60))
	}
	if left := len(t.Bars) - len(t.drawn()); left > 0 {
		parts = append(parts, fmt.Sprintf("%d more are not drawn", left))
	}
	return text + strings.Join(parts, "; ") + "."
}

// TimelineStyle is what a page with timelines needs in its style sheet, besides Style.
const TimelineStyle = `.chart .bar{stroke-width:1.5}
.chart .good.bar{fill:var(--baseline);stroke:var(--baseline)}
.chart .bad.bar{fill:var(--paper);stroke:var(--canary);stroke-width:3}
.chart .open.bar{fill:var(--grid);stroke:var(--bound);stroke-dasharray:3 2}
.chart .who,.chart .how{stroke:var(--paper);stroke-width:4px;paint-order:stroke;stroke-linejoin:round}.chart .who{font-weight:600;fill:var(--bound)}
`

// SVG draws the timeline for a page that has Style and TimelineStyle. Its id, letters and digits, is the
// picture's own on the page.
func (t Timeline) SVG(id string) string {
	bars := t.drawn()
	high := rowHeight*float64(len(bars)) + axisHeight
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="img" aria-labelledby="%s-title %s-desc">`, width, high, id, id)
	fmt.Fprintf(&b, "\n<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n", id, escaped(t.Title), id, escaped(t.Sentence()))
	if len(bars) > 0 {
		t.draw(&b, bars, high-axisHeight)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func (t Timeline) draw(b *strings.Builder, bars []Bar, floor float64) {
	from, to := t.sight()
	x := func(at time.Time) float64 {
		if to <= from {
			return width / 2
		}
		return sideRoom + (width-2*sideRoom)*min(max((seconds(at)-from)/(to-from), 0), 1)
	}
	for _, tick := range timeTicks(from, to, 4) {
		at := number(sideRoom + (width-2*sideRoom)*tick.at)
		if to <= from {
			at = number(width / 2)
		}
		fmt.Fprintf(b, `<path class="grid" d="M%s 0V%s"/><text x="%s" y="%s" text-anchor="middle">%s</text>`+"\n", at, number(floor+4), at, number(floor+17), escaped(tick.label))
	}
	days := Chart{X: []time.Time{moment(from), moment(to)}}.days()
	fmt.Fprintf(b, `<text x="%s" y="%s" text-anchor="middle">%s</text>`+"\n", number(width/2), number(floor+31), escaped(days+" UTC"))
	for i, bar := range bars {
		top := rowHeight * float64(i)
		begin, end := x(bar.begun()), x(bar.Ended)
		if end-begin < leastWide {
			middle := (begin + end) / 2
			begin, end = middle-leastWide/2, middle+leastWide/2
		}
		name := fit(legible(bar.Name), nameRoom*0.6)
		said := fit(legible(bar.Sentence), nameRoom-bold*length(name)-12)
		fmt.Fprintf(b, `<text class="who" x="2" y="%s">%s</text><text class="how" x="%s" y="%s">%s</text>`+"\n",
			number(top+11), escaped(name), number(2+bold*length(name)+8), number(top+11), escaped(said))
		fmt.Fprintf(b, `<path class="%s bar" d="M%s %sH%sv%sH%sz"/>`+"\n", bar.Outcome.class(), number(begin), number(top+16), number(end), number(barHeight), number(begin))
	}
}

// class is an outcome as the style sheet knows it. One that it does not know is open.
func (o Outcome) class() Outcome {
	if o == Good || o == Bad {
		return o
	}
	return Open
}
