package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// change names a mutant by what a person sees of it. A line's number would be another one tomorrow.
type change struct{ file, function, before, after string }

func (m *mutant) change() change { return change{m.file, m.function, m.before, m.after} }

// equivalent is a change that no test can notice, and why.
type equivalent struct {
	change
	reason string
	line   int  // of the list
	used   bool // some mutant is this one
}

// readEquivalents reads the list: for each a line with file and function, one with the code before, one
// with the code after, as the survivors are printed, and the reason on lines of their own. An empty line
// ends it.
func readEquivalents(name string) ([]*equivalent, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read the list of equivalents: %w", err)
	}
	defer f.Close()
	var all []*equivalent
	var e *equivalent
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		switch {
		case line == "":
			e = nil
		case e == nil && strings.HasPrefix(line, "#"):
		case e == nil:
			file, function, _ := strings.Cut(line, " ")
			e = &equivalent{change: change{file: file, function: function}, line: n}
			all = append(all, e)
		case e.before == "" && strings.HasPrefix(line, "- "):
			e.before = line[2:]
		case e.after == "" && strings.HasPrefix(line, "+ "):
			e.after = line[2:]
		default:
			e.reason = strings.TrimSpace(e.reason + " " + line)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the list of equivalents: %w", err)
	}
	for _, e := range all {
		if e.before == "" || e.after == "" || e.reason == "" {
			return nil, fmt.Errorf("%s:%d: want the code before (-), the code after (+) and a reason", filepath.Base(name), e.line)
		}
	}
	return all, nil
}

// match finds the entry of a mutant, or nil.
func match(all []*equivalent, m *mutant) *equivalent {
	for _, e := range all {
		if e.change == m.change() {
			e.used = true
			return e
		}
	}
	return nil
}

// stale are the entries of a package's files that are no mutant any more: the code has changed, and the reason
// may not hold any longer.
func stale(all []*equivalent, s subject) []*equivalent {
	var out []*equivalent
	for _, e := range all {
		if !e.used && strings.HasPrefix(e.file, s.dir+"/") {
			out = append(out, e)
		}
	}
	return out
}
