package deployverify

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/fakegithub"
	"github.com/slipway-actions/slipway/internal/incident"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// gone is what a run in virtual time saw and decided.
func gone(t *testing.T, answers string, change func(*inputs)) (evidence, decision) {
	t.Helper()
	i := wishes()
	i.ServiceName, i.Repository, i.SHA = "checkout", "acme/shop", judgedCommit
	if change != nil {
		change(&i)
	}
	world := world{answers: answers}
	e := world.watch(i)
	e.Verified = before("1.4.2")
	return e, decide(e)
}

// TestIncidentText reads the texts as prose.
func TestIncidentText(t *testing.T) {
	canary := func(i *inputs) {
		i.Stage = stage{Name: "canary-5", Traffic: "5%", Share: 0.05, Next: "full", Widens: "100%"}
	}
	for name, tt := range map[string]struct {
		answers  string
		change   func(*inputs)
		facts    facts
		severity string
	}{
		"down":        {"e", nil, facts{}, "SEV1"},
		"canary":      {"e", canary, facts{}, "SEV2"},
		"old-version": {"o", nil, facts{Known: true}, "SEV3"},
		"fix-forward": {"e", func(i *inputs) { i.verify.ForwardFixIf = []string{"impact.users > 0.9"} }, facts{Known: true, Irreversible: true, Source: "gate.json"}, "SEV1"},
		"hold":        {"e", func(i *inputs) { i.verify.Rollback = &policy.Rollback{NeverIf: []string{policy.IrreversibleMigration}} }, facts{Problem: "there is no result of go-no-go"}, "SEV1"},
		"report-only": {"e", func(i *inputs) { i.ReportOnly = true }, facts{}, "SEV4"},
		"own-severity": {"e", func(i *inputs) {
			i.verify.Incident = &policy.Incident{Severity: []policy.Grade{{Level: "SEV2", When: "migration.irreversible"}, {Level: "SEV4"}}}
		}, facts{}, "SEV2"},
		"hostile": {"x", func(i *inputs) { i.ServiceName = "<b>@all</b> [x](https://evil.example)\n# h" }, facts{}, "SEV1"},
	} {
		t.Run(name, func(t *testing.T) {
			e, _ := gone(t, strings.ReplaceAll(tt.answers, "x", "e"), tt.change)
			e.Facts = tt.facts
			d := decide(e)
			holdDecision(t, d)
			got := incidentOf(e, d)
			if got.Severity != tt.severity || severityOf(e, d) != tt.severity || !d.isIncident() {
				t.Errorf("%s is %s", d.act, got.Severity)
			}
			path := "testdata/incident-" + name + ".md"
			if *updatePages {
				if err := os.WriteFile(path, []byte(got.Markdown()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.Markdown()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		})
	}
}

// No decision but these is an incident: what is good, not known or not over is none.
func TestIsIncident(t *testing.T) {
	for name, tt := range map[string]struct {
		d    decision
		want bool
	}{
		"promote":      {decision{act: promote}, false},
		"undecided":    {decision{act: hold, findings: undone}, false},
		"bad, held":    {decision{act: hold, findings: failed}, true},
		"rollback":     {decision{act: rollback, findings: failed}, true},
		"forward-fix":  {decision{act: forwardFix, findings: failed}, true},
		"inconclusive": {decision{act: rollback, findings: undone}, true},
	} {
		e := evidence{inputs: wishes()}
		if got := tt.d.isIncident(); got != tt.want || (severityOf(e, tt.d) != "") != tt.want {
			t.Errorf("%s: %t, %s", name, got, severityOf(e, tt.d))
		}
	}
}

// Where nobody knows how much is wrong, all who get the version may be affected.
func TestImpactOfInconclusive(t *testing.T) {
	e := evidence{inputs: wishes()}
	e.Stage = stage{Name: "canary-5", Traffic: "5%", Share: 0.05}
	i := incidentOf(e, decision{act: rollback, findings: undone})
	if i.Severity != "SEV2" || !strings.Contains(i.Impact, "up to 5 % of the users") || !strings.Contains(i.Impact, "whether a critical function is broken is not known") {
		t.Errorf("%s, %s", i.Severity, i.Impact)
	}
}

func TestAtMost(t *testing.T) {
	for share, want := range map[float64]string{1: "100 %", 0.999: "100 %", 0.5: "50 %", 0.05: "5 %", 0.0501: "5.1 %", 0.00123: "0.13 %", 0.00001: "0.001 %", 0: "0 %", 0.1: "10 %", 0.101: "11 %"} {
		if got := atMost(share); got != want {
			t.Errorf("%g: %s, want %s", share, got, want)
		}
	}
}

// TestBroken tells a service that does not answer from another version that does.
func TestBroken(t *testing.T) {
	for answers, want := range map[string]bool{"e": true, "r": true, "o": false, "oe": true} {
		if _, d := gone(t, answers, nil); d.critical == nil || *d.critical != want {
			t.Errorf("%s: %v", answers, d.critical)
		}
	}
}

// A metric breaks what it watches only where the policy calls that critical, and one that was not finished
// before another one showed harm says nothing.
func TestCriticalMetrics(t *testing.T) {
	metric := func(critical, only bool, o verdict.Outcome) judged {
		return judged{metric: policy.Metric{Critical: critical, ReportOnly: only}, outcome: o}
	}
	yes, no := new(bool), new(bool)
	*yes = true
	for name, tt := range map[string]struct {
		metrics []judged
		want    *bool
	}{
		"critical":              {[]judged{metric(true, false, verdict.Failed)}, yes},
		"not critical":          {[]judged{metric(false, false, verdict.Failed)}, no},
		"one of them":           {[]judged{metric(false, false, verdict.Failed), metric(true, false, verdict.Passed)}, no},
		"the other is unknown":  {[]judged{metric(false, false, verdict.Failed), metric(true, false, verdict.Undecided)}, nil},
		"unknown, but one is":   {[]judged{metric(true, false, verdict.Undecided), metric(true, false, verdict.Failed)}, yes},
		"critical, only shown":  {[]judged{metric(true, true, verdict.Failed), metric(false, false, verdict.Failed)}, no},
		"unknown, though shown": {[]judged{metric(true, true, verdict.Undecided), metric(false, false, verdict.Failed)}, no},
	} {
		d := decision{numbers: numbers{metrics: tt.metrics}}
		if got := d.breaks(evidence{inputs: wishes()}, verdict.Passed); !cmp.Equal(got, tt.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func reporting(r reported) func(*inputs) { return func(i *inputs) { i.incident = r } }

// TestIncidentIssue goes with an issue from the first word to the last: opened once, kept up to date with
// what people wrote, and closed when the old version is verified.
func TestIncidentIssue(t *testing.T) {
	h, w := hubWorld(t, `{}`)
	e, d := gone(t, "e", reporting(reported{create: true}))
	told, found := publishIncident(t.Context(), w, e, d)
	k := keptBy(t, h)
	if len(found) > 0 || len(k.Issues) != 1 || told.url != "https://github.com/acme/shop/issues/1" || told.file != incidentFile || k.Issues[0].Labels[0] != "incident" ||
		!strings.HasPrefix(k.Issues[0].Title, "Incident: checkout 1.5.0 in production: in 1m, 13 of 13 requests failed") {
		t.Fatalf("%v, %+v, %+v", found, told, k.Issues)
	}
	text, err := w.Files.Read(incidentFile, 1<<20)
	if err != nil || !strings.Contains(k.Issues[0].Body, string(text)) || !strings.Contains(string(text), theRun) {
		t.Errorf("%v: the file is\n%s", err, text)
	}

	// The same again, and people write below it.
	h.Forget()
	if _, found := publishIncident(t.Context(), w, e, d); len(found) > 0 || h.Asked(regexp.MustCompile("^(POST|PATCH)")) != 0 {
		t.Errorf("the same again: %v, written %d times", found, h.Asked(regexp.MustCompile("^(POST|PATCH)")))
	}
	seedIssue(t, h, k.Issues[0].Body+"\nAda is on it.", "github-actions[bot]", "incident")
	e.Ended = e.Ended.Add(time.Hour)
	d.reason = "it is worse"
	if _, found := publishIncident(t.Context(), w, e, d); len(found) > 0 {
		t.Error(found)
	}
	i, written, err := incident.Parse(keptBy(t, h).Issues[0].Body)
	if err != nil || written != "Ada is on it." || len(i.Actions) != 2 || i.Status != incident.Identified || i.Severity != "SEV1" {
		t.Errorf("%v: %+v, and %q", err, i, written)
	}

	// The version before is deployed again, and watched.
	old, good := gone(t, "o", func(i *inputs) {
		i.Expected, i.checks[0].version.want, i.incident = "1.4.2", "1.4.2", reported{create: true}
	})
	old.End, old.Stage = sliced, lastStage
	waiting := good
	waiting.act = hold
	told, found = publishIncident(t.Context(), w, old, waiting)
	k = keptBy(t, h)
	if i, _, _ = incident.Parse(k.Issues[0].Body); len(found) > 0 || i.Status != incident.Monitoring || k.Issues[0].State != "open" || told.url == "" || told.file != "" {
		t.Errorf("%v, %s, %s, %+v", found, i.Status, k.Issues[0].State, told)
	}
	old.End = kept
	if _, found = publishIncident(t.Context(), w, old, good); len(found) > 0 {
		t.Error(found)
	}
	k = keptBy(t, h)
	if i, written, _ = incident.Parse(k.Issues[0].Body); i.Status != incident.Resolved || k.Issues[0].State != "closed" || written != "Ada is on it." || !strings.Contains(i.Markdown(), "1.4.2 was verified") {
		t.Errorf("%s, %s, %q:\n%s", i.Status, k.Issues[0].State, written, i.Markdown())
	}

	// What goes wrong later is another incident.
	if _, found = publishIncident(t.Context(), w, e, d); len(found) > 0 || len(keptBy(t, h).Issues) != 2 {
		t.Errorf("%v, %d issues", found, len(keptBy(t, h).Issues))
	}
}

func seedIssue(t *testing.T, h *fakegithub.Hub, body, user string, labels ...string) {
	t.Helper()
	association := "MEMBER"
	if user == "mallory" {
		association = "NONE"
	}
	one, err := json.Marshal(map[string]any{"issues": []any{map[string]any{"number": 1, "body": body, "user": user, "labels": labels, "author_association": association}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Seed(one); err != nil {
		t.Fatal(err)
	}
}

// TestForeignIssues takes no issue that somebody else's mark is on, nor one about something else.
func TestForeignIssues(t *testing.T) {
	e, d := gone(t, "e", reporting(reported{create: true}))
	own := incidentOf(e, d)
	own.Opened = true
	body := func(change func(*incident.Incident)) string {
		i := own
		change(&i)
		text, err := i.Body("")
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for name, tt := range map[string]struct {
		user, body string
		labels     []string
		taken      bool
	}{
		"ours":                {"github-actions[bot]", body(func(*incident.Incident) {}), []string{"incident"}, true},
		"of a member":         {"ada", body(func(*incident.Incident) {}), []string{"Incident"}, true},
		"of a stranger":       {"mallory", body(func(*incident.Incident) {}), []string{"incident"}, false},
		"another version":     {"ada", body(func(i *incident.Incident) { i.Version = "1.4.9" }), []string{"incident"}, false},
		"another environment": {"ada", body(func(i *incident.Incident) { i.Environment = "staging" }), []string{"incident"}, false},
		"another service":     {"ada", body(func(i *incident.Incident) { i.Address = "https://web.example/" }), []string{"incident"}, false},
		"without the label":   {"ada", body(func(*incident.Incident) {}), []string{"bug"}, false},
		"a mark that broke":   {"ada", "<!-- slipway:incident {", []string{"incident"}, false},
	} {
		h, w := hubWorld(t, `{}`)
		seedIssue(t, h, tt.body, tt.user, tt.labels...)
		_, found := publishIncident(t.Context(), w, e, d)
		if n := len(keptBy(t, h).Issues); len(found) > 0 || (n == 1) != tt.taken {
			t.Errorf("%s: %v, %d issues", name, found, n)
		}
	}
}

// TestNamedIssue tells of an incident on an issue that a person opened, above what stands there, and leaves
// closing it to people.
func TestNamedIssue(t *testing.T) {
	h, w := hubWorld(t, `{}`)
	seedIssue(t, h, "Something is odd.", "mallory")
	e, d := gone(t, "e", reporting(reported{number: 1}))
	good, fine := gone(t, "o", func(i *inputs) {
		i.Expected, i.checks[0].version.want, i.incident = "1.4.2", "1.4.2", reported{number: 1}
	})
	good.Stage = lastStage
	if _, found := publishIncident(t.Context(), w, good, fine); len(found) > 0 || keptBy(t, h).Issues[0].Body != "Something is odd." {
		t.Errorf("an issue without an incident: %v, %s", found, keptBy(t, h).Issues[0].Body)
	}
	told, found := publishIncident(t.Context(), w, e, d)
	k := keptBy(t, h)
	i, written, err := incident.Parse(k.Issues[0].Body)
	if err != nil || len(found) > 0 || written != "Something is odd." || i.Opened || told.url == "" {
		t.Errorf("%v, %v: %q, %+v", err, found, written, told)
	}
	if _, found := publishIncident(t.Context(), w, good, fine); len(found) > 0 {
		t.Error(found)
	}
	k = keptBy(t, h)
	if i, _, _ = incident.Parse(k.Issues[0].Body); i.Status != incident.Resolved || k.Issues[0].State != "open" {
		t.Errorf("%s, %s", i.Status, k.Issues[0].State)
	}

	e.Service.Environment = "staging"
	_, found = publishIncident(t.Context(), w, e, d)
	warnedOnce(t, "another environment", found, "about .* in production, and this run is about .* in staging; it is left alone")
	e.Service.Environment, e.Expected = "production", "1.6.0"
	_, found = publishIncident(t.Context(), w, e, d)
	warnedOnce(t, "another version", found, "the issue #1 is about the incident with 1.5.0; it is left alone")
	seedIssue(t, h, "<!-- slipway:incident {} -->", "ada")
	_, found = publishIncident(t.Context(), w, e, d)
	warnedOnce(t, "a mark that was changed", found, "the issue #1: the mark on its first line names no status")
}

// TestIncidentFaults lets each request go wrong in each way: one warning says why, and the file is there.
func TestIncidentFaults(t *testing.T) {
	for _, tt := range []struct {
		request string
		there   bool // the issue is open already
		who     reported
	}{
		{"GET .*/issues$", false, reported{create: true}}, {"POST .*/issues$", false, reported{create: true}}, {"PATCH .*/issues/1$", true, reported{create: true}},
		{"GET .*/issues/1$", true, reported{number: 1}}, {"PATCH .*/issues/1$", true, reported{number: 1}},
	} {
		for how, words := range faults {
			name := fmt.Sprint(tt.request, " ", how, tt.who)
			h, w := hubWorld(t, `{}`)
			e, d := gone(t, "e", reporting(tt.who))
			if tt.there {
				i := incidentOf(e, d)
				i.Impact = "old"
				body, err := i.Body("")
				if err != nil {
					t.Fatal(err)
				}
				seedIssue(t, h, body, "github-actions[bot]", "incident")
			}
			h.Add(&fakegithub.Fault{How: how, Request: regexp.MustCompile(tt.request)})
			told, found := publishIncident(t.Context(), w, e, d)
			warnedOnce(t, name, found, strings.ReplaceAll(words, "422", "422|no such commit"))
			if told.file != incidentFile {
				t.Errorf("%s: no file", name)
			}
		}
	}
}

// TestIncidentIsNotTold holds what writes nothing: a dry run, a file that cannot be written, nobody who asked.
func TestIncidentIsNotTold(t *testing.T) {
	h, w := hubWorld(t, `{}`)
	e, d := gone(t, "e", nil)
	if told, found := publishIncident(t.Context(), w, e, d); len(found) > 0 || told.url != "" || told.file == "" || h.Asked(regexp.MustCompile(".")) != 0 {
		t.Errorf("not asked for: %v, %+v", found, told)
	}
	e.incident = reported{create: true}
	w.DryRun = true
	if told, found := publishIncident(t.Context(), w, e, d); len(found) > 0 || told != (notices{}) || h.Asked(regexp.MustCompile(".")) != 0 {
		t.Errorf("a dry run: %v, %+v", found, told)
	}
	w.DryRun, e.incident = false, reported{}
	if err := os.RemoveAll(w.Dir + "/.slipway"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(w.Dir+"/.slipway", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	told, found := publishIncident(t.Context(), w, e, d)
	if warnedOnce(t, "no folder", found, "write the incident"); told.file != "" {
		t.Errorf("%+v", told)
	}
}

// A secret that a service tells is in no text about it.
func TestIncidentWithoutSecrets(t *testing.T) {
	h, w := hubWorld(t, `{}`)
	e, d := gone(t, "e", reporting(reported{create: true}))
	d.reason = "it said hunter2"
	publishIncident(t.Context(), w, e, d)
	text, err := w.Files.Read(incidentFile, 1<<20)
	if all := h.Text() + string(text); err != nil || strings.Contains(all, "hunter2") || !strings.Contains(all, "it said ***") {
		t.Errorf("%v: %s", err, all)
	}
}

// The policy's labels are what an issue is found by.
func TestIncidentLabel(t *testing.T) {
	h, w := hubWorld(t, `{}`)
	e, d := gone(t, "e", reporting(reported{create: true}))
	e.verify.Incident = &policy.Incident{Labels: []string{"sev", "shop"}}
	if _, found := publishIncident(t.Context(), w, e, d); len(found) > 0 || len(keptBy(t, h).Issues[0].Labels) != 2 {
		t.Errorf("%v, %v", found, keptBy(t, h).Issues[0].Labels)
	}
}

func TestReadIncident(t *testing.T) {
	for given, want := range map[string]struct {
		r    reported
		good bool
	}{
		"": {reported{}, true}, "none": {reported{}, true}, "create": {reported{create: true}, true}, "12": {reported{number: 12}, true}, "#12": {reported{number: 12}, true},
		"https://github.com/acme/shop/issues/12": {reported{number: 12}, true}, "https://github.com/acme/other/issues/12": {reported{}, false}, "0": {reported{}, false}, "-1": {reported{}, false}, "open": {reported{}, false}, "1e3": {reported{}, false},
	} {
		spec := action.Spec{Inputs: []action.InputSpec{{Name: "incident", Default: "none"}}}
		in := action.NewInputs(spec, map[string]string{"incident": given})
		if got := readIncident(in, "acme/shop"); got != want.r || (in.Err() == nil) != want.good {
			t.Errorf("%q: %+v, %v", given, got, in.Err())
		}
	}
}
