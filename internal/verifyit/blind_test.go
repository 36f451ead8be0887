//go:build verifyit

package verifyit

import (
	"strings"
	"testing"
)

// Where the numbers cannot be had, nothing is promoted and nothing rolled back, and the reason has a name.
// The service is well in all of these cases.
func TestWithoutNumbersItHolds(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.open()
	s.customers()
	s.deploy("canary", after, "-errors", "0.005")
	s.shift("25%")
	empty := address(t)
	s.watch(empty, "scrape_configs: []\n")
	dead := address(t) // nobody listens there
	for _, blind := range []struct{ name, instead, of, metric, problem string }{
		{"dead", dead, s.numbers, "errors", "unreachable"},
		{"empty", empty, s.numbers, "errors", "empty"},
		{"misspelt-metric", "http_requets_total", "http_requests_total", "errors", "empty"},
		{"misspelt-label", `vresion="$version"`, `version="$version"`, "errors", "misspelt-label"},
		{"no-prometheus", s.exporter, s.numbers, "errors", "broken"},
		{"rate", "total: 'rate(http_requests_total[1m])' #", "total: 'http_requests_total", "errors", "bad-query"},
		{"several", `gauge: 'queue_depth'`, `gauge: 'max(queue_depth{version="$version"})'`, "queue", "several-series"},
	} {
		t.Run(blind.name, func(t *testing.T) {
			t.Parallel()
			j := (&site{T: t, dir: s.dir, socket: s.socket, stable: s.stable, canary: s.canary, front: s.front, lane: s.lane, exporter: s.exporter, numbers: s.numbers}).job(soonSure)
			policy := s.example("slipway.yml", hurried...)
			if !strings.Contains(policy, blind.of) {
				t.Fatalf("the policy has no %q", blind.of)
			}
			j.commit(map[string]string{".github/slipway.yml": strings.ReplaceAll(policy, blind.of, blind.instead)})
			a := j.want("hold", map[string]string{"expected-version": after, "previous-version": before})
			if a.outputs["rollback-to"] != "" || a.outputs["next-step"] != "" {
				t.Errorf("it says %q", a.outputs)
			}
			named := false
			for _, m := range a.result.Data.Record.Watch.Metrics {
				named = named || m.Name == blind.metric && m.Problem != nil && m.Problem.Name == blind.problem
			}
			said := false
			for _, f := range a.result.Findings {
				said = said || f.Outcome != "pass" && strings.Contains(f.Observed, blind.problem)
			}
			if !named || !said {
				t.Errorf("not %q, but %+v; findings: %+v", blind.problem, a.result.Data.Record.Watch, a.result.Findings)
			}
		})
	}
}
