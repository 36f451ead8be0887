// Package clone tells what a clone may not show of its repository: a version computed from a clone
// without tags would be wrong. Asking is I/O through the caller's port; judging is pure.
package clone

import (
	"context"
	"fmt"

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

// Tags is what is known of tags that the clone does not hold. The zero value is a clone with tags.
type Tags struct {
	withheld bool     // the clone was told to leave them out
	remote   []string // names that origin has
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
	return result.Finding{
		ID: "remote-tags", Outcome: verdict.Warned, Title: "Tags at origin",
		Observed: "the clone has no tags, and origin could not be asked: " + t.err.Error(),
		Next:     "Make sure that this really is the first release.",
	}, true
}
