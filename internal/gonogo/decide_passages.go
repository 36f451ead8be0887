package gonogo

import (
	"strings"

	"github.com/slipway-actions/slipway/internal/ticket"
)

// passage follows the lines of a comment, and tells how the last one stands in it.
type passage struct {
	fence  ticket.Fence
	edge   bool   // the line itself begins or ends such a block
	hidden string // what ends the HTML that is open and whose lines say nothing; "" where none is
	beside bool   // the line goes on with a quotation, or with HTML in the midst of a text
}

// unread begins blocks of HTML that readers do not see, or see as code, and ends them.
var unread = []struct{ from, to string }{{"<!--", "-->"}, {"<pre", "</pre>"}, {"<script", "</script>"}, {"<style", "</style>"}, {"<textarea", "</textarea>"}}

func (p *passage) next(line string) {
	text := strings.TrimLeft(line, " ")
	indent := len(line) - len(text)
	text = strings.ToLower(text)
	p.edge = false
	if p.hidden != "" {
		p.edge = true
		if strings.Contains(text, p.hidden) {
			p.hidden = ""
		}
		return
	}
	if p.edge = p.fence.Next(line); p.edge || p.fence.Open() {
		return
	}
	for _, block := range unread {
		if rest, ok := strings.CutPrefix(text, block.from); ok && indent <= 3 {
			p.edge, p.beside = true, false
			if !strings.Contains(rest, block.to) {
				p.hidden = block.to
			}
			return
		}
	}
	_, comment, opens := strings.Cut(text, "<!--")
	switch {
	case strings.TrimSpace(text) == "":
		p.beside = false
	case indent <= 3 && (text[0] == '>' || text[0] == '<'), opens && !strings.Contains(comment, "-->"):
		p.beside = true // to the next empty line
	}
}

// unsaid tells that nobody says the line.
func (p *passage) unsaid() bool { return p.edge || p.fence.Open() || p.hidden != "" }

// aside tells that it is not plain whether its author says the line.
func (p *passage) aside() bool { return p.beside }
