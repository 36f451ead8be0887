package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Landing is what is to get onto a branch.
type Landing struct {
	Branch string // short name
	Commit string // that was judged; the branch must still be there
	Tree   string // of that commit
	Tag    string // of the release
	TagAt  string // where the history has the tag already, "" where it has none
	Files  []github.File
	// Notes and Link are for a pull request's text.
	Notes, Link string
}

// Landed is what became of a landing.
type Landed struct {
	OK     bool
	Commit string // of the branch, with the files in it; "" where there was nothing to land
	result.Finding
}

// LandCommit puts the files onto the branch as one commit. A branch that moved since the commit that
// was judged is left alone, unless it moved by this very landing.
func (h Hub) LandCommit(ctx context.Context, l Landing) Landed {
	switch {
	case len(l.Files) == 0:
		return Landed{OK: true, Finding: landStep.skipped("there is nothing to land: %s holds all of it", short(l.Commit))}
	case h.DryRun:
		return Landed{Finding: landStep.would("commit %s to %s", l.list(), l.Branch)}
	}
	if landed, settled := h.tagged(ctx, l); settled {
		return landed
	}
	tip, err := h.GitHub.Ref(ctx, h.Repository, "heads/"+l.Branch)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Landed{Finding: landStep.refused("Run this on a branch that exists, with a token that may read it.", "there is no branch %s in %s", l.Branch, h.Repository)}
	case err != nil:
		return Landed{Finding: landStep.failed(err)}
	case tip.SHA != l.Commit:
		return h.landedBefore(ctx, l, tip.SHA)
	}
	commit, err := h.commit(ctx, l)
	if err != nil {
		return Landed{Finding: landStep.failed(err)}
	}
	if commit == "" {
		return Landed{OK: true, Finding: landStep.skipped("there is nothing to land: %s holds all of it", short(l.Commit))}
	}
	err = h.GitHub.MoveRef(ctx, h.Repository, "heads/"+l.Branch, commit, false)
	if errors.Is(err, github.ErrMoved) || github.Uncertain(err) {
		again, lost := h.GitHub.Ref(ctx, h.Repository, "heads/"+l.Branch)
		switch {
		case lost != nil:
			err = errors.Join(err, lost)
		case again.SHA == commit:
			err = nil
		case again.SHA != l.Commit:
			return h.landedBefore(ctx, l, again.SHA)
		}
	}
	switch {
	case errors.Is(err, github.ErrProtected):
		f := landStep.failed(err)
		f.Next = "Set land: pull-request, so that the change goes the way of every other; or let the identity behind github-token bypass the rule."
		return Landed{Finding: f}
	case err != nil:
		return Landed{Finding: landStep.failed(err)}
	}
	return Landed{OK: true, Commit: commit, Finding: landStep.done("%s committed to %s as %s", l.list(), l.Branch, short(commit))}
}

// tagged looks at the release's tag before anything is written: another release may have taken it, or
// this one may have landed already and others have gone on since.
func (h Hub) tagged(ctx context.Context, l Landing) (landed Landed, settled bool) {
	found, ok, err := h.look(ctx, l.Tag)
	switch {
	case err != nil:
		return Landed{Finding: landStep.failed(err)}, true
	case !ok, found.commit == l.Commit:
		return Landed{}, false
	}
	c, err := h.commitAt(ctx, found.commit)
	switch {
	case err != nil:
		return Landed{Finding: landStep.failed(err)}, true
	case l.is(c):
		return l.before(c), true
	case found.commit == l.TagAt:
		return Landed{}, false
	}
	f := h.taken(ctx, Tag{Name: l.Tag, Commit: l.Commit}, found)
	f.ID, f.Title = landStep.id, landStep.title
	f.Observed += "; nothing was written"
	return Landed{Finding: f}, true
}

// commitAt reads a commit that a ref leads to; nothing is known of one that cannot be found.
func (h Hub) commitAt(ctx context.Context, id string) (github.Commit, error) {
	c, err := h.GitHub.Commit(ctx, h.Repository, id)
	if errors.Is(err, fs.ErrNotExist) {
		return github.Commit{}, nil
	}
	return c, err
}

// is tells whether a commit is this landing.
func (l Landing) is(c github.Commit) bool {
	return trailer(c.Message, ReleaseTrailer) == l.Tag && slices.Equal(c.Parents, []string{l.Commit})
}

// Landed tells whether a commit's message is that of a release's landing by this run.
func (h Hub) Landed(message, tag string) bool {
	return trailer(message, ReleaseTrailer) == tag && madeBy(message, h.RunURL)
}

func (l Landing) before(c github.Commit) Landed {
	return Landed{OK: true, Commit: c.SHA, Finding: landStep.done("landed on %s before, as %s", l.Branch, short(c.SHA))}
}

// landedBefore judges a branch that has moved: by this landing, or by others.
func (h Hub) landedBefore(ctx context.Context, l Landing, tip string) Landed {
	c, err := h.commitAt(ctx, tip)
	switch {
	case err != nil:
		return Landed{Finding: landStep.failed(err)}
	case l.is(c):
		return l.before(c)
	}
	return Landed{Finding: l.moved(tip)}
}

func (l Landing) moved(tip string) result.Finding {
	return landStep.finding(verdict.Failed, fmt.Sprintf("Run the workflow on the newest commit of %s; its own run may be on the way already.", l.Branch),
		"%s has moved: it is at %s and not at %s, the commit that was judged; nothing was written", l.Branch, short(tip), short(l.Commit))
}

// commit makes the commit that lands the files, which no branch leads to yet; "" where they change
// nothing.
func (h Hub) commit(ctx context.Context, l Landing) (id string, err error) {
	tree, err := h.GitHub.CreateTree(ctx, h.Repository, l.Tree, l.Files)
	if err != nil || tree == l.Tree {
		return "", err
	}
	return h.GitHub.CreateCommit(ctx, h.Repository, l.message(h, tree), tree, l.Commit)
}

func (l Landing) subject() string { return "chore(release): " + l.Tag }

func (l Landing) message(h Hub, tree string) string {
	return message(l.subject(), "Lands "+l.list()+".", [2]string{runTrailer, h.RunURL}, [2]string{ReleaseTrailer, l.Tag}, [2]string{treeTrailer, tree})
}

// list names the files, or counts many.
func (l Landing) list() string {
	if len(l.Files) > 4 {
		return report.Count(len(l.Files), "file")
	}
	text := ""
	for i, f := range l.Files {
		switch {
		case i == 0:
		case i == len(l.Files)-1:
			text += " and "
		default:
			text += ", "
		}
		text += f.Path
	}
	return text
}
