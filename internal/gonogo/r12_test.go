package gonogo

import (
	"maps"
	"slices"
	"strings"
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
	{
		"team available", policy.Criterion{ID: "on-call", Coverage: &policy.Coverage{Calendar: "on-call.ics", Primary: 1, Backup: 1}},
		func(e *evidence) { e.Files[governed+"on-call.ics"] = onCall("Primary: Ada", "Backup: Grace") },
		func(e *evidence) { e.Files[governed+"on-call.ics"] = onCall("Primary: Ada", "Backup: Ada") }, // key people unavailable
		func(e *evidence) { delete(e.Files, governed+"on-call.ics") },
	},
}

// triggers are what stops a release (R13), and the criterion that finds it.
var triggers = map[string]string{
	"critical bugs": "no critical bugs", "security concerns": "security assessment approved", "incomplete testing": "all tests pass",
	"missing rollback plan": "rollback plan documented", "key people unavailable": "team available",
}

// onCall is a calendar of who is on call for a day from now on.
func onCall(who ...string) file {
	var shifts []string
	for _, one := range who {
		shifts = append(shifts, "0302T0900-0304T0900 "+one)
	}
	return file{Text: []byte(onCallCalendar(shifts...))}
}

func criticalBugs(open ...openIssue) map[string]issues {
	return map[string]issues{"bugs": {Asked: issueQuestion{Repository: "acme/shop", Severities: []policy.Severity{"critical"}}, Count: len(open), Open: open}}
}

func monitoring(status int) map[string]probed {
	return map[string]probed{"monitoring": {Asked: "https://prom.example/-/ready", Class: "answered", Status: status, Latency: 12}}
}

func judging(rules ...policy.Criterion) evidence {
	e := with(rules...)
	e.Timezone = "Europe/Berlin"
	return e
}

// met is a gate of all criteria, all of them met.
func met() evidence {
	var rules []policy.Criterion
	for _, c := range goCriteria {
		rules = append(rules, c.rule)
	}
	e := judging(rules...)
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
			alone := judging(c.rule)
			c.met(&alone)
			if d := decide(alone); d.verdict != verdict.Pass {
				t.Errorf("met, alone: %s\n%s", d.verdict, reasons(d))
			}
			for name, change := range map[string]struct {
				make func(*evidence)
				want verdict.Verdict
			}{"stopped": {c.stop, verdict.Fail}, "unknown": {c.gone, verdict.Unknown}} {
				alone, among := judging(c.rule), met()
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

// TestTriggers holds that each of the five stops a release that all else speaks for, in any company.
func TestTriggers(t *testing.T) {
	if len(goCriteria) != 6 || len(triggers) != 5 {
		t.Errorf("%d criteria and %d triggers; want 6 and 5", len(goCriteria), len(triggers))
	}
	rows := map[string]int{}
	for i, c := range goCriteria {
		rows[c.name] = i
	}
	names := slices.Sorted(maps.Keys(triggers))
	for set := 1; set < 1<<len(names); set++ {
		e, stopped := met(), map[string]bool{}
		for bit, name := range names {
			row, ok := rows[triggers[name]]
			if !ok {
				t.Fatalf("no criterion finds %s", name)
			}
			if set&(1<<bit) != 0 {
				goCriteria[row].stop(&e)
				stopped[goCriteria[row].rule.ID] = true
			}
		}
		d := decide(e)
		if d.verdict != verdict.Fail || decisionOf(d) != "no-go" {
			t.Errorf("%v: %s", stopped, d.verdict)
		}
		for _, c := range d.criteria {
			if (c.verdict() == verdict.Fail) != stopped[c.id] {
				t.Errorf("%v: %s is %s", stopped, c.id, c.verdict())
			}
			if stopped[c.id] && !strings.Contains(reasons(d), c.id) {
				t.Errorf("%v: the reasons do not name %s: %s", stopped, c.id, reasons(d))
			}
		}
	}
}
