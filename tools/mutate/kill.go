package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// fate is what became of a mutant.
type fate int

const (
	survived  fate = iota // all tests that reach it pass
	unreached             // no test comes to it
	killed                // a test fails
	cut                   // a test does not end
)

// judge tries one mutant with the tests that reach it.
func (b bench) judge(tests []measured, m *mutant) (fate, error) {
	groups := batches(tests, m.id)
	if len(groups) == 0 {
		return unreached, nil
	}
	for _, g := range groups {
		r, err := b.run(g.tests, m.id, b.least+10*g.cost, "")
		switch {
		case err != nil:
			return 0, err
		case r.cut:
			return cut, nil
		case !r.passed:
			return killed, nil
		}
	}
	return survived, nil
}

// judgeAll tries mutants, several at a time. Fates stand in their order.
func (b bench) judgeAll(tests []measured, mutants []*mutant, workers int) ([]fate, error) {
	fates, errs := make([]fate, len(mutants)), make([]error, len(mutants))
	work := make(chan int)
	var done atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range work {
				fates[i], errs[i] = b.judge(tests, mutants[i])
				if n := done.Add(1); n%100 == 0 {
					fmt.Fprintf(b.progress, "%d of %d mutants of %s\n", n, len(mutants), mutants[0].file)
				}
			}
		})
	}
	for i := range mutants {
		work <- i
	}
	close(work)
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return fates, nil
}
