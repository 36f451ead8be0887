package ticket

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// ErrNoMark says that a text is no ticket of ours, though it may have fields all the same.
var ErrNoMark = errors.New("it has no mark of a change ticket")

// markLimit is the most bytes of the line with the mark.
const markLimit = 2000

// Parse reads a ticket back, as people may have edited it. The mark counts on the first line alone, so
// that no text further down can be taken for it. Without a mark, or with one that cannot be read, the
// fields are read all the same.
func Parse(body string) (Fields, Marker, error) {
	lines := strings.Split(strings.ReplaceAll(strings.TrimLeft(body, "\ufeff\r\n "), "\r\n", "\n"), "\n")
	marker, err := parseMarker(lines[0])
	ours := !errors.Is(err, ErrNoMark)
	if ours {
		lines = lines[1:]
	}
	r := reader{lines: lines, ours: ours, filled: map[Field][]string{}, written: map[Field][]string{}}
	for r.at < len(r.lines) {
		r.step()
	}
	f := Fields{Above: strings.TrimSpace(strings.Join(r.above, "\n")), Filled: map[Field]string{}, Written: map[Field]string{}}
	for _, p := range form {
		if s := strings.TrimSpace(strings.Join(r.filled[p.field], "\n")); s != "" {
			f.Filled[p.field] = s
		}
		if s := strings.TrimSpace(strings.Join(r.written[p.field], "\n")); s != "" {
			f.Written[p.field] = s
		}
	}
	return f, marker, err
}

func parseMarker(line string) (Marker, error) {
	text, ok := strings.CutPrefix(strings.TrimSpace(line), markOpen)
	if !ok {
		return Marker{}, ErrNoMark
	}
	text, ok = strings.CutSuffix(text, markClose)
	var m Marker
	switch {
	case !ok || len(text) > markLimit:
		return Marker{}, errors.New("the mark on its first line was changed")
	case json.Unmarshal([]byte(text), &m) != nil:
		return Marker{}, errors.New("the mark on its first line was changed")
	case !m.State.Valid():
		return Marker{}, fmt.Errorf("the mark on its first line names no state of a ticket: %.40q", m.State)
	}
	return m, nil
}

// reader goes through a ticket line by line.
type reader struct {
	lines   []string
	at      int
	ours    bool // the ticket has our mark, and so our headings
	fence   Fence
	field   Field // that the line stands in; "" above the first
	inside  bool  // between the marks of what was filled in
	above   []string
	filled  map[Field][]string
	written map[Field][]string
}

func (r *reader) step() {
	line := r.lines[r.at]
	r.at++
	if field, ok := r.heading(line); ok && (!r.fence.Open() || r.isForm()) {
		r.field, r.inside, r.fence = field, false, Fence{}
		return
	}
	mark := strings.TrimSpace(line)
	switch {
	case r.field == "":
		r.fence.Next(line)
		if mark != intro {
			r.above = append(r.above, line)
		}
	case !r.fence.Open() && mark == filledFrom:
		r.inside = true
	case !r.fence.Open() && mark == filledTo:
		r.inside = false
	case r.inside:
		r.fence.Next(line)
		r.filled[r.field] = append(r.filled[r.field], line)
	default:
		r.fence.Next(line)
		if !strings.HasPrefix(mark, asked) || !strings.HasSuffix(mark, "_") {
			r.written[r.field] = append(r.written[r.field], line)
		}
	}
}

// heading is the field that a line begins. Forms of issues have their headings a level deeper.
func (r *reader) heading(line string) (Field, bool) {
	text, ok := strings.CutPrefix(line, "## ")
	if !ok && !r.ours {
		text, ok = strings.CutPrefix(line, "### ")
	}
	if !ok {
		return "", false
	}
	p, ok := partOf(strings.TrimSpace(text))
	return p.field, ok
}

// isForm tells that the mark of what is filled in follows a heading, as we write it: then it is one even
// where a person forgot to end a block of code before it.
func (r *reader) isForm() bool {
	for _, line := range r.lines[r.at:] {
		if line = strings.TrimSpace(line); line != "" {
			return line == filledFrom
		}
	}
	return false
}
