package secretscan

import (
	"bytes"
	"unicode/utf8"
)

// Sizes of pieces, in bytes. What a rule wants to stand near a secret is looked for in the piece, and
// the first piece of a file is cut where the gitleaks command cuts, so that both find the same.
const (
	pieceLeast = 100_000
	pieceMost  = 125_000
	overlap    = 4_096 // that two pieces share where no blank line parts them: a secret may lie across
)

// cutter parts a text into pieces, at blank lines where there are any, and keeps little more than one.
type cutter struct {
	line   int // of the first byte kept, from 1
	column int // characters of that line before it
	buffer []byte
	emit   func(piece) error
}

// begin starts a text at a line.
func (c *cutter) begin(line int) { c.line, c.column, c.buffer = line, 0, c.buffer[:0] }

func (c *cutter) Write(text []byte) (int, error) {
	taken := len(text)
	for len(text) > 0 {
		n := min(len(text), pieceMost-len(c.buffer))
		c.buffer, text = append(c.buffer, text[:n]...), text[n:]
		if len(c.buffer) < pieceMost {
			break
		}
		end := blankLine(c.buffer, pieceLeast)
		next := end
		if end == 0 {
			end, next = len(c.buffer), fresh(c.buffer, len(c.buffer)-overlap)
		}
		if err := c.send(end); err != nil {
			return 0, err
		}
		c.drop(next)
	}
	return taken, nil
}

// end sends what is left.
func (c *cutter) end() error {
	defer c.begin(1)
	if len(c.buffer) == 0 {
		return nil
	}
	return c.send(len(c.buffer))
}

func (c *cutter) send(end int) error {
	return c.emit(piece{text: string(c.buffer[:end]), line: c.line, column: c.column})
}

func (c *cutter) drop(n int) {
	gone := c.buffer[:n]
	c.line += bytes.Count(gone, []byte{'\n'})
	if last := bytes.LastIndexByte(gone, '\n'); last >= 0 {
		c.column, gone = 0, gone[last+1:]
	}
	c.column += utf8.RuneCount(gone)
	c.buffer = append(c.buffer[:0], c.buffer[n:]...)
}

// blankLine is the first place, from one on, that a blank line ends at; 0 where there is none.
func blankLine(text []byte, from int) int {
	breaks := 0
	for i := from - 1; i >= 0 && blank(text[i]); i-- {
		if text[i] == '\n' {
			breaks++
		}
	}
	for i := from; ; i++ {
		switch {
		case breaks >= 2:
			return i
		case i == len(text):
			return 0
		case text[i] == '\n':
			breaks++
		case !blank(text[i]):
			breaks = 0
		}
	}
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// fresh is the first place, from one on, that begins a line, or else a character.
func fresh(text []byte, from int) int {
	if n := bytes.IndexByte(text[from:], '\n'); n >= 0 && from+n+1 < len(text) {
		return from + n + 1
	}
	for i := from; i < min(from+utf8.UTFMax, len(text)); i++ {
		if utf8.RuneStart(text[i]) {
			return i
		}
	}
	return from
}
