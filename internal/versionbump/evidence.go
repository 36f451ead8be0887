package versionbump

import (
	"context"

	"github.com/slipway-actions/slipway/internal/clone"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/semver"
)

// history is what this action asks of a repository.
type history interface {
	Tags(ctx context.Context, rev string) ([]gitrepo.Tag, error)
	Log(ctx context.Context, from, to string, paths []string) ([]gitrepo.Commit, error)
	clone.Asker
}

// evidence is all that a version is decided from.
type evidence struct {
	inputs
	releases []semver.Release // with this line's prefix, highest first
	passed   []semver.Passed
	final    *semver.Release // highest reachable final version, nil before the first
	latest   *semver.Release // highest reachable one that counts on the channel, nil before the first
	commits  []change        // since final, newest first
	tags     clone.Tags
}

// change is a commit of the release and what it asks for.
type change struct {
	commit.Commit
	commit.Change
	Parsed bool         // its header is a conventional one
	Level  semver.Level // by the policy
	Fresh  bool         // not yet in a pre-release of the channel
}

// collect reads the tags once for a line, and the commits since its base.
func collect(ctx context.Context, h history, head string, i inputs, tags []gitrepo.Tag) (evidence, error) {
	e := evidence{inputs: i}
	known := make([]semver.Tag, len(tags))
	for n, t := range tags {
		known[n] = semver.Tag(t)
	}
	e.releases, e.passed = semver.Releases(known, i.line.prefix)
	e.final, e.latest = semver.Base(e.releases, ""), semver.Base(e.releases, i.channel)
	e.tags = clone.AskForTags(ctx, h, len(tags), i.line.prefix)
	var since, freshSince string
	if e.final != nil {
		since = e.final.SHA
	}
	if e.latest != nil {
		freshSince = e.latest.SHA
	}
	commits, err := h.Log(ctx, since, head, i.line.paths)
	if err != nil {
		return evidence{}, err
	}
	fresh := map[string]bool{}
	if freshSince != since {
		newer, err := h.Log(ctx, freshSince, head, i.line.paths)
		if err != nil {
			return evidence{}, err
		}
		for _, c := range newer {
			fresh[c.SHA] = true
		}
	}
	for _, c := range commits {
		e.commits = append(e.commits, judge(c, i, freshSince == since || fresh[c.SHA]))
	}
	return e, nil
}

// judge reads a commit's message and weighs it by the policy.
func judge(c gitrepo.Commit, i inputs, fresh bool) change {
	parsed, ok := commit.Parse(c.Message)
	level := semver.None
	if ok {
		level = semver.Level(i.types.Types[parsed.Type])
	}
	if parsed.Breaking {
		level = semver.Major
	}
	return change{
		Commit: commit.Commit{SHA: c.SHA, Parents: c.Parents, Author: c.Author, Message: c.Message},
		Change: parsed, Parsed: ok, Level: level, Fresh: fresh,
	}
}
