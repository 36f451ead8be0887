package versionfile

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/semver"
)

var (
	// versionLike is what a field that holds nothing but a version may hold: 1.0-SNAPSHOT, 0.1.0.dev0.
	versionLike = regexp.MustCompile(`^v?\d+(?:\.\d+)*(?:[-._+]?[0-9A-Za-z]+)*$`)
	// stage is a pre-release as release tools write it: rc.1, beta2, SNAPSHOT. Anything else, such as
	// the alpine3.19 of an image, may mean something that must not be lost.
	stage = regexp.MustCompile(`^(?i:(?:alpha|beta|rc|pre|preview|dev|develop|development|next|snapshot|canary|nightly|edge|unstable|milestone|m|experimental)[-.]?\d*(?:\.\d+)*|\d+|[0-9a-z-]*[a-z-]\.\d+)$`)
)

// replaceable tells from which byte on a value may give way to a version: a v before it stays. A
// value that is no version, or carries more than one, must not be lost and is an error.
func replaceable(value string, own bool) (from int, err error) {
	if value == "" {
		return 0, nil
	}
	if own && versionLike.MatchString(value) {
		return len(value) - len(strings.TrimPrefix(value, "v")), nil
	}
	bare, _ := strings.CutPrefix(value, "v")
	v, err := semver.Parse(bare)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q, which is no semantic version such as 1.4.0 or v1.4.0; a value that holds more than a version is not replaced", clip(value))
	case v.Prerelease() == "" || stage.MatchString(v.Prerelease()), v.Major() == 0 && v.Minor() == 0 && v.Patch() == 0:
		return len(value) - len(bare), nil
	}
	return 0, fmt.Errorf("%q, and the -%s in it may be no pre-release but a variant, which would be lost; keep the version in a value of its own, or set it to %d.%d.%d once",
		clip(value), clip(v.Prerelease()), v.Major(), v.Minor(), v.Patch())
}

// clip cuts a value that would drown what is said of it.
func clip(s string) string { return report.Clip(s, 80) }
