package versionbump

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/ancestry"
	"github.com/slipway-actions/slipway/internal/change"
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
	ancestry.History
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
	moved      string // such a component that has changed since latest, released by now or not; "" for none
	still      bool   // latest is on the very commit that is to be released
}

// gather reads what all lines are decided from, in one pass over the history.
//
// It begins by taking the highest version of each line for its base, which nearly always is one: the
// range itself tells whether it can be reached. Only where one cannot, the whole history is walked to
// learn which can.
func gather(ctx context.Context, h history, head string, lines []inputs, own resuming, labels labelSource) ([]evidence, error) {
	tags, err := h.AllTags(ctx)
	if err != nil {
		return nil, err
	}
	held := make([]string, len(tags))
	for i, t := range tags {
		held[i] = t.Name
	}
	if tags, err = own.beforeTagging(ctx, tags, head, lines[0].line.prefix); err != nil {
		return nil, err
	}
	missing := clone.AskForTags(ctx, h, held)
	all := make([]evidence, len(lines))
	for i, line := range lines {
		all[i] = evidence{inputs: line, tags: missing}
		all[i].sort(tags, i == 0)
	}
	passes, sound, err := read(ctx, h, head, all)
	if err == nil && !sound {
		if err = h.Reach(ctx, head, tags); err != nil {
			return nil, err
		}
		if tags, err = own.beforeLanding(ctx, tags, head, lines[0].line.prefix); err != nil {
			return nil, err
		}
		for i := range all {
			all[i].known = true
			all[i].sort(tags, i == 0)
		}
		if passes, sound, err = read(ctx, h, head, all); err == nil && !sound {
			err = fmt.Errorf("the tags of %.12s changed while its history was read", head)
		}
	}
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].still = all[i].latest != nil && all[i].latest.SHA == head
	}
	named, err := labels.of(ctx, passes)
	if err != nil {
		return nil, err
	}
	for _, p := range passes {
		// What one commit is to another shows in the whole range alone; each line then takes its part.
		changes := p.changes
		for _, s := range p.lines {
			all[s.line].judge(changes, s, named)
			all[s.line].lookAround(changes, s, named, all)
		}
	}
	return all, nil
}

// sort finds a line's releases among the tags, and its base: among all of them, or among those that can
// be reached where that is known. Tags with another prefix are passed over only where somebody asks.
func (e *evidence) sort(tags []gitrepo.Tag, foreign bool) {
	var own []semver.Tag
	var ignored []semver.Passed
	for _, t := range tags {
		if !foreign && !strings.HasPrefix(t.Name, e.line.prefix) {
			continue
		}
		if pattern, ok := e.types.Ignores(t.Name); ok {
			ignored = append(ignored, semver.Passed{Name: t.Name, Why: "is ignored by the policy's versioning.ignore-tags: " + pattern})
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

// pass is one read of the history, for one or more lines.
type pass struct {
	changes []change.Change // of all commits that were read
	lines   []since
}

// since is a line's part of a pass.
type since struct {
	line  int
	own   map[string]bool // ids of commits that the line's final base does not reach; nil for all
	fresh map[string]bool // of those, what its latest base does not reach either; nil for all
}

// has tells whether a commit is in the line's part at all, and news whether its latest release lacks it.
func (s since) has(sha string) bool  { return s.own == nil || s.own[sha] }
func (s since) news(sha string) bool { return s.has(sha) && (s.fresh == nil || s.fresh[sha]) }

// read lists the commits of all lines. It is not sound where a line's base turns out not to be reached.
func read(ctx context.Context, h history, head string, all []evidence) (passes []pass, sound bool, err error) {
	// A line without a release takes the whole history. If it has no paths, it is read by itself, for the
	// paths of the whole history are what takes longest.
	whole := func(e evidence) bool { return e.final == nil && len(e.line.paths) == 0 }
	for _, alone := range []bool{false, true} {
		var lines []int
		for i, e := range all {
			if whole(e) == alone {
				lines = append(lines, i)
			}
		}
		if len(lines) == 0 {
			continue
		}
		one, sound, err := readPass(ctx, h, head, all, lines)
		if err != nil || !sound {
			return nil, false, err
		}
		passes = append(passes, one)
	}
	return passes, true, nil
}

func readPass(ctx context.Context, h history, head string, all []evidence, lines []int) (p pass, sound bool, err error) {
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
			if ctx.Err() == nil && !all[lines[0]].known { // a tag may lead to a file, and then has no history
				err = nil
			}
			return pass{}, false, err
		}
	}
	commits, reached, err := h.Since(ctx, base, head, touched)
	if err != nil || !reached {
		return pass{}, false, err
	}
	g := commit.NewGraph(commits)
	for _, i := range lines {
		s, sound := all[i].cut(g, base)
		if !sound {
			return pass{}, false, nil
		}
		s.line = i
		p.lines = append(p.lines, s)
	}
	p.changes, _, err = ancestry.Changes(ctx, h, head, commits, all[0].options())
	return p, err == nil, err
}

// cut takes a line's own range out of that of all, and notes which of its releases are in it.
func (e *evidence) cut(g commit.Graph, base string) (s since, sound bool) {
	held := func(sha string) bool { _, ok := g.Find(sha); return ok || sha == base }
	if !e.known && (e.final != nil && !held(e.final.SHA) || e.latest != nil && !held(e.latest.SHA)) {
		return since{}, false
	}
	for i, r := range e.releases {
		e.releases[i].Reachable = r.Reachable || held(r.SHA)
	}
	released := make([]bool, len(g.Commits))
	left := func() map[string]bool {
		ids := map[string]bool{}
		for i, c := range g.Commits {
			if !released[i] {
				ids[c.SHA] = true
			}
		}
		return ids
	}
	if e.final != nil {
		e.final.Reachable = true
		if found := g.Reach(released, e.final.SHA); len(found) > 0 {
			s.own = left()
		}
	}
	if e.latest != nil && (e.final == nil || e.latest.SHA != e.final.SHA) {
		e.latest.Reachable = true
		g.Reach(released, e.latest.SHA)
		s.fresh = left()
	}
	return s, true
}

// touches tells whether a commit touches a line's paths.
func (l line) touches(c commit.Commit) bool {
	return len(l.paths) == 0 || glob.Touches(l.paths, c.Paths)
}
