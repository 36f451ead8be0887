package deployverify

import "time"

// requestTimeout is how long one request may take, unless the whole timeout is shorter.
const requestTimeout = 10 * time.Second

// lookTime is how long a look of many requests may go on past the end of its phase.
const lookTime = time.Minute

// plan says how often and how long to look. A run ends within timeout, soak and one look, which is
// one request in the simplest case.
type plan struct {
	consecutive int           // looks in a row that must succeed, from 1
	interval    time.Duration // between the end of a look and the next
	timeout     time.Duration // for the looks before the soak
	soak        time.Duration // how long to go on looking afterwards; 0 is not at all
}

// course is how far a run has come.
type course struct {
	started time.Time
	settled time.Time // when the look began that ended the first phase; zero before
	startup tally
	soak    tally
}

// ending is why no more looks are made; "" while there are more to come.
type ending string

const (
	kept      ending = "kept"      // it succeeded as long as was wanted
	deadline  ending = "deadline"  // the timeout came first
	broke     ending = "broke"     // it failed during the soak
	cancelled ending = "cancelled" // the run was
)

// enough tells whether to stop looking, or else how long to wait for the next look. After the look
// that settles the first phase the caller sets course.settled and asks again.
func (p plan) enough(c course, now time.Time) (ending, time.Duration) {
	if c.settled.IsZero() {
		switch {
		case p.settles(c) && p.soak == 0:
			return kept, 0
		case now.Add(p.interval).After(c.started.Add(p.timeout)):
			// The next look would begin too late. One that is made early would not be apart enough to count.
			return deadline, 0
		}
		return "", p.interval
	}
	left := c.settled.Add(p.soak).Sub(now)
	switch {
	case c.soak.fails >= p.consecutive, left <= 0 && c.soak.fails > 0:
		return broke, 0
	case left <= 0 && c.soak.looks > 0:
		return kept, 0
	}
	return "", min(p.interval, max(left, 0))
}

// settles tells whether enough looks in a row have succeeded.
func (p plan) settles(c course) bool { return c.startup.row >= p.consecutive }

// request is the timeout of one request.
func (p plan) request() time.Duration { return min(requestTimeout, p.timeout) }

// last is when the last request of a look that begins at now may begin. Each has its whole
// timeout, for one that we cut short would speak against the service.
func (p plan) last(c course, now time.Time) time.Time {
	end := c.started.Add(p.timeout)
	if !c.settled.IsZero() {
		end = c.settled.Add(p.soak)
	}
	if own := now.Add(lookTime); own.After(end) {
		return own
	}
	return end
}
