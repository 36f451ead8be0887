package gonogo

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
)

// evidence is all that is decided from. It is written into the result document, so that the same
// decision can be made again from it, offline.
type evidence struct {
	inputs
	Now       time.Time           `json:"now"`
	Checks    checks              `json:"checks,omitzero"`
	Documents []document          `json:"documents,omitempty"`
	Files     map[string]file     `json:"files,omitempty"` // by where they are read and their path; see source
	Change    change              `json:"change,omitzero"`
	People    people              `json:"people,omitzero"`
	Ticketed  ticketed            `json:"ticketed,omitzero"`
	Issues    map[string]issues   `json:"issues,omitempty"`   // by the criterion's id
	Releases  map[string]upstream `json:"releases,omitempty"` // by the criterion's id
	Probes    map[string]probed   `json:"probes,omitempty"`   // by the criterion's id
	Incidents incidents           `json:"incidents,omitzero"`
	Published published           `json:"published,omitzero"`
	Waited    time.Duration       `json:"waited,omitempty"`
	Requests  int                 `json:"requests,omitempty"` // that GitHub was asked
	Skew      time.Duration       `json:"skew,omitempty"`     // by which this machine's clock is ahead of GitHub's, or behind where negative; 0 within bounds
}

// file is a file that the policy names.
type file struct {
	Text    []byte  `json:"text,omitempty"`
	Sum     string  `json:"sum,omitempty"` // SHA-256 of the file as it was read, in hexadecimal; "" where it was not
	Missing bool    `json:"missing,omitempty"`
	Problem problem `json:"problem,omitzero"` // why it could not be read; none where it was, or is missing
	// Changed is when the last commit that changed it was made, and Undated why that is not known; both
	// are empty where nobody asked.
	Changed time.Time `json:"changed,omitzero"`
	Undated problem   `json:"undated,omitzero"`
}

// The places that files are read from. A file's key is the place and its path.
const (
	atCommit    = "commit:"    // as it is in the judged commit
	inWorkspace = "workspace:" // as a step of this job left it
	governed    = "governed:"  // from where the policy is read, for it may loosen the gate
)

// file is what was read from a place. One that nobody read, as where an old decision is judged by a new
// policy, is not known: it is neither there nor missing.
func (e evidence) file(key string) file {
	f, ok := e.Files[key]
	if !ok {
		f.Problem = notRecorded
	}
	return f
}

// notRecorded is what a criterion says of evidence that is not in the record at all.
var notRecorded = problem{What: "this was not looked at for the decision", Next: "Decide anew by this policy."}

func fileOf(text []byte, err error) file {
	if errors.Is(err, fs.ErrNotExist) {
		return file{Missing: true}
	}
	if err != nil {
		return file{Problem: problemOf(err)}
	}
	return file{Text: text, Sum: sum(text)}
}

// collector collects evidence. What does not change while a step waits is read once.
type collector struct {
	*action.World
	in inputs
}

// collect reads what does not change while this step waits.
func (c collector) collect(ctx context.Context) evidence {
	e := evidence{inputs: c.in, Documents: bounded(readDocuments(c.in.Evidence, c.Files, c.InDir)), Files: map[string]file{}}
	e.Now = c.moment()
	for _, rule := range c.in.Gate.Criteria { // what the change is compared with may stand in a signed result
		c.keys(ctx, rule.Evidence, e.Files)
	}
	e.Change = c.change(ctx, e)
	c.migrations(ctx, &e)
	for _, rule := range c.in.Gate.Criteria {
		switch {
		case rule.Evidence != nil && rule.Evidence.File != "":
			e.Files[inWorkspace+rule.Evidence.File] = c.judgedPart(rule.Evidence.File)
		case rule.Document != nil:
			e.Files[atCommit+rule.Document.Path] = c.fromCommit(ctx, rule.Document.Path)
		case rule.Checklist != nil && rule.Checklist.Path != "":
			e.Files[atCommit+rule.Checklist.Path] = c.fromCommit(ctx, rule.Checklist.Path)
		}
	}
	c.ticketSteps(ctx, &e)
	return e
}

// refresh reads what may change while this step waits.
func (c collector) refresh(ctx context.Context, own *identity, e *evidence) {
	e.Now = c.moment()
	if e.asksForChecks() {
		e.Checks = own.ask(ctx, c.GitHub, e.inputs)
	}
	c.calendars(ctx, e)
	c.ticket(ctx, e)
	c.people(ctx, e)
	c.issues(ctx, e)
	c.releases(ctx, e)
	c.probes(ctx, e)
	c.incidents(ctx, e)
	e.Skew = 0
	if s := c.GitHub.Skew(); s.Abs() > skew && e.Replay.IsZero() { // a replay reckons from a time that was given to it
		e.Skew = s.Round(time.Second)
	}
}

// moment is when evidence is collected: the clock, or what stands for it.
func (c collector) moment() time.Time {
	if !c.in.Replay.IsZero() {
		return c.in.Replay
	}
	return c.Now()
}

func (c collector) fromWorkspace(path string) file {
	at, err := c.InDir(path)
	if err != nil {
		return fileOf(nil, err)
	}
	return fileOf(c.Files.Read(at, fileLimit))
}

// keys reads the public keys that a criterion names, from where nobody can change them that the
// policy is kept from.
func (c collector) keys(ctx context.Context, rule *policy.Evidence, into map[string]file) {
	if rule == nil {
		return
	}
	for _, path := range rule.Keys {
		into[governed+path] = c.fromPolicy(ctx, path)
	}
}

func (c collector) fromPolicy(ctx context.Context, path string) file {
	text, _, err := c.Governed(ctx, path)
	return fileOf(text, err)
}

// textLimit is the most bytes of a document that a criterion names, as the API has it.
const textLimit = 1 << 20

// fromCommit reads a file as it is in the judged commit, not as a build step may have left it: from
// the clone, or from the API where the clone does not hold that commit.
func (c collector) fromCommit(ctx context.Context, path string) (f file) {
	sha := c.cloned(ctx)
	if sha != "" {
		f = fileOf(c.Repo.ReadFile(ctx, sha, path, textLimit))
	} else {
		f = fileOf(c.GitHub.File(ctx, c.in.Repository, path, c.in.SHA))
	}
	if !f.Missing && f.Problem.What == "" && c.in.asksForAge(path) {
		f.Changed, f.Undated = c.lastChange(ctx, sha, path)
	}
	return f
}

// cloned is the judged commit, or the merge commit that stands for it, if the clone holds it, else "".
func (c collector) cloned(ctx context.Context) string {
	if c.Repo == nil {
		return ""
	}
	for _, sha := range []string{c.in.SHA, c.in.Merge} {
		if sha == "" {
			continue
		}
		if _, err := c.Repo.Resolve(ctx, sha); err == nil {
			return sha
		}
	}
	return ""
}

func problemOf(err error) problem {
	var asked *github.Error
	switch {
	case err == nil:
		return problem{}
	case errors.Is(err, github.ErrNoToken):
		return problem{What: notAsked, Next: tokenAdvice}
	case errors.As(err, &asked):
		return problem{What: asked.Error(), Next: asked.Next, Passing: asked.Passing, Permission: asked.Permission}
	}
	return problem{What: err.Error(), Next: "Correct the path, or see why it cannot be read."}
}

// notAsked is what is wrong where there is no token.
const notAsked = "GitHub was not asked: no github-token was given"

const tokenAdvice = "In a workflow leave the input github-token out and give the job these permissions:\n" +
	"permissions:\n  checks: read\n  statuses: read\n  contents: read\n  actions: read\n" +
	"On a laptop set GITHUB_TOKEN to a token with the same permissions."
