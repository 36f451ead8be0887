package chart

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Sentence says what a picture shows to who does not see it: of each line the least, the most and the last.
func (c Chart) Sentence() string {
	var parts []string
	for _, s := range c.drawn() {
		parts = append(parts, clip(legible(s.Name), 60)+": "+c.course(s))
	}
	if c.limited() {
		parts = append(parts, c.limitName()+": "+Number(c.Limit, c.Unit))
	}
	for _, m := range c.inSight() {
		parts = append(parts, m.At.UTC().Format(time.TimeOnly)+" "+clip(legible(m.Text), 60))
	}
	if left := len(c.Series) - len(c.drawn()); left > 0 {
		parts = append(parts, fmt.Sprintf("%d more are not drawn", left))
	}
	if len(c.X) > 0 {
		from, to := c.sight()
		const form = "2006-01-02 15:04"
		parts = append(parts, fmt.Sprintf("%s to %s UTC", moment(from).Format(form), moment(to).Format(form)))
	}
	return strings.Join(parts, "; ") + "."
}

// course is what became of a series.
func (c Chart) course(s Series) string {
	least, most, last := math.NaN(), math.NaN(), math.NaN()
	for i := range c.X {
		v := s.at(i)
		if math.IsNaN(v) {
			continue
		}
		if !(least <= v) {
			least = v
		}
		if !(most >= v) {
			most = v
		}
		last = v
	}
	known := s.known(len(c.X))
	if known == 0 {
		return "no numbers"
	}
	text := fmt.Sprintf("least %s, most %s, last %s", Number(least, c.Unit), Number(most, c.Unit), Number(last, c.Unit))
	if known == 1 {
		text = Number(last, c.Unit) + ", once"
	}
	if gaps := len(c.X) - known; gaps > 0 {
		text += fmt.Sprintf(" (%d of %d have no number)", gaps, len(c.X))
	}
	return text
}

// sparkName is how many columns a name takes before its line.
const sparkName = 15

// Sparks are the lines in letters, for a terminal: each series' name and its course in at most so many
// columns, all on the same scale. A gap is a dot.
func (c Chart) Sparks(columns int) []string {
	const letters = "▁▂▃▄▅▆▇█"
	steps := []rune(letters)
	values, names := c.valueScale(4), 0
	for _, s := range c.drawn() {
		names = max(names, wide(clip(legible(s.Name), sparkName)))
	}
	cells := min(max(columns-names-2, 1), len(c.X))
	var lines []string
	for _, s := range c.drawn() {
		name := clip(legible(s.Name), sparkName)
		var b strings.Builder
		b.WriteString(name + strings.Repeat(" ", names-wide(name)+2))
		for k := range cells {
			_, highest, _ := extremes(s.at, k*len(c.X)/cells, (k+1)*len(c.X)/cells)
			if highest < 0 {
				b.WriteRune('·')
				continue
			}
			b.WriteRune(steps[int(math.Round(values.level(s.at(highest))*float64(len(steps)-1)))])
		}
		lines = append(lines, b.String())
	}
	return lines
}
