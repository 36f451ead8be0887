package versionbump

import (
	"context"

	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/semver"
)

// history is what this action asks of a repository.
type history interface {
	Tags(ctx context.Context, rev string) ([]gitrepo.Tag, error)
	Log(ctx context.Context, from, to string, paths []string) ([]gitrepo.Commit, error)
	RemoteTags(ctx context.Context) ([]string, error)
	TagsWithheld(ctx context.Context) bool
}

// evidence is all that a version is decided from.
type evidence struct {
	inputs
	releases []semver.Release // with this line's prefix, highest first
	passed   []semver.Passed
	final    *semver.Release // highest reachable final version, nil before the first
	latest   *semver.Release // highest reachable one that counts on the channel, nil before the first
	commits  []change        // since final, newest first
	withheld withheld
}

// change is a commit of the release and what it asks for.
type change struct {
	commit.Commit
	commit.Change
	Parsed bool         // its header is a conventional one
	Level  semver.Level // by the policy
	Fresh  bool         // not yet in a pre-release of the channel
}

// withheld is what is known of tags that the clone does not hold, asked for only where it holds
// none at all.
type withheld struct {
	byClone bool     // the clone was told to leave them out
	remote  []string // versions that origin has
	err     error    // why origin could not be asked
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
	if len(tags) == 0 {
		e.withheld = askForTags(ctx, h, i.line.prefix)
	}
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

func askForTags(ctx context.Context, h history, prefix string) withheld {
	w := withheld{byClone: h.TagsWithheld(ctx)}
	names, err := h.RemoteTags(ctx)
	w.err = err
	for _, name := range names {
		if _, ok := semver.ParseTag(name, prefix); ok {
			w.remote = append(w.remote, name)
		}
	}
	return w
}
