// Package simulation lets many releases happen, healthy and harmful ones, and counts which tests call them
// harmful and when: those of internal/sequential, and beside them what others do. Every run has its own
// seed, so that the same figures come out on any machine. It writes nothing.
package simulation

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/slipway-actions/slipway/internal/sequential"
)

// alpha is how often a false alarm may come.
const alpha = 0.01

// minute is what was recorded in one.
type minute struct {
	canary, baseline sequential.Counts // errors
	slowC, slowB     []float64         // latencies by bucket, cumulative
	valueC, valueB   float64           // what others look at: the rate of errors, or p95
}

// world brings one minute after the other.
type world interface{ next() minute }

// judge looks at each minute. Its word is final: true is harm.
type judge interface{ harmful(minute) bool }

// Case is something that happens to many releases.
type Case struct {
	Name    string
	Harmful bool // it should be found
	Minutes int  // for how long it is looked at
	Since   int  // the minute from which on it is harmful
	// What Slipway is held to without further settings; 0 is to nothing.
	Most   float64 // false alarms
	Least  float64 // found within the time
	Median int     // minutes until half of them are found
	costs  int     // how many others take as long: it is run the more rarely
	begin  func(r *rand.Rand) world
	judges []func() judge // in the order of Columns
}

// Outcome is how often and how fast a judge called it harmful.
type Outcome struct {
	Runs   int
	Alarms []int // minutes until then, from Since on, ascending
	Early  int   // alarms before it was harmful
}

// Rate is the share of runs in which it was called harmful.
func (o Outcome) Rate() float64 { return float64(len(o.Alarms)) / float64(o.Runs) }

// After is when that share of the alarms had come, in minutes; 0 where there is none.
func (o Outcome) After(share float64) int {
	if len(o.Alarms) == 0 {
		return 0
	}
	return o.Alarms[min(len(o.Alarms)-1, int(share*float64(len(o.Alarms))))]
}

// All lets every case happen so often, and tells what misses what it is held to.
func All(runs int, seed uint64, progress func(done string)) ([]Row, error) {
	var rows []Row
	var missed []error
	for _, c := range Cases() {
		row := Row{c, c.Simulate(max(1, runs/c.costs), seed)}
		rows, missed = append(rows, row), append(missed, row.Missed())
		progress(row.line())
	}
	return rows, errors.Join(missed...)
}

// Simulate lets a case happen so often, from a seed.
func (c Case) Simulate(runs int, seed uint64) []Outcome {
	found := make([][]int, runs) // by run and judge: the minute of the alarm, from 1; 0 is none
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for run := int(next.Add(1)) - 1; run < runs; run = int(next.Add(1)) - 1 {
				found[run] = c.run(rand.New(rand.NewPCG(seed, uint64(run))))
			}
		})
	}
	workers.Wait()
	outcomes := make([]Outcome, len(c.judges))
	for j := range outcomes {
		o := &outcomes[j]
		o.Runs = runs
		for _, alarms := range found {
			switch at := alarms[j]; {
			case at > c.Since:
				o.Alarms = append(o.Alarms, at-c.Since)
			case at > 0:
				o.Early++
			}
		}
		slices.Sort(o.Alarms)
	}
	return outcomes
}

// run is one release; all judges see the same.
func (c Case) run(r *rand.Rand) []int {
	world, alarms := c.begin(r), make([]int, len(c.judges))
	judges := make([]judge, len(c.judges))
	for j, begin := range c.judges {
		judges[j] = begin()
	}
	silent := len(judges)
	for m := 0; m < c.Minutes && silent > 0; m++ {
		now := world.next()
		for j, judge := range judges {
			if judge != nil && judge.harmful(now) {
				alarms[j], judges[j] = m+1, nil
				silent--
			}
		}
	}
	return alarms
}
