package semver

import (
	"fmt"
	"regexp"
	"strconv"
)

// Span is the versions that a maintenance branch may release: those of one major version, or of one
// minor.
type Span struct {
	major, minor uint64
	wide         bool // any minor
}

// spanText is 1, 1.x, 1.4 or 1.4.x.
const spanText = `(\d+)(?:\.(\d+))?(?:\.[xX*])?`

var (
	spanAlone = regexp.MustCompile(`^` + spanText + `$`)
	// spanBranch is such a text alone, behind a v, a slash or a word that such branches begin with.
	spanBranch = regexp.MustCompile(`^(?:.*/)?(?:(?i:releases?|maintenance|maint|support|stable|lts|branch)[-_])?v?(` + spanText + `)$`)
	openEnd    = regexp.MustCompile(`\.[xX*]$`)
)

// ParseSpan reads 1, 1.x, 1.4 or 1.4.x.
func ParseSpan(s string) (Span, error) {
	if m := spanAlone.FindStringSubmatch(s); m != nil {
		major, err := strconv.ParseUint(m[1], 10, 63)
		minor, minorErr := strconv.ParseUint(m[2], 10, 63)
		if wide := m[2] == ""; err == nil && (wide || minorErr == nil) {
			return Span{major: major, minor: minor, wide: wide}, nil
		}
	}
	return Span{}, fmt.Errorf("%q is no range of versions; write 1.x for all of a major version, or 1.4.x for all of a minor one", s)
}

// BranchSpan is the range that a branch's name tells, such as release/1.x, release-2.3, v1 or 1.4.x; ok
// is false where it tells none. Open tells that it ends in .x, as no other branch does.
func BranchSpan(branch string) (s Span, open, ok bool) {
	m := spanBranch.FindStringSubmatch(branch)
	if m == nil {
		return Span{}, false, false
	}
	s, err := ParseSpan(m[1])
	return s, openEnd.MatchString(branch), err == nil
}

// MajorOf is the range of all versions with v's major one.
func MajorOf(v *Version) Span { return Span{major: v.Major(), wide: true} }

// Holds tells whether a version, or what it is a pre-release of, is in the range.
func (s Span) Holds(v *Version) bool {
	return v.Major() == s.major && (s.wide || v.Minor() == s.minor)
}

// First is the lowest final version of the range.
func (s Span) First() *Version {
	v, _ := Parse(fmt.Sprintf("%d.%d.0", s.major, s.minor)) // both fit, as they were read
	return v
}

func (s Span) String() string {
	if s.wide {
		return fmt.Sprintf("%d.x", s.major)
	}
	return fmt.Sprintf("%d.%d.x", s.major, s.minor)
}
