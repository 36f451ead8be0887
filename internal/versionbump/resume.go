package versionbump

import (
	"context"
	"errors"
	"slices"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/publish"
	"github.com/slipway-actions/slipway/internal/semver"
)

// resuming knows what earlier attempts of this very run have written.
type resuming struct {
	publishing
	clone past
}

// past is what is asked of the clone about a landing.
type past interface {
	Resolve(ctx context.Context, rev string) (string, error)
	Log(ctx context.Context, from, to string, paths []string) ([]commit.Commit, error)
}

// beforeTagging leaves out the tag that an earlier attempt of this very run pushed onto this commit, so
// that the run comes to the same version again and its later steps go on. Another run finds nothing to do.
func (p resuming) beforeTagging(ctx context.Context, tags []gitrepo.Tag, head, prefix string) ([]gitrepo.Tag, error) {
	if p.hub.RunURL == "" || !p.push || p.hub.DryRun {
		return tags, nil
	}
	return without(tags, func(t gitrepo.Tag) (bool, error) {
		if _, ok := semver.ParseTag(t.Name, prefix); !ok || t.SHA != head {
			return false, nil
		}
		ours, err := p.hub.MadeByThisRun(ctx, t.Name)
		if err != nil {
			return false, action.Undecided(publish.Next(err), "the tag %s is on this commit, and whether this run made it cannot be told: %w", t.Name, err)
		}
		return ours, nil
	})
}

// beforeLanding leaves out the tag on the commit by which this run landed the release upon this one, for
// the same reason. It wants to know which tags can be reached.
func (p resuming) beforeLanding(ctx context.Context, tags []gitrepo.Tag, head, prefix string) ([]gitrepo.Tag, error) {
	if p.hub.RunURL == "" {
		return tags, nil
	}
	upon := ahead(tags, prefix)
	return without(tags, func(t gitrepo.Tag) (bool, error) {
		if !slices.Contains(upon, t.Name) {
			return false, nil
		}
		return p.landedHere(ctx, t, head)
	})
}

// without leaves out the tags that are this run's own.
func without(tags []gitrepo.Tag, ours func(gitrepo.Tag) (bool, error)) ([]gitrepo.Tag, error) {
	var kept []gitrepo.Tag
	for _, t := range tags {
		own, err := ours(t)
		if err != nil {
			return nil, err
		}
		if !own {
			kept = append(kept, t)
		}
	}
	return kept, nil
}

// landingsAsked is the most tags elsewhere that are looked at for a landing.
const landingsAsked = 5

// ahead are the names of tags that may lead to a landing upon this commit: of versions above all that
// it builds on, the highest first.
func ahead(tags []gitrepo.Tag, prefix string) []string {
	var above []semver.Release
	var base *semver.Version
	for _, t := range tags {
		v, ok := semver.ParseTag(t.Name, prefix)
		switch {
		case !ok:
		case !t.Reachable:
			above = append(above, semver.Release{Tag: semver.Tag(t), Version: v})
		case base == nil || v.GreaterThan(base):
			base = v
		}
	}
	above = slices.DeleteFunc(above, func(r semver.Release) bool { return base != nil && !r.Version.GreaterThan(base) })
	slices.SortFunc(above, func(a, b semver.Release) int { return b.Version.Compare(a.Version) })
	var names []string
	for _, r := range above[:min(len(above), landingsAsked)] {
		names = append(names, r.Name)
	}
	return names
}

// landedHere tells whether a tag leads to the commit by which this run landed the release on head.
func (p resuming) landedHere(ctx context.Context, t gitrepo.Tag, head string) (bool, error) {
	parent, err := p.clone.Resolve(ctx, t.SHA+"^")
	if errors.Is(err, gitrepo.ErrNoSuchRevision) || err == nil && parent != head {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	commits, err := p.clone.Log(ctx, head, t.SHA, nil)
	return len(commits) == 1 && p.hub.Landed(commits[0].Message, t.Name), err
}
