package action

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/policy"
)

// LoadPolicy reads the policy file. Inside a workflow it comes from a commit, never from files that
// a build step may have changed: the base branch of a pull request, so that a change cannot loosen
// its own gate, else the commit itself. A file that the caller named, but the commit does not hold,
// is taken from the workspace. On a laptop it is the file as it lies there.
func (w *World) LoadPolicy(ctx context.Context, path, ref string, wanted bool) (policy.Policy, error) {
	w.policyRef = ref
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
	w.PolicyFrom = path + " " + from
	return p, nil
}

// Governed reads a file that the policy names and that loosens a gate as the policy can: from where
// the policy itself is read, and never from a workspace that a step may have changed. From says where
// that is, for people; fs.ErrNotExist where it is not there.
func (w *World) Governed(ctx context.Context, path string) (text []byte, from string, err error) {
	switch {
	case !filepath.IsLocal(path):
		return nil, "", Wrong("the policy names the file %q; allowed: a path inside the repository, from its top", path)
	case w.policyRef == "" && w.Facts.BaseRef == "" && w.Facts.Actions && w.Repo != nil && w.Repo.Head != "":
		text, err = w.Repo.ReadFile(ctx, w.Repo.Head, path, policy.SizeLimit)
		return text, "at the commit", err
	}
	return w.policySource(ctx, path, w.policyRef, false)
}

func (w *World) policySource(ctx context.Context, path, ref string, wanted bool) (source []byte, from string, err error) {
	switch {
	case !filepath.IsLocal(path):
		return nil, "", Wrong("input policy is %q; allowed: a path inside the repository, from its top, such as .github/slipway.yml", path)
	case ref == "" && w.Facts.BaseRef != "":
		return w.basePolicy(ctx, path)
	case ref != "":
		return w.policyAt(ctx, path, ref)
	case !w.Facts.Actions:
		return w.policyInTree(path)
	case w.Repo == nil && w.RepoErr != nil && !errors.Is(w.RepoErr, gitrepo.ErrNotARepository):
		// The commit's policy is there and cannot be read; one that a step left in its place would be anybody's.
		_, err := w.History(false)
		return nil, "", err
	case w.Repo == nil || w.Repo.Head == "":
		return w.policyInTree(path)
	}
	source, err = w.Repo.ReadFile(ctx, w.Repo.Head, path, policy.SizeLimit)
	if !errors.Is(err, fs.ErrNotExist) {
		return source, "at the commit", err
	}
	source, from, err = w.policyInTree(path)
	if err == nil && !wanted { // a step may have written it to loosen the gate; to ignore it may loosen the gate too
		return nil, "", Wrong("the policy %s lies in the workspace but is not in the commit %.12s that is judged. Commit it; or, if a step of this job puts it there on purpose, "+
			"give it another name and set the input policy to that", path, w.Repo.Head)
	}
	return source, from, err
}

// policyAt reads the policy as it is at a ref of the clone.
func (w *World) policyAt(ctx context.Context, path, ref string) ([]byte, string, error) {
	if w.Repo == nil || w.Repo.Head == "" {
		return nil, "", Undecided("Check the repository out before this step.", "input policy-ref is %q, but there is no repository to read it from", ref)
	}
	sha, err := w.Resolve(ctx, ref)
	if err != nil {
		return nil, "", Undecided("Set fetch-depth: 0 on the checkout step, or correct policy-ref.", "input policy-ref is %q, which this clone does not hold", ref)
	}
	source, err := w.Repo.ReadFile(ctx, sha, path, policy.SizeLimit)
	return source, "at " + ref, err
}

// policyInTree reads the policy as it lies in the workspace.
func (w *World) policyInTree(path string) ([]byte, string, error) {
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

// basePolicy reads the policy of a pull request's target branch from the clone, else from the API,
// which a default checkout of one commit needs.
func (w *World) basePolicy(ctx context.Context, path string) ([]byte, string, error) {
	base := w.Facts.BaseRef
	from := "on the base branch " + base
	if w.Repo != nil {
		if sha, err := w.Resolve(ctx, base); err == nil {
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

// Resolve is the commit of a ref of the clone. It prefers what was fetched from the server over a local
// branch, which a step may have moved. HEAD is that of the clone and not of the server.
func (w *World) Resolve(ctx context.Context, ref string) (string, error) {
	ref = strings.TrimPrefix(ref, "refs/heads/")
	candidates := []string{"refs/remotes/origin/" + strings.TrimPrefix(ref, "origin/"), "refs/heads/" + ref, "refs/tags/" + ref, ref}
	if rest, ok := strings.CutPrefix(ref, "HEAD"); ok && (rest == "" || strings.ContainsAny(rest[:1], "~^@")) {
		candidates = []string{ref}
	}
	return w.Repo.ResolveFirst(ctx, candidates)
}
