package policy

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/jsonpath"
)

// Probe asks one endpoint; exactly one of HTTP, TLS, DNS, GRPC and TCP is set.
type Probe struct {
	Name   string      `yaml:"name"`
	HTTP   string      `yaml:"http"`
	TLS    string      `yaml:"tls"`
	DNS    string      `yaml:"dns"`
	GRPC   string      `yaml:"grpc"`
	TCP    string      `yaml:"tcp"`
	Expect Expectation `yaml:"expect"`
	Times  int         `yaml:"times"` // requests in one look, each over a connection of its own; 0 is 1
}

// Expectation is what an answer must be.
type Expectation struct {
	Status      string            `yaml:"status"`       // 200, 2xx (the default), or a gRPC health status
	JSON        map[string]string `yaml:"json"`         // JSONPath → value; ${version} is the expected version
	BodyMatches string            `yaml:"body-matches"` // a regular expression; ${version} as above
	Latency     string            `yaml:"latency"`      // "<800ms"
	ValidFor    Duration          `yaml:"valid-for"`
	Answers     string            `yaml:"answers"`
	Service     string            `yaml:"service"`
}

func (p *Probe) validateHTTP(at string) *misfit {
	if _, err := ParseAddress(p.HTTP); err != nil {
		return misfitf(at+".http", "%v", err)
	}
	e := p.Expect
	if _, _, err := ParseStatus(e.Status); err != nil {
		return misfitf(at+".expect.status", "%v", err)
	}
	if _, err := ParseLatency(e.Latency); err != nil {
		return misfitf(at+".expect.latency", "%v", err)
	}
	if _, err := regexp.Compile(e.BodyMatches); err != nil {
		return misfitf(at+".expect.body-matches", "%q is no regular expression: %v", e.BodyMatches, err)
	}
	for _, path := range slices.Sorted(maps.Keys(e.JSON)) {
		if _, err := jsonpath.Parse(path); err != nil {
			return misfitf(at+".expect.json", "%v", err)
		}
	}
	for _, other := range []struct {
		key string
		set bool
	}{{"valid-for", e.ValidFor != 0}, {"answers", e.Answers != ""}, {"service", e.Service != ""}} {
		if other.set {
			return misfitf(at+".expect."+other.key, "an http probe cannot expect that; it can expect status, json, body-matches, latency")
		}
	}
	return nil
}

// ParseAddress reads an http or https address. Its errors do not repeat the address, which may
// hold a secret.
func ParseAddress(s string) (*url.URL, error) {
	const such = "use one such as https://shop.example/version"
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, errors.New("the address cannot be read; " + such)
	case u.User != nil:
		return nil, errors.New("the address holds a user or a password, which logs and other servers would see; leave them out")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("the address begins with neither http:// nor https://; " + such)
	case u.Hostname() == "":
		return nil, errors.New("the address names no host; " + such)
	}
	return u, nil
}

// ParseStatus reads one status (200) or a class of them (2xx, the default) as its bounds.
func ParseStatus(s string) (low, high int, err error) {
	if s == "" {
		s = "2xx"
	}
	if class, ok := strings.CutSuffix(s, "xx"); ok && len(class) == 1 && class >= "1" && class <= "5" {
		low = int(class[0]-'0') * 100
		return low, low + 99, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 100 || n > 599 {
		return 0, 0, fmt.Errorf("%q is no status; allowed: a number such as 200, or a class such as 2xx", s)
	}
	return n, n, nil
}

// ParseLatency reads a bound such as "<800ms", 0 where there is none.
func ParseLatency(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	below, ok := strings.CutPrefix(s, "<")
	bound, err := duration.Parse(strings.TrimSpace(below))
	if !ok || err != nil || bound == 0 {
		return 0, fmt.Errorf("%q is no bound such as \"<800ms\"", s)
	}
	return bound, nil
}
