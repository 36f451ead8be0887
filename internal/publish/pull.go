package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/result"
)

// Pulled is what became of a landing by pull request.
type Pulled struct {
	OK     bool   // all is landed: there is nothing to wait for
	Number string // of the pull request; "" where there is none
	result.Finding
}

// releaseBranch is the branch of the release pull request: one for each branch and line of versions.
func releaseBranch(base, prefix string) string {
	name := "slipway/release-" + strings.ReplaceAll(base, "/", "-")
	if line := strings.Trim(strings.TrimSuffix(prefix, "v"), "/-"); line != "" {
		name += "-" + strings.ReplaceAll(line, "/", "-")
	}
	return name
}

// LandPull keeps one pull request that lands the files. Its branch is made anew from the base each
// time, unless somebody else has committed to it.
func (h Hub) LandPull(ctx context.Context, l Landing, prefix string) Pulled {
	branch := releaseBranch(l.Branch, prefix)
	switch {
	case len(l.Files) == 0:
		return Pulled{OK: true, Finding: landStep.skipped("there is nothing to land: %s holds all of it", short(l.Commit))}
	case h.DryRun:
		return Pulled{Finding: landStep.would("open or update the pull request from %s with %s", branch, l.list())}
	}
	tip, err := h.GitHub.Ref(ctx, h.Repository, "heads/"+l.Branch)
	if err != nil {
		return Pulled{Finding: landStep.failed(err)}
	}
	if tip.SHA != l.Commit {
		return Pulled{Finding: l.moved(tip.SHA)}
	}
	f, ok := h.rebuild(ctx, l, branch)
	if !ok {
		return Pulled{Finding: f}
	}
	return h.keepPull(ctx, l, branch)
}

// rebuild makes the branch of the pull request.
func (h Hub) rebuild(ctx context.Context, l Landing, branch string) (f result.Finding, ok bool) {
	have, err := h.GitHub.Ref(ctx, h.Repository, "heads/"+branch)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return landStep.failed(err), false
	}
	var old github.Commit
	if !missing {
		if old, err = h.GitHub.Commit(ctx, h.Repository, have.SHA); err != nil {
			return landStep.failed(err), false
		}
		if !untouched(old) && old.SHA != l.Commit {
			return landStep.refused(fmt.Sprintf("Move those commits to another branch, then delete %s; the next run makes it anew.", branch),
				"the branch %s of the release pull request holds a commit that Slipway did not make, %s, and is left as it is", branch, short(old.SHA)), false
		}
	}
	tree, err := h.GitHub.CreateTree(ctx, h.Repository, l.Tree, l.Files)
	if err != nil {
		return landStep.failed(err), false
	}
	if !missing && l.holds(old, tree) {
		return result.Finding{}, true // it is what it should be
	}
	commit, err := h.GitHub.CreateCommit(ctx, h.Repository, l.message(h, tree), tree, l.Commit)
	switch {
	case err != nil:
	case missing:
		err = h.GitHub.CreateRef(ctx, h.Repository, "heads/"+branch, commit)
	default:
		err = h.GitHub.MoveRef(ctx, h.Repository, "heads/"+branch, commit, true)
	}
	if errors.Is(err, github.ErrExists) { // by this run without an answer, or by another
		if again, lost := h.GitHub.Ref(ctx, h.Repository, "heads/"+branch); lost == nil {
			if theirs, lost := h.commitAt(ctx, again.SHA); lost == nil && l.holds(theirs, tree) {
				err = nil
			}
		}
	}
	if err != nil {
		return landStep.failed(err), false
	}
	return result.Finding{}, true
}

// holds tells whether a commit lands the same files on the same commit, whichever run made it.
func (l Landing) holds(c github.Commit, tree string) bool {
	return c.Tree == tree && slices.Equal(c.Parents, []string{l.Commit}) && trailer(c.Message, ReleaseTrailer) == l.Tag
}

// untouched tells that a commit is one of ours, as we made it: an amended one has another tree.
func untouched(c github.Commit) bool {
	return trailer(c.Message, ReleaseTrailer) != "" && trailer(c.Message, treeTrailer) == c.Tree && len(c.Parents) == 1
}

// keepPull opens the pull request, or brings the open one up to date.
func (h Hub) keepPull(ctx context.Context, l Landing, branch string) Pulled {
	open, err := h.GitHub.PullRequests(ctx, h.Repository, branch, l.Branch)
	if err == nil && len(open) == 0 {
		made, err := h.GitHub.CreatePull(ctx, h.Repository, branch, l.Branch, l.subject(), weave("", l.Notes, l.Link, pullLimit).body)
		if err == nil {
			return pulled(made, "#%d opened, to land %s on %s; it is released once it is merged", made.Number, l.list(), l.Branch)
		}
		if !errors.Is(err, github.ErrExists) && !github.Uncertain(err) {
			return Pulled{Finding: landStep.failed(err)}
		}
		again, lost := h.GitHub.PullRequests(ctx, h.Repository, branch, l.Branch)
		if lost != nil || len(again) == 0 {
			return Pulled{Finding: landStep.failed(errors.Join(err, lost))}
		}
		open = again
	}
	if err != nil {
		return Pulled{Finding: landStep.failed(err)}
	}
	one := open[0]
	page := weave(one.Body, l.Notes, l.Link, pullLimit)
	said := "#%d is up to date, to land %s on %s; it is released once it is merged"
	if one.Title != l.subject() || plain(one.Body) != plain(page.body) {
		if err := h.GitHub.EditPull(ctx, h.Repository, one.Number, l.subject(), page.body); err != nil {
			return Pulled{Number: strconv.Itoa(one.Number), Finding: landStep.failed(err)}
		}
		said = "#%d brought up to date, to land %s on %s; it is released once it is merged"
	}
	return pulled(one, said, one.Number, l.list(), l.Branch)
}

func pulled(p github.PullRequest, format string, args ...any) Pulled {
	f := landStep.done(format, args...)
	f.Evidence = p.URL
	return Pulled{Number: strconv.Itoa(p.Number), Finding: f}
}
