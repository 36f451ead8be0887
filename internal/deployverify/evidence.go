package deployverify

import (
	"context"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/probe"
	"github.com/slipway-actions/slipway/internal/source"
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

// evidence is all that is decided from. It is written into the result document, so that the same
// decision can be made again from it, offline.
type evidence struct {
	inputs
	course
	Verified  []verified `json:"verified,omitempty"`  // versions of this service that were verified before, oldest first
	StateFile string     `json:"stateFile"`           // path in the workspace
	Deployed  time.Time  `json:"deployedAt,omitzero"` // when this version was first looked at
	Resumed   int        `json:"resumed,omitempty"`   // how many runs watched before this one
	Watch     watch      `json:"watch,omitzero"`
	Load      *loaded    `json:"load,omitempty"`
	Facts     facts      `json:"facts,omitzero"`
	End       ending     `json:"end"`
	Ended     time.Time  `json:"endedAt"`

	Answered bool            `json:"answered"` // the service, or its machine, said something at least once
	First    []stretch       `json:"first,omitempty"`
	Last     []stretch       `json:"last,omitempty"`
	Latency  latencies       `json:"latency,omitzero"`
	Hints    []string        `json:"hints,omitempty"`
	Finals   []string        `json:"finals,omitempty"` // where redirects led
	Rules    []string        `json:"rules,omitempty"`  // where versions were found
	newest   []time.Duration // latencies of whole answers, the newest ones
}

// latencies are those of the newest whole answers.
type latencies struct {
	P50     time.Duration `json:"p50"`
	Longest time.Duration `json:"longest"`
	Of      int           `json:"of"`
}

// A long soak makes many thousand looks. All are counted; of stretches these many are kept.
const (
	keptFirst     = 20
	keptLast      = 50
	keptLatencies = 1000
	keptTexts     = 5
)

// collector looks at a service, and reads its numbers.
type collector struct {
	prober
	clock
	sources map[string]source.Source
	load    func(ctx context.Context, e *evidence) // makes the traffic that the policy asks for
	keep    func(e *evidence)                      // what would be lost with a run that is killed
	tell    func(ctx context.Context, line string) // whoever follows from outside
}

// collect looks at the service until there is enough to decide from, or ctx ends. e holds what is known
// before: the inputs, and what earlier runs saw.
func (c collector) collect(ctx context.Context, e evidence) evidence {
	e.course = course{Started: c.now(), Startup: newTally(e.checks), Soak: newTally(e.checks)}
	if e.Deployed.IsZero() {
		e.Deployed = e.Started
	}
	if len(e.Stage.Missing) > 0 {
		e.End, e.Ended = unordered, e.Started
		return e
	}
	journal, turns := journal{log: c.log}, newTurns(e.checks)
	var n numbers
	for {
		soaked := e.soaked()
		l := c.look(ctx, e, turns, soaked)
		if ctx.Err() != nil {
			e.End = cancelled
			break
		}
		e.add(l)
		turns.made(e, c.now(), l)
		e.Final = l.whole() && !e.Settled.IsZero() && !c.now().Before(soaked)
		if e.Settled.IsZero() && e.Plan.settles(e.checks, e.Startup) {
			c.settle(ctx, &e, l.at)
		}
		if !e.Settled.IsZero() && c.read(ctx, &e) {
			n = judgeNumbers(e.verify, e.Watch)
			c.keep(&e)
			c.tell(ctx, e.progress(n, c.now()))
		}
		journal.tell(e, l, c.now())
		next := turns.next()
		var wait time.Duration
		if e.End, wait = e.enough(n, next, c.now()); e.End != "" {
			break
		}
		if c.sleep(ctx, wait) != nil || ctx.Err() != nil {
			e.End = cancelled
			break
		}
	}
	e.Ended = c.now()
	e.Latency = latenciesOf(e.newest)
	return e
}

// settle ends the first phase. Where an earlier run watched already, its watching goes on.
func (c collector) settle(ctx context.Context, e *evidence, at time.Time) {
	e.Settled = at
	if c.load != nil && e.Load == nil && e.Stage.Passed.IsZero() {
		c.load(ctx, e)
	}
	if e.Plan.Soak == 0 {
		return
	}
	if e.Watch.Began.IsZero() {
		e.Watch.begin(at, e.inputs)
	}
	c.keep(e)
}

// enough tells whether to stop, or else how long to wait for what is due next.
func (e *evidence) enough(n numbers, next, now time.Time) (ending, time.Duration) {
	if e.Settled.IsZero() {
		return e.Plan.starting(e.checks, e.course, next), max(next.Sub(now), 0)
	}
	if e.Plan.Soak == 0 {
		return kept, 0
	}
	soaked := e.soaked()
	watched := len(e.Watch.Metrics) > 0
	switch {
	case e.Plan.breaks(e.checks, e.Soak):
		return broke, 0
	case watched && n.settled && n.harmful():
		return harmed, 0
	case watched && n.settled && n.undecided():
		return short, 0
	case watched && e.Watch.hopeless(now):
		return unreadable, 0
	case watched && e.Watch.over(now):
		return short, 0
	case !watched && now.After(e.Watch.Began.Add(e.Plan.Max)) && soaked.After(now):
		return short, 0 // it was out of sight for too long
	case e.Final && (!watched || n.settled):
		if e.Soak.Fails > 0 {
			return broke, 0
		}
		return kept, 0
	}
	due := next
	if soaked.After(now) && soaked.Before(due) { // the last look asks all
		due = soaked
	}
	if watched {
		if n.settled && !soaked.After(now) { // all that is missing is the last look
			due = now
		} else if reading := e.Watch.due(); !reading.IsZero() && reading.Before(due) {
			due = reading
		}
	}
	wait := max(due.Sub(now), 0)
	if e.Plan.Slice != endless && now.Add(wait).After(e.Started.Add(e.Plan.Slice)) {
		return sliced, 0
	}
	return "", wait
}

// soaked is when the soak is over, as far as looks go. Time in which nobody looked does not count, unless
// the sources tell what happened in it.
func (e *evidence) soaked() time.Time {
	began := e.Watch.Began
	if began.IsZero() {
		began = e.Settled
	}
	end := began.Add(e.Plan.Soak)
	if len(e.verify.Metrics) == 0 {
		end = end.Add(e.Unwatched)
	}
	return end
}

// add counts a look.
func (e *evidence) add(l look) {
	phase := &e.Startup
	if !e.Settled.IsZero() {
		phase = &e.Soak
	}
	for _, sights := range l.sights {
		for _, s := range sights {
			e.Answered = e.Answered || s.says == good || s.says == bad
			if s.whole {
				e.newest = append(e.newest[max(0, len(e.newest)+1-keptLatencies):], s.latency)
			}
			note(&e.Hints, s.hint)
			note(&e.Finals, s.final)
			note(&e.Rules, s.rule)
		}
	}
	phase.add(l, e.Answered)
	e.stretch(l)
}

// stretch notes a look with those before it that showed the same.
func (e *evidence) stretch(l look) {
	s := stretch{From: l.at, To: l.at, Looks: 1, Says: l.says(), Text: l.text(e.checks)}
	newest := e.First
	if len(e.Last) > 0 {
		newest = e.Last
	}
	if n := len(newest); n > 0 && newest[n-1].Says == s.Says && newest[n-1].Text == s.Text {
		newest[n-1].To, newest[n-1].Looks = l.at, newest[n-1].Looks+1
		return
	}
	if len(e.First) < keptFirst {
		e.First = append(e.First, s)
		return
	}
	e.Last = append(e.Last[max(0, len(e.Last)+1-keptLast):], s)
}

func latenciesOf(all []time.Duration) latencies {
	n := len(all)
	if n == 0 {
		return latencies{}
	}
	sorted := slices.Sorted(slices.Values(all))
	return latencies{P50: sorted[(n-1)/2], Longest: sorted[n-1], Of: n}
}

// note keeps a text once, and few of them.
func note(texts *[]string, s string) {
	if s != "" && !slices.Contains(*texts, s) && len(*texts) < keptTexts {
		*texts = append(*texts, s)
	}
}
