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

func TestBase(t *testing.T) {
	tests := map[string]struct {
		tags    []string // "~" before one that cannot be reached
		channel string
		want    string // "" for none
	}{
		"none":                                {},
		"the highest, not the newest":         {tags: []string{"v1.0.0", "v2.0.0", "v1.9.9"}, want: "v2.0.0"},
		"a pre-release is none":               {tags: []string{"v1.0.0", "v2.0.0-rc.1"}, want: "v1.0.0"},
		"only pre-releases":                   {tags: []string{"v2.0.0-rc.1"}},
		"its own channel counts":              {tags: []string{"v1.0.0", "v2.0.0-rc.1"}, channel: "rc", want: "v2.0.0-rc.1"},
		"another channel does not":            {tags: []string{"v1.0.0", "v2.0.0-beta.1"}, channel: "rc", want: "v1.0.0"},
		"a final version ends the channel":    {tags: []string{"v2.0.0", "v2.0.0-rc.1"}, channel: "rc", want: "v2.0.0"},
		"a higher one of another branch":      {tags: []string{"v1.0.0", "~v3.0.0"}, want: "v1.0.0"},
		"only of another branch":              {tags: []string{"~v3.0.0"}},
		"a nightly is a pre-release":          {tags: []string{"v1.0.0", "v1.1.0-nightly"}, want: "v1.0.0"},
		"a channel without a number":          {tags: []string{"v1.0.0", "v1.1.0-nightly"}, channel: "nightly", want: "v1.1.0-nightly"},
		"a channel whose name begins another": {tags: []string{"v1.0.0", "v1.1.0-rc1.1"}, channel: "rc", want: "v1.0.0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var tags []semver.Tag
			for _, tag := range tt.tags {
				reachable := tag[0] != '~'
				if !reachable {
					tag = tag[1:]
				}
				tags = append(tags, semver.Tag{Name: tag, Reachable: reachable})
			}
			releases, _ := semver.Releases(tags, "v")
			got := ""
			if base := semver.Base(releases, tt.channel); base != nil {
				got = base.Name
			}
			if got != tt.want {
				t.Errorf("Base = %q, want %q", got, tt.want)
			}
		})
	}
}
