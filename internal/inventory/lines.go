package inventory

import (
	"bufio"
	"bytes"
	"iter"
)

// lineLimit is what a line must be shorter than, in bytes, where a parser reads by lines: some end at
// a longer one as if the file ended there.
const lineLimit = bufio.MaxScanTokenSize

// tooLong is the number of the first line past the limit; 0 where there is none.
func tooLong(text []byte) int {
	for number, line := range lines(text) {
		if len(line) >= lineLimit-1 { // a return may follow
			return number
		}
	}
	return 0
}

// lines goes through the lines of a text, numbered from 1, without their ends.
func lines(text []byte) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for number := 1; len(text) > 0; number++ {
			line, rest, _ := bytes.Cut(text, newline)
			text = rest
			if !yield(number, string(bytes.TrimSuffix(line, []byte{'\r'}))) {
				return
			}
		}
	}
}
