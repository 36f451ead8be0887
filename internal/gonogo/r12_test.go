package gonogo

import (
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// goCriteria are the criteria that a release needs (R12), each with what shows that it is met and with what
// stops a release (R13). A row more is a criterion more: the tests below run it alone and with all.
var goCriteria = []struct {
	name string
	rule policy.Criterion
	met  func(*evidence)
	stop func(*evidence) // a known bad fact: it failed
	gone func(*evidence) // nothing is known: it is unknown
}{
	{
		"all tests pass", policy.Criterion{ID: "tests", Checks: &policy.Checks{Require: requires("unit", "e2e (*)").Checks.Require, Skipped: "fail"}},
		func(e *evidence) {
			e.Checks.All = []check{ran("unit", "success"), ran("e2e (chrome)", "success"), ran("e2e (firefox)", "success")}
		},
		func(e *evidence) { e.Checks.All[2] = ran("e2e (firefox)", "skipped") }, // incomplete testing
		func(e *evidence) { e.Checks.All = e.Checks.All[:1] },
	},
	{
		"security assessment approved", policy.Criterion{ID: "security", Evidence: &policy.Evidence{Action: "security-gate", MaxAge: policy.Duration(24 * time.Hour)}},
		func(e *evidence) { e.Documents = append(e.Documents, passing("security-gate")) },
		func(e *evidence) { e.Documents[0].Verdict = verdict.Fail }, // security concerns
		func(e *evidence) { e.Documents = nil },
	},
	{
		"no critical bugs", policy.Criterion{ID: "bugs", Issues: &policy.Issues{Severities: []policy.Severity{"critical"}}},
		func(e *evidence) { e.Issues = criticalBugs() },
		func(e *evidence) { e.Issues = criticalBugs(openIssue{Number: 7, Title: "Payment is lost"}) }, // critical bugs
		func(e *evidence) { e.Issues = nil },
	},
	{
		"rollback plan documented", policy.Criterion{ID: "rollback-plan", Document: &policy.Document{Path: "docs/rollback.md", Sections: []string{"application", "database"}}},
		func(e *evidence) {
			e.Files[atCommit+"docs/rollback.md"] = file{Text: []byte("# Application\nundo\n# Database\nmigrate down\n")}
		},
		func(e *evidence) { e.Files[atCommit+"docs/rollback.md"] = file{Missing: true} }, // missing rollback plan
		func(e *evidence) {
			e.Files[atCommit+"docs/rollback.md"] = file{Problem: problem{What: "no answer", Next: "Run it again."}}
		},
	},
	{
		"monitoring ready", policy.Criterion{ID: "monitoring", Probe: &policy.GateProbe{URL: "https://prom.example/-/ready"}},
		func(e *evidence) { e.Probes = monitoring(200) },
		func(e *evidence) { e.Probes = monitoring(503) },
		func(e *evidence) {
			e.Probes = map[string]probed{"monitoring": {Asked: "https://prom.example/-/ready", Class: "timeout"}}
		},
	},
	// "team available" (R12) and "key people unavailable" (R13) are a row of the kind coverage:
	// {"team available", policy.Criterion{ID: "on-call", Coverage: …}, a calendar with both on call, one without, none}.
}

func criticalBugs(open ...openIssue) map[string]issues {
	return map[string]issues{"bugs": {Asked: issueQuestion{Repository: "acme/shop", Severities: []policy.Severity{"critical"}}, Count: len(open), Open: open}}
}

func monitoring(status int) map[string]probed {
	return map[string]probed{"monitoring": {Asked: "https://prom.example/-/ready", Class: "answered", Status: status, Latency: 12}}
}

// met is a gate of all criteria, all of them met.
func met() evidence {
	var rules []policy.Criterion
	for _, c := range goCriteria {
		rules = append(rules, c.rule)
	}
	e := with(rules...)
	for _, c := range goCriteria {
		c.met(&e)
	}
	return e
}

func TestGoCriteria(t *testing.T) {
	if d := decide(met()); d.verdict != verdict.Pass || decisionOf(d) != "go" {
		t.Fatalf("all met: %s\n%s", d.verdict, reasons(d))
	}
	all, none := met(), met()
	for i, c := range goCriteria {
		t.Run(c.name, func(t *testing.T) {
			alone := with(c.rule)
			c.met(&alone)
			if d := decide(alone); d.verdict != verdict.Pass {
				t.Errorf("met, alone: %s\n%s", d.verdict, reasons(d))
			}
			for name, change := range map[string]struct {
				make func(*evidence)
				want verdict.Verdict
			}{"stopped": {c.stop, verdict.Fail}, "unknown": {c.gone, verdict.Unknown}} {
				alone, among := with(c.rule), met()
				c.met(&alone)
				change.make(&alone)
				change.make(&among)
				if d := decide(alone); d.verdict != change.want || decisionOf(d) != "no-go" {
					t.Errorf("%s, alone: %s\n%s", name, d.verdict, reasons(d))
				}
				d := decide(among)
				if d.verdict != change.want {
					t.Errorf("%s, among all: %s\n%s", name, d.verdict, reasons(d))
				}
				for n, j := range d.criteria {
					if want := map[bool]verdict.Verdict{true: change.want, false: verdict.Pass}[n == i]; j.verdict() != want {
						t.Errorf("%s: %s is %s, want %s", name, j.id, j.verdict(), want)
					}
				}
				if f := d.criteria[i].findings[0]; f.Observed == "" || f.Threshold == "" || f.Next == "" {
					t.Errorf("%s: it does not say what was seen, wanted and is to be done: %+v", name, f)
				}
			}
		})
		c.stop(&all)
		c.gone(&none)
	}
	for what, tt := range map[string]struct {
		e    evidence
		want verdict.Verdict
	}{"all stopped": {all, verdict.Fail}, "nothing known": {none, verdict.Unknown}} {
		d := decide(tt.e)
		for _, j := range d.criteria {
			if j.verdict() != tt.want {
				t.Errorf("%s: %s is %s", what, j.id, j.verdict())
			}
		}
		if d.verdict != tt.want || decisionOf(d) != "no-go" {
			t.Errorf("%s: %s", what, d.verdict)
		}
	}
}
