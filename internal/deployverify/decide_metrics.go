package deployverify

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/sequential"
	"github.com/slipway-actions/slipway/internal/timeseries"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// usualAlpha is how often a soak may end in a false alarm where the policy does not say.
const usualAlpha = 0.01

// lackTolerated is the share of slots that may lack numbers.
const lackTolerated = 0.1

// test is how one kind of metric is judged. Slots come one after the other; those that lack are left out.
type test interface {
	// take adds a slot; a problem says that it holds no numbers that could be judged.
	take(s slot) *timeseries.Problem
	// p are the p-values of what is tested, valid at any time.
	p() []float64
	// beyond tells of harm that is no matter of chance, such as a gauge that stays beyond its limit; "" is none.
	beyond() string
	// enough is "" where the slots suffice to say that there is no harm, else what is missing; requests is how
	// many more of the new version that takes, 0 where it is no matter of requests.
	enough() (missing string, requests float64)
	// told says what is seen, and what is wanted.
	told() (observed, wanted string)
	// harm says what harm was shown, without when.
	harm() string
	// lines are its pictures.
	lines() []line
	// bad is the most that the new version's share of bad requests can be.
	bad() float64
}

// trial is one metric while it is judged.
type trial struct {
	test
	rule    policy.Metric
	metric  *watched // where its numbers are; nil where nothing was read
	taken   int      // slots that were judged, those that lack included
	lacking int
	last    bool                // the newest slot lacks
	problem *timeseries.Problem // of the newest slot that lacks
	resets  int
	harmed  int
	seen    float64 // requests of the new version
	judged  []int   // the slots that were not lacking, for the pictures
}

// judgeNumbers judges the metrics by their slots alone, one slot after the other. The first slot by which
// one of them shows harm, or by which all are conclusive after the soak, settles it; later ones do not
// count, so that it does not matter in how many runs they were read. One that could not be read, or of
// which too little is known, is undecided.
func judgeNumbers(v policy.Verify, w watch) numbers {
	trials := trialsOf(v, w)
	n := numbers{}
	for most := w.most(); n.slots < most && !n.settled && slices.ContainsFunc(trials, func(t *trial) bool { return t.has(n.slots) }); {
		for _, t := range trials {
			if t.has(n.slots) {
				t.take(n.slots)
			}
		}
		n.slots++
		whole := !slices.ContainsFunc(trials, func(t *trial) bool { return t.taken < n.slots && !t.rule.ReportOnly })
		over := time.Duration(n.slots)*w.Width >= w.Soak
		// What harms need not wait for what cannot be read; what passes waits for all.
		n.settled = shows(trials, n.slots) || whole && (over && conclusive(trials) || n.slots == most)
	}
	for _, t := range trials {
		n.metrics = append(n.metrics, t.judge(v, w, n))
		if _, requests := t.missing(); requests > 0 && !t.rule.ReportOnly {
			n.more = max(n.more, t.takes(w, n, requests))
		}
	}
	return n
}

func trialsOf(v policy.Verify, w watch) []*trial {
	find := func(name string) *watched {
		if i := slices.IndexFunc(w.Metrics, func(m watched) bool { return m.Name == name }); i >= 0 {
			return &w.Metrics[i]
		}
		return nil
	}
	var trials []*trial
	for _, m := range v.Metrics {
		t := &trial{rule: m, metric: find(m.Name)}
		switch m.Kind() {
		case "ratio":
			t.test = newRatio(m, w)
		case "histogram":
			var bounds []float64
			if t.metric != nil {
				bounds = t.metric.Bounds
			}
			t.test = newHistogram(m, w, bounds)
		case "gauge":
			t.test = newGauge(m, w)
		default:
			t.metric = find(m.Use)
			t.test = newBurn(m, w)
		}
		trials = append(trials, t)
	}
	return trials
}

// has tells whether the slot was read.
func (t *trial) has(k int) bool { return t.metric != nil && k < len(t.metric.Slots) }

// take judges a slot.
func (t *trial) take(k int) {
	t.taken++
	s := t.metric.Slots[k]
	t.resets += s.Canary.Resets
	problem := s.Problem
	if problem == nil && s.lacks() {
		problem = &timeseries.Problem{Name: timeseries.Empty, Detail: "nothing was recorded"}
		if s.Canary.Samples > 0 {
			problem.Detail = "nothing was recorded of the baseline"
		}
	}
	if problem == nil && t.rule.Compare != nil && s.Baseline == nil {
		problem = &timeseries.Problem{Name: timeseries.Empty, Detail: "the baseline was not read"}
	}
	if problem == nil {
		problem = t.test.take(s)
	}
	if t.last = problem != nil; t.last {
		t.lacking, t.problem = t.lacking+1, problem
		return
	}
	t.judged = append(t.judged, k)
}

// pictures are the lines of a test with a gap for each slot that lacks.
func (t *trial) pictures() []line {
	lines := t.test.lines()
	for i := range lines {
		lines[i].canary, lines[i].compare = t.spread(lines[i].canary), t.spread(lines[i].compare)
	}
	return lines
}

func (t *trial) spread(values []float64) []float64 {
	if values == nil {
		return nil
	}
	all := make([]float64, t.taken)
	for k := range all {
		all[k] = math.NaN()
	}
	for i, k := range t.judged[:min(len(t.judged), len(values))] {
		all[k] = values[i]
	}
	return all
}

// shows notes which metrics show harm by so many slots, and tells whether one that counts does. The more
// is tested, the more of it looks bad by chance: Holm's method keeps the chance of any false alarm.
func shows(trials []*trial, slots int) bool {
	var all []float64
	for _, t := range trials {
		if !t.rule.ReportOnly {
			all = append(all, t.p()...)
		}
	}
	adjusted, found := sequential.Holm(all), false
	for _, t := range trials {
		own := t.p()
		if !t.rule.ReportOnly {
			own, adjusted = adjusted[:len(own)], adjusted[len(own):]
		}
		harm := t.beyond() != "" || slices.ContainsFunc(own, func(p float64) bool { return p <= t.alpha() })
		if harm && t.harmed == 0 {
			t.harmed = slots
		}
		found = found || harm && !t.rule.ReportOnly
	}
	return found
}

func (t *trial) alpha() float64 { return alphaOf(t.rule) }

func alphaOf(m policy.Metric) float64 {
	if m.Compare != nil && m.Compare.Alpha > 0 {
		return m.Compare.Alpha
	}
	return usualAlpha
}

func conclusive(trials []*trial) bool {
	return !slices.ContainsFunc(trials, func(t *trial) bool {
		missing, _ := t.missing()
		return missing != "" && !t.rule.ReportOnly
	})
}

// missing is what keeps a metric without harm from passing; "" is nothing.
func (t *trial) missing() (string, float64) {
	if t.taken == 0 {
		return "nothing was read yet", 0
	}
	if t.lacking == t.taken || t.last || float64(t.lacking) > lackTolerated*float64(t.taken) {
		return t.gap(), 0
	}
	return t.enough()
}

// gap says which slots lack, and why.
func (t *trial) gap() string {
	why := "nothing was recorded"
	if t.problem != nil {
		why = string(t.problem.Name) + ": " + t.problem.Detail
	}
	switch {
	case t.lacking == t.taken:
		return fmt.Sprintf("there are no numbers (%s)", why)
	case t.last && float64(t.lacking) <= lackTolerated*float64(t.taken):
		return fmt.Sprintf("there are no numbers of the newest slot (%s)", why)
	}
	return fmt.Sprintf("there are no numbers of %d of %s (%s)", t.lacking, report.Count(t.taken, "slot"), why)
}

// judge is what a metric comes to.
func (t *trial) judge(v policy.Verify, w watch, n numbers) judged {
	j := judged{metric: t.rule, harmed: t.harmed, bad: t.test.bad(), lines: t.pictures()}
	observed, wanted := t.told()
	f := result.Finding{ID: "metric-" + t.rule.Name, Title: t.rule.Name + " (" + t.rule.Kind() + ")", Observed: observed, Threshold: wanted}
	missing, requests := t.missing()
	unread := t.metric != nil && t.metric.Problem != nil && t.taken <= n.slots && !(n.settled && t.taken == n.slots)
	switch {
	case t.harmed > 0:
		j.outcome, j.reason = verdict.Failed, fmt.Sprintf("%s, seen after %s", t.harm(), duration.Format(time.Duration(t.harmed)*w.Width))
		f.Observed = j.reason
	case t.metric == nil:
		j.outcome, j.reason = verdict.Undecided, "it was not read"
	case unread:
		p := t.metric.Problem
		j.outcome, j.unread, j.reason = verdict.Undecided, true, fmt.Sprintf("%s: %s: %s", t.rule.Name, p.Name, p.Detail)
		f.Observed, f.Next = fmt.Sprintf("%s: %s", p.Name, p.Detail), p.Next
	case n.settled && missing == "":
		j.outcome, j.reason = verdict.Passed, observed
	default:
		j.outcome, j.short = verdict.Undecided, true
		j.reason = t.rule.Name + ": " + t.wait(w, n, missing, requests)
		f.Observed = join(observed, t.wait(w, n, missing, requests))
		if n.settled && requests == 0 && v.NoData == "fail" && (t.lacking > 0 || t.seen == 0) {
			j.outcome, j.short = verdict.Failed, false
			f.Next = "The policy has no-data: fail. See why nothing was recorded."
		}
	}
	if t.resets > 0 && t.harmed == 0 {
		f.Observed = join(f.Observed, report.Count(t.resets, "counter reset"))
	}
	if j.outcome == verdict.Undecided && f.Next == "" {
		f.Next = t.next(w)
	}
	if f.Outcome = j.outcome; t.rule.ReportOnly && j.outcome != verdict.Passed {
		f.Outcome = verdict.Warned
	}
	if f.Outcome == verdict.Failed && f.Next == "" {
		f.Next = "See what changed in this version; its pictures and queries are below."
	}
	j.findings = []result.Finding{f}
	return j
}

// wait says what is missing and how long that takes.
func (t *trial) wait(w watch, n numbers, missing string, requests float64) string {
	if missing == "" {
		missing = fmt.Sprintf("%s of %s are over, and no harm was shown", duration.Format(time.Duration(n.slots)*w.Width), duration.Format(w.Soak))
	}
	if more := t.takes(w, n, requests); more > 0 {
		missing += fmt.Sprintf("; about %s more at %s", span(more), perTime(t.requests()/(time.Duration(t.taken)*w.Width).Seconds()))
	}
	return missing
}

// takes is how long it takes until there are so many requests more.
func (t *trial) takes(w watch, n numbers, requests float64) time.Duration {
	seen := t.requests()
	if !(requests > 0) || math.IsInf(requests, 0) || seen <= 0 || t.taken == 0 {
		return 0
	}
	seconds := requests / (seen / (time.Duration(t.taken) * w.Width).Seconds())
	if seconds > 1e8 {
		return 0
	}
	return time.Duration(seconds * float64(time.Second)).Truncate(time.Second)
}

// requests is how many requests of the new version were counted.
func (t *trial) requests() float64 {
	if counted, ok := t.test.(interface{ counted() float64 }); ok {
		t.seen = counted.counted()
	}
	return t.seen
}

func (t *trial) next(w watch) string {
	if t.lacking > 0 {
		return "See whether the source knows the metric for this version: its queries are below."
	}
	return "Send more of the traffic to the new version, watch longer (max), or ask for less (detect)."
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// perTime is a rate in the unit that makes it readable.
func perTime(perSecond float64) string {
	if perSecond >= 1 {
		return fmt.Sprintf("%.3g/s", perSecond)
	}
	return fmt.Sprintf("%.3g/min", 60*perSecond)
}
