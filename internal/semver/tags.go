package semver

import (
	"cmp"
	"slices"
	"strings"
)

// Tag is a tag of the repository as the history adapter saw it.
type Tag struct {
	Name      string
	SHA       string // the commit it points at
	Reachable bool   // from the commit that is to be released
}

// Release is a tag that carries a version.
type Release struct {
	Tag
	Version *Version
}

// Passed is a tag that is not a release of this line, and why.
type Passed struct {
	Name string
	Why  string
}

// Releases sorts the tags that carry a version behind prefix, highest first, from those that do
// not. Of two tags that differ in build metadata only, the first by name leads.
func Releases(tags []Tag, prefix string) (releases []Release, passed []Passed) {
	for _, t := range tags {
		v, ok := ParseTag(t.Name, prefix)
		switch {
		case ok:
			releases = append(releases, Release{t, v})
		case !strings.HasPrefix(t.Name, prefix):
			passed = append(passed, Passed{t.Name, "does not begin with " + prefixName(prefix)})
		default:
			passed = append(passed, Passed{t.Name, "is not a semantic version behind " + prefixName(prefix)})
		}
	}
	slices.SortStableFunc(releases, func(a, b Release) int {
		return cmp.Or(b.Version.Compare(a.Version), cmp.Compare(a.Name, b.Name))
	})
	return releases, passed
}

func prefixName(prefix string) string {
	if prefix == "" {
		return "an empty prefix"
	}
	return "the prefix " + prefix
}

// Base is the highest reachable release that counts on a channel: on the stable one ("") only
// final versions, else those and the channel's own pre-releases. Nil where there is none.
// Releases must be sorted, highest first.
func Base(releases []Release, channel string) *Release {
	for i, r := range releases {
		if r.Reachable && (r.Version.Prerelease() == "" || channel != "" && Channel(r.Version) == channel) {
			return &releases[i]
		}
	}
	return nil
}
