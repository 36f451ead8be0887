package deployverify

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/sequential"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// keptPace is how late a request may be sent before the rate counts as missed.
const keptPace = time.Second

// loadConfidence is that of the bounds that load is judged by.
const loadConfidence = 0.95

// judgeLoad says what the traffic shows: one finding for each expectation. That a percentile is below a bound
// is that few enough requests are slower, so every expectation is about a share, and none is judged by the
// share that was seen alone.
func judgeLoad(e evidence) []result.Finding {
	rule := e.verify.Load
	if rule == nil || e.End == unordered {
		return nil
	}
	l := e.Load
	whole := result.Finding{ID: "load", Outcome: verdict.Undecided, Title: "load (" + withoutSecrets(rule.Target) + ")", Threshold: fmt.Sprintf("%s for %s", rule.Rate, time.Duration(rule.For))}
	switch {
	case l == nil:
		whole.Observed, whole.Next = "none was made, for the version had not settled", "Let the version settle first; see what was looked at."
		return []result.Finding{whole}
	case l.Problem != "":
		whole.Observed = l.Problem
		return []result.Finding{whole}
	case l.Made < l.Due || l.Late > keptPace:
		whole.Observed = fmt.Sprintf("this machine could not keep the rate: %d of %d requests were sent, the latest %s after it was due", l.Made, l.Due, span(l.Late))
		whole.Next = "Lower verify.load.rate, or take a larger machine: what a tired client measures is itself."
		return []result.Finding{whole}
	}
	var all []result.Finding
	for _, what := range slices.Sorted(maps.Keys(rule.Expect)) {
		f := result.Finding{ID: "load-" + what, Title: whole.Title + ": " + what, Threshold: rule.Expect[what]}
		limit, bad, ok := l.share(what, rule.Expect[what])
		if !ok {
			f.Outcome, f.Observed, f.Next = verdict.Undecided, "this was not looked at for the decision", "Decide anew by this policy."
			all = append(all, f)
			continue
		}
		low, high := sequential.Wilson(float64(bad), float64(l.Made), loadConfidence)
		f.Observed = fmt.Sprintf("%s; %s (95 %%: %s–%s), of %s", l.measured(what), l.counted(what, bad), percent(low), percent(high), report.Count(l.Made, "request"))
		switch {
		case high < limit:
			f.Outcome = verdict.Passed
		case low > limit:
			f.Outcome = verdict.Failed
			f.Next = "See what the service does under this load before more traffic goes to it."
		default:
			f.Outcome = verdict.Undecided
			f.Next = fmt.Sprintf("Too few requests to tell whether the share is below %s: it takes %s.", percent(limit), needed(sequential.RequestsForLimit(float64(bad), float64(l.Made), limit, loadConfidence), rule.Rate))
		}
		all = append(all, f)
	}
	return all
}

// share is how many requests count against an expectation, and which share of them must not be reached.
func (l loaded) share(what, want string) (limit float64, bad int, ok bool) {
	if what == "errors" {
		limit, err := policy.ParseShareLimit(want)
		return limit, l.Failed, err == nil
	}
	percentile, ok := policy.Percentile(what)
	bound, err := policy.ParseLatency(want)
	i := slices.IndexFunc(l.Slower, func(s slower) bool { return s.Than == bound })
	if !ok || err != nil || i < 0 {
		return 0, 0, false
	}
	return 1 - percentile, l.Slower[i].N, true
}

func (l loaded) measured(what string) string {
	switch what {
	case "p50":
		return "p50 " + span(l.P50)
	case "p95":
		return "p95 " + span(l.P95)
	case "p99":
		return "p99 " + span(l.P99)
	case "errors":
		if len(l.Kinds) > 0 {
			return "most often: " + shown(l.Kinds[0].Kind)
		}
		return "none failed"
	}
	return fmt.Sprintf("p50 %s, p99 %s", span(l.P50), span(l.P99))
}

func (l loaded) counted(what string, bad int) string {
	if what == "errors" {
		return fmt.Sprintf("%d failed", bad)
	}
	return fmt.Sprintf("%d were slower", bad)
}

// needed says how much longer load has to go on.
func needed(requests float64, rate string) string {
	perSecond, err := policy.ParseRate(rate)
	if err != nil || !(requests > 0 && requests < 1e9) {
		return "more than load can make, for the share is too close to it"
	}
	return fmt.Sprintf("about %.0f requests, which is for: %s at %s", requests, time.Duration(requests/perSecond*float64(time.Second)).Round(time.Second), rate)
}

func percent(share float64) string {
	if share > 0.99 { // two digits of it would all be 1e+02
		return fmt.Sprintf("%.3g %%", 100*share)
	}
	return fmt.Sprintf("%.2g %%", 100*share)
}
