package versionbump

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/clone"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/glob"
	"github.com/slipway-actions/slipway/internal/semver"
)

// tagging is what this action asks of a repository about its tags.
type tagging interface {
	AllTags(ctx context.Context) ([]gitrepo.Tag, error)
	Reach(ctx context.Context, rev string, tags []gitrepo.Tag) error
	clone.Asker
}

// ranging is what it asks about its commits.
type ranging interface {
	Since(ctx context.Context, base, to string, touched bool) (commits []commit.Commit, reached bool, err error)
	CommonBase(ctx context.Context, shas []string) (string, error)
}

type history interface {
	tagging
	ranging
}

// evidence is all that a version is decided from.
type evidence struct {
	inputs
	releases []semver.Release // with this line's prefix, highest first
	passed   []semver.Passed  // tags that are none of this line's
	known    bool             // which of the releases can be reached is known of all; else of those above final
	final    *semver.Release  // highest reachable final version, nil before the first
	latest   *semver.Release  // highest reachable one that counts on the channel, nil before the first
	commits  []judged         // since final, newest first
	asked    []wish           // versions that commits ask for by name, newest first
	tags     clone.Tags
	// dependency is a component that this one is built from and that changes; "" where none does.
	dependency string
}

// gather reads what all lines are decided from, in one pass over the history.
//
// It begins by taking the highest version of each line for its base, which nearly always is one: the
// range itself tells whether it can be reached. Only where one cannot, the whole history is walked to
// learn which can.
func gather(ctx context.Context, h history, head string, lines []inputs, labels labelSource) ([]evidence, error) {
	tags, err := h.AllTags(ctx)
	if err != nil {
		return nil, err
	}
	missing := clone.AskForTags(ctx, h, len(tags))
	all := make([]evidence, len(lines))
	for i, line := range lines {
		all[i] = evidence{inputs: line, tags: missing}
		all[i].sort(tags)
	}
	ranges, sound, err := read(ctx, h, head, all)
	if err == nil && !sound {
		if err = h.Reach(ctx, head, tags); err != nil {
			return nil, err
		}
		for i := range all {
			all[i].known = true
			all[i].sort(tags)
		}
		if ranges, sound, err = read(ctx, h, head, all); err == nil && !sound {
			err = fmt.Errorf("a tag that %.12s reaches is not in its history; the repository changed meanwhile", head)
		}
	}
	if err != nil {
		return nil, err
	}
	named, err := labels.of(ctx, ranges)
	if err != nil {
		return nil, err
	}
	for i, r := range ranges {
		all[i].consider(r, named)
	}
	return all, nil
}

// sort finds a line's releases among the tags, and its base: among all of them, or among those that can
// be reached where that is known.
func (e *evidence) sort(tags []gitrepo.Tag) {
	var own []semver.Tag
	var ignored []semver.Passed
	for _, t := range tags {
		if at := slices.IndexFunc(e.types.IgnoreTags, func(pattern string) bool { return glob.Match(pattern, t.Name) }); at >= 0 {
			ignored = append(ignored, semver.Passed{Name: t.Name, Why: "is ignored by the policy's versioning.ignore-tags: " + e.types.IgnoreTags[at]})
			continue
		}
		own = append(own, semver.Tag(t))
	}
	e.releases, e.passed = semver.Releases(own, e.line.prefix)
	e.passed = append(ignored, e.passed...)
	e.final, e.latest = e.base(""), e.base(e.channel)
}

// base is the highest release of a maintenance branch's own range, else the highest of all; a copy.
func (e *evidence) base(channel string) *semver.Release {
	may := func(r semver.Release) bool {
		return (r.Reachable || !e.known) && r.CountsOn(channel)
	}
	if e.span != nil {
		if i := slices.IndexFunc(e.releases, func(r semver.Release) bool { return may(r) && e.span.Holds(r.Version) }); i >= 0 {
			base := e.releases[i]
			return &base
		}
	}
	if i := slices.IndexFunc(e.releases, may); i >= 0 {
		base := e.releases[i]
		return &base
	}
	return nil
}

// since is a line's part of the history.
type since struct {
	commits []commit.Commit // that its final base does not reach
	fresh   map[string]bool // of those, what its latest base does not reach either; nil for all
}

// read lists the commits of all lines. It is not sound where a line's base turns out not to be reached.
func read(ctx context.Context, h history, head string, all []evidence) (ranges []since, sound bool, err error) {
	ranges = make([]since, len(all))
	// A line without a release takes the whole history. If it has no paths, it is read by itself, for the
	// paths of the whole history are what takes longest.
	whole := func(e evidence) bool { return e.final == nil && len(e.line.paths) == 0 }
	for _, own := range []bool{false, true} {
		var lines []int
		for i, e := range all {
			if whole(e) == own {
				lines = append(lines, i)
			}
		}
		if len(lines) == 0 {
			continue
		}
		var bases []string
		touched, everything := false, false
		for _, i := range lines {
			touched = touched || len(all[i].line.paths) > 0
			if all[i].final == nil {
				everything = true
				continue
			}
			bases = append(bases, all[i].final.SHA)
		}
		base := ""
		if !everything {
			if base, err = h.CommonBase(ctx, bases); err != nil {
				return nil, false, err
			}
		}
		commits, reached, err := h.Since(ctx, base, head, touched)
		if err != nil || !reached {
			return nil, false, err
		}
		g := commit.NewGraph(commits)
		for _, i := range lines {
			if ranges[i], sound = all[i].cut(g, base); !sound {
				return nil, false, nil
			}
		}
	}
	return ranges, true, nil
}

// cut takes a line's own range out of that of all, and notes which of its releases are in it.
func (e *evidence) cut(g commit.Graph, base string) (s since, sound bool) {
	held := func(sha string) bool { _, ok := g.Find(sha); return ok || sha == base }
	if e.final != nil && !held(e.final.SHA) || e.latest != nil && !held(e.latest.SHA) {
		return since{}, false
	}
	for i, r := range e.releases {
		e.releases[i].Reachable = r.Reachable || held(r.SHA)
	}
	released := make([]bool, len(g.Commits))
	if e.final != nil {
		e.final.Reachable = true
		g.Reach(released, e.final.SHA)
	}
	for i, c := range g.Commits {
		if !released[i] {
			s.commits = append(s.commits, c)
		}
	}
	if e.latest == nil || e.final != nil && e.latest.SHA == e.final.SHA {
		return s, true
	}
	g.Reach(released, e.latest.SHA)
	s.fresh = map[string]bool{}
	for i, c := range g.Commits {
		if !released[i] {
			s.fresh[c.SHA] = true
		}
	}
	return s, true
}

// touchedBy parts the commits that touch a line's paths from the others.
func (l line) touchedBy(commits []commit.Commit) (own, others []commit.Commit) {
	if len(l.paths) == 0 {
		return commits, nil
	}
	for _, c := range commits {
		if glob.Touches(l.paths, c.Paths) {
			own = append(own, c)
		} else {
			others = append(others, c)
		}
	}
	return own, others
}

// consider judges the commits of a line's range.
func (e *evidence) consider(s since, labels map[string]label) {
	own, others := e.line.touchedBy(s.commits)
	e.commits = judge(own, s.fresh, e.inputs, labels)
	e.asked = wishes(e.commits, e.line, false)
	// One that names the line's tag in full means it, whatever it touches.
	if slices.ContainsFunc(others, func(c commit.Commit) bool { return strings.Contains(strings.ToLower(c.Message), "release-as") }) {
		named := wishes(judge(s.commits, s.fresh, e.inputs, labels), e.line, true)
		e.asked = merge(e.asked, named, s.commits)
	}
}
