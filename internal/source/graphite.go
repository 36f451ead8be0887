package source

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

// Graphite asks a server that speaks Graphite's render API. It keeps counts by interval, not counters that
// grow: a slot holds the sum of the points whose intervals end in it.
type Graphite struct{ *client }

// NewGraphite prepares a source; it does no I/O.
func NewGraphite(o Options) (*Graphite, error) {
	c, err := newClient(o)
	if err != nil {
		return nil, err
	}
	return &Graphite{c}, nil
}

// adding are the functions whose results are counts of an interval if what goes into them is. Any other
// may make rates of them, or numbers where there were none.
var adding = []string{"sumSeries", "sum", "group", "seriesByTag", "alias", "aliasByNode", "aliasByTags", "aliasSub", "aliasByMetric", "exclude", "grep", "sumSeriesWithWildcards"}

var (
	called = regexp.MustCompile(`(\w+)\s*\(`)
	texts  = regexp.MustCompile(`"[^"]*"|'[^']*'`)
)

// strange is the first function of a target that is none of those, "" where there is none.
func strange(target string) string {
	for _, f := range called.FindAllStringSubmatch(texts.ReplaceAllString(target, `""`), -1) {
		if !slices.Contains(adding, f[1]) {
			return f[1]
		}
	}
	return ""
}

// Ask answers a question.
func (g *Graphite) Ask(ctx context.Context, q timeseries.Question) (timeseries.Answer, *timeseries.Problem) {
	if q.Slots < 1 || q.Width <= 0 {
		return timeseries.Answer{}, problem(timeseries.BadQuery, "no slots were asked for", "")
	}
	if found := strange(q.Query); q.Kind != timeseries.Gauge && found != "" {
		return timeseries.Answer{}, problem(timeseries.NotCounter, fmt.Sprintf("%s() need not give counts of an interval", found), "Give the counts themselves, such as stats_counts.shop.requests, or sumSeries() of them: they are added up here.")
	}
	list, trouble := g.render(ctx, q)
	if trouble != nil {
		return timeseries.Answer{}, trouble
	}
	a := timeseries.Answer{Slots: make([]timeseries.Slot, q.Slots), Series: len(list)}
	switch {
	case len(list) == 0:
		return a, g.explain(ctx, q)
	case q.Kind == timeseries.Gauge && len(list) > 1:
		return timeseries.Answer{}, problem(timeseries.Several, fmt.Sprintf("the target gives several series, such as %s and %s", g.clean(list[0].Target), g.clean(list[1].Target)), "Put them together into one, such as with sumSeries(), maxSeries() or averageSeries().")
	case q.Kind == timeseries.Histogram:
		return g.histogram(a, q, list)
	}
	for _, s := range list {
		if trouble := g.add(s, q, func(slot int, v float64) {
			a.Slots[slot].Samples++
			a.Slots[slot].Growth += v
			a.Slots[slot].Value = v
		}); trouble != nil {
			return timeseries.Answer{}, trouble
		}
	}
	for k := range a.Slots {
		if q.Kind == timeseries.Gauge {
			a.Slots[k].Growth = 0
		} else {
			a.Slots[k].Value = 0
		}
	}
	return a, nil
}

// rendered is a series as the render API gives it.
type rendered struct {
	Target     string            `json:"target"`
	Tags       map[string]string `json:"tags"`
	Datapoints []point           `json:"datapoints"`
}

// point is [value or null, seconds].
type point struct {
	value *float64
	at    int64
}

func (p *point) UnmarshalJSON(text []byte) error {
	var pair [2]*json.Number
	if err := json.Unmarshal(text, &pair); err != nil || pair[1] == nil {
		return errShape
	}
	at, err := pair[1].Int64()
	if err != nil {
		return errShape
	}
	p.at = at
	if pair[0] != nil {
		v, err := pair[0].Float64()
		if err != nil && !math.IsInf(v, 0) {
			return errShape
		}
		p.value = &v
	}
	return nil
}

// past is asked for as well, for the distance of two points tells how long their intervals are.
func past(q timeseries.Question) time.Duration { return max(10*time.Minute, 2*q.Width) }

func (g *Graphite) render(ctx context.Context, q timeseries.Question) (list []rendered, trouble *timeseries.Problem) {
	form := url.Values{"target": {q.Query}, "format": {"json"}, "from": {strconv.FormatInt(q.From.Add(-past(q)).Unix(), 10)}, "until": {strconv.FormatInt(q.To().Unix(), 10)}}
	trouble = g.ask(ctx, "/render", nil, form, func(status int, body io.Reader) *timeseries.Problem {
		text, err := io.ReadAll(body)
		switch {
		case err != nil:
			return problem(timeseries.Broken, fmt.Sprintf("the answer of %s broke off", g.host()), "Ask again later.")
		case status == 400:
			return problem(timeseries.BadQuery, fmt.Sprintf("%s does not take the target: %s", g.host(), g.clean(string(text[:min(len(text), 1000)]))), "Try the target in Graphite's own composer; it is shown below.")
		case status != 200:
			return problem(timeseries.Broken, fmt.Sprintf("%s answered with status %d", g.host(), status), "Give the address of the API, with the path before /render where there is one.")
		}
		d := json.NewDecoder(strings.NewReader(string(text)))
		if err := d.Decode(&list); err != nil || list == nil {
			return problem(timeseries.Broken, fmt.Sprintf("the answer of %s is none of Graphite's render API", g.host()), "Give the address of the API, with the path before /render where there is one; a login page in between wants credentials.")
		}
		if _, err := d.Token(); err != io.EOF {
			return problem(timeseries.Broken, fmt.Sprintf("text follows the answer of %s", g.host()), "Give the address of the API.")
		}
		return nil
	})
	return list, trouble
}

// add hands each point to the slot that its interval ends in.
func (g *Graphite) add(s rendered, q timeseries.Question, take func(slot int, v float64)) *timeseries.Problem {
	if len(s.Datapoints) < 2 {
		return problem(timeseries.Broken, "too few points came to tell how long their intervals are", "Ask a source that keeps points of at most 5 minutes.")
	}
	step := s.Datapoints[1].at - s.Datapoints[0].at
	for i := range s.Datapoints[1:] {
		if s.Datapoints[i+1].at-s.Datapoints[i].at != step || step <= 0 {
			return problem(timeseries.Broken, "its points are not equally far apart", "See what stands between here and Graphite.")
		}
	}
	if interval := time.Duration(step) * time.Second; interval > q.Width {
		return problem(timeseries.BadQuery, fmt.Sprintf("its points are %s apart, and a slot is %s wide", interval, q.Width), "Let the step last longer between two readings (every), or keep finer points.")
	}
	for _, p := range s.Datapoints {
		slot, inside := q.Slot(time.Unix(p.at+step, 0))
		if p.value == nil || !inside {
			continue
		}
		switch v := *p.value; {
		case math.IsInf(v, 0):
			return problem(timeseries.Infinite, "a point is infinite", "See what is written to Graphite.")
		case v < 0 && q.Kind != timeseries.Gauge:
			return problem(timeseries.NotCounter, "a point is negative, which no count is", "Give counts, or watch it as a gauge.")
		default:
			take(slot, v)
		}
	}
	return nil
}

// bin is the name of a bin of statsd's histograms, in milliseconds.
var bin = regexp.MustCompile(`(?:^|\.)bin_([0-9]+(?:_[0-9]+)?|inf)$`)

// histogram reads bins: by a tag le, in seconds and cumulative as Prometheus has them, or by a last node
// bin_100 or bin_inf, in milliseconds and each for itself as statsd has them.
func (g *Graphite) histogram(a timeseries.Answer, q timeseries.Question, list []rendered) (timeseries.Answer, *timeseries.Problem) {
	const next = "Give the bins of one histogram, such as stats.timers.shop.histogram.bin_*, or seriesByTag('name=shop_bucket', …) with a tag le."
	if len(list) > mostBuckets {
		return timeseries.Answer{}, problem(timeseries.TooLarge, fmt.Sprintf("there are more than %d bins", mostBuckets), next)
	}
	growth, each := map[float64][]float64{}, false
	for i, s := range list {
		bound, apart, ok := boundOf(s)
		if !ok || i > 0 && apart != each || growth[bound] != nil {
			return timeseries.Answer{}, problem(timeseries.NoBuckets, fmt.Sprintf("%s is no bin of one histogram", g.clean(s.Target)), next)
		}
		each, growth[bound] = apart, make([]float64, q.Slots)
		if trouble := g.add(s, q, func(slot int, v float64) {
			a.Slots[slot].Samples++
			growth[bound][slot] += v
		}); trouble != nil {
			return timeseries.Answer{}, trouble
		}
	}
	a.Bounds = slices.Sorted(maps.Keys(growth))
	if n := len(a.Bounds); n < 2 || !math.IsInf(a.Bounds[n-1], 1) {
		return timeseries.Answer{}, problem(timeseries.NoBuckets, "it has no last bin (bin_inf, or le=+Inf), or no other one", next)
	}
	for k := range a.Slots {
		sum := 0.0
		for _, bound := range a.Bounds {
			v := growth[bound][k]
			if each {
				sum += v
				v = sum
			}
			a.Slots[k].Buckets = append(a.Slots[k].Buckets, v)
		}
	}
	return a, nil
}

func boundOf(s rendered) (bound float64, each, ok bool) {
	if le, tagged := s.Tags["le"]; tagged {
		v, err := strconv.ParseFloat(le, 64)
		return v, false, err == nil && !math.IsNaN(v)
	}
	found := bin.FindStringSubmatch(cmp.Or(s.Tags["name"], s.Target))
	if found == nil {
		return 0, false, false
	}
	if found[1] == "inf" {
		return math.Inf(1), true, true
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(found[1], "_", "."), 64)
	return v / 1000, true, err == nil
}

// plainPath is a path of Graphite without functions, patterns and tags.
var plainPath = regexp.MustCompile(`^[A-Za-z0-9_:%#+=@-]+(\.[A-Za-z0-9_:%#+=@-]+)+$`)

// explain tells counts that have not come yet from a path that is misspelt: with another value of the
// policy's variables, as of another version, the path is known. Only nodes that a variable stands in may
// differ, for any other one may be the one that is misspelt.
func (g *Graphite) explain(ctx context.Context, q timeseries.Question) *timeseries.Problem {
	empty := problem(timeseries.Empty, fmt.Sprintf("nothing is at %s", g.clean(q.Query)), "Check the path in Graphite's own browser. Of counts that may not have come yet, give the path itself, so that it can be told from one that is misspelt.")
	nodes, written := strings.Split(strings.TrimSpace(q.Query), "."), strings.Split(strings.TrimSpace(q.Template), ".")
	if !plainPath.MatchString(strings.TrimSpace(q.Query)) || len(nodes) != len(written) {
		return empty
	}
	filled := 0
	for i := range nodes {
		if strings.Contains(written[i], "$") {
			nodes[i], filled = "*", filled+1
		}
	}
	if filled == 0 || filled == len(nodes) {
		return empty
	}
	known := false
	trouble := g.ask(ctx, "/metrics/find", url.Values{"query": {strings.Join(nodes, ".")}, "format": {"treejson"}}, nil, func(status int, body io.Reader) *timeseries.Problem {
		var list []json.RawMessage
		if err := json.NewDecoder(body).Decode(&list); err != nil || status != 200 {
			return empty
		}
		known = len(list) > 0
		return nil
	})
	if trouble == nil && !known {
		return empty
	}
	return trouble
}

// inText is what a value may hold between quotes; inPath what stays as it is in a node of a path.
var (
	inText = regexp.MustCompile(`^[A-Za-z0-9 ._+:/@-]+$`)
	noNode = regexp.MustCompile(`[^A-Za-z0-9_-]`)
)

// Fill puts variables into a target. Between quotes a value means itself; in a path it is a node, or a part
// of one, and what a node cannot hold is written as _, as those who write to Graphite do: 1.5.0 is 1_5_0.
func (g *Graphite) Fill(target string, variables map[string]string) (string, *timeseries.Problem) {
	var b strings.Builder
	inside, pattern := byte(0), false
	for i := 0; i < len(target); {
		c := target[i]
		if name, length := variableAt(target[i:]); length > 0 {
			value, trouble := valueOf(name, variables)
			switch {
			case trouble != nil:
				return "", trouble
			case inside == 0:
				value = noNode.ReplaceAllString(value, "_")
			case !inText.MatchString(value):
				return "", problem(timeseries.BadQuery, fmt.Sprintf("the value of $%s holds what Graphite cannot be asked for", name), "Use letters, digits and . _ + : / @ - in it.")
			case pattern:
				value = regexp.QuoteMeta(value)
			}
			b.WriteString(value)
			i += length
			continue
		}
		switch {
		case inside == 0 && (c == '"' || c == '\''):
			inside, pattern = c, false
		case c == inside:
			inside = 0
		case inside != 0 && c == '~':
			pattern = true // 'version=~…'
		}
		b.WriteByte(c)
		i++
	}
	if inside != 0 {
		return "", problem(timeseries.BadQuery, "a string in the target does not end", "")
	}
	return b.String(), nil
}
