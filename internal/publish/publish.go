// Package publish writes what a release leaves at GitHub: tags, the landing of files as a commit or a
// pull request, and the release itself. Each step looks first, writes what is missing and looks again
// where no answer came, so that a re-run completes what an earlier run began and doubles nothing. What
// is to be written is planned in pure functions; I/O goes through the port.
package publish

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Hub is a repository at GitHub that is written to.
type Hub struct {
	GitHub     Port
	Repository string // owner/name
	RunURL     string // of the run that writes; "" on a laptop
	DryRun     bool   // say what would be written, and ask nothing
}

// Port is what this package needs of GitHub.
type Port interface {
	refs
	objects
	releases
	pulls
	workflows
}

type refs interface {
	Ref(ctx context.Context, repository, name string) (github.Ref, error)
	CreateRef(ctx context.Context, repository, name, id string) error
	MoveRef(ctx context.Context, repository, name, id string, force bool) error
	Tags(ctx context.Context, repository, prefix string) ([]string, error)
}

type objects interface {
	TagObject(ctx context.Context, repository, id string) (github.TagObject, error)
	CreateTag(ctx context.Context, repository, name, message, commit string) (string, error)
	Commit(ctx context.Context, repository, id string) (github.Commit, error)
	CreateTree(ctx context.Context, repository, base string, files []github.File) (string, error)
	CreateCommit(ctx context.Context, repository, message, tree, parent string) (string, error)
}

type releases interface {
	PublishedRelease(ctx context.Context, repository, tag string) (github.Release, error)
	ListedRelease(ctx context.Context, repository, tag string) (github.Release, bool, error)
	CreateRelease(ctx context.Context, repository string, t github.ReleaseText) (github.Release, error)
	EditRelease(ctx context.Context, repository string, id int64, t github.ReleaseText) (github.Release, error)
	DeleteRelease(ctx context.Context, repository string, id int64) error
}

type pulls interface {
	PullRequests(ctx context.Context, repository, head, base string) ([]github.PullRequest, error)
	CreatePull(ctx context.Context, repository, head, base, title, body string) (github.PullRequest, error)
	EditPull(ctx context.Context, repository string, number int, title, body string) error
}

type workflows interface {
	Dispatch(ctx context.Context, repository, workflow, ref string) error
	Dispatched(ctx context.Context, repository, workflow, ref string) (bool, error)
}

// step is a finding in the making: what is published.
type step struct{ id, title string }

var (
	tagStep      = step{"tag", "Tag"}
	floatingStep = step{"floating-tags", "Floating tags"}
	dispatchStep = step{"dispatch", "Workflow"}
	landStep     = step{"land", "Landing"}
	releaseStep  = step{"release", "GitHub release"}
)

func (s step) done(format string, args ...any) result.Finding {
	return s.finding(verdict.Passed, "", format, args...)
}

func (s step) skipped(format string, args ...any) result.Finding {
	return s.finding(verdict.Skipped, "", format, args...)
}

func (s step) would(format string, args ...any) result.Finding {
	return s.finding(verdict.Skipped, "", "a dry run: would "+format, args...)
}

func (s step) refused(next, format string, args ...any) result.Finding {
	return s.finding(verdict.Failed, next, format, args...)
}

func (s step) warned(next, format string, args ...any) result.Finding {
	return s.finding(verdict.Warned, next, format, args...)
}

func (s step) finding(o verdict.Outcome, next, format string, args ...any) result.Finding {
	return result.Finding{ID: s.id, Outcome: o, Title: s.title, Observed: fmt.Sprintf(format, args...), Next: next}
}

// failed says what went wrong: a rule of the repository says no, all else leaves it unknown.
func (s step) failed(err error) result.Finding {
	f := s.finding(verdict.Undecided, Next(err), "%v", err)
	if errors.Is(err, github.ErrProtected) {
		f.Outcome = verdict.Failed
	}
	return f
}

// Next is what a person can do about an error.
func Next(err error) string {
	var e *github.Error
	switch {
	case errors.As(err, &e) && e.Status == http.StatusForbidden && e.Permission == "contents: read": // reading alone would not do for what follows
		return "Add the permission to the job; what is to be written takes it:\npermissions:\n  contents: write"
	case errors.As(err, &e) && e.Next != "":
		return e.Next
	case errors.Is(err, github.ErrNoToken):
		return "Leave the input github-token out inside a workflow, or pass a token."
	}
	return "Run the step again; it goes on where this run stopped."
}

// Skip is the finding that a step waits for another.
func Skip(id, observed string) result.Finding {
	for _, s := range []step{tagStep, floatingStep, dispatchStep, landStep, releaseStep} {
		if s.id == id {
			return s.skipped("%s", observed)
		}
	}
	return step{id, id}.skipped("%s", observed)
}

// Trailers of the messages that this package writes, by which a later run knows them again. A commit
// with ReleaseTrailer lands a release.
const (
	runTrailer     = "Slipway-Run"
	ReleaseTrailer = "Slipway-Release"
	treeTrailer    = "Slipway-Tree"
)

// trailer is the last value of a trailer in the last paragraph of a message, "" where there is none.
func trailer(message, token string) string {
	message = strings.TrimSpace(strings.ReplaceAll(message, "\r\n", "\n"))
	if i := strings.LastIndex(message, "\n\n"); i >= 0 {
		message = message[i:]
	}
	value := ""
	for line := range strings.Lines(message) {
		if v, ok := strings.CutPrefix(line, token+": "); ok {
			value = strings.TrimSpace(v)
		}
	}
	return value
}

// message is a subject, a paragraph and trailers; those without a value are left out. Text from
// outside becomes one line, so that it cannot pose as a trailer.
func message(subject, why string, trailers ...[2]string) string {
	text := subject
	if why = report.OneLine(why); why != "" {
		text += "\n\n" + why
	}
	last := ""
	for _, t := range trailers {
		if t[1] != "" {
			last += "\n" + t[0] + ": " + report.OneLine(t[1])
		}
	}
	if last != "" {
		text += "\n" + last
	}
	return text
}

// madeBy tells whether a message names a workflow run, in whichever attempt.
func madeBy(message, runURL string) bool {
	return runURL != "" && trailer(message, runTrailer) == runURL
}

func short(id string) string { return id[:min(len(id), 7)] }

func orSomebody(name string) string { return cmp.Or(report.Clip(report.OneLine(name), 60), "somebody") }
