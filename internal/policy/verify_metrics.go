package policy

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
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

// keys are what a metric of each kind may have beside its name, critical and report-only.
var metricKeys = map[string][]string{
	"ratio":     {"source", "bad", "total", "compare", "limit", "detect"},
	"histogram": {"source", "histogram", "compare", "limit", "detect"},
	"gauge":     {"source", "gauge", "compare", "limit", "for"},
	"burn":      {"use", "slo", "burn"},
}

func (v *Verify) validateMetric(at string, m Metric) *misfit {
	kind := m.Kind()
	if kind == "" {
		return misfitf(at, "a metric is exactly one of: bad and total (a ratio), histogram, gauge, use (an error budget)")
	}
	for _, k := range []struct {
		key string
		set bool
	}{
		{"source", m.Source != ""}, {"bad", m.Bad != ""}, {"total", m.Total != ""}, {"histogram", m.Histogram != ""}, {"gauge", m.Gauge != ""}, {"use", m.Use != ""},
		{"compare", m.Compare != nil}, {"limit", m.Limit != ""}, {"detect", m.Detect != nil}, {"slo", m.SLO != ""}, {"burn", len(m.Burn) > 0}, {"for", m.For != 0},
	} {
		if k.set && !slices.Contains(metricKeys[kind], k.key) {
			return misfitf(at+"."+k.key, "a %s has none; it can have %s", kinds[kind], strings.Join(metricKeys[kind], ", "))
		}
	}
	if m.ReportOnly && m.Critical {
		return misfitf(at+".critical", "it makes what fails the graver, and a metric with report-only fails nothing; keep one")
	}
	if kind == "burn" {
		return v.validateBurn(at, m)
	}
	if missing := m.validateSource(at, v.Sources); missing != nil {
		return missing
	}
	switch {
	case kind == "ratio" && (m.Bad == "" || m.Total == ""):
		return misfitf(at, "a ratio needs both bad and total")
	case m.Compare == nil && m.Limit == "":
		return misfitf(at, "it is held to nothing; give it a limit, or compare it with a baseline")
	case m.Compare == nil && m.Detect != nil:
		return misfitf(at+".detect", "it says what a comparison must not miss, and there is none")
	case m.For < 0:
		return misfitf(at+".for", "it is below 0s")
	}
	if m.Limit != "" {
		if wrong := m.validateLimit(at+".limit", kind); wrong != nil {
			return wrong
		}
	}
	if m.Compare != nil {
		if wrong := m.Compare.validate(at+".compare", kind); wrong != nil {
			return wrong
		}
	}
	return m.Detect.validate(at + ".detect")
}

// kinds are how messages call them.
var kinds = map[string]string{"ratio": "ratio", "histogram": "histogram", "gauge": "gauge", "burn": "budget (use)"}

func (m Metric) validateSource(at string, sources map[string]Source) *misfit {
	names := slices.Sorted(maps.Keys(sources))
	switch {
	case len(names) == 0:
		return misfitf(at, "there is no source to ask; add one, such as\n  sources: {prom: {type: prometheus, url: \"env:PROM_URL\"}}")
	case m.Source == "" && len(names) > 1:
		return misfitf(at, "it does not say which source is asked; add source: and one of %s", strings.Join(names, ", "))
	case m.Source != "" && !slices.Contains(names, m.Source):
		return misfitf(at+".source", "there is no source %q; there are: %s", m.Source, strings.Join(names, ", "))
	}
	return nil
}

func (m Metric) validateLimit(at, kind string) *misfit {
	switch kind {
	case "ratio":
		if _, err := ParseShareLimit(m.Limit); err != nil {
			return misfitf(at, "%v", err)
		}
	case "histogram":
		if _, _, _, ok := ParsePercentileLimit(m.Limit); !ok {
			return misfitf(at, "%q is no limit of a histogram such as \"p95<300ms\"", m.Limit)
		}
	default:
		if _, err := ParseBound(m.Limit); err != nil {
			return misfitf(at, "%v", err)
		}
	}
	return nil
}

func (c Compare) validate(at, kind string) *misfit {
	if _, err := ParseBaseline(c.Baseline); err != nil {
		return misfitf(at+".baseline", "%v", err)
	}
	if _, err := ParseIncrease(c.MaxIncrease); err != nil {
		return misfitf(at+".max-increase", "%v", err)
	}
	switch {
	case c.MaxRatio != 0 && !(c.MaxRatio > 0 && c.MaxRatio <= 1000):
		return misfitf(at+".max-ratio", "%v is not above 0 and up to 1000", c.MaxRatio)
	case c.Alpha != 0 && !(c.Alpha > 0 && c.Alpha <= 0.5):
		return misfitf(at+".alpha", "%v is not above 0 and up to 0.5; 0.01 is one false alarm in a hundred", c.Alpha)
	case kind == "histogram" && c.MaxRatio != 0:
		return misfitf(at+".max-ratio", "a histogram is compared by its quantiles; use max-increase, such as 20%%")
	case kind == "ratio" && c.MaxIncrease != "":
		return misfitf(at+".max-increase", "a ratio is compared by max-ratio, such as 1.2")
	case kind == "gauge" && c.MaxIncrease == "" && c.MaxRatio == 0:
		return misfitf(at, "it does not say how much more than the baseline is too much; add max-ratio, such as 1.5, or max-increase, such as 50%%")
	case kind == "gauge" && c.MaxIncrease != "" && c.MaxRatio != 0:
		return misfitf(at, "max-ratio and max-increase say the same of a gauge; keep one")
	case kind != "histogram" && len(c.Quantiles) > 0:
		return misfitf(at+".quantiles", "only a histogram has quantiles")
	case kind == "gauge" && c.Alpha != 0:
		return misfitf(at+".alpha", "a gauge is not tested by chance; it is held to its limit for a time (for)")
	case kind == "gauge" && c.Dispersion != "":
		return misfitf(at+".dispersion", "a gauge counts nothing that could come in bursts")
	}
	if len(c.Quantiles) > maxQuantiles {
		return misfitf(at+".quantiles", "there are %d; at most %d are compared", len(c.Quantiles), maxQuantiles)
	}
	for i, q := range c.Quantiles {
		if !(q > 0 && q < 1) {
			return misfitf(fmt.Sprintf("%s.quantiles[%d]", at, i), "%v is no quantile between 0 and 1, such as 0.95", q)
		}
	}
	if c.Dispersion != "" && c.Dispersion != "auto" {
		if n, err := strconv.ParseFloat(c.Dispersion, 64); err != nil || !(n >= 1 && n <= 100) {
			return misfitf(at+".dispersion", "%q is not allowed here; allowed: auto, or a number from 1 to 100", c.Dispersion)
		}
	}
	return nil
}

// bounds of one metric.
const (
	maxQuantiles = 10
	maxBurns     = 10
)

func (d *Detect) validate(at string) *misfit {
	if d == nil {
		return nil
	}
	if d.Ratio != 0 && !(d.Ratio > 1 && d.Ratio <= 1000) {
		return misfitf(at+".ratio", "%v is not above 1 and up to 1000", d.Ratio)
	}
	if d.Power != "" {
		if share, err := ParseShare(d.Power); err != nil || share < 0.5 || share > 0.99 {
			return misfitf(at+".power", "%q is no power; allowed: from 50%% to 99%%", d.Power)
		}
	}
	return nil
}

func (v *Verify) validateBurn(at string, m Metric) *misfit {
	i := slices.IndexFunc(v.Metrics, func(other Metric) bool { return other.Name == m.Use })
	if i < 0 || v.Metrics[i].Kind() != "ratio" {
		return misfitf(at+".use", "there is no ratio %q among the metrics", m.Use)
	}
	share, err := ParseShare(m.SLO)
	switch {
	case err != nil || share >= 1:
		return misfitf(at+".slo", "%q is no objective; allowed: above 0%% and below 100%%, such as 99.9%%", m.SLO)
	case len(m.Burn) == 0:
		return misfitf(at, "it is held to nothing; add such as burn: [{long: 1h, short: 5m, over: 14.4}]")
	case len(m.Burn) > maxBurns:
		return misfitf(at+".burn", "there are %d pairs of windows; at most %d are watched", len(m.Burn), maxBurns)
	}
	for n, b := range m.Burn {
		at := fmt.Sprintf("%s.burn[%d]", at, n)
		switch {
		case b.Short <= 0 || b.Long <= b.Short:
			return misfitf(at, "it needs a long window and a shorter one, such as {long: 1h, short: 5m, over: 14.4}")
		case !(b.Over > 0):
			return misfitf(at+".over", "%v is not above 0", b.Over)
		case b.Over*(1-share) >= 1:
			return misfitf(at+".over", "it could never be exceeded: where all is bad, the budget of %s burns at %.4g ×", m.SLO, 1/(1-share))
		}
	}
	return nil
}
