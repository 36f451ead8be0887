package changelog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/clone"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/semver"
)

// history is what this action asks of a repository.
type history interface {
	Resolve(ctx context.Context, rev string) (string, error)
	Tags(ctx context.Context, rev string) ([]gitrepo.Tag, error)
	Log(ctx context.Context, from, to string, paths []string) ([]commit.Commit, error)
	clone.Asker
}

// files is what this action asks of the workspace.
type files interface {
	Read(name string, limit int64) ([]byte, error)
}

// fileLimit is the most bytes of a changelog that are edited.
const fileLimit = 64 << 20

// evidence is all that notes are made from.
type evidence struct {
	inputs
	tags     clone.Tags
	releases []release // newest first; the first is the one that is asked for
	old      []byte    // the file as it is; nil where there is none
	now      time.Time
	links    links
}

// release is a version and the commits that came with it.
type release struct {
	version  *semver.Version // nil: not released yet
	tag      string          // with its prefix; of the version, whether the tag is there or not
	previous string          // tag or commit before it, "" for the first release
	date     time.Time       // of the day that stands in the heading
	commits  []commit.Commit
}

// links makes addresses of the repository's pages; the zero value makes none.
type links struct{ repository string } // https://github.com/acme/shop

func collect(ctx context.Context, h history, f files, i inputs, now time.Time, l links) (evidence, error) {
	e := evidence{inputs: i, now: now, links: l}
	if err := e.readFile(f); err != nil {
		return evidence{}, err
	}
	to, err := h.Resolve(ctx, i.to)
	if err != nil {
		return evidence{}, wrongRevision("to", i.to, err)
	}
	tags, err := h.Tags(ctx, to)
	if err != nil {
		return evidence{}, err
	}
	e.tags = clone.AskForTags(ctx, h, len(tags))
	known := make([]semver.Tag, len(tags))
	for n, t := range tags {
		known[n] = semver.Tag(t)
	}
	releases, _ := semver.Releases(known, i.prefix)
	first := release{version: i.version, date: now}
	released := false
	for _, r := range releases {
		tagged := r.SHA == to && first.version == nil
		if tagged {
			first.version = r.Version
		}
		if first.version != nil && r.Version.Equal(first.version) && (tagged || i.to == "HEAD" && r.Reachable) {
			to, released = r.SHA, true // a version that is released holds no later commits
		}
	}
	before := earlier(releases, first.version)
	if first.version != nil {
		first.tag = i.prefix + first.version.String()
	}
	since := ""
	switch {
	case i.from != "":
		if since, err = h.Resolve(ctx, i.from); err != nil {
			return evidence{}, wrongRevision("from", i.from, err)
		}
		first.previous = since // any other name would not do for a link
		if slices.ContainsFunc(tags, func(t gitrepo.Tag) bool { return t.Name == i.from }) {
			first.previous = i.from
		}
	case len(before) > 0:
		first.previous, since = before[0].Name, before[0].SHA
	}
	if first.commits, err = h.Log(ctx, since, to, i.paths); err != nil {
		return evidence{}, err
	}
	if released && len(first.commits) > 0 {
		first.date = first.commits[0].Time
	}
	e.releases = []release{first}
	if i.full {
		return e, e.readAll(ctx, h, before)
	}
	return e, nil
}

// readAll adds the releases before the first one.
func (e *evidence) readAll(ctx context.Context, h history, before []semver.Release) error {
	for n, r := range before {
		one := release{version: r.Version, tag: r.Name}
		since := ""
		if n+1 < len(before) {
			one.previous, since = before[n+1].Name, before[n+1].SHA
		}
		var err error
		if one.commits, err = h.Log(ctx, since, r.SHA, e.paths); err != nil {
			return err
		}
		if len(one.commits) > 0 {
			one.date = one.commits[0].Time
		}
		e.releases = append(e.releases, one)
	}
	return nil
}

func (e *evidence) readFile(f files) error {
	if e.file == "" {
		return nil
	}
	old, err := f.Read(e.file, fileLimit)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return action.Wrong("input file is %q: %w. Name a regular file inside the workspace, or leave it empty to write none", e.file, err)
	}
	e.old = old
	return nil
}

// earlier are the releases that a version's notes may begin after, highest first: final versions
// below it, for a pre-release those of its channel too.
func earlier(releases []semver.Release, version *semver.Version) []semver.Release {
	var before []semver.Release
	for _, r := range releases {
		if !r.Reachable || version != nil && !r.Version.LessThan(version) {
			continue
		}
		if r.Version.Prerelease() == "" || version != nil && version.Prerelease() != "" && semver.Channel(r.Version) == semver.Channel(version) {
			before = append(before, r)
		}
	}
	return before
}

func wrongRevision(input, value string, err error) error {
	if errors.Is(err, gitrepo.ErrNoSuchRevision) {
		return action.Wrong("input %s is %q; the clone has no such tag, branch or commit. Correct it, or fetch it: fetch-depth: 0 on the checkout step", input, value)
	}
	return fmt.Errorf("resolve %s: %w", value, err)
}
