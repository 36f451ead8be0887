package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/semver"
)

// Release is a GitHub release that is to be there.
type Release struct {
	Tag     string
	Version *semver.Version
	Commit  string // that a draft's tag will be made at
	Notes   string // Markdown, made harmless
	Link    string // to all of the notes, where they are too long
	Draft   bool
	Known   []*semver.Version // of the line, this one or not
}

// Released is what became of a release.
type Released struct {
	URL string // of its page
	result.Finding
}

// latest tells GitHub whether a release is the newest: an older line's hotfix and a pre-release are
// not. GitHub would take the one that was published last.
func latest(v *semver.Version, known []*semver.Version) string {
	if v.Prerelease() != "" {
		return "false"
	}
	for _, k := range known {
		if k.Prerelease() == "" && k.GreaterThan(v) {
			return "false"
		}
	}
	return "true"
}

// Release makes the release of a tag, or brings the one that is there up to date: a draft can be
// published, a published one stays so, and there is never a second one.
func (h Hub) Release(ctx context.Context, r Release) Released {
	if h.DryRun {
		return Released{Finding: releaseStep.would("%s the release %s", map[bool]string{true: "draft", false: "publish"}[r.Draft], r.Tag)}
	}
	have, ok, err := h.release(ctx, r.Tag)
	if err == nil && !ok {
		have, err = h.GitHub.CreateRelease(ctx, h.Repository, r.text(weave("", r.Notes, r.Link, releaseLimit).body))
		switch {
		case err == nil && r.Draft:
			return h.settle(ctx, r, have)
		case err == nil:
			return released(have, r.Tag+" published")
		case errors.Is(err, github.ErrExists) || github.Uncertain(err): // another run, or this one without an answer
			first := err
			have, ok, err = h.release(ctx, r.Tag)
			if err == nil && !ok {
				err = first
			}
		}
	}
	if err != nil {
		return Released{Finding: releaseStep.failed(err)}
	}
	return h.refresh(ctx, r, have)
}

// settle makes sure that a draft just made is the only release of its tag: GitHub takes as many drafts
// as are sent. Of runs that made theirs at the same moment all take the oldest for the release, and each
// deletes its own, which nobody can have edited.
func (h Hub) settle(ctx context.Context, r Release, made github.Release) Released {
	first, ok, err := h.release(ctx, r.Tag)
	if err != nil {
		return Released{made.URL, releaseStep.failed(err)}
	}
	if !ok || first.ID == made.ID {
		return released(made, r.Tag+" drafted")
	}
	if err := h.GitHub.DeleteRelease(ctx, h.Repository, made.ID); err != nil {
		return Released{first.URL, releaseStep.failed(fmt.Errorf("another run made a release of %s at the same moment, and of two drafts one is left over: %w", r.Tag, err))}
	}
	return h.refresh(ctx, r, first)
}

// release finds a release, published or not.
func (h Hub) release(ctx context.Context, tag string) (have github.Release, ok bool, err error) {
	have, err = h.GitHub.PublishedRelease(ctx, h.Repository, tag)
	if errors.Is(err, fs.ErrNotExist) {
		return h.GitHub.ListedRelease(ctx, h.Repository, tag)
	}
	return have, err == nil, err
}

func (r Release) text(body string) github.ReleaseText {
	t := github.ReleaseText{Tag: r.Tag, Name: r.Tag, Body: body, Draft: r.Draft, Prerelease: r.Version.Prerelease() != ""}
	if r.Draft {
		t.Target = r.Commit // its tag is made when a person publishes it
	} else {
		t.Latest = latest(r.Version, r.Known)
	}
	return t
}

// refresh brings a release that is there up to date.
func (h Hub) refresh(ctx context.Context, r Release, have github.Release) Released {
	page := weave(have.Body, r.Notes, r.Link, releaseLimit)
	publishes := have.Draft && !r.Draft
	said := fmt.Sprintf("%s is published already", r.Tag)
	if have.Draft {
		said = fmt.Sprintf("%s is drafted already", r.Tag)
	}
	moves := have.Draft && r.Draft && have.Target != r.Commit
	if publishes || moves || plain(page.body) != plain(have.Body) {
		t := r.text(page.body)
		t.Name = ""
		t.Draft = have.Draft && r.Draft
		if !have.Draft {
			t.Latest, t.Target = "", ""
		}
		edited, err := h.GitHub.EditRelease(ctx, h.Repository, have.ID, t)
		if err != nil {
			return Released{have.URL, releaseStep.failed(err)}
		}
		said += " and was brought up to date"
		if publishes {
			said = r.Tag + " published, from its draft"
			have.URL = edited.URL
		}
	}
	switch {
	case page.edited:
		return Released{have.URL, releaseStep.warned("To have them made anew, delete the edited notes with the comments around them, and run again.", "%s; its notes were edited by hand and stay as they are", said)}
	case page.beside:
		said += "; text of others beside the notes stays"
	}
	return released(have, said)
}

func released(r github.Release, said string) Released {
	f := releaseStep.done("%s", said)
	f.Evidence = r.URL
	return Released{r.URL, f}
}
