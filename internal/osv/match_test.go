package osv

import (
	"errors"
	"testing"
)

func record(t *testing.T, text string) *Record {
	t.Helper()
	r, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// about is a record of package p with the given rest of its affected entry.
func about(t *testing.T, ecosystem, rest string) *Record {
	return record(t, `{"id":"X-1","affected":[{"package":{"ecosystem":"`+ecosystem+`","name":"p"},`+rest+`}]}`)
}

func TestAffects(t *testing.T) {
	semver := func(events string) string { return `"ranges":[{"type":"SEMVER","events":[` + events + `]}]` }
	tests := []struct {
		name, ecosystem, rest, version string
		affected, unjudged             bool
	}{
		{"from the beginning", "Go", semver(`{"introduced":"0"}`), "0.0.1", true, false},
		{"before the fix", "Go", semver(`{"introduced":"0"},{"fixed":"1.2.0"}`), "1.1.9", true, false},
		{"the fix itself", "Go", semver(`{"introduced":"0"},{"fixed":"1.2.0"}`), "1.2.0", false, false},
		{"the installed version has a v", "Go", semver(`{"introduced":"0"},{"fixed":"1.2.0"}`), "v1.1.9", true, false},
		{"pre-release of the fix", "Go", semver(`{"introduced":"0"},{"fixed":"1.2.0"}`), "1.2.0-rc.1", true, false},
		{"before it came in", "Go", semver(`{"introduced":"1.0.0"},{"fixed":"1.2.0"}`), "0.9.0", false, false},
		{"the last affected", "Go", semver(`{"introduced":"0"},{"last_affected":"1.2.0"}`), "1.2.0", true, false},
		{"after the last affected", "Go", semver(`{"introduced":"0"},{"last_affected":"1.2.0"}`), "1.2.1", false, false},
		{"came back", "Go", semver(`{"introduced":"0"},{"fixed":"1.0.1"},{"introduced":"1.1.0"},{"fixed":"1.1.3"}`), "1.1.2", true, false},
		{"between", "Go", semver(`{"introduced":"0"},{"fixed":"1.0.1"},{"introduced":"1.1.0"},{"fixed":"1.1.3"}`), "1.0.5", false, false},
		{"events in any order", "Go", semver(`{"fixed":"1.1.3"},{"introduced":"1.1.0"},{"fixed":"1.0.1"},{"introduced":"0"}`), "1.0.5", false, false},
		{"below the limit", "Go", semver(`{"introduced":"0"},{"limit":"2.0.0"}`), "1.0.0", true, false},
		{"above the limit", "Go", semver(`{"introduced":"0"},{"limit":"2.0.0"}`), "2.1.0", false, false},
		{"no limit", "Go", semver(`{"introduced":"0"},{"limit":"*"}`), "2.1.0", true, false},
		{"pseudo-version", "Go", semver(`{"introduced":"0"},{"fixed":"0.0.0-20190125091013-d26f9f9a57f3"}`), "0.0.0-20180101000000-aaaaaaaaaaaa", true, false},
		{"in the list", "PyPI", `"versions":["1.0","1.1"]`, "1.1", true, false},
		{"in the list, spelled otherwise", "PyPI", `"versions":["1.0","1.1"]`, "1.1.0", true, false},
		{"not in the list", "PyPI", `"versions":["1.0","1.1"]`, "1.2", false, false},
		{"in the list and a commit range", "PyPI", `"versions":["1.0"],"ranges":[{"type":"GIT","events":[{"introduced":"0"}]}]`, "1.0", true, false},
		{"in one of two ranges", "PyPI", `"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"3"}]},{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2"}]}]`, "1.5", true, false},
		{"a release of the ecosystem", "Debian:12", `"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2-1"}]}]`, "1-1", true, false},
		{"Maven's own order", "Maven", `"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"r09"}]}]`, "r08", true, false},

		{"no version", "Go", semver(`{"introduced":"0"}`), "", false, true},
		{"a version that is none", "Go", semver(`{"introduced":"0"},{"fixed":"1.2.0"}`), "latest", false, true},
		{"a range for a version", "npm", semver(`{"introduced":"0"},{"fixed":"1.2.0"}`), "1.x || >=2", false, true},
		{"a branch", "Packagist", `"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1"}]}]`, "dev-main", false, true},
		{"a property of a pom", "Maven", `"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1"}]}]`, "${spring}", false, true},
		{"a fix that is none", "Go", semver(`{"introduced":"0"},{"fixed":"soon"}`), "1.0.0", false, true},
		{"only commits", "Go", `"ranges":[{"type":"GIT","events":[{"introduced":"0"}]}]`, "1.0.0", false, true},
		{"nothing at all", "Go", `"ranges":[]`, "1.0.0", false, true},
		{"a range without events", "Go", `"ranges":[{"type":"SEMVER","events":[]}]`, "1.0.0", false, true},
		{"an unknown type of range", "Go", `"ranges":[{"type":"NEW","events":[{"introduced":"0"}]}]`, "1.0.0", false, true},
		{"an unknown event", "Go", semver(`{"introduced":"0"},{"mended":"1.0.0"}`), "1.0.0", false, true},
		{"an ecosystem without order", "Nowhere", `"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2"}]}]`, "1", false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := about(t, test.ecosystem, test.rest)
			affected, err := r.Affects(Package{test.ecosystem, "p", test.version})
			if affected != test.affected || errors.Is(err, ErrUnjudged) != test.unjudged {
				t.Errorf("affected %v, %v", affected, err)
			}
			r.Withdrawn = "2024-01-01T00:00:00Z"
			if affected, err := r.Affects(Package{test.ecosystem, "p", test.version}); affected || err != nil {
				t.Errorf("withdrawn: affected %v, %v", affected, err)
			}
		})
	}
}

func TestConcerns(t *testing.T) {
	tests := []struct {
		ecosystem, name string
		p               Package
		want            bool
	}{
		{"PyPI", "Flask-Login", Package{"PyPI", "flask_login", "1"}, true},
		{"NuGet", "Newtonsoft.Json", Package{"NuGet", "newtonsoft.json", "1"}, true},
		{"Go", "github.com/BurntSushi/toml", Package{"Go", "github.com/burntsushi/toml", "1"}, false},
		{"Debian:12", "curl", Package{"Debian", "curl", "1"}, true},
		{"npm", "p", Package{"PyPI", "p", "1"}, false},
	}
	for _, test := range tests {
		r := record(t, `{"id":"X-1","affected":[{"package":{"ecosystem":"`+test.ecosystem+`","name":"`+test.name+`"}}]}`)
		if got := r.Concerns(test.p); got != test.want {
			t.Errorf("%s %s and %v: %v", test.ecosystem, test.name, test.p, got)
		}
	}
}

func TestFixedVersion(t *testing.T) {
	ranges := func(events string) *Record {
		return about(t, "Go", `"ranges":[{"type":"SEMVER","events":[`+events+`]}]`)
	}
	early, late := ranges(`{"introduced":"0"},{"fixed":"1.2.0"}`), ranges(`{"introduced":"0"},{"fixed":"1.4.0"}`)
	backported := ranges(`{"introduced":"0"},{"fixed":"1.0.9"},{"introduced":"1.1.0"},{"fixed":"1.3.0"}`)
	unfixed := ranges(`{"introduced":"0"}`)
	tests := []struct {
		name, installed, want string
		group                 []*Record
	}{
		{"one", "1.0.0", "1.2.0", []*Record{early}},
		{"the lowest that serves all", "1.0.0", "1.4.0", []*Record{early, late}},
		{"on the own branch", "1.0.3", "1.0.9", []*Record{backported}},
		{"on the newer branch", "1.1.0", "1.3.0", []*Record{backported}},
		{"none", "1.0.0", "", []*Record{unfixed}},
		{"one of them has none", "1.0.0", "", []*Record{early, unfixed}},
		{"nobody knows where one stands", "main", "", []*Record{early}},
	}
	for _, test := range tests {
		if got := FixedVersion(Package{"Go", "p", test.installed}, test.group); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestParse(t *testing.T) {
	for _, text := range []string{``, `{`, `{}`, `[]`, `"x"`, `{"id":""}`, `{"id":1}`, `{"id":"X","affected":{}}`, `{"id":"X"} {"id":"Y"}`} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s was read", text)
		}
	}
	r := record(t, `{"id":"X","published":"0001-01-01T00:00:00Z","modified":"soon","database_specific":{"severity":["HIGH"]}}`)
	if !r.Published.IsZero() || !r.Modified.IsZero() || r.Specific.Severity != "" {
		t.Errorf("placeholders were taken for values: %+v", r)
	}
}
