package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/policy"
)

const oneSource = "prom: {type: prometheus, url: \"https://prom.example\"}"

func metricsPolicy(sources string, metrics ...string) []byte {
	return fmt.Appendf(nil, "version: 1\nverify:\n  sources: {%s}\n  metrics:\n    - {%s}\n", sources, strings.Join(metrics, "}\n    - {"))
}

func TestMetricsThatAreFine(t *testing.T) {
	for _, metric := range []string{
		`name: m, bad: b, total: t, limit: "<1%"`,
		`name: m, source: prom, bad: b, total: t, limit: "< 0.5%", report-only: true`,
		`name: m, bad: b, total: t, critical: true, compare: {}`,
		`name: m, bad: b, total: t, compare: {baseline: 7d, max-ratio: 1.2, alpha: 0.05, dispersion: 3}, detect: {ratio: 1.5, power: 90%}`,
		`name: m, bad: b, total: t, compare: {baseline: before, dispersion: auto}, limit: "<1%"`,
		`name: m, histogram: h, limit: "p95<300ms"`,
		`name: m, histogram: h, limit: "p99.9<1.5s", compare: {baseline: previous, max-increase: 20%, quantiles: [0.5, 0.999]}, detect: {}`,
		`name: m, gauge: g, limit: "<1000", for: 5m`,
		`name: m, gauge: g, limit: ">=-0.5"`,
		`name: m, gauge: g, compare: {max-ratio: 0.5}`,
		`name: m, gauge: g, compare: {max-increase: 50%}, for: 1m`,
	} {
		if _, err := policy.Parse("p", metricsPolicy(oneSource, metric)); err != nil {
			t.Errorf("%s: %v", metric, err)
		}
	}
	if _, err := policy.Parse("p", metricsPolicy(oneSource, `name: budget, use: m, slo: 99.9%, burn: [{long: 1h, short: 5m, over: 14.4}]`, `name: m, bad: b, total: t, limit: "<1%"`)); err != nil {
		t.Error(err)
	}
}

// What makes no sense of a metric is refused, and it is said what would.
func TestMetricsThatAreRefused(t *testing.T) {
	const ratio = "name: m, bad: b, total: t, "
	for _, test := range []struct{ metric, says string }{
		{`bad: b, total: t, limit: "<1%"`, "a metric needs a name"},
		{`name: " m", bad: b, total: t, limit: "<1%"`, "a metric needs a name"},
		{`name: m`, "a metric is exactly one of"},
		{`name: m, bad: b, total: t, gauge: g, limit: "<1"`, "a metric is exactly one of"},
		{`name: m, bad: b, limit: "<1%"`, "a ratio needs both bad and total"},
		{ratio + `source: other, limit: "<1%"`, `.source: there is no source "other"; there are: prom`},
		{ratio + `critical: true`, "it is held to nothing; give it a limit, or compare it with a baseline"},
		{ratio + `critical: true, report-only: true, limit: "<1%"`, ".critical: it makes what fails the graver"},
		{ratio + `limit: "<1%", detect: {ratio: 2}`, ".detect: it says what a comparison must not miss, and there is none"},
		{ratio + `limit: "<1%", for: 5m`, ".for: a ratio has none; it can have source, bad, total, compare, limit, detect"},
		{ratio + `limit: "<1%", slo: 99%`, ".slo: a ratio has none"},
		{ratio + `limit: "1%"`, `.limit: "1%" is no limit such as`},
		{ratio + `limit: ">1%"`, "is no limit such as"},
		{ratio + `limit: "<0%"`, "is no limit such as"},
		{ratio + `limit: "<101%"`, "is no limit such as"},
		{ratio + `limit: "<0.01"`, "is no limit such as"},
		{ratio + `compare: {baseline: tomorrow}`, `.compare.baseline: "tomorrow" is no baseline; allowed: previous, before`},
		{ratio + `compare: {max-ratio: -1}`, ".compare.max-ratio: -1 is not above 0"},
		{ratio + `compare: {max-ratio: .nan}`, ".compare.max-ratio: NaN is not above 0"},
		{ratio + `compare: {max-ratio: .inf}`, ".compare.max-ratio: +Inf is not above 0"},
		{ratio + `compare: {max-increase: 20%}`, ".compare.max-increase: a ratio is compared by max-ratio"},
		{ratio + `compare: {alpha: 0.6}`, ".compare.alpha: 0.6 is not above 0 and up to 0.5"},
		{ratio + `compare: {alpha: -0.01}`, ".compare.alpha: -0.01 is not above 0"},
		{ratio + `compare: {quantiles: [0.5]}`, ".compare.quantiles: only a histogram has quantiles"},
		{ratio + `compare: {dispersion: 0.5}`, `.compare.dispersion: "0.5" is not allowed here; allowed: auto, or a number from 1 to 100`},
		{ratio + `compare: {dispersion: much}`, `.compare.dispersion: "much" is not allowed here`},
		{ratio + `compare: {}, detect: {ratio: 1}`, ".detect.ratio: 1 is not above 1 and up to 1000"},
		{ratio + `compare: {}, detect: {power: 100%}`, ".detect.power: \"100%\" is no power; allowed: from 50% to 99%"},
		{ratio + `compare: {}, detect: {power: 0.8}`, ".detect.power: \"0.8\" is no power"},
		{`name: m, histogram: h, limit: "<300ms"`, "is no limit of a histogram such as \"p95<300ms\""},
		{`name: m, histogram: h, limit: "p100<300ms"`, "is no limit of a histogram"},
		{`name: m, histogram: h, limit: "p95<0s"`, "is no limit of a histogram"},
		{`name: m, histogram: h, compare: {max-ratio: 2}`, ".compare.max-ratio: a histogram is compared by its quantiles; use max-increase"},
		{`name: m, histogram: h, compare: {max-increase: 20}`, `.compare.max-increase: "20" is no increase such as 20%`},
		{`name: m, histogram: h, compare: {quantiles: [0.5, 95]}`, ".compare.quantiles[1]: 95 is no quantile between 0 and 1, such as 0.95"},
		{`name: m, histogram: h, compare: {quantiles: [1]}`, "is no quantile between 0 and 1"},
		{`name: m, histogram: h, compare: {quantiles: [.1,.1,.1,.1,.1,.1,.1,.1,.1,.1,.1]}`, "there are 11; at most 10 are compared"},
		{`name: m, gauge: g, limit: "1000"`, "is no limit such as \"<1000\""},
		{`name: m, gauge: g, limit: "<NaN"`, "is no limit such as"},
		{`name: m, gauge: g, limit: "<5", for: -5m`, "for"},
		{`name: m, gauge: g, limit: "<5", detect: {ratio: 2}`, ".detect: a gauge has none"},
		{`name: m, gauge: g, compare: {}`, "add max-ratio, such as 1.5, or max-increase, such as 50%"},
		{`name: m, gauge: g, compare: {max-ratio: 2, max-increase: 20%}`, "say the same of a gauge; keep one"},
		{`name: m, gauge: g, compare: {max-ratio: 2, alpha: 0.01}`, ".compare.alpha: a gauge is not tested by chance"},
		{`name: m, gauge: g, compare: {max-ratio: 2, dispersion: 2}`, ".compare.dispersion: a gauge counts nothing"},
		{`name: m, use: ratio, slo: 99%, burn: [{long: 1h, short: 5m, over: 2}], source: prom`, ".source: a budget (use) has none; it can have use, slo, burn"},
		{`name: m, use: other, slo: 99%, burn: [{long: 1h, short: 5m, over: 2}]`, `.use: there is no ratio "other" among the metrics`},
		{`name: m, use: depth, slo: 99%, burn: [{long: 1h, short: 5m, over: 2}]`, `.use: there is no ratio "depth" among the metrics`},
		{`name: m, use: m, slo: 99%, burn: [{long: 1h, short: 5m, over: 2}]`, `.use: there is no ratio "m" among the metrics`},
		{`name: m, use: ratio, slo: 100%, burn: [{long: 1h, short: 5m, over: 2}]`, ".slo: \"100%\" is no objective; allowed: above 0% and below 100%"},
		{`name: m, use: ratio, burn: [{long: 1h, short: 5m, over: 2}]`, "is no objective"},
		{`name: m, use: ratio, slo: 99%`, "it is held to nothing; add such as burn:"},
		{`name: m, use: ratio, slo: 99%, burn: [{long: 5m, short: 1h, over: 2}]`, ".burn[0]: it needs a long window and a shorter one"},
		{`name: m, use: ratio, slo: 99%, burn: [{long: 1h, short: 5m, over: 2}, {long: 1h, short: 5m}]`, ".burn[1].over: 0 is not above 0"},
		{`name: m, use: ratio, slo: 90%, burn: [{long: 1h, short: 5m, over: 14.4}]`, ".burn[0].over: it could never be exceeded: where all is bad, the budget of 90% burns at 10 ×"},
		{`name: m, use: ratio, slo: 90%, burn: [{long: 1h, short: 5m, over: .inf}]`, ".burn[0].over: it could never be exceeded"},
	} {
		source := metricsPolicy(oneSource, test.metric, `name: ratio, bad: b, total: t, limit: "<1%"`, `name: depth, gauge: g, limit: "<5"`)
		if _, err := policy.Parse("p", source); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s\n%v\nwants %q", test.metric, err, test.says)
		}
	}

	metric := `name: m, bad: b, total: t, limit: "<1%"`
	for sources, says := range map[string]string{
		"": "there is no source to ask; add one, such as",
		oneSource + ", more: {type: prometheus, url: \"https://more.example\"}": "it does not say which source is asked; add source: and one of more, prom",
	} {
		if _, err := policy.Parse("p", metricsPolicy(sources, metric)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("with the sources {%s}\n%v\nwants %q", sources, err, says)
		}
	}
	if _, err := policy.Parse("p", metricsPolicy(oneSource, metric, metric)); err == nil || !strings.Contains(err.Error(), `there are two metrics named "m"`) {
		t.Error(err)
	}
}
