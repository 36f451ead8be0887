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
	Log(ctx context.Context, from, to string, paths []string) ([]commit.Commit, error)
}

// evidence is all that a version is decided from.
type evidence struct {
	inputs
	releases []semver.Release // with this line's prefix, highest first
	passed   []semver.Passed  // tags that are none of this line's
	final    *semver.Release  // highest reachable final version, nil before the first
	latest   *semver.Release  // highest reachable one that counts on the channel, nil before the first
	commits  []change         // since final, newest first
	tags     clone.Tags
	// dependency is a component that this one is built from and that changes; "" where none does.
	dependency string
}

// change is a commit of the release and what it asks for.
type change struct {
	commit.Commit
	commit.Change
	Parsed bool         // its header is a conventional one
	Level  semver.Level // by the policy
	Fresh  bool         // not yet in a pre-release of the channel
}

// repository is what every line of versions shares.
type repository struct {
	head    string
	tags    []semver.Tag
	missing clone.Tags
}

func open(ctx context.Context, repo *gitrepo.Repo) (repository, error) {
	tags, err := repo.Tags(ctx, repo.Head)
	if err != nil {
		return repository{}, err
	}
	r := repository{head: repo.Head, missing: clone.AskForTags(ctx, repo, len(tags))}
	for _, t := range tags {
		r.tags = append(r.tags, semver.Tag(t))
	}
	return r, nil
}

// collect finds a line's base among the tags, and reads the commits since.
func collect(ctx context.Context, h history, r repository, i inputs) (evidence, error) {
	e := evidence{inputs: i, tags: r.missing}
	e.releases, e.passed = semver.Releases(r.tags, i.line.prefix)
	e.final, e.latest = semver.Base(e.releases, ""), semver.Base(e.releases, i.channel)
	var since, freshSince string
	if e.final != nil {
		since = e.final.SHA
	}
	if e.latest != nil {
		freshSince = e.latest.SHA
	}
	commits, err := h.Log(ctx, since, r.head, i.line.paths)
	if err != nil {
		return evidence{}, err
	}
	fresh := map[string]bool{}
	if freshSince != since {
		newer, err := h.Log(ctx, freshSince, r.head, i.line.paths)
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
func judge(c commit.Commit, i inputs, fresh bool) change {
	parsed, ok := commit.Parse(c.Message)
	level := semver.None
	if ok {
		level = semver.Level(i.types.Types[parsed.Type])
	}
	if parsed.Breaking {
		level = semver.Major
	}
	return change{
		Commit: c, Change: parsed, Parsed: ok, Level: level, Fresh: fresh,
	}
}
