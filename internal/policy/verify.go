package policy

import "fmt"

// Verify says when a deployment counts as good.
type Verify struct {
	Sources      map[string]Source `yaml:"sources"`
	Probes       []Probe           `yaml:"probes"`
	Load         *Load             `yaml:"load"`
	Metrics      []Metric          `yaml:"metrics"`
	NoData       string            `yaml:"no-data"`
	Plan         []Step            `yaml:"plan"`
	Rollback     *Rollback         `yaml:"rollback"`
	ForwardFixIf []string          `yaml:"forward-fix-if"`
}

// Source is a server of metrics.
type Source struct {
	Type    string            `yaml:"type"`
	URL     string            `yaml:"url"`
	Headers map[string]string `yaml:"headers"`
	CAFile  string            `yaml:"ca-file"`
}

// Load is traffic made for the verification.
type Load struct {
	Target string            `yaml:"target"`
	Rate   string            `yaml:"rate"`
	For    Duration          `yaml:"for"`
	Expect map[string]string `yaml:"expect"`
}

// Metric is a number that is watched.
type Metric struct {
	Name       string   `yaml:"name"`
	Source     string   `yaml:"source"`
	Bad        string   `yaml:"bad"`
	Total      string   `yaml:"total"`
	Histogram  string   `yaml:"histogram"`
	Gauge      string   `yaml:"gauge"`
	Use        string   `yaml:"use"`
	Compare    *Compare `yaml:"compare"`
	Limit      string   `yaml:"limit"`
	Detect     *Detect  `yaml:"detect"`
	SLO        string   `yaml:"slo"`
	Burn       []Burn   `yaml:"burn"`
	Critical   bool     `yaml:"critical"`
	ReportOnly bool     `yaml:"report-only"`
}

// Compare sets a metric beside a baseline.
type Compare struct {
	Baseline    string    `yaml:"baseline"`
	MaxRatio    float64   `yaml:"max-ratio"`
	Alpha       float64   `yaml:"alpha"`
	Quantiles   []float64 `yaml:"quantiles"`
	MaxIncrease string    `yaml:"max-increase"`
}

// Detect is the regression that must not be missed.
type Detect struct {
	Ratio float64 `yaml:"ratio"`
	Power string  `yaml:"power"`
}

// Burn is a pair of windows of an error budget.
type Burn struct {
	Long  Duration `yaml:"long"`
	Short Duration `yaml:"short"`
	Over  float64  `yaml:"over"`
}

// Step is one share of traffic and how long it is watched.
type Step struct {
	Step    string   `yaml:"step"`
	Traffic string   `yaml:"traffic"`
	Soak    Duration `yaml:"soak"`
	Max     Duration `yaml:"max"`
	Every   Duration `yaml:"every"`
}

// Rollback says how long and to what one may go back.
type Rollback struct {
	Window  Duration `yaml:"window"`
	To      string   `yaml:"to"`
	NeverIf []string `yaml:"never-if"`
}

// maxTimes bounds the requests of one probe in one look.
const maxTimes = 100

func (v *Verify) validate() *misfit {
	names := map[string]bool{}
	for i, p := range v.Probes {
		at := fmt.Sprintf("verify.probes[%d]", i)
		kinds := 0
		for _, set := range []string{p.HTTP, p.TLS, p.DNS, p.GRPC, p.TCP} {
			if set != "" {
				kinds++
			}
		}
		if p.Name == "" || kinds != 1 {
			return misfitf(at, "a probe needs a name and exactly one of http, tls, dns, grpc, tcp")
		}
		if names[p.Name] {
			return misfitf(at+".name", "there are two probes named %q; give each a name of its own", p.Name)
		}
		names[p.Name] = true
		if p.Times < 0 || p.Times > maxTimes {
			return misfitf(at+".times", "%d is not from 1 to %d", p.Times, maxTimes)
		}
		if p.HTTP != "" {
			if m := p.validateHTTP(at); m != nil {
				return m
			}
		}
	}
	if r := v.Rollback; r != nil && r.To != "" && r.To != "last-verified" {
		return misfitf("verify.rollback.to", "%q is not allowed here; allowed: last-verified", r.To)
	}
	return v.validateConditions()
}
