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

// Probe asks one endpoint; exactly one of HTTP, TLS, DNS, GRPC, TCP and Kubernetes is set.
type Probe struct {
	Name       string      `yaml:"name"`
	HTTP       string      `yaml:"http"`       // http or https address
	TLS        string      `yaml:"tls"`        // host:port
	DNS        string      `yaml:"dns"`        // name
	GRPC       string      `yaml:"grpc"`       // host:port, or with grpcs:// before it for TLS
	TCP        string      `yaml:"tcp"`        // host:port
	Kubernetes string      `yaml:"kubernetes"` // namespace/deployment
	Expect     Expectation `yaml:"expect"`
	Times      int         `yaml:"times"` // requests in one look, each over a connection of its own; 0 is 1

	Method     string            `yaml:"method"`      // of http: GET (the default), HEAD, POST, PUT …
	Body       string            `yaml:"body"`        // of http; ${version} is the expected version
	Headers    map[string]string `yaml:"headers"`     // of http; values may be env:NAME
	Redirects  *int              `yaml:"redirects"`   // of http: how many are followed; 5 without
	CAFile     string            `yaml:"ca-file"`     // PEM file in the repository with the authorities that are trusted, instead of the machine's
	ClientCert string            `yaml:"client-cert"` // PEM text, env:NAME
	ClientKey  string            `yaml:"client-key"`  // PEM text, env:NAME
	Kubeconfig string            `yaml:"kubeconfig"`  // of kubernetes: YAML text, env:NAME; empty is the pod's own account

	Timeout     Duration `yaml:"timeout"`     // of one request; 0 is 10s
	Interval    Duration `yaml:"interval"`    // at least so long between two looks at it; 0 is the input's
	Backoff     float64  `yaml:"backoff"`     // what the time between two looks grows by after each failure, from 1 to 10; 0 is 1
	Deadline    Duration `yaml:"deadline"`    // by when it must have succeeded as often as is wanted; 0 is the input timeout
	Consecutive int      `yaml:"consecutive"` // looks in a row that must succeed; 0 is the input's
}

// Expectation is what an answer must be.
type Expectation struct {
	Status      string            `yaml:"status"`       // 200, 2xx (the default); of grpc SERVING, the default
	Headers     map[string]string `yaml:"headers"`      // of http: name → value; ${version} as below
	JSON        map[string]string `yaml:"json"`         // JSONPath → value; ${version} is the expected version
	BodyMatches string            `yaml:"body-matches"` // a regular expression; ${version} as above
	Body        string            `yaml:"body"`         // text that the body contains; ${version} as above
	Latency     string            `yaml:"latency"`      // "<800ms"
	Redirect    string            `yaml:"redirect"`     // of http: the address that it leads to
	ValidFor    Duration          `yaml:"valid-for"`    // of tls: how long the certificate must hold yet
	Version     string            `yaml:"version"`      // of tls: the lowest allowed, 1.2 (the default) or 1.3
	Names       []string          `yaml:"names"`        // of tls: names that the certificate must be for
	Answers     string            `yaml:"answers"`      // of dns: how many, such as ">=2"
	Addresses   []string          `yaml:"addresses"`    // of dns: those that must be among the answers
	Service     string            `yaml:"service"`      // of grpc: the service that is asked about; empty is the server
	Image       string            `yaml:"image"`        // of kubernetes: text that the image of a container ends with; ${version} as above
}

// Serving is what a service of grpc.health.v1 that is well says.
const Serving = "SERVING"

// maxTimes bounds the requests of one probe in one look.
const maxTimes = 100

func (v *Verify) validateProbes() *misfit {
	names := map[string]bool{}
	for i, p := range v.Probes {
		at := fmt.Sprintf("verify.probes[%d]", i)
		if p.Name == "" || p.Kind() == "" {
			return misfitf(at, "a probe needs a name and exactly one of http, tls, dns, grpc, tcp, kubernetes")
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
	return nil
}

// Kind is what the probe asks: http, tls, dns, grpc, tcp or kubernetes; "" where it is none of them or
// more than one.
func (p Probe) Kind() string {
	kind := ""
	for _, k := range []struct{ kind, target string }{{"http", p.HTTP}, {"tls", p.TLS}, {"dns", p.DNS}, {"grpc", p.GRPC}, {"tcp", p.TCP}, {"kubernetes", p.Kubernetes}} {
		if k.target == "" {
			continue
		}
		if kind != "" {
			return ""
		}
		kind = k.kind
	}
	return kind
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
