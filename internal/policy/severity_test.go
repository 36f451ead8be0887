package policy_test

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/policy"
)

func TestSeverityOf(t *testing.T) {
	for want, labels := range map[policy.Severity][]string{
		"critical": {"sev1", "SEV-1", "sev:1", "severity/1", "severity: critical", "Severity: Critical", "critical", "CRITICAL", "blocker", "S1", "sev0", "sev01", "bug/critical", "critical bug", "severity::1", "sev_1", "sévérité-critical", "type: bug, severity 1"},
		"high":     {"sev2", "severity: high", "high", "severity/major"},
		"medium":   {"SEV3", "severity: medium", "S-3"},
		"low":      {"sev4", "sev 5", "low", "severity: minor"},
		"":         {"", "bug", "sev", "severity", "p1", "1", "priority: high", "not critical", "non-critical", "high effort", "sev99", "several 1", "release 1", "🔥", strings.Repeat("-", 1000)},
	} {
		for _, label := range labels {
			if got := policy.SeverityOf(label); got != want {
				t.Errorf("%q means %q, want %q", label, got, want)
			}
		}
	}
	if got := policy.SeverityOf("severity: low or critical"); got != "critical" {
		t.Errorf("the worst of two is %q", got)
	}
}

// Each rule is refused where it makes no sense, with words that say what would.
func TestGateRefusals(t *testing.T) {
	for rule, want := range map[string]string{
		`issues: {max: 1}`:                                                   "name at least one of labels, milestone and severities",
		`issues: {labels: ["a,b"]}`:                                          "without a comma",
		`issues: {labels: [""]}`:                                             "no label that can be asked for",
		`issues: {labels: [a], max: -1}`:                                     "-1 is below 0",
		`issues: {milestone: "${tag}"}`:                                      "the only variable",
		`issues: {labels: [a], repository: shop}`:                            "no repository such as",
		`issues: {severities: [p1]}`:                                         `"p1" is no severity; allowed: critical, high, medium, low`,
		`issues: {labels: [a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u]}`:      "21 labels; at most 20",
		`release: {repository: acme/warehouse}`:                              "at-least is missing",
		`release: {at-least: v1.0.0}`:                                        "no repository such as",
		`release: {repository: acme/w, at-least: latest}`:                    "use three numbers, such as v2.4.0",
		`release: {repository: acme/w, at-least: v1.0.0, tag-prefix: api/v}`: "use three numbers, such as api/v2.4.0",
		`release: {repository: acme/w, at-least: v1.0.0, tag-prefix: "a b"}`: "cannot begin a tag",
		`probe: {status: 200}`:                                               "url is missing",
		`probe: {url: "ftp://x/"}`:                                           "neither http:// nor https://",
		`probe: {url: "env:A B"}`:                                            "names no variable",
		`probe: {url: "https://x/", status: 99}`:                             "is no status",
		`probe: {url: "https://x/", latency: "800ms"}`:                       "is no bound",
		`probe: {url: "https://x/", body-matches: "("}`:                      "no regular expression",
		`probe: {url: "https://x/", json: {version: 1}}`:                     "is not a path",
		`probe: {url: "https://x/", json: {$.version: "${version}"}}`:        "are not filled in here",
		`document: {sections: [a]}`:                                          "path is missing",
		`document: {path: ../a.md}`:                                          "no file of the repository",
		`document: {path: /etc/passwd}`:                                      "no file of the repository",
		`document: {path: a.md, sections: [" "]}`:                            "the name is empty",
		`evidence: {action: security-gat}`:                                   `"security-gat" is no action; allowed: version-bump`,
		`evidence: {file: a.json, require: {days: "<= abc"}}`:                `days: "<= abc" compares with no number`,
		`evidence: {file: a.json, require: {days: "< NaN"}}`:                 "compares with no number",
		`evidence: {file: a.json, require: {days: "=> 1"}}`:                  "no condition; allowed: <=",
		`evidence: {file: a.json, require: {days: ">="}}`:                    "compares with no number",
	} {
		_, err := policy.Parse("p.yml", []byte("version: 1\ngate:\n  criteria:\n    - {id: x, "+rule+"}\n"))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "p.yml:4:") || !strings.Contains(err.Error(), "^") {
			t.Errorf("%s: %v, want %s", rule, err, want)
		}
	}
	for _, rule := range []string{
		`issues: {severities: [1, SEV-2, medium, "severity: low"]}`, `issues: {milestone: "shop ${version}", max: 3}`, `issues: {labels: ["release blocker"], repository: acme/other}`,
		`release: {repository: acme/w, at-least: 2.4.0-rc.1}`, `release: {repository: acme/w, at-least: api/v1.0.0, tag-prefix: api/v, environment: production}`,
		`probe: {url: "env:PROM_URL", status: 200}`, `probe: {url: "https://x/", status: 2xx, latency: "<800ms", json: {$.a: 0}, body-matches: ok}`,
		`document: {path: docs/a.md, max-age: 90d}`, `evidence: {file: a.json, require: {a: "!= x", b: done, c: "", d: -1, e: "== 1.5"}}`,
	} {
		if _, err := policy.Parse("p.yml", []byte("version: 1\ngate:\n  criteria:\n    - {id: x, "+rule+"}\n")); err != nil {
			t.Errorf("%s: %v", rule, err)
		}
	}
}
