package deployverify

import "time"

// requestTimeout is how long one request may take, unless the whole timeout is shorter.
const requestTimeout = 10 * time.Second

// lookTime is how long a look of many requests may go on past the end of its phase.
const lookTime = time.Minute

// longestPause bounds what failures make of the time between two looks.
const longestPause = 10 * time.Minute

// endless is a slice without a bound.
const endless time.Duration = -1

// plan says how often and how long to look. Without metrics a run ends within timeout, soak and one look,
// which is one request in the simplest case.
type plan struct {
	Consecutive int           `json:"consecutive"` // looks in a row that must succeed, from 1
	Interval    time.Duration `json:"interval"`    // between the end of a look and the next
	Timeout     time.Duration `json:"timeout"`     // for the looks before the soak
	Soak        time.Duration `json:"soak"`        // how long to go on looking afterwards; 0 is not at all
	Max         time.Duration `json:"max"`         // how long at most, where the numbers do not suffice; at least Soak
	Every       time.Duration `json:"every"`       // between two readings of the metrics
	Slice       time.Duration `json:"slice"`       // how long this run may watch before it hands on; endless is as long as it takes
}

// course is how far a run has come.
type course struct {
	Started time.Time `json:"startedAt"`
	Settled time.Time `json:"settledAt,omitzero"` // when the look began that ended the first phase; zero before
	Startup tally     `json:"startup"`
	Soak    tally     `json:"soak"`
	Final   bool      `json:"final,omitempty"` // the newest look asked all, and ended after the soak did
}

// ending is why no more looks are made; "" while there are more to come.
type ending string

const (
	kept       ending = "kept"       // it succeeded as long as was wanted
	deadline   ending = "deadline"   // the timeout came first
	broke      ending = "broke"      // it failed during the soak
	cancelled  ending = "cancelled"  // the run was
	sliced     ending = "sliced"     // its slice is over, and the next run goes on
	harmed     ending = "harmed"     // the numbers show harm
	short      ending = "short"      // the numbers do not suffice, and there is no more time
	unreadable ending = "unreadable" // the numbers cannot be read, and waiting does not mend it
	unordered  ending = "unordered"  // an earlier step of the plan is missing
)

// consecutive is how many looks in a row a check must succeed in, and how many that fail end the soak.
func (p plan) consecutive(c check) int {
	if c.consecutive > 0 {
		return c.consecutive
	}
	return p.Consecutive
}

// pause is the time until a check is looked at again, after so many failures in a row.
func (p plan) pause(c check, fails int) time.Duration {
	pause := p.Interval
	if c.interval > 0 {
		pause = c.interval
	}
	for range fails {
		if c.backoff <= 1 || pause >= longestPause {
			break
		}
		pause = min(time.Duration(float64(pause)*c.backoff), max(longestPause, pause))
	}
	return pause
}

// deadline is by when a check must have succeeded as often as is wanted.
func (p plan) deadline(c check, started time.Time) time.Time {
	if c.deadline > 0 && c.deadline < p.Timeout {
		return started.Add(c.deadline)
	}
	return started.Add(p.Timeout)
}

// settles tells whether enough looks in a row have succeeded.
func (p plan) settles(checks []check, t tally) bool {
	for i, c := range t.Checks {
		if c.Row < p.consecutive(checks[i]) {
			return false
		}
	}
	return true
}

// breaks tells whether too many looks in a row have failed.
func (p plan) breaks(checks []check, t tally) bool {
	for i, c := range t.Checks {
		if c.Fails >= p.consecutive(checks[i]) {
			return true
		}
	}
	return false
}

// request is the timeout of one request.
func (p plan) request() time.Duration { return min(requestTimeout, p.Timeout) }

// starting tells whether to stop looking before the soak, given when the next look is due.
func (p plan) starting(checks []check, c course, next time.Time) ending {
	for i, t := range c.Startup.Checks {
		// The next look would begin too late. One that is made early would not be apart enough to count.
		if t.Row < p.consecutive(checks[i]) && next.After(p.deadline(checks[i], c.Started)) {
			return deadline
		}
	}
	return ""
}

// last is when the last request of a look that begins at now may begin. Each has its whole
// timeout, for one that we cut short would speak against the service.
func (p plan) last(c course, soaked, now time.Time) time.Time {
	end := c.Started.Add(p.Timeout)
	if !c.Settled.IsZero() {
		end = soaked
	}
	if own := now.Add(lookTime); own.After(end) {
		return own
	}
	return end
}
