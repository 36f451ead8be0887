// Package clone tells what a clone may not show of its repository: a version computed from a clone
// without tags would be wrong. Asking is I/O through the caller's port; judging is pure.
package clone

import (
	"context"
	"fmt"
	"slices"

	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/semver"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Asker knows of tags that the clone does not hold, and whether it was told to leave all out, or some.
type Asker interface {
	RemoteTags(ctx context.Context) ([]string, error)
	TagsWithheld(ctx context.Context) bool
	TagsPartial(ctx context.Context) bool
}

// Repo is a clone whose origin is asked through its API where it does not answer git, as where the
// checkout kept no credentials.
type Repo struct {
	*gitrepo.Repo
	API func(ctx context.Context) ([]string, error) // names of all tags
}

// RemoteTags lists the names of origin's tags.
func (r Repo) RemoteTags(ctx context.Context) ([]string, error) {
	names, err := r.Repo.RemoteTags(ctx)
	if err == nil {
		return names, nil
	}
	told, apiErr := r.API(ctx)
	if apiErr != nil {
		return nil, fmt.Errorf("%w; nor does the API tell: %w", err, apiErr)
	}
	return told, nil
}

// Tags is what is known of tags that the clone does not hold. The zero value is a clone with tags.
type Tags struct {
	held     bool     // the clone has tags, yet maybe not all
	withheld bool     // the clone was told to leave them out
	remote   []string // names that origin has and the clone has not
	err      error    // why origin could not be asked
}

// AskForTags asks for what a clone without any tag may miss, and one of a single branch, or one without
// tags into which some were fetched: a version that was tagged elsewhere is taken. Any other clone has
// fetched all. Held are the names of its tags.
func AskForTags(ctx context.Context, a Asker, held []string) Tags {
	if len(held) > 0 && !a.TagsPartial(ctx) {
		return Tags{}
	}
	t := Tags{held: len(held) > 0}
	t.remote, t.err = a.RemoteTags(ctx)
	if !t.held {
		t.withheld = a.TagsWithheld(ctx)
		return t
	}
	known := make(map[string]bool, len(held))
	for _, name := range held {
		known[name] = true
	}
	t.remote = slices.DeleteFunc(t.remote, func(name string) bool { return known[name] })
	return t
}

// Missing is the finding that tags behind a prefix are missing; ok is false where none is known to be.
func (t Tags) Missing(prefix string) (f result.Finding, ok bool) {
	f = result.Finding{
		ID: "tags", Outcome: verdict.Undecided, Title: "Tags of the repository",
		Threshold: "all tags in the clone", Next: "Set fetch-depth: 0 on the checkout step, or run git fetch --tags.",
	}
	var known []semver.Tag
	for _, name := range t.remote {
		known = append(known, semver.Tag{Name: name})
	}
	releases, _ := semver.Releases(known, prefix)
	switch {
	case len(releases) > 0 && t.held:
		f.Observed = fmt.Sprintf("the clone has some tags alone: origin has %s more, such as %s", report.Count(len(releases), "release"), releases[0].Name)
	case len(releases) > 0:
		f.Observed = fmt.Sprintf("the clone has no tags, but origin has %s, such as %s", report.Count(len(releases), "release"), releases[0].Name)
	case t.withheld && t.err != nil:
		f.Observed = "the clone was made without tags (remote.origin.tagOpt is --no-tags), and origin could not be asked: " + t.err.Error()
	case !t.held && t.err != nil:
		f.Observed = "the clone has no tags, and origin could not be asked whether it has any: " + t.err.Error()
		f.Next = "Let this step reach origin, or give it a github-token with the permission contents: read; or run git fetch --tags before it."
	default:
		return result.Finding{}, false
	}
	return f, true
}

// Doubt is the warning that origin could not be asked whether it has more tags; ok is false where there is
// no doubt.
func (t Tags) Doubt() (f result.Finding, ok bool) {
	if t.err == nil || !t.held {
		return result.Finding{}, false
	}
	return result.Finding{
		ID: "remote-tags", Outcome: verdict.Warned, Title: "Tags at origin",
		Observed: "the clone was made of one branch or without tags, and whether origin has more of them could not be asked: " + t.err.Error(),
		Next:     "Make sure that all tags were fetched: git fetch --tags.",
	}, true
}
