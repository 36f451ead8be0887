package action

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/slipway-actions/slipway/internal/clone"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/runner"
)

// World is what surrounds one run: where it happens and the ports to outside.
type World struct {
	Facts  runner.Facts
	Dir    string            // absolute working directory, inside the workspace
	Files  *runner.Workspace // to read with; Write and Keep hold writing back in a dry run
	DryRun bool              // nothing is to be written
	// ReportOnly lets the job go on whatever the verdict. Documents say so, for who reads them later.
	ReportOnly bool
	Repo       *gitrepo.Repo // nil where there is none; RepoErr then says why
	// RepoErr is why Repo is nil: gitrepo.ErrNotARepository, or what went wrong.
	RepoErr error
	GitHub  *github.Client // never nil; without a token every call is github.ErrNoToken
	Policy  policy.Policy
	Now     func() time.Time
	Sleep   func(ctx context.Context, d time.Duration) error // returns early with ctx's error
	Log     func(text string)                                // for people watching; may hold anything
	Redact  func(text string) string                         // takes secrets out of what is written to files
	Tool    string                                           // version of the binary, for results
	Getenv  func(name string) string                         // of the step's environment, for addresses that a policy leaves to it

	PolicyFrom string // the policy's file and where it was read, for people; "" where there was none. Set by LoadPolicy

	policyRef string // where the policy is read, as the caller said; set by LoadPolicy
}

// History is the repository, or an error that says how to get one: for actions that cannot do
// without, and only with all of its history where complete is set.
func (w *World) History(complete bool) (*gitrepo.Repo, error) {
	const checkout = "Add these lines before this step:\n  - uses: actions/checkout@v4\n    with:\n      fetch-depth: 0"
	switch {
	case errors.Is(w.RepoErr, gitrepo.ErrNotARepository):
		return nil, Undecided(checkout, "there is no git repository at %s", w.Dir)
	case w.RepoErr != nil:
		return nil, Undecided("Make sure that git is installed and can read "+w.Dir+".", "the repository cannot be read: %w", w.RepoErr)
	case w.Repo.Head == "":
		return nil, Undecided("Commit something first.", "the repository at %s has no commits", w.Repo.Root)
	case complete && w.Repo.Shallow:
		return nil, Undecided("Set fetch-depth on the checkout step:\n  - uses: actions/checkout@v4\n    with:\n      fetch-depth: 0",
			"the clone is shallow: its history is cut off, and what is computed from it would be wrong")
	}
	return w.Repo, nil
}

// Clone is a repository whose origin may also be asked through the API.
func (w *World) Clone(repo *gitrepo.Repo) clone.Repo {
	return clone.Repo{Repo: repo, API: func(ctx context.Context) ([]string, error) { return w.GitHub.Tags(ctx, w.Facts.Repository, "") }}
}

// InDir makes a path that was given relative to the working directory relative to the workspace.
func (w *World) InDir(path string) (string, error) {
	full := path
	if !filepath.IsAbs(path) {
		full = filepath.Join(w.Dir, path)
	}
	rel, err := filepath.Rel(w.Files.Dir, full)
	if err != nil || !filepath.IsLocal(rel) {
		return "", fmt.Errorf("%s leads out of the workspace %s", path, w.Files.Dir)
	}
	return filepath.ToSlash(rel), nil
}

// Write replaces a file of the workspace, or tells whether it would where nothing is to be written.
// A path that is no regular file is the caller's mistake.
func (w *World) Write(path string, data []byte) (changed bool, err error) {
	if !w.DryRun {
		changed, err = w.Files.Write(path, data)
		if errors.Is(err, runner.ErrNotRegular) {
			err = Wrong("%w; name the file itself", err)
		}
		return changed, err
	}
	old, err := w.Files.Read(path, int64(len(data)))
	return err != nil || string(old) != string(data), nil
}

// Remove takes a file of an earlier run out of the workspace, unless nothing is to be written.
func (w *World) Remove(path string) error {
	if w.DryRun {
		return nil
	}
	return w.Files.Remove(path)
}

// SHA is the commit that a run judges: the one checked out, else the one that started the run.
func (w *World) SHA() string {
	if w.Repo != nil && w.Repo.Head != "" {
		return w.Repo.Head
	}
	return w.Facts.SHA
}

// Branch is the short name of what is released: of the branch that a pull request goes to, of the
// branch or tag that started the run, or of the branch that is checked out; "" where none is known.
func (w *World) Branch(ctx context.Context) string {
	switch {
	case w.Facts.BaseRef != "":
		return w.Facts.BaseRef
	case w.Facts.RefName != "" || w.Repo == nil:
		return w.Facts.RefName
	}
	return w.Repo.Branch(ctx)
}
