package gonogo

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// silences are what it means where no whole answer came, by the class of the request. A class that is
// not listed says nothing, and stays.
var silences = map[string]struct {
	text    string
	outcome verdict.Outcome
	passing bool // may go away by itself
}{
	"refused":     {"nothing listens there", verdict.Failed, true},
	"reset":       {"the connection was broken before an answer began", verdict.Undecided, true},
	"cut":         {"the answer broke off", verdict.Undecided, true},
	"timeout":     {"no answer came", verdict.Undecided, true},
	"dns":         {"the name has no address", verdict.Undecided, true},
	"unreachable": {"there is no way there from this runner", verdict.Undecided, true},
	"proxy":       {"the proxy gave no connection", verdict.Undecided, true},
	"tls":         {"TLS failed", verdict.Undecided, false},
	"too-large":   {"the answer is too large", verdict.Undecided, false},
	"redirect":    {"the answer leads astray", verdict.Undecided, false},
	"malformed":   {"the answer is no HTTP", verdict.Undecided, false},
}

// judgeProbe wants an endpoint to answer as it should.
func judgeProbe(id string, rule policy.GateProbe, e evidence) criterion {
	p := e.Probes[id]
	f := result.Finding{ID: id, Outcome: verdict.Undecided, Title: id, Threshold: wantedAnswer(rule), Next: "See why it does not answer so."}
	j := criterion{id: id}
	if _, secret := rule.Variable(); !secret {
		f.Evidence = withoutQuery(rule.URL)
	}
	silence, silent := silences[p.Class]
	switch {
	case p.Asked != rule.URL:
		f.Observed, f.Next = "it was not asked", "Run the gate again with this policy."
	case p.Problem.What != "":
		f.Observed, f.Next = p.Problem.What, p.Problem.Next
	case p.Class == "answered":
		wrong, unasked := p.faults(rule)
		switch {
		case len(wrong) > 0:
			f.Outcome, f.Observed = verdict.Failed, shorten(strings.Join(wrong, "; "))
			j.open = []string{id}
		case unasked:
			f.Observed, f.Next = "what this policy asks of the answer was not recorded", "Run the gate again with this policy."
		default:
			f.Outcome, f.Next = verdict.Passed, ""
			f.Observed = fmt.Sprintf("status %d after %dms", p.Status, p.Latency)
		}
	case silent:
		f.Outcome, f.Observed = silence.outcome, silence.text
		if silence.passing {
			j.open = []string{id}
		}
		f.Next = "Check that it runs, and that this runner can reach it."
	default:
		f.Observed = "it could not be asked"
	}
	if p.Detail != "" && p.Class != "answered" {
		f.Observed += ": " + shorten(p.Detail)
	}
	if p.Final != "" {
		f.Observed += ", redirected to " + shorten(p.Final)
	}
	j.findings = []result.Finding{f}
	return j
}

// faults are where an answer is not what the rule wants. Unasked tells that something of it was not
// recorded, as under another policy.
func (p probed) faults(rule policy.GateProbe) (wrong []string, unasked bool) {
	low, high, err := policy.ParseStatus(rule.Status)
	if err != nil || p.Status == 0 {
		return nil, true
	}
	if p.Status < low || p.Status > high {
		wrong = append(wrong, fmt.Sprintf("status %d", p.Status))
	}
	switch {
	case rule.BodyMatches == "":
	case p.Body == nil || p.Body.Pattern != rule.BodyMatches:
		unasked = true
	case !p.Body.Matches:
		wrong = append(wrong, "the body does not match")
	}
	for _, path := range slices.Sorted(maps.Keys(rule.JSON)) {
		at := slices.IndexFunc(p.Values, func(v probeValue) bool { return v.Path == path })
		switch {
		case p.NotJSON:
			wrong = append(wrong, "the body is no JSON, so nothing is at "+path)
		case at < 0:
			unasked = true
		case p.Values[at].Fault != "":
			wrong = append(wrong, p.Values[at].Fault+" at "+path)
		case p.Values[at].Value != rule.JSON[path]:
			wrong = append(wrong, fmt.Sprintf("%s is %s", path, shorten(p.Values[at].Value)))
		}
	}
	bound, err := policy.ParseLatency(rule.Latency)
	if err != nil || bound > 0 && p.Latency <= 0 { // begun milliseconds count, so none at all was not measured
		unasked = true
	}
	if bound > 0 && time.Duration(p.Latency)*time.Millisecond >= bound {
		wrong = append(wrong, fmt.Sprintf("it took %dms", p.Latency))
	}
	return wrong, unasked
}

func wantedAnswer(rule policy.GateProbe) string {
	status := rule.Status
	if status == "" {
		status = "2xx"
	}
	wanted := []string{"status " + status}
	for _, path := range slices.Sorted(maps.Keys(rule.JSON)) {
		wanted = append(wanted, rule.JSON[path]+" at "+path)
	}
	if rule.BodyMatches != "" {
		wanted = append(wanted, "a body that matches "+rule.BodyMatches)
	}
	if below, ok := strings.CutPrefix(rule.Latency, "<"); ok {
		wanted = append(wanted, "in less than "+strings.TrimSpace(below))
	}
	return shorten(strings.Join(wanted, ", "))
}

// withoutQuery is an address as it can be shown; a query may hold a secret.
func withoutQuery(address string) string {
	u, err := policy.ParseAddress(address)
	if err != nil {
		return ""
	}
	u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = "", false, "", ""
	return u.String()
}
