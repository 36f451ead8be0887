package gitrepo

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slipway-actions/slipway/internal/commit"
)

// records are the texts of a git log, each of which ends in NUL. A history has a hundred thousand
// commits, so what is the same in many is held once, and what is not takes one allocation a commit.
type records struct {
	in      *bufio.Reader
	long    []byte            // the last text, where it did not fit into the reader's memory
	own     []byte            // texts of the commit that is read: id, parents, message
	names   map[string]string // of authors, and their addresses, by their bytes
	parents []string          // room for those to come
}

func newRecords(out io.Reader) *records {
	return &records{in: bufio.NewReaderSize(out, 64<<10), names: map[string]string{}}
}

// next is the next text, which holds until the one after it is asked for.
func (r *records) next() ([]byte, error) {
	text, err := r.in.ReadSlice(0)
	if errors.Is(err, bufio.ErrBufferFull) {
		r.long = append(r.long[:0], text...)
		for errors.Is(err, bufio.ErrBufferFull) {
			text, err = r.in.ReadSlice(0)
			r.long = append(r.long, text...)
		}
		text = r.long
	}
	if err == io.EOF && len(text) > 0 {
		return text, nil
	}
	return bytes.TrimSuffix(text, []byte{0}), err
}

// commit reads the fields of one.
func (r *records) commit() (c commit.Commit, err error) {
	var ends [2]int
	r.own = r.own[:0]
	for field := range 6 {
		text, err := r.next()
		if err != nil {
			return c, fmt.Errorf("git log ended within a commit: %w", err)
		}
		switch field {
		case 0, 1:
			r.own = append(r.own, text...)
			ends[field] = len(r.own)
		case 2:
			c.Author = r.name(text)
		case 3:
			c.Email = r.name(text)
		case 4:
			seconds, err := strconv.ParseInt(string(text), 10, 64)
			if err != nil {
				return c, fmt.Errorf("time of commit %s: %w", r.own[:ends[0]], err)
			}
			c.Time = time.Unix(seconds, 0).UTC()
		case 5:
			r.own = append(r.own, bytes.TrimSuffix(text, []byte{'\n'})...)
		}
	}
	own := string(r.own)
	c.SHA, c.Parents, c.Message = own[:ends[0]], r.ids(own[ends[0]:ends[1]]), valid(own[ends[1]:])
	return c, nil
}

// name is a text that many commits share.
func (r *records) name(text []byte) string {
	name, known := r.names[string(text)]
	if !known {
		name = valid(string(text))
		r.names[string(text)] = name
	}
	return name
}

// ids parts a list of ids.
func (r *records) ids(list string) []string {
	const room = 1024
	start := len(r.parents)
	for id := range strings.FieldsSeq(list) {
		if len(r.parents) == cap(r.parents) {
			r.parents = append(make([]string, 0, max(room, 2*(len(r.parents)-start))), r.parents[start:]...)
			start = 0
		}
		r.parents = append(r.parents, id)
	}
	return r.parents[start:len(r.parents):len(r.parents)]
}

// valid is a text in valid UTF-8.
func valid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

// listing is a list of commits that grows without moving what it has: a slice would be copied time
// and again, and leave behind several times its own size.
type listing [][]commit.Commit

func (l *listing) add(c commit.Commit) {
	if n := len(*l); n == 0 || len((*l)[n-1]) == cap((*l)[n-1]) {
		*l = append(*l, make([]commit.Commit, 0, 64<<min(n, 5)))
	}
	last := &(*l)[len(*l)-1]
	*last = append(*last, c)
}

// last is the last one, nil where there is none.
func (l listing) last() *commit.Commit {
	if len(l) == 0 {
		return nil
	}
	chunk := l[len(l)-1]
	return &chunk[len(chunk)-1]
}

func (l listing) commits() []commit.Commit {
	return slices.Concat(l...)
}
