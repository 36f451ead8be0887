package policy

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/jsonpath"
)

// GateProbe is an endpoint that must answer.
type GateProbe struct {
	URL         string            `yaml:"url"`          // http or https, or env:NAME for one in the step's environment
	Status      string            `yaml:"status"`       // 200, 2xx (the default)
	BodyMatches string            `yaml:"body-matches"` // a regular expression
	JSON        map[string]string `yaml:"json"`         // JSONPath → value
	Latency     string            `yaml:"latency"`      // "<800ms"
}

// fromEnvironment begins an address that the step's environment holds.
const fromEnvironment = "env:"

var environmentName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Variable is the name of the environment variable that holds the address; ok is false where the
// policy names the address itself.
func (p GateProbe) Variable() (name string, ok bool) {
	return strings.CutPrefix(p.URL, fromEnvironment)
}

func (p *GateProbe) validate(at string) *misfit {
	if p.URL == "" {
		return misfitf(at, "url is missing")
	}
	if name, ok := p.Variable(); ok {
		if !environmentName.MatchString(name) {
			return misfitf(at+".url", "%q names no variable of the environment; use one such as env:PROM_URL", p.URL)
		}
	} else if _, err := ParseAddress(p.URL); err != nil {
		return misfitf(at+".url", "%v", err)
	}
	if _, _, err := ParseStatus(p.Status); err != nil {
		return misfitf(at+".status", "%v", err)
	}
	if _, err := ParseLatency(p.Latency); err != nil {
		return misfitf(at+".latency", "%v", err)
	}
	if _, err := regexp.Compile(p.BodyMatches); err != nil {
		return misfitf(at+".body-matches", "%q is no regular expression: %v", p.BodyMatches, err)
	}
	for _, path := range slices.Sorted(maps.Keys(p.JSON)) {
		if _, err := jsonpath.Parse(path); err != nil {
			return misfitf(at+".json", "%v", err)
		}
		if strings.Contains(p.JSON[path], "${") {
			return misfitf(at+".json", "%s: variables such as %q are not filled in here; deploy-verify compares versions", path, p.JSON[path])
		}
	}
	return nil
}
