package deployverify

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/jsonpath"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/probe"
)

// check is an address to look at, and what is wanted of its answers.
type check struct {
	name      string // of the policy's probe; "" is the input url
	url       *url.URL
	times     int // requests a look, from 1
	low, high int // bounds of the status, both included
	version   *versionRule
	fields    []field
	body      *regexp.Regexp // nil wants nothing
	pattern   string         // body as it is written
	latency   time.Duration  // answers must be faster; 0 wants nothing

	// Where the policy sets them for this check alone; 0 is as the inputs say.
	consecutive        int
	interval, deadline time.Duration
	backoff            float64
}

// versionRule finds the version that the input url answers. Without a path it is the whole body,
// or the top-level string "version" of a JSON object.
type versionRule struct {
	want string
	path *jsonpath.Path
}

// field is a value in a JSON body.
type field struct {
	path  jsonpath.Path
	want  string
	tells bool // it is the version
}

// versionVariable stands for the expected version in a policy.
const versionVariable = "${version}"

// readProbes makes a check of each HTTP probe, and notes what this release does not judge.
func (i *inputs) readProbes(v policy.Verify) error {
	for n, p := range v.Probes {
		if p.HTTP == "" {
			i.unjudged = append(i.unjudged, fmt.Sprintf("the probe %s (%s)", p.Name, p.Kind()))
			continue
		}
		c, err := i.probeCheck(p)
		if err != nil {
			return action.Wrong("verify.probes[%d] (%s) of the policy: %w", n, p.Name, err)
		}
		i.checks = append(i.checks, c)
	}
	return nil
}

// probeCheck is a probe as a check. The policy was validated; what can be wrong is how it goes with the inputs.
func (i *inputs) probeCheck(p policy.Probe) (check, error) {
	c := check{name: p.Name, times: max(p.Times, 1)}
	var err error
	if c.url, err = policy.ParseAddress(p.HTTP); err != nil {
		return c, err
	}
	if c.low, c.high, err = policy.ParseStatus(p.Expect.Status); err != nil {
		return c, err
	}
	if c.latency, err = policy.ParseLatency(p.Expect.Latency); err != nil {
		return c, err
	}
	fill := func(text string, quote func(string) string) (string, error) {
		if strings.Contains(text, versionVariable) && i.Expected == "" {
			return "", fmt.Errorf("it expects %s, but the input expected-version is empty; an expression that names nothing is, too", versionVariable)
		}
		return strings.ReplaceAll(text, versionVariable, quote(i.Expected)), nil
	}
	for _, path := range slices.Sorted(maps.Keys(p.Expect.JSON)) {
		f := field{tells: p.Expect.JSON[path] == versionVariable}
		if f.path, err = jsonpath.Parse(path); err != nil {
			return c, err
		}
		if f.want, err = fill(p.Expect.JSON[path], func(s string) string { return s }); err != nil {
			return c, err
		}
		c.fields = append(c.fields, f)
	}
	if c.pattern, err = fill(p.Expect.BodyMatches, regexp.QuoteMeta); err != nil {
		return c, err
	}
	if c.pattern != "" {
		c.body, err = regexp.Compile(c.pattern)
	}
	return c, err
}

func (c check) tellsVersion() bool {
	return c.version != nil || slices.ContainsFunc(c.fields, func(f field) bool { return f.tells })
}

// title is how a check is called in findings.
func (c check) title() string {
	if c.name == "" {
		return probe.Redact(c.url)
	}
	return c.name + " (" + probe.Redact(c.url) + ")"
}

// wanted says what an answer must be.
func (c check) wanted() string {
	parts := []string{"status " + c.status()}
	if v := c.version; v != nil {
		parts = append(parts, "version "+v.want+v.place())
	}
	for _, f := range c.fields {
		parts = append(parts, fmt.Sprintf("%s at %s", f.want, f.path))
	}
	if c.body != nil {
		parts = append(parts, "a body that matches "+c.pattern)
	}
	if c.latency > 0 {
		parts = append(parts, "in less than "+c.latency.String())
	}
	return strings.Join(parts, ", ")
}

func (v versionRule) place() string {
	if v.path == nil {
		return ""
	}
	return " at " + v.path.String()
}

func (c check) status() string {
	if c.low == c.high {
		return fmt.Sprint(c.low)
	}
	return fmt.Sprintf("%dxx", c.low/100)
}
