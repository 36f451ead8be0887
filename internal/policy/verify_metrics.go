package policy

import (
	"fmt"
	"strings"
)

// Metric is a number that is watched: a ratio (bad and total), a histogram, a gauge, or what is left
// of an error budget (use, slo and burn).
type Metric struct {
	Name       string   `yaml:"name"`
	Source     string   `yaml:"source"`    // one of sources; may be left out where there is one
	Bad        string   `yaml:"bad"`       // a counter of what went wrong
	Total      string   `yaml:"total"`     // a counter of all
	Histogram  string   `yaml:"histogram"` // the counters of a histogram's buckets
	Gauge      string   `yaml:"gauge"`     // an expression with one value
	Use        string   `yaml:"use"`       // the ratio that the budget is about
	Compare    *Compare `yaml:"compare"`
	Limit      string   `yaml:"limit"` // "<1%" of a ratio, "p95<300ms" of a histogram, "<1000" or ">0" of a gauge
	Detect     *Detect  `yaml:"detect"`
	SLO        string   `yaml:"slo"` // such as 99.9%
	Burn       []Burn   `yaml:"burn"`
	For        Duration `yaml:"for"`         // of a gauge: how long it must be beyond its limit to count; 0 is three readings
	Critical   bool     `yaml:"critical"`    // what it watches is a critical function: what fails is the graver
	ReportOnly bool     `yaml:"report-only"` // it is shown, and changes no decision
}

// Compare sets a metric beside a baseline.
type Compare struct {
	Baseline    string    `yaml:"baseline"`     // previous (the default): the version before, at the same time; before: the same query, in the same time just before; or how long before, such as 7d
	MaxRatio    float64   `yaml:"max-ratio"`    // how many times the baseline's rate is tolerated; 0 is 1
	Alpha       float64   `yaml:"alpha"`        // how often a false alarm may come, 0.01 for one in a hundred; 0 is 0.01
	Quantiles   []float64 `yaml:"quantiles"`    // of a histogram; none is 0.5, 0.95 and 0.99
	MaxIncrease string    `yaml:"max-increase"` // how much a histogram's quantiles, or a gauge, may be above the baseline, such as 20%; empty is none
	Dispersion  string    `yaml:"dispersion"`   // how much errors come in bursts: auto (the default), or how many times the variance is that of independent errors, such as 3
}

// Detect is the regression that must not be missed before a comparison passes.
type Detect struct {
	Ratio float64 `yaml:"ratio"` // times the tolerated rate; 0 is 2
	Power string  `yaml:"power"` // how surely, such as 80%, the default
}

// Burn is a pair of windows of an error budget.
type Burn struct {
	Long  Duration `yaml:"long"`
	Short Duration `yaml:"short"`
	Over  float64  `yaml:"over"` // times the rate that would just use the budget up
}

const maxMetrics = 50

func (v *Verify) validateMetrics() *misfit {
	if len(v.Metrics) > maxMetrics {
		return misfitf("verify.metrics", "there are %d; at most %d are watched", len(v.Metrics), maxMetrics)
	}
	names := map[string]bool{}
	for i, m := range v.Metrics {
		at := fmt.Sprintf("verify.metrics[%d]", i)
		if m.Name == "" || len(m.Name) > 100 || strings.TrimSpace(m.Name) != m.Name {
			return misfitf(at, "a metric needs a name of at most 100 characters")
		}
		if names[m.Name] {
			return misfitf(at+".name", "there are two metrics named %q; give each a name of its own", m.Name)
		}
		names[m.Name] = true
		if m := v.validateMetric(at, m); m != nil {
			return m
		}
	}
	return nil
}

// Kind is ratio, histogram, gauge or burn, "" where the metric is none of them or more than one.
func (m Metric) Kind() string {
	kinds := []string{}
	for _, k := range []struct {
		kind string
		set  bool
	}{{"ratio", m.Bad != "" || m.Total != ""}, {"histogram", m.Histogram != ""}, {"gauge", m.Gauge != ""}, {"burn", m.Use != ""}} {
		if k.set {
			kinds = append(kinds, k.kind)
		}
	}
	if len(kinds) != 1 {
		return ""
	}
	return kinds[0]
}

func (v *Verify) validateMetric(at string, m Metric) *misfit {
	if m.Kind() == "" {
		return misfitf(at, "a metric is exactly one of: bad and total (a ratio), histogram, gauge, use (an error budget)")
	}
	return nil
}
