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

// past is what asBefore asks of the clone.
type past interface {
	Resolve(ctx context.Context, rev string) (string, error)
	Log(ctx context.Context, from, to string, paths []string) ([]commit.Commit, error)
}

// asBefore leaves out the tags that an earlier attempt of this very run pushed, so that the run comes
// to the same version again and its later steps go on: on this commit, or on the one by which changelog
// landed the release upon it. Another run finds nothing to do.
func (p publishing) asBefore(ctx context.Context, h past, r repository, prefix string) (repository, error) {
	if p.hub.RunURL == "" {
		return r, nil
	}
	upon := ahead(r.tags, prefix)
	var kept []semver.Tag
	for _, t := range r.tags {
		ours, err := false, error(nil)
		if _, ok := semver.ParseTag(t.Name, prefix); ok && t.SHA == r.head && p.push && !p.hub.DryRun {
			ours, err = p.hub.MadeByThisRun(ctx, t.Name)
			if err != nil {
				return r, action.Undecided(publish.Next(err), "the tag %s is on this commit, and whether this run made it cannot be told: %w", t.Name, err)
			}
		} else if slices.Contains(upon, t.Name) {
			ours, err = p.landedHere(ctx, h, t, r.head)
			if err != nil {
				return r, err
			}
		}
		if !ours {
			kept = append(kept, t)
		}
	}
	r.tags = kept
	return r, nil
}

// landingsAsked is the most tags elsewhere that are looked at for a landing.
const landingsAsked = 5

// ahead are the names of tags that may lead to a landing upon this commit: of versions above all that
// it builds on, the highest first.
func ahead(tags []semver.Tag, prefix string) []string {
	var above []semver.Release
	var base *semver.Version
	for _, t := range tags {
		v, ok := semver.ParseTag(t.Name, prefix)
		switch {
		case !ok:
		case !t.Reachable:
			above = append(above, semver.Release{Tag: t, Version: v})
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
func (p publishing) landedHere(ctx context.Context, h past, t semver.Tag, head string) (bool, error) {
	parent, err := h.Resolve(ctx, t.SHA+"^")
	if errors.Is(err, gitrepo.ErrNoSuchRevision) || err == nil && parent != head {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	commits, err := h.Log(ctx, head, t.SHA, nil)
	return len(commits) == 1 && p.hub.Landed(commits[0].Message, t.Name), err
}
