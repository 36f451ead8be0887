package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/result"
)

// Tag is a tag that is to be there.
type Tag struct {
	Name   string
	Commit string   // where it is made
	Also   []string // commits on which it is as right
	Why    string   // for its message
}

// Tagged is what became of a tag.
type Tagged struct {
	OK     bool   // it is there, and leads to where it should
	Pushed bool   // this step made it
	Ours   bool   // this run made it, in this step or before
	Commit string // that it leads to
	result.Finding
}

// existing is a tag as GitHub has it.
type existing struct {
	object  string // that the ref leads to
	commit  string
	message string // "" for a light one
	by      string
	at      time.Time
}

// depth bounds tags of tags.
const depth = 5

// look finds a tag; ok is false where there is none.
func (h Hub) look(ctx context.Context, name string) (found existing, ok bool, err error) {
	ref, err := h.GitHub.Ref(ctx, h.Repository, "tags/"+name)
	if errors.Is(err, fs.ErrNotExist) {
		return existing{}, false, nil
	}
	if err != nil {
		return existing{}, false, err
	}
	found = existing{object: ref.SHA, commit: ref.SHA}
	for n, annotated := 0, ref.Annotated; annotated; n++ {
		if n == depth {
			return existing{}, false, fmt.Errorf("the tag %s leads from tag to tag and to no commit", name)
		}
		object, err := h.GitHub.TagObject(ctx, h.Repository, found.commit)
		if err != nil {
			return existing{}, false, err
		}
		if n == 0 {
			found.message, found.by, found.at = object.Message, object.By, object.At
		}
		found.commit, annotated = object.SHA, object.Annotated
	}
	return found, true, nil
}

// TagCommit is the commit that a tag leads to; ok is false where there is none.
func (h Hub) TagCommit(ctx context.Context, name string) (commit string, ok bool, err error) {
	found, ok, err := h.look(ctx, name)
	return found.commit, ok, err
}

// MadeByThisRun tells whether an annotated tag was pushed by this workflow run, in an attempt before
// or a step before.
func (h Hub) MadeByThisRun(ctx context.Context, name string) (bool, error) {
	found, ok, err := h.look(ctx, name)
	return ok && madeBy(found.message, h.RunURL), err
}

// PushTag makes an annotated tag, unless it is there. One that leads to another commit is a failure
// that says who tagged it and when: a tag is never moved.
func (h Hub) PushTag(ctx context.Context, t Tag) Tagged {
	if h.DryRun {
		return Tagged{Finding: tagStep.would("tag %s as %s", short(t.Commit), t.Name)}
	}
	found, ok, err := h.look(ctx, t.Name)
	if err != nil {
		return Tagged{Finding: tagStep.failed(err)}
	}
	if ok {
		return h.compare(ctx, t, found)
	}
	text := message(t.Name, t.Why, [2]string{runTrailer, h.RunURL})
	object, err := h.GitHub.CreateTag(ctx, h.Repository, t.Name, text, t.Commit)
	if err != nil {
		return Tagged{Finding: tagStep.failed(err)}
	}
	err = h.GitHub.CreateRef(ctx, h.Repository, "tags/"+t.Name, object)
	if errors.Is(err, github.ErrExists) || github.Uncertain(err) {
		found, ok, again := h.look(ctx, t.Name)
		switch {
		case again != nil:
			err = errors.Join(err, again)
		case ok && found.object != object: // another run was faster
			return h.compare(ctx, t, found)
		case ok:
			err = nil
		}
	}
	if err != nil {
		return Tagged{Finding: tagStep.failed(err)}
	}
	return Tagged{OK: true, Pushed: true, Ours: true, Commit: t.Commit, Finding: tagStep.done("%s pushed, on %s", t.Name, short(t.Commit))}
}

// FindTag looks whether a tag is there, and where it should be; it makes none.
func (h Hub) FindTag(ctx context.Context, t Tag) Tagged {
	if h.DryRun {
		return Tagged{Finding: tagStep.would("look for the tag %s", t.Name)}
	}
	found, ok, err := h.look(ctx, t.Name)
	switch {
	case err != nil:
		return Tagged{Finding: tagStep.failed(err)}
	case ok:
		return h.compare(ctx, t, found)
	}
	return Tagged{Finding: tagStep.warned(fmt.Sprintf("If it is to be released, push it: git push origin %s", t.Name), "%s is not tagged at GitHub", t.Name)}
}

// compare judges a tag that is there.
func (h Hub) compare(ctx context.Context, t Tag, found existing) Tagged {
	if found.commit == t.Commit || slices.Contains(t.Also, found.commit) {
		tagged := Tagged{OK: true, Ours: madeBy(found.message, h.RunURL), Commit: found.commit}
		tagged.Finding = tagStep.done("%s is there already, on %s", t.Name, short(found.commit))
		if tagged.Ours {
			tagged.Finding = tagStep.done("%s is there already, on %s: this run made it before", t.Name, short(found.commit))
		}
		return tagged
	}
	return Tagged{Commit: found.commit, Finding: h.taken(ctx, t, found)}
}

// taken says that a tag leads elsewhere.
func (h Hub) taken(ctx context.Context, t Tag, found existing) result.Finding {
	return tagStep.refused(
		fmt.Sprintf("A tag is never moved. If that release is right, fetch its tag (fetch-depth: 0) and run again: the next version follows it. If it is a mistake, delete it first: git push origin :refs/tags/%s", t.Name),
		"%s is taken: it leads to %s and not to %s; %s", t.Name, short(found.commit), short(t.Commit), h.whoAndWhen(ctx, found))
}

// whoAndWhen says who tagged, or for a light tag, which keeps no such thing, who wrote the commit.
func (h Hub) whoAndWhen(ctx context.Context, found existing) string {
	if found.object != found.commit {
		return fmt.Sprintf("tagged by %s%s", orSomebody(found.by), on(found.at))
	}
	c, err := h.GitHub.Commit(ctx, h.Repository, found.commit)
	if err != nil {
		return "a light tag, which does not say by whom"
	}
	return fmt.Sprintf("a light tag, which does not say by whom; the commit is by %s%s", orSomebody(c.Author), on(c.At))
}

func on(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " on " + t.UTC().Format("2006-01-02 15:04 UTC")
}
