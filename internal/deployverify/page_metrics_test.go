package deployverify

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

var updatePages = flag.Bool("update", false, "rewrite the golden files")

// sameText takes nothing out.
func sameText(s string) string { return s }

// watchedFor is evidence and a decision about so many metrics over an hour: of every three a ratio, a
// histogram and a gauge, the first of which is harmful where that is wanted.
func watchedFor(metrics int, harmful bool) (evidence, decision) {
	e := evidence{inputs: inputs{Expected: "1.5.0", Previous: "1.4.2", SHA: strings.Repeat("a1", 20), Service: service{Environment: "production", URL: "https://shop.example/version"}}}
	e.Watch = watch{Began: epoch, Width: time.Minute}
	e.Started, e.Ended = epoch, epoch.Add(time.Hour)
	d := decision{act: promote, reason: "all metrics of 1.5.0 are as good as those of 1.4.2 after 1h"}
	d.numbers.slots, d.numbers.settled = 60, true
	for i := range metrics {
		j, w := metricFor(i, harmful && i == 0)
		e.Watch.Metrics, d.numbers.metrics = append(e.Watch.Metrics, w), append(d.numbers.metrics, j)
		d.findings = append(d.findings, j.findings...)
	}
	if harmful {
		d.act, d.rollbackTo, d.numbers.slots = rollback, "1.4.2", 12
		d.reason = d.numbers.metrics[0].reason
	}
	return e, d
}

func metricFor(i int, harmful bool) (judged, watched) {
	const slots = 60
	level := func(k int, middle float64) float64 {
		return middle * (1 + 0.3*math.Sin(float64(k+7*i)*1.3) + 0.15*math.Sin(float64(k+i)*0.31))
	}
	curve := func(middle float64) []float64 {
		all := make([]float64, slots)
		for k := range all {
			all[k] = level(k, middle)
		}
		return all
	}
	j := judged{outcome: verdict.Passed, bad: 1}
	w := watched{Queries: []asked{{"total", `http_requests_total{version="1.5.0"}[60s]`}, {"bad", `http_requests_total{version="1.5.0",code=~"5.."}[60s]`}}}
	evidence := line{title: "evidence of harm", canary: curve(0.4), limit: 100, log: true}
	switch i % 3 {
	case 0:
		j.metric = policy.Metric{Name: "5xx", Bad: "b", Total: "t", Compare: &policy.Compare{}, Critical: true}
		j.reason = "errors of 1.5.0 are 0.7–1.4 × those of 1.4.2, 17 errors in 3,600 requests"
		j.lines = []line{{title: "rate", unit: "%", canary: curve(0.5), compare: curve(0.48), limit: 1}, evidence}
		if harmful {
			j.outcome, j.harmed = verdict.Failed, 12
			j.reason = "errors of 1.5.0 are 4.1–9.7 × those of 1.4.2, seen after 12m, 31 errors in 720 requests"
			j.lines[0].canary = curve(4.8)
			j.lines[0].canary[20], j.lines[0].canary[21] = math.NaN(), math.NaN()
			for k := range evidence.canary {
				evidence.canary[k] = math.Pow(10, float64(k)*0.19-0.2+0.2*math.Sin(float64(k)))
			}
		}
		for range slots {
			w.Slots = append(w.Slots, slot{Canary: side{Samples: 4, Total: 60, Bad: 3}, Baseline: &side{Samples: 4, Total: 1140, Bad: 6}})
		}
	case 1:
		j.metric = policy.Metric{Name: "latency of search", Histogram: "h", Compare: &policy.Compare{Baseline: "7d"}, Limit: "p95<300ms"}
		j.reason = "p95 is 212 ms, wanted less than 300ms"
		j.lines = []line{{title: "p95", unit: "ms", canary: curve(212), compare: curve(205), limit: 300}, evidence}
		for range slots {
			w.Slots = append(w.Slots, slot{Canary: side{Samples: 4, Buckets: []float64{40, 58, 60}}, Baseline: &side{Samples: 4, Buckets: []float64{700, 1000, 1140}}})
		}
	default:
		j.metric = policy.Metric{Name: "queue depth", Gauge: "g", Limit: "<1000", ReportOnly: true}
		j.outcome, j.reason = verdict.Undecided, "8 of 60 slots have no number"
		j.lines = []line{{canary: curve(420), limit: 1000}}
		for range slots {
			v := 420.0
			w.Slots = append(w.Slots, slot{Canary: side{Samples: 1, Value: &v}})
		}
	}
	if i > 2 {
		j.metric.Name += fmt.Sprintf(" %d", i)
	}
	w.Name = j.metric.Name
	f := result.Finding{ID: "metric-" + w.Name, Title: w.Name, Outcome: j.outcome, Observed: j.reason, Threshold: "no more than 1 × 1.4.2"}
	if i%3 != 0 {
		f.Threshold = j.metric.Limit
	}
	j.findings = []result.Finding{f}
	return j, w
}

// TestMetricsPage holds what is seen of metrics; read it as a user would.
func TestMetricsPage(t *testing.T) {
	for name, got := range map[string]func() string{
		"metrics-harm.md": func() string {
			e, d := watchedFor(3, true)
			return metricsPage(e, d.numbers).Markdown(report.SummaryLimit)
		},
		"metrics-harm.txt": func() string { e, d := watchedFor(3, true); return metricsPage(e, d.numbers).Terminal(100) },
		"report-harm.html": func() string { e, d := watchedFor(1, true); return string(htmlReport(e, d, sameText)) },
	} {
		path, got := filepath.Join("testdata", name), got()
		if *updatePages {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

func TestCounted(t *testing.T) {
	value := 7.0
	slots := map[string][]slot{
		"ratio":     {{Canary: side{Samples: 2, Total: 600, Bad: 3}, Baseline: &side{Samples: 1, Total: 1000}}, {Canary: side{Samples: 2, Total: 640, Bad: 1}}, {Canary: side{Samples: 1, Total: 9000}}},
		"histogram": {{Canary: side{Samples: 1, Buckets: []float64{5, 1000}}}, {Canary: side{Samples: 1, Buckets: []float64{5, 250.4}}}},
		"gauge":     {{Canary: side{Samples: 1, Value: &value}}, {Canary: side{}}},
		"silent":    {{}, {}}, "none": nil,
	}
	metrics := map[string]policy.Metric{"ratio": {Bad: "b", Total: "t"}, "histogram": {Histogram: "h"}, "gauge": {Gauge: "g"}, "silent": {Bad: "b"}, "none": {Bad: "b"}, "budget": {Use: "ratio"}, "unread": {Gauge: "g"}}
	canary := func(s slot) *side { return &s.Canary }
	var e evidence
	for name, s := range slots {
		e.Watch.Metrics = append(e.Watch.Metrics, watched{Name: name, Slots: s})
	}
	for name, want := range map[string]string{
		"ratio": "4 of 1,240", "budget": "4 of 1,240", "histogram": "1,250 measured", "gauge": "1 reading, last 7", "silent": "nothing recorded", "none": "nothing recorded", "unread": "",
	} {
		m := metrics[name]
		m.Name = name
		if got := counted(e, numbers{slots: 2}, judged{metric: m}, canary); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	m := metrics["ratio"]
	m.Name = "ratio"
	if got := counted(e, numbers{slots: 2}, judged{metric: m}, func(s slot) *side { return s.Baseline }); got != "0 of 1,000" {
		t.Errorf("baseline: got %q", got)
	}
	if got := counted(e, numbers{slots: -1}, judged{metric: m}, canary); got != "nothing recorded" {
		t.Errorf("no slots: got %q", got)
	}
}

func TestBaselineName(t *testing.T) {
	e := evidence{inputs: inputs{Previous: "1.4.2"}}
	for _, tc := range []struct {
		e       evidence
		compare *policy.Compare
		want    string
	}{
		{e, nil, ""}, {e, &policy.Compare{}, "1.4.2"}, {e, &policy.Compare{Baseline: "previous"}, "1.4.2"}, {evidence{}, &policy.Compare{}, "previous version"},
		{e, &policy.Compare{Baseline: "before"}, "before"}, {e, &policy.Compare{Baseline: "7d"}, "7d before"},
	} {
		if got := baselineName(tc.e, policy.Metric{Compare: tc.compare}); got != tc.want {
			t.Errorf("%+v: got %q, want %q", tc.compare, got, tc.want)
		}
	}
}

// Nothing watched is nothing shown; what could not be read is shown without a picture; no text of a source is more than text;
// and what must not be seen is not.
func TestMetricsPageAtItsEdges(t *testing.T) {
	if page := metricsPage(evidence{}, numbers{}); page != nil {
		t.Errorf("got %v", page)
	}
	e, d := watchedFor(1, true)
	d.numbers.metrics[0].lines, e.Watch.Metrics = nil, nil
	if text := metricsPage(e, d.numbers).Markdown(report.SummaryLimit); strings.Contains(text, "mermaid") || !strings.Contains(text, "5xx") {
		t.Errorf("got %s", text)
	}
	e, d = watchedFor(3, true)
	e.Watch.Metrics[0].Queries[0].Query = "</code><script>alert(1)</script> hunter2"
	d.numbers.metrics[0].reason = "<img src=x onerror=alert(1)> hunter2"
	e.Previous, d.numbers.metrics[1].lines[0].unit = "<b>hunter2", "hunter2"
	document := string(htmlReport(e, d, func(s string) string { return strings.ReplaceAll(s, "hunter2", "***") }))
	for _, bad := range []string{"<script", "<img", "<b>", "hunter2"} {
		if strings.Contains(document, bad) {
			t.Errorf("the document has %s", bad)
		}
	}
}

// Twenty metrics over a day stay within what GitHub shows, and the document within reason.
func TestManyMetrics(t *testing.T) {
	e, d := watchedFor(20, true)
	for i := range d.numbers.metrics {
		for k := range d.numbers.metrics[i].lines {
			l := &d.numbers.metrics[i].lines[k]
			l.canary = slices.Repeat(l.canary, 24)
		}
	}
	if text := metricsPage(e, d.numbers).Markdown(report.SummaryLimit); strings.Contains(text, "cut here") || len(text) > 200_000 {
		t.Errorf("the summary has %d bytes", len(text))
	}
	if n := len(htmlReport(e, d, sameText)); n > 1<<20 {
		t.Errorf("the document has %d bytes", n)
	}
}
