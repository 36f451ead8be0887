package versionbump

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/semver"
)

// memory is a history without git: all that it is asked follows from the parents.
type memory struct {
	Graph commit.Graph
	List  []gitrepo.Tag
}

func (m memory) AllTags(context.Context) ([]gitrepo.Tag, error) { return slices.Clone(m.List), nil }
func (m memory) RemoteTags(context.Context) ([]string, error)   { return nil, nil }
func (m memory) TagsWithheld(context.Context) bool              { return false }
func (m memory) TagsPartial(context.Context) bool               { return false }
func (m memory) reach(sha string) []bool {
	seen := make([]bool, len(m.Graph.Commits))
	m.Graph.Reach(seen, sha)
	return seen
}
func (m memory) reaches(from, to string) bool {
	i, ok := m.Graph.Find(to)
	return ok && m.reach(from)[i]
}
func (m memory) Reach(_ context.Context, rev string, tags []gitrepo.Tag) error {
	for i, t := range tags {
		tags[i].Reachable = m.reaches(rev, t.SHA)
	}
	return nil
}

func (m memory) Since(_ context.Context, base, to string, _ bool) ([]commit.Commit, bool, error) {
	if base != "" && !m.reaches(to, base) {
		return nil, false, nil
	}
	return m.between(base, to), true, nil
}

func (m memory) Ancestors(_ context.Context, of string, ids []string) (found []string, err error) {
	for _, id := range ids {
		if m.reaches(of, id) {
			found = append(found, id)
		}
	}
	return found, nil
}

func (m memory) between(base, to string) (list []commit.Commit) {
	have, held := m.reach(to), m.reach(base)
	for i, c := range m.Graph.Commits {
		if have[i] && !held[i] {
			list = append(list, c)
		}
	}
	return list
}

func (m memory) CommonBase(_ context.Context, shas []string) (string, error) {
	for _, c := range m.Graph.Commits {
		if !slices.ContainsFunc(shas, func(sha string) bool { return !m.reaches(sha, c.SHA) }) {
			return c.SHA, nil
		}
	}
	return "", nil
}

// TestGather holds, on histories with tags in every place, that each line's base is the highest release
// that the head reaches, and that its commits are those that the base does not hold.
func TestGather(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		var commits []commit.Commit // newest first
		for n := range 40 {
			c := commit.Commit{SHA: fmt.Sprintf("%040d", n), Message: "fix: x", Paths: []string{string('a' + rune(random.IntN(3)))}}
			for p := 0; p < 1+random.IntN(5)/4 && n > 0 && random.IntN(25) > 0; p++ {
				c.Parents = append(c.Parents, fmt.Sprintf("%040d", max(0, n-1-random.IntN(4))))
			}
			commits = slices.Insert(commits, 0, c)
		}
		m := memory{Graph: commit.NewGraph(commits)}
		for n := range 10 {
			at := commits[random.IntN(len(commits))].SHA
			m.List = append(m.List, gitrepo.Tag{Name: fmt.Sprintf("%s1.%d.0%s", []string{"v", "a/v", "b/v"}[random.IntN(3)], n, []string{"", "-rc.1"}[random.IntN(3)/2]), SHA: at})
		}
		head := commits[0].SHA
		var lines []inputs
		for _, l := range []line{{prefix: "v"}, {prefix: "a/v", paths: []string{"a"}}, {prefix: "b/v", paths: []string{"b"}}} {
			lines = append(lines, inputs{line: l, bump: "auto", channel: []string{"", "rc"}[seed%2], types: policy.Default().Versioning})
		}
		all, err := gather(t.Context(), m, head, lines, resuming{}, labelSource{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			var final, latest *semver.Release
			var tags []semver.Tag
			for _, tag := range m.List {
				tags = append(tags, semver.Tag(tag))
			}
			releases, _ := semver.Releases(tags, e.line.prefix)
			for _, r := range releases {
				if m.reaches(head, r.SHA) && final == nil && r.CountsOn("") {
					final = &r
				}
				if m.reaches(head, r.SHA) && latest == nil && r.CountsOn(e.channel) {
					latest = &r
				}
			}
			if name(final) != name(e.final) || name(latest) != name(e.latest) {
				t.Errorf("seed %d, %s: builds on %s and %s, want %s and %s", seed, e.line.prefix, name(e.final), name(e.latest), name(final), name(latest))
				continue
			}
			var want, got []string
			for _, c := range m.between(sha(final), head) {
				if !e.line.touches(c) {
					continue
				}
				mark := "old"
				if latest == nil || !m.reaches(latest.SHA, c.SHA) {
					mark = "new"
				}
				want = append(want, c.SHA+mark)
			}
			for _, c := range e.commits {
				got = append(got, c.Commit.SHA+map[bool]string{true: "new", false: "old"}[c.New])
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("seed %d, %s: -want +got\n%s", seed, e.line.prefix, diff)
			}
		}
	}
}

func name(r *semver.Release) string {
	if r == nil {
		return "nothing"
	}
	return r.Name
}

func sha(r *semver.Release) string {
	if r == nil {
		return ""
	}
	return r.SHA
}
