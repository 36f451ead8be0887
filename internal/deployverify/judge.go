package deployverify

import (
	"fmt"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/probe"
)

// says is what a request tells about a service.
type says int

const (
	good   says = iota
	blind       // nothing: this machine did not get as far as the service
	silent      // nothing by itself; after an answer, that the service has stopped answering
	bad         // that it is not what is wanted
)

// sight is one request, judged.
type sight struct {
	says    says
	problem string // what is wrong, "" where nothing is; foreign text in it is shortened
	whole   bool   // there was a whole answer
	version string // that it told, as it can be shown; "" for none
	rule    string // where that was found
	wrong   bool   // it is not the one expected
	hint    string // how to mend a comparison that nearly held, "" for none
	final   string // where redirects led; "" for none
	latency time.Duration
}

// silence is what classes other than a whole answer say. A class that is not listed says nothing.
var silence = map[probe.Class]struct {
	says says
	text string
}{
	probe.Refused:     {bad, "no connection"},
	probe.TLS:         {bad, "TLS failed"},
	probe.Reset:       {bad, "the connection was broken before an answer began"},
	probe.Cut:         {bad, "the answer broke off"},
	probe.TooLarge:    {bad, "the answer is too large"},
	probe.Redirect:    {bad, "the answer leads astray"},
	probe.Malformed:   {bad, "the answer is no "},
	probe.Timeout:     {silent, "no answer"},
	probe.DNS:         {blind, "no address"},
	probe.Unreachable: {blind, "no connection"},
	probe.Proxy:       {blind, "no connection through the proxy"},
}

// hearsay are the kinds whose answer comes from somebody in between, who is not the service: trouble with
// them says nothing about it.
var hearsay = map[probe.Kind]string{probe.KindDNS: "the resolver: ", probe.KindKubernetes: "the cluster's API: "}

// spoken is how a language is called whose answer is none.
var spoken = map[probe.Kind]string{"": "HTTP", probe.KindHTTP: "HTTP", probe.KindGRPC: "gRPC", probe.KindTLS: "TLS", probe.KindDNS: "DNS", probe.KindKubernetes: "Deployment"}

func silenceOf(c check, a probe.Answer) (says, string) {
	meaning, ok := silence[a.Class]
	if !ok {
		meaning.says, meaning.text = blind, "it could not be asked"
	}
	if a.Class == probe.Malformed {
		meaning.text += spoken[c.kind]
	}
	if whom, ok := hearsay[c.kind]; ok {
		meaning.says, meaning.text = blind, whom+meaning.text
	}
	if a.Detail != "" {
		meaning.text += ": " + shown(a.Detail)
	}
	return meaning.says, meaning.text
}

// judge holds an answer against what is wanted.
func judge(c check, a probe.Answer) sight {
	s := sight{latency: a.Latency}
	if a.Class != probe.Answered {
		s.final = a.Final
		s.says, s.problem = silenceOf(c, a)
		return s
	}
	var problems []string
	switch c.kind {
	case probe.KindHTTP, "":
		problems = s.judgeHTTP(c, a)
	case probe.KindTLS:
		problems = s.judgeCertificate(c, a.Certificate)
	case probe.KindDNS:
		problems = s.judgeNames(*c.names, a.Names)
	case probe.KindTCP: // that it was accepted is all there is to know
		s.whole = true
	case probe.KindGRPC:
		problems = s.judgeHealth(c, a)
	case probe.KindKubernetes:
		problems = s.judgeRollout(c, a)
	default:
		problems = s.unclear("there is no telling what its answer means")
	}
	if s.whole && c.latency > 0 && a.Latency >= c.latency {
		problems = append(problems, fmt.Sprintf("it took %s, wanted less than %s", a.Latency.Round(time.Millisecond), c.latency))
	}
	if len(problems) > 0 {
		if s.says, s.problem = bad, strings.Join(problems, "; "); !s.whole {
			s.says = blind
		}
	}
	return s
}

// unclear is an answer that says nothing about the service: the problem lies between it and us.
func (s *sight) unclear(problem string) []string {
	s.whole = false
	return []string{problem}
}
