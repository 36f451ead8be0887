package ticket

import "strings"

// Fence follows the lines of a text through its blocks of code, as CommonMark has them.
type Fence struct {
	letter byte // of the fence that is open, ` or ~; 0 where none is
	length int
}

// Open tells whether a block is open.
func (f *Fence) Open() bool { return f.letter != 0 }

// Next takes the next line; edge tells that the line itself opens or closes a block.
func (f *Fence) Next(line string) (edge bool) {
	text := strings.TrimLeft(line, " ")
	indent := len(line) - len(text)
	if text == "" || indent > 3 && !f.Open() {
		return false
	}
	letter := text[0]
	length := len(text) - len(strings.TrimLeft(text, string(letter)))
	rest := strings.TrimSpace(text[length:])
	switch {
	case letter != '`' && letter != '~' || length < 3:
		return false
	case !f.Open():
		if letter == '`' && strings.Contains(rest, "`") {
			return false
		}
		f.letter, f.length = letter, length
		return true
	case letter == f.letter && length >= f.length && rest == "" && indent <= 3:
		f.letter, f.length = 0, 0
		return true
	}
	return false
}
