package deployverify

import (
	"context"
	"fmt"
	"time"

	"github.com/slipway-actions/slipway/internal/probe"
)

// prober makes requests.
type prober interface {
	Do(ctx context.Context, r probe.Request) probe.Answer
}

// clock is time as the world has it, and somebody to tell what happens meanwhile.
type clock struct {
	now   func() time.Time
	sleep func(ctx context.Context, d time.Duration) error
	log   func(text string)
}

// evidence is all that is decided from.
type evidence struct {
	inputs
	course
	verified []verified // versions of this service that were verified before, oldest first
	end      ending
	ended    time.Time

	answered  bool // the service, or its machine, said something at least once
	first     []stretch
	last      []stretch
	latencies []time.Duration // of whole answers, the newest ones
	hints     []string
	finals    []string // where redirects led
	rules     []string // where versions were found
}

// A long soak makes many thousand looks. All are counted; of stretches these many are kept.
const (
	keptFirst     = 20
	keptLast      = 50
	keptLatencies = 1000
	keptTexts     = 5
)

// collect looks at the service until there is enough to decide from, or ctx ends.
func collect(ctx context.Context, p prober, c clock, i inputs) evidence {
	e := evidence{inputs: i, course: course{started: c.now(), startup: newTally(i.checks), soak: newTally(i.checks)}}
	journal := journal{log: c.log}
	for {
		l := lookOnce(ctx, p, c, i, i.plan.last(e.course, c.now()))
		if ctx.Err() != nil {
			e.end = cancelled
			break
		}
		e.add(l)
		if e.settled.IsZero() && i.plan.settles(e.course) && i.plan.soak > 0 {
			e.settled = l.at
		}
		journal.tell(e, l, c.now())
		var wait time.Duration
		if e.end, wait = i.plan.enough(e.course, c.now()); e.end != "" {
			break
		}
		if c.sleep(ctx, wait) != nil || ctx.Err() != nil {
			e.end = cancelled
			break
		}
	}
	e.ended = c.now()
	return e
}

// lookOnce makes every request of a look that can begin by last. A check that got no answer
// is not asked again in the same look: the next would only wait as long.
func lookOnce(ctx context.Context, p prober, c clock, i inputs, last time.Time) look {
	l := look{at: c.now(), sights: make([][]sight, len(i.checks))}
	for n, check := range i.checks {
		for range check.times {
			if c.now().After(last) {
				l.sights[n] = append(l.sights[n], sight{says: blind, problem: "there was no time left to ask"})
				break
			}
			s := judge(check, p.Do(ctx, probe.Request{URL: check.url, Timeout: i.plan.request()}))
			if ctx.Err() != nil {
				return l
			}
			l.sights[n] = append(l.sights[n], s)
			if s.says == silent || s.says == blind {
				break
			}
		}
	}
	return l
}

// add counts a look.
func (e *evidence) add(l look) {
	phase := &e.startup
	if !e.settled.IsZero() {
		phase = &e.soak
	}
	for _, sights := range l.sights {
		for _, s := range sights {
			e.answered = e.answered || s.says == good || s.says == bad
			if s.whole {
				e.latencies = append(e.latencies[max(0, len(e.latencies)+1-keptLatencies):], s.latency)
			}
			note(&e.hints, s.hint)
			note(&e.finals, s.final)
			note(&e.rules, s.rule)
		}
	}
	phase.add(l, e.answered)
	e.keep(l)
}

// keep notes a look with those before it that showed the same.
func (e *evidence) keep(l look) {
	s := stretch{from: l.at, to: l.at, looks: 1, says: l.says(), text: l.text(e.checks)}
	newest := e.first
	if len(e.last) > 0 {
		newest = e.last
	}
	if n := len(newest); n > 0 && newest[n-1].says == s.says && newest[n-1].text == s.text {
		newest[n-1].to, newest[n-1].looks = l.at, newest[n-1].looks+1
		return
	}
	if len(e.first) < keptFirst {
		e.first = append(e.first, s)
		return
	}
	e.last = append(e.last[max(0, len(e.last)+1-keptLast):], s)
}

// note keeps a text once, and few of them.
func note(texts *[]string, s string) {
	for _, t := range *texts {
		if t == s {
			return
		}
	}
	if s != "" && len(*texts) < keptTexts {
		*texts = append(*texts, s)
	}
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
	j.log(fmt.Sprintf("%s look %d: %s", l.at.Format(time.TimeOnly), e.startup.looks+e.soak.looks, text))
}
