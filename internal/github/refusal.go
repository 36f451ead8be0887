package github

import (
	"errors"
	"io/fs"
	"net/http"
	"strings"
)

// Why the server refuses to write, as far as a caller can do something about it. An *Error wraps them.
var (
	ErrExists    = errors.New("it exists already")
	ErrMoved     = errors.New("it is not what it was")
	ErrProtected = errors.New("a rule of the repository forbids it")
	ErrNoObject  = errors.New("the repository has no such commit")
)

// refusals are what the server says in its own words; the first that fits counts. They stand in its
// message alone: the status is 422 for most, and 403 or 409 for some.
var refusals = []struct {
	words string
	why   error
}{
	{"rule violation", ErrProtected}, {"protected", ErrProtected}, {"creations being restricted", ErrProtected}, {"updates being restricted", ErrProtected},
	{"immutable", ErrProtected}, {"must be made through a pull request", ErrProtected},
	{"already exists", ErrExists}, {"already_exists", ErrExists},
	{"fast forward", ErrMoved}, {"fast-forward", ErrMoved}, {"but expected", ErrMoved},
	{"object does not exist", ErrNoObject}, {"no commit found", ErrNoObject}, {"target_commitish", ErrNoObject},
}

// refusal is why a write was refused, nil where the answer does not say.
func refusal(status int, said string) error {
	if status != http.StatusUnprocessableEntity && status != http.StatusForbidden && status != http.StatusConflict {
		return nil
	}
	said = strings.ToLower(said)
	for _, r := range refusals {
		if strings.Contains(said, r.words) {
			return r.why
		}
	}
	return nil
}

// refused explains what writing alone can meet; false where it is no different from reading.
func (e *Error) refused(q question, f fault) bool {
	e.Err = refusal(f.status, f.said)
	said := strings.ToLower(f.said)
	switch {
	case errors.Is(e.Err, ErrProtected):
		e.Meaning = "a rule of the repository forbids it"
		e.Next = "Let the identity behind github-token bypass the rule (Settings → Rules → Rulesets, or Branches), or pass the token of one that may."
	case errors.Is(e.Err, ErrExists), errors.Is(e.Err, ErrMoved):
		e.Meaning = e.Err.Error()
		e.Next = "Run the step again; it looks at what is there now."
	case errors.Is(e.Err, ErrNoObject):
		e.Meaning = "the repository has no such commit"
		e.Next = "Push the commit first, and check that it was not removed by a force push."
	case f.status == http.StatusForbidden && strings.Contains(said, "create or approve pull requests"):
		e.Meaning = "the repository does not let workflows open pull requests"
		e.Next = "Tick Settings → Actions → General → Allow GitHub Actions to create and approve pull requests, or pass the token of a GitHub App."
	case f.status == http.StatusForbidden && strings.Contains(said, "workflow"):
		e.Meaning = "the token may not write where a workflow file is part of the change"
		e.Next = "Pass the token of a GitHub App with the permission workflows: write."
	case f.status == http.StatusNotFound:
		e.Err = fs.ErrNotExist
		e.Meaning = "there is no such thing in that repository, or the token may not write there (GitHub answers both alike)"
		e.Next = "Add the permission to the job:\npermissions:\n  " + q.permission
	case f.status == http.StatusGone:
		e.Meaning = "it is gone, or the repository has no issues"
		e.Next = "Tick Settings → General → Features → Issues, or name another issue."
	case f.status == http.StatusUnprocessableEntity, f.status == http.StatusConflict:
		e.Meaning = "GitHub refuses it"
		e.Next = "Mend what the server says, then run the step again."
	default:
		return false
	}
	return true
}
