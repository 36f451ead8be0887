package releasing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/semver"
)

// candidatePrefix stands before the version in the tag that starts a release. The version's own tag can't be that
// one: it has to lead to the commit in which every action.yml names the image, which is made in the course of it.
const candidatePrefix = "release/v"

// Candidate is a commit that somebody wants to be released.
type Candidate struct {
	Version  *semver.Version
	Revision string            // the commit
	Known    []*semver.Version // all that were released before, as far as the clone knows
}

// Tag is the name of the version's tag, of its image's, and of its release.
func (c Candidate) Tag() string { return "v" + c.Version.String() }

// Started is the tag that starts the release.
func (c Candidate) Started() string { return candidatePrefix + c.Version.String() }

// Branch keeps the release commit, which the tag will lead to.
func (c Candidate) Branch() string { return "releases/" + c.Tag() }

// moved is a tag that starts another release than this one.
func moved(tag, to, revision string) error {
	return fmt.Errorf("%s leads to %s and not to %s, the commit that this run is about: somebody has moved it. Delete it, and start a release under the next version", tag, to, revision)
}

// ReadCandidate holds a tag against the history: it has to name a version that follows those of its line, and to
// lead to a commit of one of the branches that releases are made from. The clone has to be whole.
func ReadCandidate(ctx context.Context, repo *gitrepo.Repo, tag, revision string, branches []string) (Candidate, error) {
	version, is := semver.ParseTag(tag, candidatePrefix)
	if !is {
		return Candidate{}, fmt.Errorf("the tag %q starts no release; wanted: %s and a version, such as %s1.4.0", tag, candidatePrefix, candidatePrefix)
	}
	if !commitID.MatchString(revision) {
		return Candidate{}, fmt.Errorf("the revision %q is no commit id; wanted: 40 hexadecimal digits", revision)
	}
	if repo.TagsPartial(ctx) {
		return Candidate{}, errors.New("the clone is not whole, and versions may be missing from it; check out with fetch-depth: 0")
	}
	tags, err := repo.AllTags(ctx)
	if err != nil {
		return Candidate{}, err
	}
	candidate := Candidate{Version: version, Revision: revision}
	for _, one := range tags {
		if one.Name == tag && one.SHA != revision {
			return Candidate{}, moved(tag, one.SHA, revision)
		}
		known, is := semver.ParseTag(one.Name, "v")
		if !is || known.Equal(version) { // publishing looks where that one leads
			continue
		}
		candidate.Known = append(candidate.Known, known)
		if known.Major() == version.Major() && known.Minor() == version.Minor() && known.GreaterThan(version) {
			return Candidate{}, fmt.Errorf("v%s was released before v%s, which is lower; wanted: a version that follows", known, version)
		}
	}
	for _, branch := range branches {
		tip, err := repo.Resolve(ctx, branch)
		if err != nil {
			return Candidate{}, fmt.Errorf("the branch %s: %w", branch, err)
		}
		on, err := repo.Ancestors(ctx, tip, []string{revision})
		if err != nil {
			return Candidate{}, err
		}
		if slices.Contains(on, revision) {
			return candidate, nil
		}
	}
	return Candidate{}, fmt.Errorf("%s is on none of the branches that releases are made from (%s); merge it first", revision, strings.Join(branches, ", "))
}
