package source

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

// Prometheus asks a server that speaks Prometheus's HTTP API, from 2.42 on.
type Prometheus struct{ *client }

// NewPrometheus prepares a source; it does no I/O. The error says what is wrong with the options, and holds
// none of them.
func NewPrometheus(o Options) (*Prometheus, error) {
	c, err := newClient(o)
	if err != nil {
		return nil, err
	}
	return &Prometheus{c}, nil
}

const (
	longestChunk = time.Hour // of raw samples that are asked for at once
	longestPast  = time.Hour // how long before the watching a counter may have been seen last
	mostPoints   = 5000      // of a gauge at once; Prometheus gives 11,000 at most
)

// Ask answers a question.
func (p *Prometheus) Ask(ctx context.Context, q timeseries.Question) (timeseries.Answer, *timeseries.Problem) {
	if q.Slots < 1 || q.Width <= 0 {
		return timeseries.Answer{}, problem(timeseries.BadQuery, "no slots were asked for", "")
	}
	if q.Kind == timeseries.Gauge {
		return p.gauge(ctx, q)
	}
	s, err := parseSelector(q.Query)
	if err != nil {
		return timeseries.Answer{}, problem(timeseries.BadQuery, err.Error(), "Give the counter itself, without rate(), increase() or sum(): its raw samples are added up here, over all of its series.")
	}
	a := newAdder(q)
	chunk := longestChunk
	for from := q.From; from.Before(q.To()); {
		to := q.To()
		if end := from.Add(chunk); end.Before(to) {
			to = end
		}
		trouble := p.samples(ctx, s, from, to, a)
		if trouble != nil && trouble.Name == timeseries.TooLarge && chunk > time.Minute {
			chunk /= 4 // what was taken of it is taken once: samples are told apart by their time
			continue
		}
		if trouble != nil {
			return timeseries.Answer{}, trouble
		}
		from = to
	}
	if len(a.fresh) > 0 {
		if trouble := p.settle(ctx, s, q, a); trouble != nil {
			return timeseries.Answer{}, trouble
		}
	}
	if len(a.series) == 0 {
		if trouble := p.explain(ctx, s, q.To()); trouble != nil {
			return timeseries.Answer{}, trouble
		}
	}
	return a.answer()
}

// samples adds the raw samples from one time to another up, and looks a little further back for where the
// counters stood before.
func (p *Prometheus) samples(ctx context.Context, s selector, from, to time.Time, a *adder) *timeseries.Problem {
	expression := fmt.Sprintf("%s[%dms]", s, (to.Sub(from) + lookback).Milliseconds())
	return p.query(ctx, "/api/v1/query", url.Values{"query": {expression}, "time": {unix(to)}}, a.add)
}

// settle finds out what those counters were before that appeared while they were watched: one that had been
// seen goes on from where it stood, one that never was begins at 0, for its first count makes it appear.
func (p *Prometheus) settle(ctx context.Context, s selector, q timeseries.Question, a *adder) *timeseries.Problem {
	past := max(q.From.Sub(q.Since), 0) + longestPast // from the same time on, however the window is cut
	expression := fmt.Sprintf("last_over_time(%s[%dms])", s, past.Milliseconds())
	before := map[string]float64{}
	trouble := p.query(ctx, "/api/v1/query", url.Values{"query": {expression}, "time": {unix(q.From)}}, func(found series) *timeseries.Problem {
		for _, v := range found.samples {
			before[found.key(true)] = v.value
		}
		return nil
	})
	if trouble != nil {
		return trouble
	}
	return a.settle(before)
}

// explain tells a counter that has not counted yet from one that is misspelt. What has not counted yet may be
// right: the first error makes its series.
func (p *Prometheus) explain(ctx context.Context, s selector, at time.Time) *timeseries.Problem {
	exists := func(s selector) (bool, *timeseries.Problem) {
		found := false
		trouble := p.query(ctx, "/api/v1/query", url.Values{"query": {fmt.Sprintf("count(last_over_time(%s[1h]))", s)}, "time": {unix(at)}}, func(x series) *timeseries.Problem {
			found = true
			return nil
		})
		return found, trouble
	}
	if ok, trouble := exists(selector{name: s.name}); trouble != nil {
		return trouble
	} else if !ok {
		return problem(timeseries.Empty, fmt.Sprintf("nothing is called %s, and was not in the last hour", p.clean(s.name)), "Check the name against the metrics that the service shows, and that the source scrapes it.")
	}
	for _, m := range s.matchers {
		if m.operator == "!=" || m.operator == "!~" || m.value == "" {
			continue // that is true of what has no such label, too
		}
		if ok, trouble := exists(selector{s.name, []matcher{{m.label, "!=", ""}}}); trouble != nil {
			return trouble
		} else if !ok {
			return problem(timeseries.Misspelt, fmt.Sprintf("%s has no label %s", p.clean(s.name), m.label), "Check the labels against those that the service shows.")
		}
	}
	return nil
}

// gauge reads one value at the end of each slot.
func (p *Prometheus) gauge(ctx context.Context, q timeseries.Question) (timeseries.Answer, *timeseries.Problem) {
	a := timeseries.Answer{Slots: make([]timeseries.Slot, q.Slots)}
	labels := ""
	for first := 0; first < q.Slots; first += mostPoints {
		last := min(first+mostPoints, q.Slots) - 1
		end := func(k int) time.Time { return q.From.Add(time.Duration(k+1) * q.Width) }
		form := url.Values{"query": {q.Query}, "start": {unix(end(first))}, "end": {unix(end(last))}, "step": {strconv.FormatFloat(q.Width.Seconds(), 'f', 3, 64)}}
		trouble := p.query(ctx, "/api/v1/query_range", form, func(s series) *timeseries.Problem {
			if labels != "" && labels != s.key(false) { // the same ones come again where an answer broke off
				return problem(timeseries.Several, fmt.Sprintf("the query gives several series, such as %s and %s", p.clean(labels), p.clean(s.key(false))), "Put them together into one, such as with sum(), max() or avg().")
			}
			labels = s.key(false)
			for _, v := range s.samples {
				if k, ok := q.Slot(v.at); ok {
					a.Slots[k].Samples, a.Slots[k].Value = 1, v.value
				}
			}
			return nil
		})
		if trouble != nil {
			return timeseries.Answer{}, trouble
		}
		if labels != "" {
			a.Series = 1
		}
	}
	if s, err := parseSelector(q.Query); a.Series == 0 && err == nil {
		if trouble := p.explain(ctx, s, q.To()); trouble != nil {
			return timeseries.Answer{}, trouble
		}
	}
	return a, nil
}

func unix(t time.Time) string { return strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', 3, 64) }

// adder adds raw samples up into slots.
type adder struct {
	question timeseries.Question
	series   map[string]*counter
	fresh    []string // keys of those whose first sample lies within what is watched, sorted by their coming
	slots    []timeseries.Slot
	growth   map[float64][]float64 // of a histogram: by bound and slot
	groups   map[string][]float64  // of a histogram: the bounds of each instance
	known    map[float64]bool      // of a histogram: all bounds of its instances
}

// counter is where one series stands.
type counter struct {
	last  float64
	at    time.Time
	bound float64
	first sample // where it appeared while it was watched
}

func newAdder(q timeseries.Question) *adder {
	return &adder{question: q, series: map[string]*counter{}, slots: make([]timeseries.Slot, q.Slots), growth: map[float64][]float64{}, groups: map[string][]float64{}}
}

// mostSeries bounds how many series a counter may have.
const mostSeries = 50_000

// mostBuckets bounds how many bounds a histogram may have, for each takes room in every slot.
const mostBuckets = 500

func (a *adder) add(s series) *timeseries.Problem {
	key := s.key(true)
	c := a.series[key]
	if c == nil {
		c = &counter{}
		if a.question.Kind == timeseries.Histogram {
			bound, trouble := a.bound(s)
			if trouble != nil {
				return trouble
			}
			c.bound = bound
		}
		if len(a.series) == mostSeries {
			return problem(timeseries.TooLarge, fmt.Sprintf("there are more than %d series", mostSeries), "Narrow the query down, such as to one job and one path.")
		}
		a.series[key] = c
	}
	for _, v := range s.samples {
		switch {
		case math.IsNaN(v.value):
			return problem(timeseries.NotANumber, "a sample is NaN", "See what the service shows.")
		case math.IsInf(v.value, 0):
			return problem(timeseries.Infinite, "a sample is infinite", "See what the service shows.")
		case v.value < 0:
			return problem(timeseries.NotCounter, "a sample is negative, which no counter is", "Give a counter, or watch it as a gauge.")
		}
		if !c.at.IsZero() && !v.at.After(c.at) {
			continue // it was taken already
		}
		a.take(key, c, v)
	}
	return nil
}

// take counts a sample: what the counter grew by belongs to the slot that the later of two samples is in.
func (a *adder) take(key string, c *counter, v sample) {
	slot, inside := a.question.Slot(v.at)
	begun := !c.at.IsZero()
	grown, reset := v.value-c.last, 0
	if begun && grown < 0 { // it began anew, and what it shows now came since
		grown, reset = v.value, 1
	}
	c.last, c.at = v.value, v.at
	if !inside {
		return
	}
	a.slots[slot].Samples++
	if !begun {
		c.first = v
		a.fresh = append(a.fresh, key)
		return
	}
	a.slots[slot].Resets += reset
	a.grow(c, slot, grown)
}

func (a *adder) grow(c *counter, slot int, by float64) {
	if a.question.Kind != timeseries.Histogram {
		a.slots[slot].Growth += by
		return
	}
	if a.growth[c.bound] == nil {
		a.growth[c.bound] = make([]float64, len(a.slots))
	}
	a.growth[c.bound][slot] += by
}

// settle counts the first samples of counters that appeared while they were watched, by what they were before.
func (a *adder) settle(before map[string]float64) *timeseries.Problem {
	for _, key := range a.fresh {
		c := a.series[key]
		slot, _ := a.question.Slot(c.first.at)
		was, seen := before[key]
		grown := c.first.value - was
		if seen && grown < 0 {
			grown = c.first.value
			a.slots[slot].Resets++
		}
		a.grow(c, slot, grown)
	}
	return nil
}

// bound is the upper bound of a histogram's bucket.
func (a *adder) bound(s series) (float64, *timeseries.Problem) {
	const next = "Give the buckets of a histogram, such as http_request_duration_seconds_bucket{…}."
	le, ok := s.labels["le"]
	if !ok {
		return 0, problem(timeseries.NoBuckets, "its series have no label le", next)
	}
	bound, err := strconv.ParseFloat(le, 64)
	if err != nil || math.IsNaN(bound) || math.IsInf(bound, -1) {
		return 0, problem(timeseries.NoBuckets, fmt.Sprintf("%q is no bound of a bucket", le), next)
	}
	group := s.keyWithout("le")
	if a.groups[group] = append(a.groups[group], bound); len(a.groups[group]) > mostBuckets || len(a.groups) > 1 && a.bounds(bound) > mostBuckets {
		return 0, problem(timeseries.TooLarge, fmt.Sprintf("there are more than %d buckets", mostBuckets), next)
	}
	return bound, nil
}

// bounds counts the different bounds, this one included.
func (a *adder) bounds(bound float64) int {
	if a.known == nil {
		a.known = map[float64]bool{}
		for _, bounds := range a.groups {
			for _, b := range bounds {
				a.known[b] = true
			}
		}
	}
	a.known[bound] = true
	return len(a.known)
}

func (a *adder) answer() (timeseries.Answer, *timeseries.Problem) {
	out := timeseries.Answer{Slots: a.slots, Series: len(a.series)}
	if a.question.Kind != timeseries.Histogram || len(a.series) == 0 {
		return out, nil
	}
	for _, bounds := range a.groups {
		slices.Sort(bounds)
		if out.Bounds == nil {
			out.Bounds = bounds
		}
		if !slices.Equal(out.Bounds, bounds) {
			return timeseries.Answer{}, problem(timeseries.NoBuckets, "its instances have different buckets, which cannot be added up", "Give all versions and instances the same buckets.")
		}
	}
	if n := len(out.Bounds); n < 2 || !math.IsInf(out.Bounds[n-1], 1) || len(slices.Compact(slices.Clone(out.Bounds))) < n {
		return timeseries.Answer{}, problem(timeseries.NoBuckets, "it has no bucket +Inf, or no other one, or one twice", "Give all buckets, and do not select by le.")
	}
	for k := range out.Slots {
		out.Slots[k].Buckets = make([]float64, len(out.Bounds))
		for i, bound := range out.Bounds {
			if growth := a.growth[bound]; growth != nil {
				out.Slots[k].Buckets[i] = growth[k]
			}
		}
	}
	return out, nil
}
