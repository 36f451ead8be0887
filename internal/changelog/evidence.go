package changelog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/ancestry"
	"github.com/slipway-actions/slipway/internal/clone"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/semver"
)

// history is what this action asks of a repository.
type history interface {
	Resolve(ctx context.Context, rev string) (string, error)
	AllTags(ctx context.Context) ([]gitrepo.Tag, error)
	Reach(ctx context.Context, rev string, tags []gitrepo.Tag) error
	Log(ctx context.Context, from, to string, paths []string) ([]commit.Commit, error)
	PatchIDs(ctx context.Context, shas []string) (map[string]string, error)
	ancestry.History
	Authors(ctx context.Context, rev string) ([]gitrepo.Author, error)
	clone.Asker
}

// files is what this action asks of the workspace.
type files interface {
	Read(name string, limit int64) ([]byte, error)
}

// fileLimit is the most bytes of a changelog that are edited.
const fileLimit = 64 << 20

// authorship is what this action asks of the API.
type authorship interface {
	Logins(ctx context.Context, repository, base, head string) (map[string]string, error)
}

// evidence is all that notes are made from.
type evidence struct {
	inputs
	arrangement arrangement
	tags        clone.Tags
	releases    []release // newest first; the first is the one that is asked for
	old         []byte    // the file as it is; nil where there is none
	links       links
	trouble     error // why the API gave no logins; nil where it did, or was not asked
}

// release is a version and the commits that came with it.
type release struct {
	version  *semver.Version // nil: not released yet
	tag      string          // with its prefix; of the version, whether the tag is there or not
	previous string          // tag or commit before it, "" for the first release
	tip      string          // id of its newest commit
	date     time.Time       // of the day that stands in the heading
	commits  []commit.Commit // all of its range, for what one is to another is told by all
	counts   map[string]bool // ids of those that count; nil: all
}

// counted is how many of a release's commits count.
func (r release) counted() int {
	if r.counts == nil {
		return len(r.commits)
	}
	n := 0
	for _, c := range r.commits {
		if r.counts[c.SHA] {
			n++
		}
	}
	return n
}

// sources are where evidence comes from.
type sources struct {
	history history
	files   files
	authors authorship
	now     time.Time
	links   links
}

func collect(ctx context.Context, s sources, i inputs) (evidence, error) {
	e := evidence{inputs: i, arrangement: arrangement{sections: i.sections, view: i.view, policy: i.policy, links: s.links}.prepared(), links: s.links}
	if err := e.readFiles(s.files); err != nil {
		return evidence{}, err
	}
	to, err := s.history.Resolve(ctx, i.to)
	if err != nil {
		return evidence{}, wrongRevision("to", i.to, err)
	}
	tags, whole, err := e.readTags(ctx, s.history, to)
	if err != nil {
		return evidence{}, err
	}
	var names []string
	var known []semver.Tag
	for _, t := range tags {
		names = append(names, t.Name)
		if _, ignored := i.policy.Ignores(t.Name); !ignored {
			known = append(known, semver.Tag(t))
		}
	}
	e.tags = clone.AskForTags(ctx, s.history, names)
	releases, _ := semver.Releases(known, i.prefix)
	first := release{version: i.version, date: s.now}
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
	first.tip = to
	before := earlier(releases, first.version)
	if first.version != nil {
		first.tag = i.prefix + first.version.String()
	}
	since := ""
	switch {
	case i.from != "":
		if since, err = s.history.Resolve(ctx, i.from); err != nil {
			return evidence{}, wrongRevision("from", i.from, err)
		}
		first.previous = since // any other name would not do for a link
		if slices.ContainsFunc(tags, func(t gitrepo.Tag) bool { return t.Name == i.from }) {
			first.previous = i.from
		}
	case len(before) > 0:
		first.previous, since = before[0].Name, before[0].SHA
	}
	e.releases = []release{first}
	if err := e.readCommits(ctx, s.history, since, before, whole); err != nil {
		return evidence{}, err
	}
	if asked := &e.releases[0]; released && len(asked.commits) > 0 {
		asked.date = asked.commits[0].Time
	}
	if e.arrangement.patchIDs, err = patchIDs(ctx, s.history, e.releases[0].commits); err != nil {
		return evidence{}, err
	}
	asked := e.releases[0]
	if _, e.arrangement.before, err = ancestry.Changes(ctx, s.history, asked.tip, asked.commits, e.arrangement.options()); err != nil {
		return evidence{}, err
	}
	return e, e.readAuthors(ctx, s, since)
}

// readTags lists the tags, and which of them a commit reaches. Where every release is wanted that takes
// the whole history, which is then read but once; else whole holds nothing.
func (e *evidence) readTags(ctx context.Context, h history, to string) (tags []gitrepo.Tag, whole commit.Graph, err error) {
	if tags, err = h.AllTags(ctx); err != nil {
		return nil, whole, err
	}
	if !e.full {
		return tags, whole, h.Reach(ctx, to, tags)
	}
	commits, err := h.Log(ctx, "", to, nil)
	whole = commit.NewGraph(commits)
	for i, t := range tags {
		_, tags[i].Reachable = whole.Find(t.SHA)
	}
	return tags, whole, err
}

// readCommits reads the history once, all of it where every release is wanted, and parts it among the
// release that is asked for and those before it. A second look tells which commits touch the paths.
func (e *evidence) readCommits(ctx context.Context, h history, since string, before []semver.Release, whole commit.Graph) error {
	asked := &e.releases[0]
	from := since
	if e.full {
		from = ""
	} else {
		var err error
		if asked.commits, err = h.Log(ctx, since, asked.tip, nil); err != nil {
			return err
		}
	}
	if len(e.paths) > 0 {
		touching, err := h.Log(ctx, from, asked.tip, e.paths)
		if err != nil {
			return err
		}
		asked.counts = make(map[string]bool, len(touching))
		for _, c := range touching {
			asked.counts[c.SHA] = true
		}
	}
	if !e.full {
		return nil
	}
	e.releases = parted(whole, *asked, since, before)
	if e.credits() && since != "" {
		e.arrangement.known = knownBefore(whole, since, e.arrangement)
	}
	return nil
}

// patchLimit is the most commits whose changes are compared: git takes its time to show them.
const patchLimit = 500

// patchIDs tell which commits bring the same lines, for a pick with other words. Only where branches
// were merged can there be one.
func patchIDs(ctx context.Context, h history, commits []commit.Commit) (map[string]string, error) {
	if len(commits) > patchLimit || !slices.ContainsFunc(commits, commit.Commit.Merge) {
		return nil, nil
	}
	shas := make([]string, len(commits))
	for i, c := range commits {
		shas[i] = c.SHA
	}
	return h.PatchIDs(ctx, shas)
}

// readFiles reads the template and the changelog.
func (e *evidence) readFiles(f files) (err error) {
	if e.template != "" {
		if e.arrangement.layout, err = readLayout(f, e.template); err != nil {
			return err
		}
	}
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
	if bytes.HasPrefix(old, []byte("\xff\xfe")) || bytes.HasPrefix(old, []byte("\xfe\xff")) || bytes.Count(old, []byte{0})*4 > len(old) {
		return action.Wrong("input file is %q, which is UTF-16 or no text at all; what is written into it would be unreadable. Save it as UTF-8: iconv -f UTF-16 -t UTF-8", e.file)
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
