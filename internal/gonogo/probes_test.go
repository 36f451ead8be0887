package gonogo

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// TestEndpoints asks real servers on this machine.
func TestEndpoints(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.UserAgent() != "slipway-go-no-go" {
			t.Errorf("it is asked by %s", r.UserAgent())
		}
		switch r.URL.Path {
		case "/well":
			io.WriteString(w, `{"status":"ok","down":0,"secret":"hunter2","long":"`+strings.Repeat("x", valueLimit+1)+`"}`)
		case "/html":
			io.WriteString(w, `<html>ok`)
		case "/away":
			http.Redirect(w, r, "/well", http.StatusFound)
		case "/circle":
			http.Redirect(w, r, "/circle", http.StatusFound)
		case "/cut":
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "half")
		case "/reset":
			panic(http.ErrAbortHandler)
		default:
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	tls := httptest.NewUnstartedServer(http.NotFoundHandler())
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	defer tls.Close()
	for name, tt := range map[string]struct {
		path    string
		rule    policy.GateProbe
		verdict verdict.Verdict
		text    string
		open    int
	}{
		"answers":               {"/well", policy.GateProbe{}, verdict.Pass, "status 200 after", 0},
		"with that status":      {"/well", policy.GateProbe{Status: "200"}, verdict.Pass, "", 0},
		"with another":          {"/well", policy.GateProbe{Status: "204"}, verdict.Fail, "status 200", 1},
		"with another class":    {"/down", policy.GateProbe{}, verdict.Fail, "status 503", 1},
		"which is wanted":       {"/down", policy.GateProbe{Status: "5xx"}, verdict.Pass, "", 0},
		"with all of it":        {"/well", policy.GateProbe{BodyMatches: `"status":"(ok|fine)"`, JSON: map[string]string{"$.down": "0", "$.status": "ok"}, Latency: "<9s"}, verdict.Pass, "", 0},
		"body":                  {"/well", policy.GateProbe{BodyMatches: `degraded`}, verdict.Fail, "the body does not match", 1},
		"value":                 {"/well", policy.GateProbe{JSON: map[string]string{"$.down": "1"}}, verdict.Fail, "$.down is 0", 1},
		"no value":              {"/well", policy.GateProbe{JSON: map[string]string{"$.up": "1"}}, verdict.Fail, "there is nothing at $.up", 1},
		"a long value":          {"/well", policy.GateProbe{JSON: map[string]string{"$.long": "x"}}, verdict.Fail, "there is a text of 4097 bytes at $.long", 1},
		"no JSON":               {"/html", policy.GateProbe{JSON: map[string]string{"$.up": "1"}}, verdict.Fail, "the body is no JSON", 1},
		"slow":                  {"/well", policy.GateProbe{Latency: "<1ns"}, verdict.Fail, "it took", 1},
		"redirected":            {"/away", policy.GateProbe{}, verdict.Pass, "redirected to", 0},
		"redirected for ever":   {"/circle", policy.GateProbe{}, verdict.Unknown, "leads astray", 0},
		"cut":                   {"/cut", policy.GateProbe{}, verdict.Unknown, "broke off", 1},
		"reset":                 {"/reset", policy.GateProbe{}, verdict.Unknown, "before an answer began", 1},
		"refused":               {"", policy.GateProbe{URL: "http://127.0.0.1:1/"}, verdict.Fail, "nothing listens there", 1},
		"a stranger's TLS":      {"", policy.GateProbe{URL: tls.URL}, verdict.Unknown, "TLS failed", 0},
		"from the environment":  {"", policy.GateProbe{URL: "env:WELL"}, verdict.Pass, "", 0},
		"and refused":           {"", policy.GateProbe{URL: "env:REFUSED"}, verdict.Fail, "nothing listens there", 1},
		"and not set":           {"", policy.GateProbe{URL: "env:NOTHING"}, verdict.Unknown, "the environment variable NOTHING is not set", 0},
		"and no address at all": {"", policy.GateProbe{URL: "env:BROKEN"}, verdict.Unknown, "the address", 0},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.path != "" {
				tt.rule.URL = server.URL + tt.path + "?key=hidden"
			}
			e := with(policy.Criterion{ID: "x", Probe: &tt.rule})
			if d := decide(e); d.verdict != verdict.Unknown {
				t.Errorf("without evidence: %s", d.verdict)
			}
			environment := map[string]string{"WELL": server.URL + "/well?key=hidden", "REFUSED": "http://127.0.0.1:1/hidden", "BROKEN": "http://ada:hidden@x/"}
			c := collector{&action.World{Getenv: func(name string) string { return environment[name] }}, e.inputs}
			c.probes(t.Context(), &e)
			e = replayed(t, e)
			d := decide(e)
			holdWords(t, e, d)
			f := d.findings()[0]
			if d.verdict != tt.verdict || !strings.Contains(f.Observed, tt.text) || len(d.open()) != tt.open || f.Next == "" && d.verdict != verdict.Pass {
				t.Errorf("%s, open %v: %+v\nwant %s: %s", d.verdict, d.open(), f, tt.verdict, tt.text)
			}
			text := encode(t, e.Probes) + encode(t, d.findings())
			if strings.Contains(text, "hunter2") || tt.path == "" && strings.Contains(text, "hidden") || strings.HasPrefix(tt.rule.URL, "env:") && strings.Contains(text, "127.0.0.1") {
				t.Errorf("it tells what is secret: %s", text)
			}
			if strings.Contains(encode(t, d.findings()), "hidden") {
				t.Errorf("a finding shows the query: %+v", f)
			}
		})
	}
}

// An answer to another rule is none: what was not recorded is not judged.
func TestProbeOfAnotherRule(t *testing.T) {
	rule := policy.GateProbe{URL: "https://x/", BodyMatches: "ok", JSON: map[string]string{"$.a": "1"}}
	answer := probed{Asked: rule.URL, Class: "answered", Status: 200, Body: &matched{"ok", true}, Values: []probeValue{{Path: "$.a", Value: "1"}}}
	for name, change := range map[string]func(*policy.GateProbe, *probed){
		"another address": func(r *policy.GateProbe, _ *probed) { r.URL = "https://y/" },
		"another pattern": func(r *policy.GateProbe, _ *probed) { r.BodyMatches = "o" },
		"another value":   func(r *policy.GateProbe, _ *probed) { r.JSON = map[string]string{"$.b": "1"} },
		"no pattern":      func(_ *policy.GateProbe, p *probed) { p.Body = nil },
		"no values":       func(_ *policy.GateProbe, p *probed) { p.Values = nil },
		"no status":       func(_ *policy.GateProbe, p *probed) { p.Status = 0 },
		"no class":        func(_ *policy.GateProbe, p *probed) { p.Class = "" },
		"a strange class": func(_ *policy.GateProbe, p *probed) { p.Class = "excellent" },
		"a problem":       func(_ *policy.GateProbe, p *probed) { p.Problem.What = "no" },
	} {
		r, p := rule, answer
		change(&r, &p)
		e := with(policy.Criterion{ID: "x", Probe: &r})
		e.Probes = map[string]probed{"x": p}
		if d := decide(e); d.verdict != verdict.Unknown {
			t.Errorf("%s: %s", name, d.verdict)
		}
	}
	e := with(policy.Criterion{ID: "x", Probe: &rule})
	e.Probes = map[string]probed{"x": answer}
	if d := decide(e); d.verdict != verdict.Pass {
		t.Errorf("the very rule: %s", reasons(d))
	}
}
