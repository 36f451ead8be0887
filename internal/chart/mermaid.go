package chart

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// mermaidPoints is how many points a line has in Mermaid, which draws them evenly apart.
const mermaidPoints = 60

// hues are the colours of lines in Mermaid, that can be told from light and from dark paper, and their
// names: it draws no legend and no patterns.
var hues = []struct{ colour, name string }{
	{"#e07020", "orange"}, {"#2a8fd6", "blue"}, {"#9a6fd0", "purple"}, {"#2e9e5b", "green"}, {"#d05a9a", "pink"}, {"#a08a30", "olive"},
}

const limitHue = "#8a8a8a"

// Mermaid is the chart in the words of https://mermaid.js.org/syntax/xyChart.html, and a legend that says
// what its colours are. It is nothing where there are fewer than two points, which Mermaid cannot draw.
// It has no logarithmic axis and no gaps: powers of ten are drawn, and lines go straight across gaps.
func (c Chart) Mermaid() (text, legend string) {
	if len(c.X) < 2 || c.empty() {
		return "", ""
	}
	values := c.valueScale(4)
	factor, title := c.mermaidValues(values)
	fine := max(0, 4-int(math.Floor(math.Log10((values.hi-values.lo)*factor)))) // decimals, finer than a picture can show
	var colours, names, lines []string
	points, span := 0, 0
	for i, s := range c.drawn() {
		numbers, every := c.evenly(s)
		if len(numbers) == 0 {
			continue
		}
		points, span = len(numbers), every
		written := make([]string, len(numbers))
		for k, v := range numbers {
			written[k] = mermaidNumber(values, v, factor, fine)
		}
		colours, names = append(colours, hues[i].colour), append(names, hues[i].name+": "+clip(legible(s.Name), 60))
		lines = append(lines, "line ["+strings.Join(written, ", ")+"]")
	}
	if c.limited() {
		bound := mermaidNumber(values, c.Limit, factor, fine)
		colours, names = append(colours, limitHue), append(names, "grey: "+c.limitName()+" "+Number(c.Limit, c.Unit))
		lines = append(lines, "line ["+bound+", "+bound+"]")
	}
	slices.Reverse(lines) // what is judged lies on top
	slices.Reverse(colours)
	var b strings.Builder
	fmt.Fprintf(&b, `%%%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "%s"}}}}%%%%`+"\nxychart-beta\n", strings.Join(colours, ", "))
	if name := mermaidText(c.Title, 60); name != "" {
		fmt.Fprintf(&b, "    title \"%s\"\n", name)
	}
	step, unit := c.mermaidStep(points, span)
	from, _ := c.sight()
	fmt.Fprintf(&b, "    x-axis \"%s since %s UTC\" 0 --> %s\n", unit, moment(from).Format("15:04"), strconv.FormatFloat(step*float64(points-1), 'f', -1, 64))
	if title != "" {
		title = `"` + title + `" `
	}
	fmt.Fprintf(&b, "    y-axis %s%s --> %s\n", title, short(values.lo*factor, fine), short(values.hi*factor, fine))
	for _, line := range lines {
		b.WriteString("    " + line + "\n")
	}
	return b.String(), strings.Join(names, " · ")
}

// mermaidValues is by what values are multiplied so that they can be written without an exponent, which
// Mermaid does not read, and what then stands beside their axis.
func (c Chart) mermaidValues(s scale) (factor float64, title string) {
	unit := mermaidText(c.Unit, 12)
	if s.log {
		return 1, strings.TrimSpace("powers of ten " + unit)
	}
	if largest := max(math.Abs(s.lo), math.Abs(s.hi)); largest >= 1e7 || largest < 0.1 {
		tens := math.Floor(math.Log10(largest))
		return 1 / math.Pow(10, tens), strings.TrimSpace(fmt.Sprintf("× 1e%d %s", int(tens), unit))
	}
	return 1, unit
}

// mermaidNumber is where a value lies on the axis, in the axis' own numbers.
func mermaidNumber(s scale, v, factor float64, fine int) string {
	if at := s.level(v); at == 0 || at == 1 || s.log {
		v = s.lo + at*(s.hi-s.lo)
	}
	return short(v*factor, fine)
}

// short writes a number without an exponent, with at most so many decimals.
func short(v float64, decimals int) string {
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	if text == "-0" {
		return "0"
	}
	return text
}

// evenly are a series' values evenly apart, at most mermaidPoints, and how many of X one of them stands for,
// doubled. Of each stretch the lowest and the highest are kept, in their order, so that no extreme is lost. Gaps are
// bridged; a series without any value is none.
func (c Chart) evenly(s Series) (values []float64, halves int) {
	n := len(c.X)
	if s.known(n) == 0 {
		return nil, 0
	}
	if n <= mermaidPoints {
		for i := range n {
			values = append(values, s.at(i))
		}
		return bridged(values), 2
	}
	each := (2*n + mermaidPoints - 1) / mermaidPoints
	for from := 0; from < n; from += each {
		lowest, highest, _ := extremes(s.at, from, min(from+each, n))
		if lowest < 0 {
			values = append(values, math.NaN(), math.NaN())
			continue
		}
		values = append(values, s.at(min(lowest, highest)), s.at(max(lowest, highest)))
	}
	return bridged(values), each
}

// bridged has straight lines where values are missing, and at the ends the nearest value.
func bridged(values []float64) []float64 {
	last := -1
	for i, v := range values {
		if math.IsNaN(v) {
			continue
		}
		for k := last + 1; k < i; k++ {
			values[k] = v
			if last >= 0 {
				share := float64(k-last) / float64(i-last)
				if values[k] = values[last]*(1-share) + v*share; math.IsNaN(values[k]) {
					values[k] = v
				}
			}
		}
		last = i
	}
	for k := last + 1; last >= 0 && k < len(values); k++ {
		values[k] = values[last]
	}
	return values
}

// mermaidStep is how far points are apart, and in which unit. Mermaid adds the steps up, and a sum that is
// not exact loses the last point; so a step is a whole number of 1024ths, which adds up exactly.
func (c Chart) mermaidStep(points, halves int) (step float64, unit string) {
	from, to := c.sight()
	apart := (to - from) / float64(len(c.X)-1) * float64(halves) / 2
	size := 1.0
	unit = "seconds"
	for _, u := range []struct {
		unit string
		size float64
	}{{"minutes", 60}, {"hours", 3600}, {"days", 86400}} {
		if apart*float64(points) >= 3*u.size {
			unit, size = u.unit, u.size
		}
	}
	const parts = 1024
	return max(1, math.Round(apart/size*parts)) / parts, unit
}

// mermaidText leaves of a text what can mean nothing to Mermaid, between quotation marks.
func mermaidText(s string, most int) string {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || strings.ContainsRune(" -./(),:%+=×", r) {
			return r
		}
		return ' '
	}, legible(s))
	for strings.Contains(letters, "%%") {
		letters = strings.ReplaceAll(letters, "%%", "%")
	}
	return clip(strings.Join(strings.Fields(letters), " "), most)
}
