// Package clone tells what a clone may not show of its repository: a version computed from a clone
// without tags would be wrong. Asking is I/O through the caller's port; judging is pure.
package clone

import (
	"context"
	"fmt"
	"slices"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/semver"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Asker knows of tags that the clone does not hold.
type Asker interface {
	RemoteTags(ctx context.Context) ([]string, error)
	TagsWithheld(ctx context.Context) bool
}

// Teller knows as well whether the clone was told to fetch but some of the tags.
type Teller interface {
	Asker
	TagsPartial(ctx context.Context) bool
}

// Tags is what is known of tags that the clone does not hold. The zero value is a clone with tags.
type Tags struct {
	held     bool     // the clone has tags, yet maybe not all
	withheld bool     // the clone was told to leave them out
	remote   []string // names that origin has and the clone has not
	err      error    // why origin could not be asked
}

// AskForTags asks for what a clone without any tag may miss. One that has tags misses none: they
// are fetched all or not at all.
func AskForTags(ctx context.Context, a Asker, held int) Tags {
	if held > 0 {
		return Tags{}
	}
	names, err := a.RemoteTags(ctx)
	return Tags{withheld: a.TagsWithheld(ctx), remote: names, err: err}
}

// AskForAllTags asks as well for what a clone of a single branch, or one without tags into which some were
// fetched, may miss: a version that was tagged elsewhere is taken.
func AskForAllTags(ctx context.Context, t Teller, held []string) Tags {
	if len(held) == 0 {
		return AskForTags(ctx, t, 0)
	}
	if !t.TagsPartial(ctx) {
		return Tags{}
	}
	names, err := t.RemoteTags(ctx)
	known := make(map[string]bool, len(held))
	for _, name := range held {
		known[name] = true
	}
	return Tags{held: true, remote: slices.DeleteFunc(names, func(name string) bool { return known[name] }), err: err}
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
	default:
		return result.Finding{}, false
	}
	return f, true
}

// Doubt is the warning that origin could not be asked; ok is false where there is no doubt.
func (t Tags) Doubt() (f result.Finding, ok bool) {
	if t.err == nil {
		return result.Finding{}, false
	}
	f = result.Finding{
		ID: "remote-tags", Outcome: verdict.Warned, Title: "Tags at origin",
		Observed: "the clone has no tags, and origin could not be asked: " + t.err.Error(),
		Next:     "Make sure that this really is the first release.",
	}
	if t.held {
		f.Observed = "the clone was made of one branch or without tags, and whether origin has more of them could not be asked: " + t.err.Error()
		f.Next = "Make sure that all tags were fetched: git fetch --tags."
	}
	return f, true
}
