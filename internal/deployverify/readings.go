package deployverify

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/source"
	"github.com/slipway-actions/slipway/internal/timeseries"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Bounds of waiting for numbers.
const (
	defaultEvery = time.Minute
	mostSlots    = 10_000
	usualDelay   = 10 * time.Second // how long data is under way where the policy does not say
	longestLate  = 5 * time.Minute  // how long a slot without samples, or a source in trouble, is waited for
)

// begin starts the watching.
func (w *watch) begin(at time.Time, i inputs) {
	p, v := i.Plan, i.verify
	w.New, w.Old = i.Expected, i.Previous
	w.Alone = i.Stage.Name != "" && i.Stage.Share == 1
	w.Began, w.Width, w.Soak, w.Max = at.UTC().Truncate(time.Second), p.Every, p.Soak, p.Max
	for _, s := range v.Sources {
		w.Delay = max(w.Delay, delayOf(s))
	}
	for _, m := range v.Metrics {
		if m.Use == "" {
			w.Metrics = append(w.Metrics, watched{Name: m.Name, Shown: m.ReportOnly})
		}
	}
}

func delayOf(s policy.Source) time.Duration {
	if s.Delay > 0 {
		return time.Duration(s.Delay)
	}
	return usualDelay
}

// version is how the version that is watched is called.
func (w watch) version() string { return cmp.Or(w.New, "the version") }

// baseline is how what it is compared with is called.
func (w watch) baseline(c *policy.Compare) string {
	switch {
	case c == nil:
		return ""
	case c.Baseline == "" || c.Baseline == "previous":
		old := cmp.Or(w.Old, "the version before")
		if w.Alone {
			old += " before"
		}
		return old
	case c.Baseline == "before":
		return "the time before"
	}
	return c.Baseline + " before"
}

// late is how long after its end a slot may still be filled.
func (w watch) late() time.Duration { return min(longestLate, max(w.Soak/2, 2*w.Width)) }

// whole is a time in whole slots.
func (w watch) whole(d time.Duration) time.Duration { return (d + w.Width - 1) / w.Width * w.Width }

// most is how many slots there are until Max is over.
func (w watch) most() int { return int((w.Max + w.Width - 1) / w.Width) }

// ready is how many slots can be read at a time.
func (w watch) ready(now time.Time) int {
	return min(w.most(), max(0, int(now.Sub(w.Began.Add(w.Delay))/w.Width)))
}

// due is when to read next: when the next slot can be read, or, where slots are missing in the end, after as
// long as a slot is. It is zero where everything was read.
func (w watch) due() time.Time {
	switch {
	case w.read < w.most():
		return w.Began.Add(time.Duration(w.read+1)*w.Width + w.Delay)
	case slices.ContainsFunc(w.Metrics, func(m watched) bool { return len(m.Slots) < w.most() }):
		return w.asked.Add(w.Width)
	}
	return time.Time{}
}

// over tells whether there is no more time for the numbers: every slot can be read, or what is missing has
// been waited for.
func (w watch) over(now time.Time) bool {
	if now.After(w.Began.Add(w.Max + w.Delay + w.late() + w.Width)) {
		return true
	}
	return w.troubled() && now.After(w.Began.Add(w.Soak+w.Delay+w.late()))
}

func (w watch) troubled() bool {
	return slices.ContainsFunc(w.Metrics, func(m watched) bool { return m.Problem != nil && !m.Shown })
}

// lasting are the problems that no waiting mends.
var lasting = []timeseries.Name{timeseries.BadQuery, timeseries.Denied, timeseries.Unset, timeseries.NotCounter, timeseries.Several, timeseries.Skewed}

// hopeless tells whether a metric cannot be read and will not be. A name that nobody knows gets some time,
// for the first request makes it.
func (w watch) hopeless(now time.Time) bool {
	return slices.ContainsFunc(w.Metrics, func(m watched) bool {
		if m.Problem == nil || m.Shown {
			return false
		}
		if slices.Contains(lasting, m.Problem.Name) {
			return true
		}
		young := now.Before(w.Began.Add(w.Delay + w.late()))
		return !young && len(m.Slots) == 0 && (m.Problem.Name == timeseries.Empty || m.Problem.Name == timeseries.Misspelt || m.Problem.Name == timeseries.NoBuckets)
	})
}

// read asks the sources for the slots that are over, from the first on that is missing, and tells whether
// it did. A tick that was lost costs nothing.
func (c collector) read(ctx context.Context, e *evidence) bool {
	w := &e.Watch
	if len(w.Metrics) == 0 {
		return false
	}
	if due := w.due(); due.IsZero() || due.After(c.now()) {
		return false
	}
	ready := w.ready(c.now())
	for i := range w.Metrics {
		m := &w.Metrics[i]
		rule := e.metric(m.Name)
		if ready <= len(m.Slots) {
			continue
		}
		r := reading{source: c.sources[rule.Source], rule: rule, in: e.inputs, deployed: e.Deployed, watch: *w, from: len(m.Slots), slots: ready - len(m.Slots)}
		if m.Problem = r.into(ctx, m); m.Problem == nil {
			m.settleSlots(*w, c.now())
		} else if ctx.Err() == nil {
			c.log(fmt.Sprintf("metric %s: %s", m.Name, m.Problem))
		}
	}
	w.read, w.asked = ready, c.now()
	return true
}

// settleSlots leaves out newest slots that nothing was recorded in and that may be filled yet.
func (m *watched) settleSlots(w watch, now time.Time) {
	for n := len(m.Slots); n > 0; n-- {
		end := w.Began.Add(time.Duration(n) * w.Width)
		if !m.Slots[n-1].lacks() || now.After(end.Add(w.Delay+w.late())) {
			m.Slots = m.Slots[:n]
			return
		}
	}
	m.Slots = nil
}

// lacks tells whether nothing was recorded on a side that was asked about.
func (s slot) lacks() bool {
	return s.Canary.Samples == 0 || s.Baseline != nil && s.Baseline.Samples == 0
}

// reading is one metric being read from one slot on.
type reading struct {
	source   source.Source
	rule     policy.Metric
	in       inputs
	deployed time.Time // when the version was first looked at
	watch    watch
	from     int
	slots    int
}

// into adds the slots to a metric, all or none.
func (r reading) into(ctx context.Context, m *watched) *timeseries.Problem {
	if r.source == nil {
		return &timeseries.Problem{Name: timeseries.Unset, Detail: "there is no source to ask", Next: "Name one under verify.sources."}
	}
	queries, slots := []asked{}, make([]slot, r.slots)
	for _, s := range r.sides() {
		for _, q := range r.queries() {
			text, problem := r.source.Fill(q.Query, r.variables(s.version))
			if problem != nil {
				return problem
			}
			label := strings.TrimSpace(q.For + " " + s.name)
			queries = append(queries, asked{For: label, Query: text})
			window := timeseries.Window{From: r.watch.Began.Add(time.Duration(r.from)*r.watch.Width - s.before), Width: r.watch.Width, Slots: r.slots}
			answer, problem := r.source.Ask(ctx, timeseries.Question{Query: text, Template: q.Query, Kind: q.kind, Window: window, Since: r.watch.Began.Add(-s.before)})
			if problem != nil {
				return problem
			}
			if problem := fold(slots, s.baseline, q, answer, m); problem != nil {
				problem.Detail = label + ": " + problem.Detail
				return problem
			}
		}
	}
	m.Queries, m.Slots = queries, append(m.Slots, slots...)
	return nil
}

// compared is one side of a metric: which version, and how long before.
type compared struct {
	name     string
	version  string
	before   time.Duration
	baseline bool
}

func (r reading) sides() []compared {
	sides := []compared{{name: "canary", version: r.in.Expected}}
	if r.rule.Compare == nil {
		return sides
	}
	b := compared{name: "baseline", version: r.in.Previous, baseline: true}
	switch kind := r.rule.Compare.Baseline; kind {
	case "", "previous":
		if r.watch.Alone { // there is nothing at the same time: what the version before did before this one came
			b.before = r.watch.whole(r.watch.Began.Sub(r.deployed)) + r.watch.whole(r.watch.Max)
		}
	case "before": // the newest whole stretch of the same length
		b.before = r.watch.whole(r.watch.Max)
	default:
		b.before, _ = policy.ParseBaseline(kind)
	}
	return append(sides, b)
}

// part is a query of a metric.
type part struct {
	asked
	kind timeseries.Kind
	bad  bool
}

func (r reading) queries() []part {
	switch {
	case r.rule.Histogram != "":
		return []part{{asked{"histogram", r.rule.Histogram}, timeseries.Histogram, false}}
	case r.rule.Gauge != "":
		return []part{{asked{"gauge", r.rule.Gauge}, timeseries.Gauge, false}}
	}
	return []part{{asked{"total", r.rule.Total}, timeseries.Counter, false}, {asked{"bad", r.rule.Bad}, timeseries.Counter, true}}
}

// variables are what a query may name.
func (r reading) variables(version string) map[string]string {
	return map[string]string{
		"version": version, "previous": r.in.Previous, "environment": r.in.Service.Environment, "service": r.in.ServiceName,
		"step": r.in.Stage.Name, "repository": r.in.Repository, "sha": r.in.SHA,
	}
}

// fold puts one answer into the slots.
func fold(slots []slot, baseline bool, q part, a timeseries.Answer, m *watched) *timeseries.Problem {
	if len(a.Slots) != len(slots) {
		return &timeseries.Problem{Name: timeseries.Broken, Detail: fmt.Sprintf("%d slots were answered, and %d asked for", len(a.Slots), len(slots))}
	}
	if q.kind == timeseries.Histogram && a.Series > 0 {
		bounds := slices.Clone(a.Bounds)
		if n := len(bounds); n > 0 && math.IsInf(bounds[n-1], 1) {
			bounds = bounds[:n-1]
		}
		if m.Bounds == nil {
			m.Bounds = bounds
		} else if !slices.Equal(m.Bounds, bounds) {
			return &timeseries.Problem{Name: timeseries.NoBuckets, Detail: "its buckets are not those of before, or of the other side", Next: "Give both versions the same buckets."}
		}
	}
	for i, from := range a.Slots {
		s := &slots[i].Canary
		if baseline {
			if slots[i].Baseline == nil {
				slots[i].Baseline = &side{}
			}
			s = slots[i].Baseline
		}
		s.Resets += from.Resets
		switch {
		case q.bad:
			s.Bad = from.Growth
		case q.kind == timeseries.Gauge:
			if s.Samples = from.Samples; from.Samples > 0 {
				s.Value = &from.Value
			}
		case q.kind == timeseries.Histogram:
			s.Samples, s.Buckets = from.Samples, from.Buckets
		default:
			s.Samples, s.Total = from.Samples, from.Growth
		}
		if problem := unfit(from); problem != nil && slots[i].Problem == nil {
			slots[i].Problem = problem
		}
		s.clean()
	}
	return nil
}

// unfit names what no number can be.
func unfit(s timeseries.Slot) *timeseries.Problem {
	for _, v := range append([]float64{s.Growth, s.Value}, s.Buckets...) {
		switch {
		case math.IsNaN(v):
			return &timeseries.Problem{Name: timeseries.NotANumber, Detail: "its value is NaN"}
		case math.IsInf(v, 0):
			return &timeseries.Problem{Name: timeseries.Infinite, Detail: "its value is infinite"}
		}
	}
	return nil
}

// clean takes out what a record cannot hold; the slot's problem says that it was there.
func (s *side) clean() {
	finite := func(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
	if !finite(s.Total) {
		s.Total = 0
	}
	if !finite(s.Bad) {
		s.Bad = 0
	}
	if s.Value != nil && !finite(*s.Value) {
		s.Value = nil
	}
	if slices.ContainsFunc(s.Buckets, func(v float64) bool { return !finite(v) }) {
		s.Buckets = nil
	}
}

// metric is the policy's rule of that name, with its source.
func (i inputs) metric(name string) policy.Metric {
	for _, m := range i.verify.Metrics {
		if m.Name == name {
			if m.Source == "" && len(i.verify.Sources) == 1 {
				m.Source = slices.Collect(maps.Keys(i.verify.Sources))[0]
			}
			return m
		}
	}
	return policy.Metric{}
}

// harmful tells whether the numbers show harm.
func (n numbers) harmful() bool { return n.has(verdict.Failed) }

// undecided tells whether they do not suffice.
func (n numbers) undecided() bool { return n.has(verdict.Undecided) }

func (n numbers) has(o verdict.Outcome) bool {
	return slices.ContainsFunc(n.metrics, func(j judged) bool { return j.outcome == o && !j.metric.ReportOnly })
}
