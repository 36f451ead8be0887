package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/report"
)

// Error is a question that the API did not answer.
type Error struct {
	Asked   string // such as "the check runs of acme/shop at 1234567", or what was to be done
	Writes  bool   // Asked is something to do, such as "create the tag v1.4.0"
	Status  int    // of HTTP; 0 where no whole answer came
	Meaning string // what it most likely means
	Said    string // the server's own words, shortened; may be empty
	Next    string // what a person can do
	Passing bool   // may go away by itself
	// Permission is what the question takes, such as "issues: read", where the token most likely lacks it.
	Permission string
	Err        error // where no whole answer came, or one of the refusals that callers branch on
}

func (e *Error) Error() string {
	text := doing(e.Asked, e.Writes) + ": "
	if e.Status != 0 {
		text += fmt.Sprintf("%d %s: ", e.Status, http.StatusText(e.Status))
	}
	text += e.Meaning
	if e.Said != "" {
		text += fmt.Sprintf(" (the server says: %s)", e.Said)
	}
	return text
}

func (e *Error) Unwrap() error { return e.Err }

// question is what is asked for or to be done, and the permission that it takes.
type question struct{ what, permission string }

// doing says what was tried.
func doing(what string, writes bool) string {
	if writes {
		return what
	}
	return "ask for " + what
}

// fault is how an answer failed to come.
type fault struct {
	host    string
	status  int       // 0 where no whole answer came
	said    string    // the server's message
	limited bool      // by the number of requests
	writes  bool      // something was to be changed
	until   time.Time // when to come back, where the server said so
	err     error
}

// explain says what a fault most likely means and what to do about it.
func explain(q question, f fault) *Error {
	e := &Error{Asked: q.what, Writes: f.writes, Status: f.status, Said: report.Clip(strings.Join(strings.Fields(f.said), " "), 200)}
	permissions := "permissions:\n  " + q.permission
	switch f.status {
	case http.StatusForbidden, http.StatusNotFound: // not 401: no permission helps a token that is not valid
		if !f.limited {
			e.Permission = q.permission
		}
	}
	switch {
	case f.limited:
		e.Meaning, e.Passing = "the rate limit is used up", true
		e.Next = "Run the step again in some minutes; if it happens often, make fewer requests or use a token of its own."
		if !f.until.IsZero() {
			at := f.until.UTC().Format(time.RFC3339)
			e.Meaning += " until " + at
			e.Next = "Run the step again after " + at + "; if it happens often, use a token of its own."
		}
	case f.status == http.StatusUnauthorized:
		e.Meaning = "the token is not valid, or has expired"
		e.Next = "Pass a valid token as github-token; inside a workflow leave the input out, and the job's own token is used."
	case f.writes && e.refused(q, f):
	case f.status == http.StatusForbidden:
		e.Meaning = "the token most likely lacks the permission " + q.permission
		e.Next = "Add the permission to the job:\n" + permissions
	case f.status == http.StatusNotFound:
		e.Meaning = "there is no such thing in that repository, or the token cannot see the repository (GitHub answers both alike)"
		e.Next = "Check that the commit is pushed to that repository and that the token may read it:\n" + permissions
	case f.status == http.StatusUnprocessableEntity:
		e.Meaning = "the repository has no such commit"
		e.Next = "Check that the commit is pushed, and that it was not removed by a force push."
	case f.status >= 500:
		e.Meaning, e.Passing = "GitHub has trouble answering", true
		e.Next = "Run the step again; https://www.githubstatus.com shows known trouble."
	case f.status != 0:
		e.Meaning = "the answer is none that this question has"
		e.Next = "Check that GITHUB_API_URL names the API of your GitHub server."
	default:
		e.lost(f)
	}
	return e
}

// lost explains where no whole answer came.
func (e *Error) lost(f fault) {
	e.Err = f.err
	var wrapped *url.Error
	if errors.As(f.err, &wrapped) { // its text repeats the address at length
		e.Err = wrapped.Err
	}
	unreached := e.Err != f.err || errors.Is(f.err, context.DeadlineExceeded)
	switch {
	case errors.Is(f.err, errIncomplete):
		e.Meaning, e.Passing = f.err.Error(), true
		e.Next = "Run the step again: the list may have changed while it was read."
	case errors.Is(f.err, errUnlisted):
		e.Meaning = f.err.Error()
		e.Next = "Make the change smaller, or have it looked at in parts."
	case errors.Is(f.err, errUnfit):
		e.Meaning = f.err.Error()
		e.Next = "Put a regular file of at most a megabyte there."
	case errors.Is(f.err, errNotJSON), errors.Is(f.err, errLeadsAway), errors.Is(f.err, errTooLarge), !unreached:
		e.Meaning = fmt.Sprintf("%s gave no answer that can be used: %v", f.host, e.Err)
		e.Next = fmt.Sprintf("Check that GITHUB_API_URL names the API of your GitHub server, and that no proxy answers in place of %s.", f.host)
	default:
		e.Meaning, e.Passing = fmt.Sprintf("no answer from %s: %v", f.host, e.Err), true
		e.Next = fmt.Sprintf("Check that the runner can reach %s, then run the step again.", f.host)
	}
}
