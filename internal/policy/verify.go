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

// Probe asks one endpoint; exactly one of HTTP, TLS, DNS, GRPC and TCP is set.
type Probe struct {
	Name   string      `yaml:"name"`
	HTTP   string      `yaml:"http"`
	TLS    string      `yaml:"tls"`
	DNS    string      `yaml:"dns"`
	GRPC   string      `yaml:"grpc"`
	TCP    string      `yaml:"tcp"`
	Expect Expectation `yaml:"expect"`
	Times  int         `yaml:"times"`
}

// Expectation is what an answer must be.
type Expectation struct {
	Status      string            `yaml:"status"` // 200, 2xx, or a gRPC health status
	JSON        map[string]string `yaml:"json"`   // JSONPath → value; ${version} is the expected version
	BodyMatches string            `yaml:"body-matches"`
	Latency     string            `yaml:"latency"` // "<800ms"
	ValidFor    Duration          `yaml:"valid-for"`
	Answers     string            `yaml:"answers"`
	Service     string            `yaml:"service"`
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

func (v *Verify) validate() *misfit {
	for i, p := range v.Probes {
		kinds := 0
		for _, set := range []string{p.HTTP, p.TLS, p.DNS, p.GRPC, p.TCP} {
			if set != "" {
				kinds++
			}
		}
		if p.Name == "" || kinds != 1 {
			return misfitf(fmt.Sprintf("verify.probes[%d]", i), "a probe needs a name and exactly one of http, tls, dns, grpc, tcp")
		}
	}
	return nil
}
