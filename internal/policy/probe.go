package policy

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
