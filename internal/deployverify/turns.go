package deployverify

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// turns are when each check is due again.
type turns struct {
	checks []check
	due    []time.Time
}

func newTurns(checks []check) *turns { return &turns{checks, make([]time.Time, len(checks))} }

// next is when the first of them is due.
func (t *turns) next() time.Time { return slices.MinFunc(t.due, time.Time.Compare) }

// made notes a look that ended now. A check that was due and yet not asked waits for its turn like the others.
func (t *turns) made(e evidence, now time.Time, l look) {
	phase := e.phase()
	for i, c := range t.checks {
		if len(l.sights[i]) > 0 || !t.due[i].After(l.at) {
			t.due[i] = now.Add(e.Plan.pause(c, phase.Checks[i].Fails))
		}
	}
}

// look makes every request that is due, or all of them once the soak is over. Checks that tell the version
// come first: while another one answers, nothing else it says counts. A check that got no answer is not
// asked again in the same look: the next would only wait as long.
func (c collector) look(ctx context.Context, e evidence, t *turns, soaked time.Time) look {
	l := look{at: c.now(), sights: make([][]sight, len(e.checks))}
	all := !e.Settled.IsZero() && !l.at.Before(soaked)
	last := e.Plan.last(e.course, soaked, l.at)
	for _, first := range []bool{true, false} {
		for n, check := range e.checks {
			if check.tellsVersion() != first || !all && t.due[n].After(l.at) {
				continue
			}
			for range check.times {
				if c.now().After(last) {
					l.sights[n] = append(l.sights[n], sight{says: blind, problem: "there was no time left to ask"})
					break
				}
				s := check.ask(ctx, c.prober, e.Plan)
				if ctx.Err() != nil {
					return l
				}
				l.sights[n] = append(l.sights[n], s)
				l.halted = l.halted || first && s.wrong
				if s.says == silent || s.says == blind {
					break
				}
			}
		}
		if l.halted {
			break
		}
	}
	return l
}

// journal tells people who watch what happens: what is new at once, what stays the same now and then.
type journal struct {
	log  func(string)
	text string
	at   time.Time
}

const journalEvery = 30 * time.Second

func (j *journal) tell(e evidence, l look, now time.Time) {
	text := l.text(e.checks)
	if text == j.text && now.Sub(j.at) < journalEvery {
		return
	}
	j.text, j.at = text, now
	j.log(fmt.Sprintf("%s look %d: %s", l.at.Format(time.TimeOnly), e.Startup.Looks+e.Soak.Looks, text))
}
