package semver_test

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/semver"
)

// The strings of https://semver.org's own regular expression, https://regex101.com/r/vkijKf/1/.
var (
	valid = []string{
		"0.0.4", "1.2.3", "10.20.30", "1.1.2-prerelease+meta", "1.1.2+meta", "1.1.2+meta-valid", "1.0.0-alpha", "1.0.0-beta", "1.0.0-alpha.beta",
		"1.0.0-alpha.beta.1", "1.0.0-alpha.1", "1.0.0-alpha0.valid", "1.0.0-alpha.0valid",
		"1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay", "1.0.0-rc.1+build.1", "2.0.0-rc.1+build.123", "1.2.3-beta", "10.2.3-DEV-SNAPSHOT",
		"1.2.3-SNAPSHOT-123", "1.0.0", "2.0.0", "1.1.7", "2.0.0+build.1848", "2.0.1-alpha.1227", "1.0.0-alpha+beta", "1.2.3----RC-SNAPSHOT.12.9.1--.12+788",
		"1.2.3----R-S.12.9.1--.12+meta", "1.2.3----RC-SNAPSHOT.12.9.1--.12", "1.0.0+0.build.1-rc.10000aaa-kk-0.1", "1.0.0-0A.is.legal",
	}
	invalid = []string{
		"1", "1.2", "1.2.3-0123", "1.2.3-0123.0123", "1.1.2+.123", "+invalid", "-invalid", "-invalid+invalid", "-invalid.01", "alpha", "alpha.beta", "alpha.beta.1",
		"alpha.1", "alpha+beta", "alpha_beta", "alpha.", "alpha..", "beta", "1.0.0-alpha_beta", "-alpha.", "1.0.0-alpha..", "1.0.0-alpha..1", "1.0.0-alpha...1",
		"1.0.0-alpha....1", "1.0.0-alpha.....1", "1.0.0-alpha......1", "1.0.0-alpha.......1", "01.1.1", "1.01.1", "1.1.01", "1.2", "1.2.3.DEV", "1.2-SNAPSHOT",
		"1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788", "1.2-RC-SNAPSHOT", "-1.0.3-gamma+b7718", "+justmeta", "9.8.7+meta+meta", "9.8.7-whatever+meta+meta",
		"99999999999999999999999.999999999999999999.99999999999999999----RC-SNAPSHOT.12.09.1--------------------------------..12",
		// and some of our own
		"", " 1.2.3", "1.2.3 ", "v1.2.3", "1.2.3\n", "١.٢.٣", "1.2.3-é", "0x1.2.3", "1e1.0.0", "1.2.3-", "1.2.3+",
		"9223372036854775808.0.0", "0.0.18446744073709551615",
		// The official list has this one as valid; a number that cannot be counted up is of no use.
		"99999999999999999999999.999999999999999999.99999999999999999",
	}
)

func TestParse(t *testing.T) {
	for _, s := range valid {
		v, err := semver.Parse(s)
		if err != nil {
			t.Errorf("Parse(%q): %v", s, err)
		} else if v.String() != s {
			t.Errorf("Parse(%q) became %s", s, v)
		}
	}
	for _, s := range invalid {
		if v, err := semver.Parse(s); err == nil {
			t.Errorf("Parse(%q) = %s, want an error", s, v)
		} else if !strings.Contains(err.Error(), "is not a semantic version such as 1.4.0") {
			t.Errorf("Parse(%q): %v", s, err)
		}
	}
}

// Precedence is that of the specification's section 11.
func TestPrecedence(t *testing.T) {
	rising := []string{
		"1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
		"1.0.0-rc.1", "1.0.0", "1.0.1-0", "1.9.0", "1.10.0", "2.0.0",
	}
	for i := 1; i < len(rising); i++ {
		if !parse(t, rising[i-1]).LessThan(parse(t, rising[i])) {
			t.Errorf("%s is not below %s", rising[i-1], rising[i])
		}
	}
}

func TestParseTag(t *testing.T) {
	tests := []struct{ name, prefix, want string }{
		{"v1.2.3", "v", "1.2.3"},
		{"v1.2.3-rc.1+b", "v", "1.2.3-rc.1+b"},
		{"1.2.3", "", "1.2.3"},
		{"api/v1.2.3", "api/v", "1.2.3"},
		{"release-1.2.3", "release-", "1.2.3"},
		{"v1.2.3", "", ""},
		{"1.2.3", "v", ""},
		{"V1.2.3", "v", ""},
		{"vv1.2.3", "v", ""},
		{"v1", "v", ""},
		{"v1.2", "v", ""},
		{"v1.2.3.4", "v", ""},
		{"2024.01.02", "", ""},
		{"v2024.01.02", "v", ""},
		{"2024.1.2", "", "2024.1.2"}, // a date that is a version too
		{"v01.2.3", "v", ""},
		{"nightly", "v", ""},
		{"nightly-2024-01-02", "nightly-", ""},
		{"api/v1.2.3", "v", ""},
		{"v", "v", ""},
		{"", "", ""},
		{"v18446744073709551615.0.0", "v", ""},
	}
	for _, tt := range tests {
		v, ok := semver.ParseTag(tt.name, tt.prefix)
		if ok != (tt.want != "") || ok && v.String() != tt.want {
			t.Errorf("ParseTag(%q, %q) = %v, %v; want %q", tt.name, tt.prefix, v, ok, tt.want)
		}
	}
}

func TestLevelNext(t *testing.T) {
	tests := []struct{ version, none, patch, minor, major string }{
		{"1.2.3", "1.2.3", "1.2.4", "1.3.0", "2.0.0"},
		{"0.0.0", "0.0.0", "0.0.1", "0.1.0", "1.0.0"},
		{"1.2.3+build.7", "1.2.3+build.7", "1.2.4", "1.3.0", "2.0.0"},
		// A pre-release of such a change is completed, not passed over.
		{"1.2.3-rc.1", "1.2.3-rc.1", "1.2.3", "1.3.0", "2.0.0"},
		{"1.3.0-rc.1", "1.3.0-rc.1", "1.3.0", "1.3.0", "2.0.0"},
		{"2.0.0-rc.1+b", "2.0.0-rc.1+b", "2.0.0", "2.0.0", "2.0.0"},
	}
	for _, tt := range tests {
		v := parse(t, tt.version)
		for level, want := range map[semver.Level]string{semver.None: tt.none, semver.Patch: tt.patch, semver.Minor: tt.minor, semver.Major: tt.major} {
			if got := level.Next(v).String(); got != want {
				t.Errorf("%s of %s = %s, want %s", level, v, got, want)
			}
		}
	}
}

func TestParseLevel(t *testing.T) {
	for _, level := range []semver.Level{semver.None, semver.Patch, semver.Minor, semver.Major} {
		if got, err := semver.ParseLevel(level.String()); err != nil || got != level {
			t.Errorf("ParseLevel(%q) = %v, %v", level, got, err)
		}
	}
	if _, err := semver.ParseLevel("Major"); err == nil || !strings.Contains(err.Error(), "allowed: none, patch, minor, major") {
		t.Errorf("ParseLevel(Major): %v", err)
	}
}

func TestCheckChannel(t *testing.T) {
	for _, channel := range []string{"rc", "beta", "alpha-2", "RC", "next", "0a", "-a"} {
		if err := semver.CheckChannel(channel); err != nil {
			t.Errorf("CheckChannel(%q): %v", channel, err)
		} else if got := semver.Channel(semver.OnChannel(parse(t, "1.5.0"), channel, 3)); got != channel {
			t.Errorf("the channel of 1.5.0 on %s is %q", channel, got)
		}
	}
	for _, channel := range []string{"", "1", "0", "007", "-", "-5", "rc.1", "rc+build", "r c", "rc_1", "é", "rc\n", "rc/1", "$(id)"} {
		if err := semver.CheckChannel(channel); err == nil {
			t.Errorf("CheckChannel(%q): want an error", channel)
		}
	}
}

// A prefix must make names that git takes: see git-check-ref-format(1).
func TestCheckPrefix(t *testing.T) {
	for _, prefix := range []string{"", "v", "api/v", "release-", "släpp-", "@acme/web@", "a.b/v", "{v}", "a/", "v."} {
		if err := semver.CheckPrefix(prefix); err != nil {
			t.Errorf("CheckPrefix(%q): %v", prefix, err)
		}
	}
	for _, prefix := range []string{"-v", "/v", "a//v", ".v", "a/.v", "a..v", "a.lock/v", "a v", "v\n", "v\x00", "v~", "v^", "v:", "v?", "v*", "v[", `v\`, "@{", "\xff"} {
		if err := semver.CheckPrefix(prefix); err == nil {
			t.Errorf("CheckPrefix(%q): want an error", prefix)
		}
	}
}

func TestPrereleaseNumber(t *testing.T) {
	tests := map[string]struct {
		n  uint64
		ok bool
	}{
		"1.0.0-rc.3": {3, true}, "1.0.0-rc.0": {0, true}, "1.0.0-rc": {}, "1.0.0": {}, "1.0.0-rc.1.2": {}, "1.0.0-rc.x": {}, "1.0.0-rc3": {},
		"1.0.0-rc.18446744073709551615": {}, // one more would be none
	}
	for version, want := range tests {
		if n, ok := semver.PrereleaseNumber(parse(t, version)); n != want.n || ok != want.ok {
			t.Errorf("PrereleaseNumber(%s) = %d, %v; want %d, %v", version, n, ok, want.n, want.ok)
		}
	}
}

func TestSameRelease(t *testing.T) {
	if a, b := parse(t, "1.2.3-rc.1"), parse(t, "1.2.3+b"); !semver.SameRelease(a, b) {
		t.Errorf("%s and %s lead to different releases", a, b)
	}
	if a, b := parse(t, "1.2.3-rc.1"), parse(t, "1.2.4-rc.1"); semver.SameRelease(a, b) {
		t.Errorf("%s and %s lead to the same release", a, b)
	}
}

func parse(t *testing.T, s string) *semver.Version {
	t.Helper()
	v, err := semver.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
