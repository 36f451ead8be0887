// Package semver is what releasing needs of Semantic Versioning 2.0.0 beyond parsing: versions
// behind a tag prefix, levels of change, channels, and which tag a release builds on. Parsing and
// precedence are Masterminds/semver's. It does no I/O.
package semver

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	semver "github.com/Masterminds/semver/v3"
)

// Version is a Semantic Version; https://semver.org/spec/v2.0.0.html.
type Version = semver.Version

// Parse reads a version strictly: three numbers, no leading zero, no "v".
func Parse(s string) (*Version, error) {
	v, err := semver.StrictNewVersion(s)
	if err == nil && max(v.Major(), v.Minor(), v.Patch()) > largest {
		err = fmt.Errorf("a number is over %d", uint64(largest))
	}
	if err != nil {
		return nil, fmt.Errorf("%q is not a semantic version such as 1.4.0 or 1.5.0-rc.1: %w", s, err)
	}
	return v, nil
}

// largest leaves room to count up: a tag must not make the next version begin at zero again.
const largest = math.MaxInt64

// ParseTag reads the version behind prefix in a tag's name; ok is false for any other tag.
func ParseTag(name, prefix string) (v *Version, ok bool) {
	rest, found := strings.CutPrefix(name, prefix)
	if !found {
		return nil, false
	}
	v, err := Parse(rest)
	return v, err == nil
}

// Level is how much a change asks of a version; a larger one wins.
type Level int

// The levels of change.
const (
	None Level = iota
	Patch
	Minor
	Major
)

var levels = []string{"none", "patch", "minor", "major"}

func (l Level) String() string { return levels[l] }

// ParseLevel reads none, patch, minor or major.
func ParseLevel(s string) (Level, error) {
	for i, name := range levels {
		if s == name {
			return Level(i), nil
		}
	}
	return None, fmt.Errorf("%q is not a level; allowed: %s", s, strings.Join(levels, ", "))
}

// Next is the final version that a change of this level makes of v. A pre-release that already
// stands for such a change is completed: 2.0.0-rc.1 and a major change make 2.0.0.
func (l Level) Next(v *Version) *Version {
	var next Version
	switch l {
	case Major:
		if v.Prerelease() != "" && v.Minor() == 0 && v.Patch() == 0 {
			return Final(v)
		}
		next = v.IncMajor()
	case Minor:
		if v.Prerelease() != "" && v.Patch() == 0 {
			return Final(v)
		}
		next = v.IncMinor()
	case Patch:
		next = v.IncPatch() // drops a pre-release instead of counting up
	default:
		return v
	}
	return &next
}

// Final is v without its pre-release and build metadata.
func Final(v *Version) *Version {
	return semver.New(v.Major(), v.Minor(), v.Patch(), "", "")
}

// Channel is the first identifier of a pre-release (rc of 1.0.0-rc.2), "" for a final version.
func Channel(v *Version) string {
	channel, _, _ := strings.Cut(v.Prerelease(), ".")
	return channel
}

// OnChannel is the n-th pre-release of v's final version on a channel: 1.5.0-rc.3.
func OnChannel(v *Version, channel string, n uint64) *Version {
	return semver.New(v.Major(), v.Minor(), v.Patch(), fmt.Sprintf("%s.%d", channel, n), "")
}

var (
	channelName = regexp.MustCompile(`^[0-9A-Za-z-]*[A-Za-z][0-9A-Za-z-]*$`)
	// badPrefix is what git refuses in a name that ends in a version; see git-check-ref-format(1).
	badPrefix = regexp.MustCompile(`^[-./]|[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|//|/\.|\.lock/`)
)

// CheckChannel tells why a channel cannot be part of a version. A number alone is refused: it has
// an order of its own among versions.
func CheckChannel(channel string) error {
	if !channelName.MatchString(channel) {
		return fmt.Errorf("%q cannot name a channel; use letters, digits and hyphens with at least one letter, such as beta or rc", channel)
	}
	return nil
}

// CheckPrefix tells why tags cannot begin with a prefix.
func CheckPrefix(prefix string) error {
	if badPrefix.MatchString(prefix) || !utf8.ValidString(prefix) {
		return fmt.Errorf("%q cannot begin a tag; use letters, digits, hyphens and slashes, such as v, release- or api/v", prefix)
	}
	return nil
}

// SameRelease tells whether two versions lead to the same final version.
func SameRelease(a, b *Version) bool {
	return a.Major() == b.Major() && a.Minor() == b.Minor() && a.Patch() == b.Patch()
}

// PrereleaseNumber is the 3 of 1.5.0-rc.3; ok is false where there is no such number.
func PrereleaseNumber(v *Version) (n uint64, ok bool) {
	_, rest, found := strings.Cut(v.Prerelease(), ".")
	if !found {
		return 0, false
	}
	n, err := strconv.ParseUint(rest, 10, 63) // one more fits as well
	if err != nil {
		return 0, false
	}
	return n, true
}
