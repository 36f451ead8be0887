package secretscan

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// patchReader reads what git diff-tree prints of commits: for each a line that is its full id, then
// its changes, in which a merge may have several columns before each line. Nothing that a commit
// holds can pass for something else there. Its message is not printed. A name in which a line
// could end is quoted by git. And of a file's text, each line comes behind a sign, in a hunk that says
// before how many lines it has: within it no line is a header, whatever it says. What does not
// keep to this is an error, since what follows would go unseen.
type patchReader struct {
	in   *bufio.Reader
	sink sink

	commit string
	file   string
	inFile bool
	hunk   hunk
	adding bool // the line before was an added one
	lines  int  // begun
}

// sink takes what commits add. A run is of lines that follow each other.
type sink interface {
	file(commit, path string) error
	run(line int) error
	text([]byte) error // of a run, line breaks included
	noBreak()          // the last line of all has none
	runEnd() error
	unseen(reason string) // what the commit adds to the file is not shown
}

// hunk is how many lines of one are still to come.
type hunk struct {
	parents int
	old     []int // by parent
	new     int
	line    int // of the next one of the result
}

func (h hunk) open() bool {
	for _, n := range h.old {
		if n > 0 {
			return true
		}
	}
	return h.new > 0
}

// Bounds of what is read outside of hunks.
const (
	headerLimit  = 64 << 10 // bytes of a line
	parentsLimit = 64
)

func (p *patchReader) read() error {
	for {
		var err error
		if p.hunk.open() {
			err = p.hunkLine()
		} else {
			err = p.header()
		}
		if errors.Is(err, io.EOF) {
			return p.endRun()
		}
		if err != nil {
			return err
		}
	}
}

// header reads a line outside of hunks. io.EOF is the end of all.
func (p *patchReader) header() error {
	p.lines++
	raw, err := p.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) || len(raw) > headerLimit {
		return fmt.Errorf("a line outside of all hunks has more than %d bytes", headerLimit)
	}
	if err == io.EOF && len(raw) > 0 {
		return fmt.Errorf("the output ends within line %d", p.lines)
	}
	if err != nil {
		return err
	}
	line := string(raw[:len(raw)-1])
	if strings.HasPrefix(line, `\`) && p.inFile {
		if p.adding {
			p.sink.noBreak()
		}
		return nil
	}
	if err := p.endRun(); err != nil {
		return err
	}
	switch {
	case isID(line):
		p.commit, p.inFile = line, false
		return nil
	case strings.HasPrefix(line, "diff --") && p.commit != "":
		p.file, err = pathOf(line)
		p.inFile, p.hunk = true, hunk{}
		if err == nil {
			err = p.sink.file(p.commit, p.file)
		}
		return err
	case strings.HasPrefix(line, "@@") && p.inFile:
		p.hunk, err = hunkOf(line)
		return err
	case strings.HasPrefix(line, "Binary files ") && p.inFile:
		p.sink.unseen("git shows it as binary")
		return nil
	case p.inFile && p.hunk.parents == 0 && known(line):
		return nil
	}
	return fmt.Errorf("line %d is nothing that git prints there", p.lines) // and may say anything
}

// known tells whether a line is one of those between the name of a file and its first hunk.
func known(line string) bool {
	for _, begin := range []string{"index ", "mode ", "old mode ", "new mode ", "new file mode ", "deleted file mode ", "--- ", "+++ "} {
		if strings.HasPrefix(line, begin) {
			return true
		}
	}
	return false
}

// isID tells whether a line is the full id of a commit.
func isID(line string) bool {
	return (len(line) == 40 || len(line) == 64) && strings.Trim(line, "0123456789abcdef") == ""
}

// hunkLine reads a line of a hunk, which may be longer than memory.
func (p *patchReader) hunkLine() error {
	h := &p.hunk
	p.lines++
	part, err := p.in.ReadSlice('\n')
	switch {
	case err == io.EOF:
		return errors.New("the output ends within a hunk")
	case err != nil && !errors.Is(err, bufio.ErrBufferFull):
		return err
	}
	if len(part) > 0 && part[0] == '\\' {
		return p.rest(err, nil)
	}
	if len(part) < h.parents {
		return fmt.Errorf("line %d is too short for one of a hunk", p.lines)
	}
	signs, text := part[:h.parents], part[h.parents:]
	lost := bytes.IndexByte(signs, '-') >= 0
	for i, sign := range signs {
		switch {
		case sign == '-', sign == ' ' && !lost:
			h.old[i]--
		case sign != ' ' && (sign != '+' || lost):
			return fmt.Errorf("line %d is none of a hunk", p.lines)
		}
		if h.old[i] < 0 {
			return errors.New("a hunk has more lines than it says")
		}
	}
	if lost {
		return errors.Join(p.endRun(), p.rest(err, nil))
	}
	if h.new--; h.new < 0 {
		return errors.New("a hunk has more lines than it says")
	}
	h.line++
	if bytes.IndexByte(signs, ' ') >= 0 {
		return errors.Join(p.endRun(), p.rest(err, nil))
	}
	if !p.adding {
		p.adding = true
		if err := p.sink.run(h.line - 1); err != nil {
			return err
		}
	}
	if err := p.sink.text(text); err != nil {
		return err
	}
	return p.rest(err, p.sink.text)
}

// rest reads on to the end of a line whose beginning was read with err.
func (p *patchReader) rest(err error, take func([]byte) error) error {
	for errors.Is(err, bufio.ErrBufferFull) {
		var part []byte
		part, err = p.in.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			break
		}
		if take != nil {
			if err := take(part); err != nil {
				return err
			}
		}
	}
	if err == io.EOF {
		return errors.New("the output ends within a line")
	}
	return err
}

func (p *patchReader) endRun() error {
	if !p.adding {
		return nil
	}
	p.adding = false
	return p.sink.runEnd()
}

// pathOf reads the path in the line that begins a file: git names it twice for a commit with one
// parent, the same both times where it looks for no renames, and once for a merge.
func pathOf(line string) (string, error) {
	name, merge := strings.CutPrefix(line, "diff --cc ")
	if !merge {
		name, merge = strings.CutPrefix(line, "diff --combined ")
	}
	if !merge {
		names, ok := strings.CutPrefix(line, "diff --git ")
		half := len(names) / 2
		if !ok || len(names)%2 == 0 || names[half] != ' ' {
			return "", fmt.Errorf("%s names no file", short([]byte(line)))
		}
		var second string
		var err error
		if name, err = unquoted(names[:half]); err == nil {
			second, err = unquoted(names[half+1:])
		}
		old, a := strings.CutPrefix(name, "a/")
		now, b := strings.CutPrefix(second, "b/")
		if err != nil || !a || !b || old != now {
			return "", fmt.Errorf("%s names no file", short([]byte(line)))
		}
		return now, nil
	}
	name, err := unquoted(name)
	if err != nil || name == "" {
		return "", fmt.Errorf("%s names no file", short([]byte(line)))
	}
	return name, nil
}

// unquoted undoes what git does to a name with letters that could be taken for something else: it
// writes it as a text of C, other bytes in three octal digits.
func unquoted(name string) (string, error) {
	if !strings.HasPrefix(name, `"`) {
		return name, nil
	}
	return strconv.Unquote(name)
}

// hunkOf reads the line that begins a hunk: "@@ -1,2 +3,4 @@", with one more "@" and one more "-"
// for each further parent.
func hunkOf(line string) (hunk, error) {
	wrong := fmt.Errorf("%s begins no hunk", short([]byte(line)))
	marks := len(line) - len(strings.TrimLeft(line, "@"))
	h := hunk{parents: marks - 1}
	if h.parents < 1 || h.parents > parentsLimit {
		return hunk{}, wrong
	}
	ranges, _, ok := strings.Cut(line[marks:], " "+line[:marks])
	fields := strings.Fields(ranges)
	if !ok || len(fields) != h.parents+1 {
		return hunk{}, wrong
	}
	for i, field := range fields {
		sign := "-"
		if i == h.parents {
			sign = "+"
		}
		field, ok := strings.CutPrefix(field, sign)
		at, count, counted := strings.Cut(field, ",")
		if !counted {
			count = "1"
		}
		line, err := strconv.ParseUint(at, 10, 31)
		lines, err2 := strconv.ParseUint(count, 10, 31)
		if !ok || err != nil || err2 != nil {
			return hunk{}, wrong
		}
		if i == h.parents {
			h.line, h.new = int(line), int(lines)
		} else {
			h.old = append(h.old, int(lines))
		}
	}
	return h, nil
}

// short quotes the beginning of a header. Lines that may be of a file are never quoted: a secret may
// stand there.
func short(line []byte) string {
	const most = 16
	return strconv.Quote(string(line[:min(len(line), most)]))
}
