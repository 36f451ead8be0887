package gonogo

import (
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/github"
)

// check is a check run or a commit status.
type check struct {
	id         int64
	name       string
	app        string // of a check run; "" for a commit status
	suite      int64  // of a check run; what the app ran together
	conclusion string // "" until it is completed
	state      string // the conclusion, or what it is doing until then
	note       string // a status's own words
	started    time.Time
	completed  time.Time
	url        string
}

// checks is what the API says about the checks of the commit.
type checks struct {
	all      []check // the newest attempt of each, without own
	own      *check  // the check run of this very job, nil where it is not among them
	ownWhy   string  // how own was found, or why it was not; "" where no check can be it
	problems []problem
}

// problem is a part of the evidence that could not be had.
type problem struct {
	what, next string
	passing    bool // may go away by itself
}

func checkOfRun(r github.CheckRun) check {
	c := check{id: r.ID, name: r.Name, app: r.App, suite: r.Suite, state: r.Status, started: r.StartedAt, completed: r.CompletedAt, url: r.URL}
	if r.Status == "completed" {
		c.conclusion, c.state = r.Conclusion, r.Conclusion
	}
	return c
}

func checkOfStatus(s github.Status) check {
	c := check{id: s.ID, name: s.Context, state: s.State, note: s.Description, started: s.CreatedAt, url: s.URL}
	switch s.State {
	case "success":
		c.conclusion = "success"
	case "failure", "error":
		c.conclusion = "failure"
	}
	return c
}

// newest leaves out the attempts that a later one has replaced. Two workflows may have jobs of the
// same name: they are in different suites, and both are kept.
func newest(all []check) []check {
	type key struct {
		app   string
		suite int64
		name  string
	}
	attempts := map[key][]check{}
	for _, c := range all {
		k := key{c.app, c.suite, c.name}
		attempts[k] = append(attempts[k], c)
	}
	var kept []check
	for _, c := range all {
		replaced := func(other check) bool { return other.replaces(c) }
		if !slices.ContainsFunc(attempts[key{c.app, c.suite, c.name}], replaced) {
			kept = append(kept, c)
		}
	}
	return kept
}

// replaces tells whether c is a later attempt at old. A workflow is run again only once it has
// ended, so two of its jobs with the same name that overlap in time are two jobs, not two attempts.
func (c check) replaces(old check) bool {
	if c.app == "github-actions" {
		running := old.conclusion == ""
		overlap := !c.started.IsZero() && old.completed.After(c.started)
		if running || overlap {
			return false
		}
	}
	if a, b := c.since(), old.since(); !a.Equal(b) {
		return a.After(b)
	}
	return c.id > old.id
}

// since orders attempts. One that has not begun comes after all that have.
func (c check) since() time.Time {
	switch {
	case !c.started.IsZero():
		return c.started
	case !c.completed.IsZero():
		return c.completed
	}
	return time.Unix(1<<40, 0)
}
