package deployverify

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/jsonpath"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/probe"
)

// readProbes makes a check of each probe. It asks nobody: no environment, no file.
func (i *inputs) readProbes(v policy.Verify) error {
	for n, p := range v.Probes {
		c, err := readProbe(p, i.Expected)
		if err != nil {
			return action.Wrong("verify.probes[%d] (%s) of the policy: %w", n, p.Name, err)
		}
		i.checks = append(i.checks, c)
	}
	return nil
}

// readProbe is a probe as a check. The policy was validated; what can be wrong is how it goes with the inputs.
func readProbe(p policy.Probe, expected string) (check, error) {
	c := check{
		name: p.Name, kind: probe.Kind(p.Kind()), times: max(p.Times, 1), timeout: time.Duration(p.Timeout),
		consecutive: p.Consecutive, interval: time.Duration(p.Interval), deadline: time.Duration(p.Deadline), backoff: p.Backoff,
	}
	var err error
	if c.latency, err = policy.ParseLatency(p.Expect.Latency); err != nil {
		return c, err
	}
	fill := filler{expected: expected}
	switch c.kind {
	case probe.KindHTTP:
		err = c.readHTTP(p, &fill)
	case probe.KindTLS:
		c.target, c.certificate = p.TLS, &certificateRule{validFor: time.Duration(p.Expect.ValidFor), lowest: lowestProtocol[p.Expect.Version], names: p.Expect.Names}
	case probe.KindDNS:
		c.target, c.names = p.DNS, &namesRule{addresses: p.Expect.Addresses}
		c.names.answers, err = policy.ParseCount(p.Expect.Answers)
	case probe.KindTCP:
		c.target = p.TCP
	case probe.KindGRPC:
		c.target, c.asking.encrypted, err = policy.ParseGRPC(p.GRPC)
		if c.health, c.asking.service = p.Expect.Status, p.Expect.Service; c.health == "" {
			c.health = policy.Serving
		}
	case probe.KindKubernetes:
		c.target = p.Kubernetes
		if image := p.Expect.Image; image != "" {
			c.image = &imageRule{fill.in(image), strings.Contains(image, versionVariable)}
		}
	default:
		err = errors.New("it asks nothing")
	}
	return c, errors.Join(err, fill.err)
}

func (c *check) readHTTP(p policy.Probe, fill *filler) error {
	var err error
	if c.url, err = policy.ParseAddress(p.HTTP); err != nil {
		return err
	}
	e := p.Expect
	if e.Status == "" && e.Redirect != "" && p.Redirects != nil && *p.Redirects == 0 { // the redirect is the answer
		e.Status = "3xx"
	}
	if c.low, c.high, err = policy.ParseStatus(e.Status); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(e.Headers)) {
		c.fields = append(c.fields, field{header: http.CanonicalHeaderKey(name), want: fill.in(e.Headers[name]), tells: e.Headers[name] == versionVariable})
	}
	for _, path := range slices.Sorted(maps.Keys(e.JSON)) {
		f := field{want: fill.in(e.JSON[path]), tells: e.JSON[path] == versionVariable}
		if f.path, err = jsonpath.Parse(path); err != nil {
			return err
		}
		c.fields = append(c.fields, f)
	}
	c.contains, c.redirect = fill.in(e.Body), fill.in(e.Redirect)
	if c.pattern = fill.quoted(e.BodyMatches); c.pattern != "" {
		if c.body, err = regexp.Compile(c.pattern); err != nil {
			return err
		}
	}
	c.asking.method, c.asking.redirects, c.asking.body = p.Method, p.Redirects, fill.in(p.Body)
	return nil
}

// filler puts the expected version in its place.
type filler struct {
	expected string
	err      error // the first place that wants one, where there is none
}

func (f *filler) in(text string) string { return f.fill(text, f.expected) }

// quoted fills a regular expression: a point in a version is a point.
func (f *filler) quoted(text string) string { return f.fill(text, regexp.QuoteMeta(f.expected)) }

func (f *filler) fill(text, version string) string {
	if strings.Contains(text, versionVariable) && f.expected == "" && f.err == nil {
		f.err = fmt.Errorf("it expects %s, but the input expected-version is empty; an expression that names nothing is, too", versionVariable)
	}
	return strings.ReplaceAll(text, versionVariable, version)
}
