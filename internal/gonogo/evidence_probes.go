package gonogo

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slipway-actions/slipway/internal/jsonpath"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/probe"
)

// probed is what an endpoint answered, as far as the rule asks: a body may hold what no record should.
type probed struct {
	Asked   string       `json:"asked"`             // address as the policy has it
	Class   string       `json:"class,omitempty"`   // what became of the request; "answered" is a whole answer
	Detail  string       `json:"detail,omitempty"`  // why there is no whole answer
	Status  int          `json:"status,omitempty"`  // of HTTP
	Latency int64        `json:"latency,omitempty"` // milliseconds, begun ones included
	Body    *matched     `json:"body,omitempty"`    // nil where nothing was asked of the body
	Values  []probeValue `json:"values,omitempty"`  // by path, sorted
	NotJSON bool         `json:"notJSON,omitempty"` // the body is none, so there are no values
	Final   string       `json:"final,omitempty"`   // where redirects led
	Problem problem      `json:"problem,omitzero"`  // why it was not asked
}

// matched tells whether a body matches a pattern.
type matched struct {
	Pattern string `json:"pattern"`
	Matches bool   `json:"matches"`
}

// probeValue is a value in a JSON body.
type probeValue struct {
	Path  string `json:"path"`
	Value string `json:"value"`
	Fault string `json:"fault,omitempty"` // why there is none
}

const (
	probeTimeout = 10 * time.Second // for all of a request
	probesAtOnce = 8
	valueLimit   = 4 << 10 // bytes of a value
)

// probes asks the endpoints that criteria are about, some at once.
func (c collector) probes(ctx context.Context, e *evidence) {
	var (
		mu     sync.Mutex
		all    sync.WaitGroup
		places = make(chan struct{}, probesAtOnce)
		client = probe.New()
		found  = map[string]probed{}
	)
	for _, rule := range c.in.Gate.Criteria {
		if rule.Probe == nil {
			continue
		}
		all.Go(func() {
			places <- struct{}{}
			p := askEndpoint(ctx, client, *rule.Probe, c.Getenv)
			<-places
			mu.Lock()
			found[rule.ID] = p
			mu.Unlock()
		})
	}
	all.Wait()
	if e.Probes = nil; len(found) > 0 {
		e.Probes = found
	}
}

func askEndpoint(ctx context.Context, client *probe.Client, rule policy.GateProbe, getenv func(string) string) probed {
	p := probed{Asked: rule.URL}
	address, secret := rule.URL, false
	if name, ok := rule.Variable(); ok {
		if address, secret = "", true; getenv != nil {
			address = strings.TrimSpace(getenv(name))
		}
		if address == "" {
			p.Problem = problem{What: "the environment variable " + name + " is not set", Next: fmt.Sprintf("Set it for this step:\nenv:\n  %s: ${{ secrets.%s }}", name, name)}
			return p
		}
	}
	u, err := policy.ParseAddress(address)
	if err != nil {
		p.Problem = problem{What: err.Error(), Next: "Correct the address of the probe."}
		return p
	}
	p.record(client.Do(ctx, probe.Request{URL: u, Timeout: probeTimeout, Agent: "slipway-go-no-go"}), rule)
	if secret { // what is said about an address tells it
		p.Detail, p.Final = "", ""
	}
	return p
}

// record keeps what the rule asks for.
func (p *probed) record(a probe.Answer, rule policy.GateProbe) {
	p.Class, p.Detail, p.Status, p.Final = string(a.Class), shorten(a.Detail), a.Status, shorten(a.Final)
	p.Latency = int64((a.Latency + time.Millisecond - 1) / time.Millisecond)
	if a.Class != probe.Answered {
		return
	}
	if rule.BodyMatches != "" {
		pattern, err := regexp.Compile(rule.BodyMatches)
		p.Body = &matched{Pattern: rule.BodyMatches, Matches: err == nil && pattern.Match(a.Body)}
	}
	if len(rule.JSON) == 0 {
		return
	}
	document, err := jsonpath.Decode(a.Body)
	if p.NotJSON = err != nil; p.NotJSON {
		return
	}
	for _, path := range slices.Sorted(maps.Keys(rule.JSON)) {
		v := probeValue{Path: path}
		parsed, err := jsonpath.Parse(path)
		if err == nil {
			v.Value, err = parsed.Value(document)
		}
		switch {
		case err != nil:
			v.Value, v.Fault = "", shorten(err.Error())
		case len(v.Value) > valueLimit:
			v.Value, v.Fault = "", fmt.Sprintf("there is a text of %d bytes", len(v.Value))
		}
		p.Values = append(p.Values, v)
	}
}
