package sarif

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/report"
)

// text finds the words of a message: its own, else those that the rule or the tool keeps under its
// id (specification, 3.11.7).
func (r *reader) text(m message, d *descriptor) string {
	text := m.Text
	if text == "" && m.ID != "" {
		owner := r.shape.Tool.Driver
		if d != nil && d.owner != nil {
			owner = d.owner
		}
		if d != nil && d.Strings[m.ID] != nil {
			text = d.Strings[m.ID].Text
		} else if owner.Strings[m.ID] != nil {
			text = owner.Strings[m.ID].Text
		}
	}
	text = cut(text, textLimit)
	if len(m.Arguments) > 0 || m.ID != "" {
		text = cut(fill(text, m.Arguments), textLimit)
	}
	text = embedded.ReplaceAllString(text, "$1")
	return strings.TrimSpace(report.Printable(text))
}

// embedded is a link to one of the result's other locations, as in "a [user-provided value](1)".
var embedded = regexp.MustCompile(`\[((?:[^\[\]\\]|\\.)*)\]\(\d+\)`)

// fill puts arguments where {0}, {1} … stand; {{ and }} are braces (specification, 3.11.5).
func fill(text string, arguments []string) string {
	var b strings.Builder
	for i := 0; i < len(text) && b.Len() < 4*textLimit; i++ {
		rest := text[i:]
		if strings.HasPrefix(rest, "{{") || strings.HasPrefix(rest, "}}") {
			b.WriteByte(text[i])
			i++
			continue
		}
		if end := strings.IndexByte(rest[:min(len(rest), 6)], '}'); text[i] == '{' && end > 0 {
			if n, err := strconv.Atoi(rest[1:end]); err == nil && n >= 0 && n < len(arguments) {
				b.WriteString(cut(arguments[n], textLimit))
				i += end
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}
