package gonogo

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"sync"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/github"
)

// checkAPI is what this action asks GitHub.
type checkAPI interface {
	CheckRuns(ctx context.Context, repository, sha string) ([]github.CheckRun, error)
	Statuses(ctx context.Context, repository, sha string) ([]github.Status, error)
	Jobs(ctx context.Context, repository string, run, attempt int64) ([]github.Job, error)
}

// evidence is all that is decided from.
type evidence struct {
	inputs
	now       time.Time
	checks    checks
	documents []document
	files     map[string]file // that criteria name, by the criterion's id
	waited    time.Duration
	requests  int // that GitHub was asked
}

// file is a file that a criterion names.
type file struct {
	text    []byte
	missing bool
	problem problem // why it could not be read; none where it was, or is missing
}

func fileOf(text []byte, err error) file {
	if errors.Is(err, fs.ErrNotExist) {
		return file{missing: true}
	}
	return file{text: text, problem: problemOf(err)}
}

// collect reads what does not change while this step waits.
func collect(ctx context.Context, w *action.World, i inputs) evidence {
	e := evidence{inputs: i, documents: readDocuments(i.evidence, w.Files, w.InDir), files: map[string]file{}}
	for _, c := range i.gate.Criteria {
		switch {
		case c.Evidence != nil && c.Evidence.File != "":
			e.files[c.ID] = readFile(w, c.Evidence.File)
		case c.Document != nil:
			e.files[c.ID] = readAtCommit(ctx, w, i, c.Document.Path)
		}
	}
	return e
}

func readFile(w *action.World, path string) file {
	at, err := w.InDir(path)
	if err != nil {
		return fileOf(nil, err)
	}
	return fileOf(w.Files.Read(at, fileLimit))
}

// textLimit is the most bytes of a document that a criterion names, as the API has it.
const textLimit = 1 << 20

// readAtCommit reads a file as it is in the judged commit, not as a build step may have left it:
// from the clone, or from the API where the clone does not hold that commit.
func readAtCommit(ctx context.Context, w *action.World, i inputs, path string) file {
	if w.Repo != nil {
		for _, sha := range []string{i.sha, i.merge} {
			if sha == "" {
				continue
			}
			if _, err := w.Repo.Resolve(ctx, sha); err == nil {
				return fileOf(w.Repo.ReadFile(ctx, sha, path, textLimit))
			}
		}
	}
	return fileOf(w.GitHub.File(ctx, i.repository, path, i.sha))
}

// ask reads the checks of the commit. Each half that cannot be read is a problem; the other half
// is judged all the same, for a failure in it is one.
func (own *identity) ask(ctx context.Context, api checkAPI, i inputs) checks {
	if i.repository == "" {
		return checks{problems: []problem{{what: "the repository's name is not known, for there is no remote called origin", next: "Set GITHUB_REPOSITORY to owner/name. " + tokenAdvice}}}
	}
	var (
		both               sync.WaitGroup
		runs               []github.CheckRun
		statuses           []github.Status
		runsErr, statusErr error
	)
	both.Go(func() { runs, runsErr = api.CheckRuns(ctx, i.repository, i.sha) })
	both.Go(func() { statuses, statusErr = api.Statuses(ctx, i.repository, i.sha) })
	both.Wait()
	var c checks
	for _, err := range []error{runsErr, statusErr} {
		if p := problemOf(err); err != nil && !slices.Contains(c.problems, p) {
			c.problems = append(c.problems, p)
		}
	}
	var all []check
	for _, r := range runs {
		all = append(all, checkOfRun(r))
	}
	c.all, c.own, c.ownWhy = own.findOwn(ctx, api, newest(all))
	all = nil
	for _, s := range statuses {
		all = append(all, checkOfStatus(s))
	}
	c.all = append(c.all, newest(all)...)
	return c
}

func problemOf(err error) problem {
	var asked *github.Error
	switch {
	case err == nil:
		return problem{}
	case errors.Is(err, github.ErrNoToken):
		return problem{what: "GitHub was not asked: no github-token was given", next: tokenAdvice}
	case errors.As(err, &asked):
		return problem{what: asked.Error(), next: asked.Next, passing: asked.Passing}
	}
	return problem{what: err.Error(), next: "Correct the path, or see why it cannot be read."}
}

const tokenAdvice = "In a workflow leave the input github-token out and give the job these permissions:\n" +
	"permissions:\n  checks: read\n  statuses: read\n  contents: read\n  actions: read\n" +
	"On a laptop set GITHUB_TOKEN to a token with the same permissions."
