package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// measured is what one test costs and which mutants it reaches.
type measured struct {
	name    string
	cost    time.Duration // of processor
	reaches map[int]bool
}

// measure runs each test alone, without a mutant, and notes what it reaches. They come back cheapest first.
func (b bench) measure() ([]measured, error) {
	names, err := b.list()
	if err != nil {
		return nil, err
	}
	var all []measured
	for _, name := range names {
		trace := filepath.Join(b.scratch, "trace")
		r, err := b.run([]string{name}, 0, 0, trace)
		if err != nil {
			return nil, err
		}
		if !r.passed {
			return nil, fmt.Errorf("%s fails before anything is changed:\n%s", name, r.output)
		}
		reached, err := readTrace(trace)
		if err != nil {
			return nil, err
		}
		all = append(all, measured{name, r.cpu, reached})
	}
	slices.SortStableFunc(all, func(a, b measured) int { return cmp.Compare(a.cost, b.cost) })
	return all, nil
}

// readTrace reads and removes a file of reached mutants. There is none where nothing was reached.
func readTrace(name string) (map[int]bool, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer f.Close()
	reached := map[int]bool{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		id, err := strconv.Atoi(lines.Text())
		if err != nil {
			return nil, fmt.Errorf("read which mutants were reached: %w", err)
		}
		reached[id] = true
	}
	return reached, errors.Join(lines.Err(), os.Remove(name))
}

// batch is a number of tests that run in one process.
type batch struct {
	tests []string
	cost  time.Duration
}

// firstBatch is what the tests of the first process may cost together; each next one may cost twice as much.
const firstBatch = 200 * time.Millisecond

// batches are the tests that reach a mutant, cheap ones first: most mutants are killed by one of them, and
// starting a process for each would cost more than the tests.
func batches(tests []measured, id int) []batch {
	var all []batch
	room := firstBatch
	for _, t := range tests {
		if !t.reaches[id] {
			continue
		}
		if n := len(all); n == 0 || all[n-1].cost+t.cost > room {
			if n > 0 {
				room *= 2
			}
			all = append(all, batch{})
		}
		last := &all[len(all)-1]
		last.tests, last.cost = append(last.tests, t.name), last.cost+t.cost
	}
	return all
}
