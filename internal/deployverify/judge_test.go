package deployverify

import (
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/jsonpath"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/probe"
)

// Where a version is found, and what is said where it is not the one.
func TestJudgeVersion(t *testing.T) {
	long := strings.Repeat("9", 1<<20)
	for _, test := range []struct {
		body, path string
		problem    string // "" is good
		version    string
	}{
		{"1.5.0", "", "", "1.5.0"},
		{" 1.5.0\r\n", "", "", "1.5.0"},
		{`{"version":"1.5.0","commit":"abc"}`, "", "", "1.5.0"},
		{`{"build":{"version":"1.5.0"}}`, "$.build.version", "", "1.5.0"},
		{`{"app":{"version":"1.5.0"}}`, "$['app']['version']", "", "1.5.0"},
		{`{"items":[{"v":"1.5.0"}]}`, "$.items[0].v", "", "1.5.0"},

		{"1.4.2", "", "said 1.4.2", "1.4.2"},
		{"1.5.0-rc.1", "", "said 1.5.0-rc.1", "1.5.0-rc.1"},
		{"v1.5.0", "", "said v1.5.0", "v1.5.0"},
		{`{"version":"1.4.2"}`, "", "said 1.4.2", "1.4.2"},
		{`{"version":"1.5.0\n"}`, "", `said "1.5.0\n"`, `"1.5.0\n"`},
		{`{"version":" 1.5.0"}`, "", `said " 1.5.0"`, `" 1.5.0"`},
		{"{\"version\":\"1.5.0\u200b\"}", "", `said "1.5.0\u200b"`, `"1.5.0\u200b"`},
		{"1.5.О", "", `said "1.5.\u041e"`, `"1.5.\u041e"`}, // a Cyrillic letter
		{`{"version":""}`, "", `it tells an empty version in the top-level string "version"`, ""},
		{`{"version":"` + long + `"}`, "", "said " + strings.Repeat("9", shownLimit) + "…", strings.Repeat("9", shownLimit) + "…"},
		{`{"version":"\u001b[2J::set-output name=decision::promote\n| a |"}`, "", "said �[2J::set-output name=decision::promote | a |", "�[2J::set-output name=decision::promote | a |"},
		{`{"version":15}`, "", `the body (14 bytes) is neither a version alone nor JSON with a top-level string "version"; the input version-path can say where to look`, ""},
		{"", "", `the body (0 bytes) is neither a version alone nor JSON with a top-level string "version"; the input version-path can say where to look`, ""},
		{"<html>1.5.0</html>", "", `the body (18 bytes) is neither a version alone nor JSON with a top-level string "version"; the input version-path can say where to look`, ""},
		{`{"a":{"version":"1.5.0"}}`, "", `the body (25 bytes) is neither a version alone nor JSON with a top-level string "version"; the input version-path can say where to look`, ""},
		{`["1.5.0"]`, "", `said ["1.5.0"]`, `["1.5.0"]`},

		{`{"version":"1.5.0"}`, "$.build.version", "there is nothing at $.build.version", ""},
		{`{"build":{"version":{"is":"1.5.0"}}}`, "$.build.version", "there is an object or a list, not a single value at $.build.version", ""},
		{`{"build":{"version":null}}`, "$.build.version", "said null", "null"},
		{"1.5.0", "$.version", "the body is no JSON, so nothing is at $.version", ""},
		{`{"version":"1.5.0"}{"version":"1.4.2"}`, "$.version", "the body is no JSON, so nothing is at $.version", ""},
		{`{"version":"1.5.0"`, "$.version", "the body is no JSON, so nothing is at $.version", ""},
	} {
		c := versionCheck("1.5.0")
		if test.path != "" {
			path, err := jsonpath.Parse(test.path)
			if err != nil {
				t.Fatal(err)
			}
			c.version.path = &path
		}
		s := judge(c, probe.Answer{Class: probe.Answered, Status: 200, Body: []byte(test.body)})
		if s.problem != test.problem || s.version != test.version || (s.says == good) != (test.problem == "") {
			t.Errorf("%.80s %s: %d, %q, %q; want %q, %q", test.body, test.path, s.says, s.problem, s.version, test.problem, test.version)
		}
		if wantHint := s.version == "v1.5.0"; wantHint != (s.hint != "") {
			t.Errorf("%.80s: hint %q", test.body, s.hint)
		}
	}
}

// What a probe of the policy can expect of an answer.
func TestJudgeProbe(t *testing.T) {
	fast := probe.Answer{Class: probe.Answered, Status: 200, Body: []byte(`{"status":"ok","db":"ok","version":"1.5.0","ready":true,"n":3}`), Latency: 20 * time.Millisecond}
	for _, test := range []struct {
		expect  policy.Expectation
		problem string
	}{
		{policy.Expectation{}, ""},
		{policy.Expectation{Status: "200"}, ""},
		{policy.Expectation{Status: "204"}, "status 200, wanted 204"},
		{policy.Expectation{Status: "5xx"}, "status 200, wanted 5xx"},
		{policy.Expectation{Latency: "<21ms"}, ""},
		{policy.Expectation{Latency: "<20ms"}, "it took 20ms, wanted less than 20ms"},
		{policy.Expectation{BodyMatches: `"db":"ok"`}, ""},
		{policy.Expectation{BodyMatches: `"version":"${version}"`}, ""},
		{policy.Expectation{BodyMatches: `"db":"down"`}, `the body does not match "db":"down"`},
		{policy.Expectation{JSON: map[string]string{"$.version": "${version}", "$.ready": "true", "$.n": "3"}}, ""},
		{policy.Expectation{JSON: map[string]string{"$.ready": "false", "$.status": "down"}}, `$.ready is "true", wanted "false"; $.status is "ok", wanted "down"`},
		{policy.Expectation{JSON: map[string]string{"$.status": "${version}"}}, "said ok"},
		{policy.Expectation{JSON: map[string]string{"$.status": "is ${version}"}}, `$.status is "ok", wanted "is 1.5.0"`},
		{policy.Expectation{JSON: map[string]string{"$.missing": "1"}}, "there is nothing at $.missing"},
	} {
		i := inputs{Expected: "1.5.0"}
		if err := i.readProbes(policy.Verify{Probes: []policy.Probe{{Name: "p", HTTP: "https://shop.example/", Expect: test.expect}}}); err != nil {
			t.Fatal(err)
		}
		if s := judge(i.checks[0], fast); s.problem != test.problem || (s.says == good) != (test.problem == "") {
			t.Errorf("%+v: %q, want %q", test.expect, s.problem, test.problem)
		}
	}
	// A point in a version is a point, not any character.
	i := inputs{Expected: "1.5.0"}
	if err := i.readProbes(policy.Verify{Probes: []policy.Probe{{Name: "p", HTTP: "https://shop.example/", Expect: policy.Expectation{BodyMatches: "^${version}$"}}}}); err != nil {
		t.Fatal(err)
	}
	if s := judge(i.checks[0], probe.Answer{Class: probe.Answered, Status: 200, Body: []byte("1x5x0")}); s.says != bad {
		t.Error("1x5x0 passes for 1.5.0")
	}
}

// Every class has a meaning, and none but a whole answer is good.
func TestJudgeSilence(t *testing.T) {
	for class, want := range map[probe.Class]says{
		probe.Refused: bad, probe.TLS: bad, probe.Reset: bad, probe.Cut: bad, probe.TooLarge: bad, probe.Redirect: bad, probe.Malformed: bad,
		probe.Timeout: silent, probe.DNS: blind, probe.Unreachable: blind, probe.Proxy: blind, probe.Other: blind, probe.Cancelled: blind, "new": blind,
	} {
		s := judge(versionCheck("1.5.0"), probe.Answer{Class: class, Status: 200, Body: []byte("1.5.0"), Detail: "::error::\x1b[1m"})
		if s.says != want || s.problem == "" || s.whole || strings.ContainsRune(s.problem, 0x1b) {
			t.Errorf("%s: %+v", class, s)
		}
	}
}

func TestReadPolicyNeedsTheVersionItExpects(t *testing.T) {
	for _, e := range []policy.Expectation{{JSON: map[string]string{"$.v": "${version}"}}, {BodyMatches: "${version}"}} {
		var i inputs
		err := i.readProbes(policy.Verify{Probes: []policy.Probe{{Name: "p", HTTP: "https://shop.example/", Expect: e}}})
		if wrong, ok := err.(*action.CallerError); !ok || !strings.Contains(wrong.Error(), "expected-version is empty") {
			t.Errorf("%+v: %v", e, err)
		}
	}
}

func TestWithoutSecrets(t *testing.T) {
	for raw, want := range map[string]string{
		"https://user:pass@shop.example/v?token=x#y": "https://***@shop.example/v",
		"user:pa@ss@shop.example":                    "//***@shop.example",
		"ftp://shop.example":                         "ftp://shop.example",
		"\x1b[2J?x":                                  "�[2J",
	} {
		if got := withoutSecrets(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}
