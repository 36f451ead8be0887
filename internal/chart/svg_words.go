package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// label is a line's name beside its end, so that nobody has to look it up.
type label struct {
	text, role string
	wanted     float64 // what it stands beside
	y          float64
}

// flagRoom is how long the words above a line may be.
const flagRoom = width * 0.6

func (c Chart) named() []label {
	var all []label
	for _, s := range c.drawn() {
		for i := len(c.X) - 1; i >= 0; i-- {
			if v := s.at(i); !math.IsNaN(v) {
				all = append(all, label{text: fit(legible(s.Name), labelRoom/bold), role: roleClass(s.Role), wanted: v})
				break
			}
		}
	}
	if c.limited() {
		bound := Number(c.Limit, c.Unit)
		text := fit(c.limitName(), max(30, labelRoom/bold-length(" "+bound))) + " " + bound
		all = append(all, label{text: fit(text, labelRoom/bold), role: roleClass(Limit), wanted: c.Limit})
	}
	return all
}

// place keeps labels from lying on each other: they move down, and up again where there is no room below.
func (p plot) place(labels []label) {
	for i := range labels {
		labels[i].y = p.y(labels[i].wanted)
	}
	slices.SortStableFunc(labels, func(a, b label) int { return cmp.Compare(a.y, b.y) })
	for i := 1; i < len(labels); i++ {
		labels[i].y = max(labels[i].y, labels[i-1].y+lineHeight)
	}
	floor := p.top + p.high
	for i := len(labels) - 1; i >= 0; i-- {
		labels[i].y = min(labels[i].y, floor)
		floor = labels[i].y - lineHeight
	}
}

func (p plot) names(b *strings.Builder) {
	for _, l := range p.labels {
		fmt.Fprintf(b, `<text class="%sname" x="%s" y="%s" dy="4">%s</text>`+"\n", l.role, number(p.left+p.wide+6), number(l.y), escaped(l.text))
	}
}

// flag is a mark and the words above it.
type flag struct {
	x, begin float64 // of its line, and of its words
	text     string
	row      int
}

// flagged are the marks in sight, their words in as few rows as keep them apart.
func (p plot) flagged() []flag {
	var flags []flag
	var ends []float64 // of each row's words
	for _, m := range p.inSight() {
		f := flag{x: p.x(seconds(m.At)), text: fit(legible(m.Text), flagRoom)}
		long := length(f.text) + 8
		f.begin = f.x - 4
		if f.begin+long > width {
			f.begin = max(0, width-long)
		}
		for f.row < len(ends) && ends[f.row] > f.begin {
			f.row++
		}
		if f.row == len(ends) {
			ends = append(ends, 0)
		}
		ends[f.row] = f.begin + long
		flags = append(flags, f)
	}
	return flags
}

// inSight are the marks within the time that is shown, in its order.
func (c Chart) inSight() []Mark {
	from, to := c.sight()
	var marks []Mark
	for _, m := range c.Marks {
		if at := seconds(m.At); len(c.X) > 0 && at >= from && at <= to && len(marks) < maxMarks {
			marks = append(marks, m)
		}
	}
	slices.SortStableFunc(marks, func(a, b Mark) int { return a.At.Compare(b.At) })
	return marks
}

func (p plot) marks(b *strings.Builder) {
	for _, f := range p.flags {
		y := 10 + lineHeight*float64(f.row)
		fmt.Fprintf(b, `<path class="mark" d="M%s %sV%s"/><path class="flag" d="M%s %sl-4 -6h8z"/><text class="said" x="%s" y="%s">%s</text>`+"\n",
			number(f.x), number(y+6), number(p.top+p.high), number(f.x), number(y+7), number(f.begin), number(y-1), escaped(f.text))
	}
}
