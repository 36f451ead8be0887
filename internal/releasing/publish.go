package releasing

import (
	"context"
	"fmt"

	"github.com/slipway-actions/slipway/internal/publish"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Draft makes the release as a draft, or brings the draft up to date, and adds files to it.
func (r Release) Draft(ctx context.Context, commit, notes string, files map[string][]byte) (url string, err error) {
	if err := r.verify(ctx, commit); err != nil {
		return "", err
	}
	if url, err = finish(r.release(ctx, commit, notes, true)); err != nil {
		return "", err
	}
	return url, r.attach(ctx, files)
}

// Publish tags the release commit, publishes the draft, which seals the release and its tag, and only then lets
// the floating tags follow.
func (r Release) Publish(ctx context.Context, commit, notes string) (url string, err error) {
	if err := r.verify(ctx, commit); err != nil {
		return "", err
	}
	tagged := r.hub().PushTag(ctx, publish.Tag{Name: r.Tag(), Commit: commit, Why: "Released from " + r.Revision + "."})
	if !tagged.OK {
		return "", said(tagged.Finding)
	}
	if url, err = finish(r.release(ctx, commit, notes, false)); err != nil {
		return "", err
	}
	if err := r.immutable(ctx); err != nil {
		return "", err
	}
	floated := r.hub().FloatTags(ctx, "v", r.Version, commit, r.Known, func(string) bool { return false })
	if floated.Outcome != verdict.Passed && floated.Outcome != verdict.Skipped {
		return "", said(floated)
	}
	return url, nil
}

func (r Release) hub() publish.Hub {
	return publish.Hub{GitHub: r.GitHub, Repository: r.Repository, RunURL: r.RunURL}
}

func (r Release) release(ctx context.Context, commit, notes string, draft bool) publish.Released {
	return r.hub().Release(ctx, publish.Release{
		Tag: r.Tag(), Version: r.Version, Commit: commit, Notes: notes, Draft: draft, Known: r.Known,
	})
}

func finish(released publish.Released) (url string, err error) {
	if released.Outcome != verdict.Passed && released.Outcome != verdict.Warned {
		return "", said(released.Finding)
	}
	return released.URL, nil
}

// said is a finding as an error.
func said(f result.Finding) error {
	return fmt.Errorf("%s: %s. %s", f.Title, f.Observed, f.Next)
}
