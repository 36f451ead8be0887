package deployverify

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/jsonpath"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/probe"
)

// check is one thing to look at, and what is wanted of its answers. It follows from the policy and the
// expected version alone, so that a decision can be made again; what asking takes beyond that, equip adds.
type check struct {
	name   string     // of the policy's probe; "" is the input url
	kind   probe.Kind // "" is http
	url    *url.URL   // of http
	target string     // of the other kinds, as the policy names it
	times  int        // requests a look, from 1
	asking asking

	latency     time.Duration    // answers must be faster; 0 wants nothing
	low, high   int              // of http: bounds of the status, both included
	version     *versionRule     // of http
	fields      []field          // of http
	body        *regexp.Regexp   // of http; nil wants nothing
	pattern     string           // body as it is written
	contains    string           // of http: text that the body contains; "" wants nothing
	redirect    string           // of http: where it leads; "" wants nothing
	certificate *certificateRule // of tls
	names       *namesRule       // of dns
	health      string           // of grpc
	image       *imageRule       // of kubernetes; nil wants nothing

	// Where the policy sets them for this check alone; 0 is as the inputs say.
	consecutive        int
	interval, deadline time.Duration
	timeout            time.Duration
	backoff            float64
}

// versionRule finds the version that the input url answers. Without a path it is the whole body,
// or the top-level string "version" of a JSON object.
type versionRule struct {
	want string
	path *jsonpath.Path
}

// field is a value in a JSON body, or in a header.
type field struct {
	path   jsonpath.Path
	header string // "" is the body
	want   string
	tells  bool // it is the version
}

// place is where the value stands, for people.
func (f field) place() string {
	if f.header != "" {
		return "the header " + f.header
	}
	return f.path.String()
}

// certificateRule is what is wanted of a certificate, beside that it is believed.
type certificateRule struct {
	validFor time.Duration
	lowest   uint16 // version of TLS
	names    []string
}

// namesRule is what is wanted of the addresses that a name resolves to.
type namesRule struct {
	answers   policy.Count
	addresses []string
}

// imageRule is what the image of a container ends with.
type imageRule struct {
	want  string
	tells bool // it holds the version
}

// versionVariable stands for the expected version in a policy.
const versionVariable = "${version}"

// tellsVersion marks what says which version runs. It is asked first.
func (c check) tellsVersion() bool {
	return c.version != nil || c.image != nil && c.image.tells || slices.ContainsFunc(c.fields, func(f field) bool { return f.tells })
}

// address is what is asked, fit to be shown.
func (c check) address() string {
	if c.url != nil {
		return probe.Redact(c.url)
	}
	return string(c.kind) + " " + c.target
}

// title is how a check is called in findings.
func (c check) title() string {
	if c.name == "" {
		return c.address()
	}
	return c.name + " (" + c.address() + ")"
}

// request is what is asked of the service, once.
func (c check) request(p plan) probe.Request {
	return c.asking.request(c, min(cmp.Or(c.timeout, p.request()), p.Timeout))
}

// wanted says what an answer must be.
func (c check) wanted() string {
	var parts []string
	switch c.kind {
	case probe.KindTLS:
		parts = c.certificate.wanted()
	case probe.KindDNS:
		parts = c.names.wanted()
	case probe.KindTCP:
		parts = append(parts, "a connection")
	case probe.KindGRPC:
		parts = append(parts, c.health)
	case probe.KindKubernetes:
		parts = append(parts, "a rollout that is complete")
		if c.image != nil {
			parts = append(parts, "an image that ends with "+c.image.want)
		}
	default:
		parts = c.wantedOfHTTP()
	}
	if c.latency > 0 {
		parts = append(parts, "in less than "+c.latency.String())
	}
	return strings.Join(parts, ", ")
}
