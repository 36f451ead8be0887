package deployverify

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/chart"
	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/timeseries"
)

// patience is how many readings in a row a gauge must be beyond its limit.
const patience = 3

// gauge judges a value that is what it is, such as the depth of a queue. Its readings hang together from one
// slot to the next, so that no test for independent ones fits: it is harmful where it stays beyond its limit
// for a time.
type gauge struct {
	rule     policy.Metric
	new, old string
	limit    policy.Bound
	limited  bool
	most     float64 // times the baseline; 0 where it is not compared
	rows     int     // readings in a row that make harm
	row      int     // readings in a row that are beyond, up to the newest
	harmful  string
	why      string // of the newest reading, what is beyond
	values   [2][]float64
}

func newGauge(m policy.Metric, w watch) *gauge {
	g := &gauge{rule: m, new: w.version(), old: w.baseline(m.Compare), rows: patience}
	if m.For > 0 && w.Width > 0 {
		g.rows = max(1, int((time.Duration(m.For)+w.Width-1)/w.Width))
	}
	if bound, err := policy.ParseBound(m.Limit); m.Limit != "" && err == nil {
		g.limit, g.limited = bound, true
	}
	if m.Compare != nil {
		increase, _ := policy.ParseIncrease(m.Compare.MaxIncrease)
		if g.most = 1 + increase; m.Compare.MaxRatio > 0 {
			g.most = m.Compare.MaxRatio
		}
	}
	return g
}

func (g *gauge) take(s slot) *timeseries.Problem {
	if !readable(&s.Canary) || g.most > 0 && !readable(s.Baseline) {
		return &timeseries.Problem{Name: timeseries.NotANumber, Detail: "it has no value"}
	}
	value, other := *s.Canary.Value, math.NaN()
	g.why = ""
	if g.limited && !g.limit.Holds(value) {
		g.why = fmt.Sprintf("%s, wanted %s", chart.Number(value, ""), g.rule.Limit)
	}
	if g.most > 0 {
		other = *s.Baseline.Value
		// More is worse on either side of 0.
		if value > other+(g.most-1)*math.Abs(other) {
			g.why = fmt.Sprintf("%s, which is more than %s × the %s of %s", chart.Number(value, ""), figure(g.most, 1), chart.Number(other, ""), g.old)
		}
	}
	g.values[0], g.values[1] = append(g.values[0], value), append(g.values[1], other)
	if g.row++; g.why == "" {
		g.row = 0
	}
	if g.row >= g.rows && g.harmful == "" {
		g.harmful = fmt.Sprintf("%s of %s was beyond its limit in %s in a row: %s", g.rule.Name, g.new, report.Count(g.row, "reading"), g.why)
	}
	return nil
}

func readable(s *side) bool {
	return s != nil && s.Value != nil && !math.IsNaN(*s.Value) && !math.IsInf(*s.Value, 0)
}

func (g *gauge) p() []float64   { return nil }
func (g *gauge) beyond() string { return g.harmful }
func (g *gauge) harm() string   { return g.harmful }
func (g *gauge) bad() float64   { return 1 }

func (g *gauge) enough() (string, float64) {
	switch {
	case len(g.values[0]) < g.rows:
		return fmt.Sprintf("%s of %d that are wanted", report.Count(len(g.values[0]), "reading"), g.rows), 0
	case g.row > 0:
		return fmt.Sprintf("the newest %s is beyond the limit: %s", report.Count(g.row, "reading"), g.why), 0
	}
	return "", 0
}

func (g *gauge) told() (observed, wanted string) {
	observed = "no reading"
	if n := len(g.values[0]); n > 0 {
		least, most := math.Inf(1), math.Inf(-1)
		for _, v := range g.values[0] {
			least, most = min(least, v), max(most, v)
		}
		observed = fmt.Sprintf("%s from %s to %s, the last %s", report.Count(n, "reading"), chart.Number(least, ""), chart.Number(most, ""), chart.Number(g.values[0][n-1], ""))
	}
	var want []string
	if g.limited {
		want = append(want, g.rule.Limit)
	}
	if g.most > 0 {
		want = append(want, fmt.Sprintf("at most %s × %s", figure(g.most, 1), g.old))
	}
	limit := fmt.Sprintf("; harm is %s in a row", report.Count(g.rows, "reading"))
	if g.rule.For > 0 {
		limit = fmt.Sprintf("; harm is %s beyond it", duration.Format(time.Duration(g.rule.For)))
	}
	return observed, strings.Join(want, "; ") + limit
}

func (g *gauge) lines() []line {
	l := line{title: "value", canary: g.values[0], limit: math.NaN()}
	if g.limited {
		l.limit = g.limit.Value
	}
	if g.most > 0 {
		l.compare = g.values[1]
	}
	return []line{l}
}
