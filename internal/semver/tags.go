package semver

import (
	"cmp"
	"regexp"
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
	elsewhere := "does not begin with the prefix " + prefix
	behind := "is not a semantic version behind the prefix " + prefix
	if prefix == "" {
		behind = "is not a semantic version behind an empty prefix"
	}
	releases = make([]Release, 0, len(tags))
	for _, t := range tags {
		rest, found := strings.CutPrefix(t.Name, prefix)
		if !found {
			passed = append(passed, Passed{t.Name, elsewhere})
			continue
		}
		if v, err := Parse(rest); err == nil {
			releases = append(releases, Release{t, v})
			continue
		}
		passed = append(passed, Passed{t.Name, behind + oddity(rest)})
	}
	slices.SortFunc(releases, func(a, b Release) int {
		return cmp.Or(b.Version.Compare(a.Version), cmp.Compare(a.Name, b.Name))
	})
	return releases, passed
}

var (
	floating = regexp.MustCompile(`^\d+(\.\d+)?$`)
	numbers  = regexp.MustCompile(`^(\d+)\.(\d+)\.(\d+)([-+]|$)`)
)

// oddity says what people may have meant by something that is nearly a version.
func oddity(s string) string {
	if floating.MatchString(s) {
		return "; it looks like a floating tag"
	}
	m := numbers.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	for _, number := range m[1:4] {
		switch {
		case len(number) > 1 && number[0] == '0':
			return "; one of its numbers begins with zero, as in a date"
		case len(number) > 18:
			return "; one of its numbers is too large to count up"
		}
	}
	return ""
}

// CountsOn tells whether a version of a channel may build on a release: on the stable one ("") only on
// final versions, else on those and the channel's own pre-releases.
func (r Release) CountsOn(channel string) bool {
	return r.Version.Prerelease() == "" || channel != "" && Channel(r.Version) == channel
}
