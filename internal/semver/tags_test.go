package semver_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/semver"
)

func TestReleases(t *testing.T) {
	var tags []semver.Tag
	for _, name := range []string{"v1.0.0", "v1.10.0", "v1.9.0", "v2.0.0-rc.1", "v2.0.0-rc.10", "v2.0.0-rc.2", "v1.9.0+b", "v1.9.0+a", "v1", "v1.2", "v2024.01.02", "v9223372036854775808.0.0", "v1.0", "v1.0.x", "nightly", "api/v3.0.0"} {
		tags = append(tags, semver.Tag{Name: name})
	}
	releases, passed := semver.Releases(tags, "v")
	var names []string
	for _, r := range releases {
		names = append(names, r.Name)
	}
	if diff := cmp.Diff([]string{"v2.0.0-rc.10", "v2.0.0-rc.2", "v2.0.0-rc.1", "v1.10.0", "v1.9.0", "v1.9.0+a", "v1.9.0+b", "v1.0.0"}, names); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if diff := cmp.Diff([]semver.Passed{
		{Name: "v1", Why: "is not a semantic version behind the prefix v; it looks like a floating tag"},
		{Name: "v1.2", Why: "is not a semantic version behind the prefix v; it looks like a floating tag"},
		{Name: "v2024.01.02", Why: "is not a semantic version behind the prefix v; one of its numbers begins with zero, as in a date"},
		{Name: "v9223372036854775808.0.0", Why: "is not a semantic version behind the prefix v; one of its numbers is too large to count up"},
		{Name: "v1.0", Why: "is not a semantic version behind the prefix v; it looks like a floating tag"},
		{Name: "v1.0.x", Why: "is not a semantic version behind the prefix v"},
		{Name: "nightly", Why: "does not begin with the prefix v"},
		{Name: "api/v3.0.0", Why: "does not begin with the prefix v"},
	}, passed); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if _, passed := semver.Releases(tags[:1], ""); passed[0].Why != "is not a semantic version behind an empty prefix" {
		t.Errorf("with an empty prefix: %q", passed[0].Why)
	}
}

func TestCountsOn(t *testing.T) {
	for tag, on := range map[string]map[string]bool{
		"v1.0.0":         {"": true, "rc": true},
		"v1.0.0+b":       {"": true, "rc": true},
		"v2.0.0-rc.1":    {"": false, "rc": true, "beta": false},
		"v2.0.0-nightly": {"": false, "nightly": true},
		"v2.0.0-rc1.1":   {"rc": false},
	} {
		releases, _ := semver.Releases([]semver.Tag{{Name: tag}}, "v")
		for channel, want := range on {
			if got := releases[0].CountsOn(channel); got != want {
				t.Errorf("%s counts on %q: %v", tag, channel, got)
			}
		}
	}
}
