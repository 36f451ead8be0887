package action

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/runner"
)

// World is what surrounds one run: where it happens and the ports to outside.
type World struct {
	Facts  runner.Facts
	Dir    string            // absolute working directory, inside the workspace
	Files  *runner.Workspace // writes nothing where DryRun is set
	DryRun bool
	Repo   *gitrepo.Repo // nil where there is none; RepoErr then says why
	// RepoErr is why Repo is nil: gitrepo.ErrNotARepository, or what went wrong.
	RepoErr error
	GitHub  *github.Client // never nil; without a token every call is github.ErrNoToken
	Policy  policy.Policy
	Now     func() time.Time
	Sleep   func(ctx context.Context, d time.Duration) error // returns early with ctx's error
	Log     func(text string)                                // for people watching; may hold anything
	Getenv  func(string) string
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
			"the clone is shallow: its history is cut off, so a version computed from it would be wrong")
	}
	return w.Repo, nil
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

// LoadPolicy reads the policy file. Inside a workflow it comes from a commit, never from files that
// a build step may have changed: the base branch of a pull request, so that a change cannot loosen
// its own gate, else the commit itself. A file that is wanted, but not in the commit, is taken from
// the workspace. On a laptop it is the file as it lies there.
func (w *World) LoadPolicy(ctx context.Context, path, ref string, wanted bool) (policy.Policy, error) {
	source, from, err := w.policySource(ctx, path, ref, wanted)
	if errors.Is(err, fs.ErrNotExist) {
		if wanted {
			return policy.Policy{}, Wrong("input policy is %q; there is no such file %s. Correct the path, or leave the input out to go by the defaults", path, from)
		}
		return policy.Default(), nil
	}
	if err != nil {
		return policy.Policy{}, err
	}
	p, err := policy.Parse(path, source)
	if err != nil {
		return policy.Policy{}, Wrong("the policy %s is wrong: %w", from, err)
	}
	return p, nil
}

func (w *World) policySource(ctx context.Context, path, ref string, wanted bool) (source []byte, from string, err error) {
	if !filepath.IsLocal(path) {
		return nil, "", Wrong("input policy is %q; allowed: a path inside the repository, from its top, such as .github/slipway.yml", path)
	}
	fromTree := func() ([]byte, string, error) {
		top := w.Dir
		if w.Repo != nil {
			top = w.Repo.Root
		}
		at, err := w.InDir(filepath.Join(top, path))
		if err != nil {
			return nil, "", Wrong("input policy is %q: %w", path, err)
		}
		source, err := w.Files.Read(at, policy.SizeLimit)
		return source, "in the workspace", err
	}
	if ref == "" && w.Facts.BaseRef != "" {
		return w.basePolicy(ctx, path)
	}
	if ref == "" && !w.Facts.Actions || w.Repo == nil || w.Repo.Head == "" {
		if ref != "" {
			return nil, "", Undecided("Check the repository out before this step.", "input policy-ref is %q, but there is no repository to read it from", ref)
		}
		return fromTree()
	}
	if ref != "" {
		sha, err := w.resolve(ctx, ref)
		if err != nil {
			return nil, "", Undecided("Set fetch-depth: 0 on the checkout step, or correct policy-ref.", "input policy-ref is %q, which this clone does not hold", ref)
		}
		source, err := w.Repo.ReadFile(ctx, sha, path, policy.SizeLimit)
		return source, "at " + ref, err
	}
	source, err = w.Repo.ReadFile(ctx, w.Repo.Head, path, policy.SizeLimit)
	if errors.Is(err, fs.ErrNotExist) && wanted { // such as a file of another checkout; the caller named it
		return fromTree()
	}
	return source, "at the commit", err
}

// basePolicy reads the policy of a pull request's target branch from the clone, else from the API,
// which a default checkout of one commit needs.
func (w *World) basePolicy(ctx context.Context, path string) ([]byte, string, error) {
	base := w.Facts.BaseRef
	from := "on the base branch " + base
	if w.Repo != nil {
		if sha, err := w.resolve(ctx, base); err == nil {
			source, err := w.Repo.ReadFile(ctx, sha, path, policy.SizeLimit)
			return source, from, err
		}
	}
	source, err := w.GitHub.File(ctx, w.Facts.Repository, path, base)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return source, from, err
	}
	return nil, "", Undecided("Set fetch-depth: 0 on the checkout step, or give a github-token with the permission contents: read.",
		"the policy %s cannot be read: the clone does not hold that branch, and the API says: %w", from, err)
}

// resolve prefers what was fetched from the server over a local branch, which a step may have moved.
func (w *World) resolve(ctx context.Context, ref string) (string, error) {
	var err error
	ref = strings.TrimPrefix(ref, "refs/heads/")
	for _, candidate := range []string{"refs/remotes/origin/" + strings.TrimPrefix(ref, "origin/"), "refs/heads/" + ref, "refs/tags/" + ref, ref} {
		var sha string
		if sha, err = w.Repo.Resolve(ctx, candidate); err == nil {
			return sha, nil
		}
	}
	return "", err
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
