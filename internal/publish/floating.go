package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/semver"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// move is a floating tag and what becomes of it.
type move struct {
	name string
	kept string // why it stays where it is; "" where it moves
}

// floating plans which tags follow a version: v1 and v1.2 behind 1.2.5, each only where no other
// version within it is higher. 0.y.z moves v0.y alone, for 0.5 promises nothing to users of 0.4.
// Pre-releases move none.
func floating(prefix string, v *semver.Version, others []*semver.Version) []move {
	if v.Prerelease() != "" {
		return nil
	}
	moves := []move{{name: fmt.Sprintf("%s%d", prefix, v.Major())}, {name: fmt.Sprintf("%s%d.%d", prefix, v.Major(), v.Minor())}}
	for _, o := range others {
		if o.Prerelease() != "" || !o.GreaterThan(v) || o.Major() != v.Major() {
			continue
		}
		why := fmt.Sprintf("%s%s is higher", prefix, o)
		moves[0].kept = why
		if o.Minor() == v.Minor() {
			moves[1].kept = why
		}
	}
	if v.Major() == 0 {
		return moves[1:]
	}
	return moves
}

// FloatTags lets the floating tags of a version lead to its commit. Known are all versions of the
// line that the clone has; tags that ignored names are none, wherever they are.
func (h Hub) FloatTags(ctx context.Context, prefix string, v *semver.Version, commit string, known []*semver.Version, ignored func(tag string) bool) result.Finding {
	moves := floating(prefix, v, known)
	if len(moves) == 0 {
		return floatingStep.skipped("%s%s is a pre-release; floating tags follow stable versions alone", prefix, v)
	}
	if h.DryRun {
		return floatingStep.would("look at %s, and let them lead to %s", names(moves), short(commit))
	}
	// A concurrent release may be higher than all that the clone knows.
	tags, err := h.GitHub.Tags(ctx, h.Repository, fmt.Sprintf("%s%d.", prefix, v.Major()))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return floatingStep.failed(err)
	}
	for _, name := range tags {
		if o, ok := semver.ParseTag(name, prefix); ok && !ignored(name) {
			known = append(known, o)
		}
	}
	var said []string
	var worst *result.Finding
	for _, m := range floating(prefix, v, known) {
		f := h.float(ctx, m, commit)
		said = append(said, f.Observed)
		if f.Outcome != verdict.Passed && (worst == nil || worst.Outcome != verdict.Failed) {
			worst = &f
		}
	}
	all := floatingStep.done("%s", strings.Join(said, "; "))
	if worst != nil {
		all.Outcome, all.Next = worst.Outcome, worst.Next
	}
	return all
}

func names(moves []move) string {
	var all []string
	for _, m := range moves {
		all = append(all, m.name)
	}
	return strings.Join(all, " and ")
}

// float makes or moves one floating tag. It leads to the commit itself, as GitHub's own actions do.
func (h Hub) float(ctx context.Context, m move, commit string) result.Finding {
	if m.kept != "" {
		return floatingStep.done("%s stays: %s", m.name, m.kept)
	}
	_, err := h.GitHub.PublishedRelease(ctx, h.Repository, m.name)
	switch {
	case err == nil:
		return floatingStep.refused("Delete that release, and keep its tag; or leave floating-tags out.",
			"%s has a GitHub release on it, and a released tag is not moved", m.name)
	case !errors.Is(err, fs.ErrNotExist):
		return floatingStep.failed(err)
	}
	found, ok, err := h.look(ctx, m.name)
	switch {
	case err != nil:
		return floatingStep.failed(err)
	case ok && found.commit == commit:
		return floatingStep.done("%s is on %s already", m.name, short(commit))
	case !ok:
		err = h.GitHub.CreateRef(ctx, h.Repository, "tags/"+m.name, commit)
		if !errors.Is(err, github.ErrExists) {
			break
		}
		fallthrough
	default:
		err = h.GitHub.MoveRef(ctx, h.Repository, "tags/"+m.name, commit, true)
	}
	if err != nil {
		return floatingStep.failed(err)
	}
	if !ok {
		return floatingStep.done("%s made, on %s", m.name, short(commit))
	}
	return floatingStep.done("%s moved from %s to %s", m.name, short(found.commit), short(commit))
}
