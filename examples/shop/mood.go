package main

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// mood is how badly this instance serves its customers, so that a version can be tried that builds, says
// who it is, calls itself healthy, and is no good: only its numbers show it.
type mood struct {
	Errors float64        // the share of requests that fail, from 0 to 1
	Slow   time.Duration  // how much longer each takes
	Draw   func() float64 // from 0 to below 1
}

// content is the mood of a version that is well.
var content = mood{Draw: rand.Float64}

func (m mood) check() error {
	if !(m.Errors >= 0 && m.Errors <= 1) {
		return fmt.Errorf("-errors %v is no share from 0 to 1", m.Errors)
	}
	if m.Slow < 0 || m.Slow > time.Minute {
		return fmt.Errorf("-slow %s is not from 0s to 1m", m.Slow)
	}
	return nil
}

// fault is what is wrong with the next answer, "" where nothing is.
func (m mood) fault(always string) string {
	if always == "" && m.Draw() < m.Errors {
		return "out of stock, out of luck"
	}
	return always
}
