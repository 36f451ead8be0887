package gonogo

import (
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/github"
)

// check is a check run or a commit status.
type check struct {
	ID           int64     `json:"id,omitempty"`
	Name         string    `json:"name"`
	App          string    `json:"app,omitempty"`          // of a check run; "" for a commit status
	ExternalID   string    `json:"externalID,omitempty"`   // that the app gave it
	Suite        int64     `json:"suite,omitempty"`        // of a check run; what the app ran together
	Workflow     string    `json:"workflow,omitempty"`     // name of the workflow that it is a job of; "" where nobody asked
	WorkflowFile string    `json:"workflowFile,omitempty"` // such as .github/workflows/ci.yml
	Conclusion   string    `json:"conclusion,omitempty"`   // "" until it is completed
	State        string    `json:"state,omitempty"`        // the conclusion, or what it is doing until then
	Note         string    `json:"note,omitempty"`         // a status's own words
	Started      time.Time `json:"startedAt,omitzero"`
	Completed    time.Time `json:"completedAt,omitzero"`
	URL          string    `json:"url,omitempty"`
}

// checks is what the API says about the checks of the commit.
type checks struct {
	All       []check   `json:"all,omitempty"`      // the newest attempt of each, without own
	Own       *check    `json:"own,omitempty"`      // the check run of this very job, nil where it is not among them
	OwnWhy    string    `json:"ownWhy,omitempty"`   // how own was found, or why it was not; "" where no check can be it
	Jobs      problem   `json:"jobs,omitzero"`      // why the jobs of this very run could not be read, among which own is looked for
	Workflows problem   `json:"workflows,omitzero"` // why it is not known which workflow each belongs to, where a criterion needs that
	Problems  []problem `json:"problems,omitempty"`
}

// problem is a part of the evidence that could not be had. The zero problem is none.
type problem struct {
	What       string `json:"what,omitempty"`
	Next       string `json:"next,omitempty"`
	Passing    bool   `json:"passing,omitempty"`    // may go away by itself
	Permission string `json:"permission,omitempty"` // that the token lacks, such as "issues: read"; "" where it is not that
}

func checkOfRun(r github.CheckRun) check {
	c := check{ID: r.ID, Name: r.Name, App: r.App, ExternalID: r.ExternalID, Suite: r.Suite, State: r.Status, Started: r.StartedAt, Completed: r.CompletedAt, URL: r.URL}
	if r.Status == "completed" {
		c.Conclusion, c.State = r.Conclusion, r.Conclusion
	}
	return c
}

func checkOfStatus(s github.Status) check {
	c := check{ID: s.ID, Name: s.Context, State: s.State, Note: s.Description, Started: s.CreatedAt, URL: s.URL}
	switch s.State {
	case "success":
		c.Conclusion = "success"
	case "failure", "error":
		c.Conclusion = "failure"
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
		k := key{c.App, c.Suite, c.Name}
		attempts[k] = append(attempts[k], c)
	}
	var kept []check
	for _, c := range all {
		replaced := func(other check) bool { return other.replaces(c) }
		if !slices.ContainsFunc(attempts[key{c.App, c.Suite, c.Name}], replaced) {
			kept = append(kept, c)
		}
	}
	return kept
}

// replaces tells whether c is a later attempt at old. A workflow is run again only once it has
// ended, so two of its jobs with the same name that overlap in time are two jobs, not two attempts.
func (c check) replaces(old check) bool {
	if c.App == "github-actions" {
		running := old.Conclusion == ""
		overlap := !c.Started.IsZero() && old.Completed.After(c.Started)
		if running || overlap {
			return false
		}
	}
	if a, b := c.since(), old.since(); !a.Equal(b) {
		return a.After(b)
	}
	return c.ID > old.ID
}

// since orders attempts. One that has not begun comes after all that have.
func (c check) since() time.Time {
	switch {
	case !c.Started.IsZero():
		return c.Started
	case !c.Completed.IsZero():
		return c.Completed
	}
	return time.Unix(1<<40, 0)
}
