package incident_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/incident"
	"github.com/slipway-actions/slipway/internal/policy"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// some is an incident in which every part says something.
func some() incident.Incident {
	return incident.Incident{
		Address: "https://shop.example/version", Service: "checkout", Environment: "production", Version: "1.5.0",
		Title:  "checkout 1.5.0 in production: 5xx of 1.5.0 are 4.1–9.7 × those of 1.4.2, seen after 3m, 31 errors in 1,140 requests",
		Status: incident.Identified, Severity: "SEV2", Impact: "up to 5 % of the users may be affected; a critical function is broken.",
		Started: noon.Add(3 * time.Minute), Updated: noon.Add(4 * time.Minute),
		Actions: []incident.Action{{At: noon.Add(4 * time.Minute), Text: "Decided: rollback to 1.4.2: 5xx of 1.5.0 are 4.1–9.7 × those of 1.4.2.", URL: "https://github.com/acme/shop/actions/runs/42"}},
		Next:    []string{"Deploy 1.4.2 again (output rollback-to), then verify it in the same way.", "Find the cause."},
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestText reads the text as prose, from the first of it to its end.
func TestText(t *testing.T) {
	i := some()
	golden(t, "identified.md", i.Markdown())
	i = i.Becomes(incident.Monitoring, incident.Action{At: noon.Add(20 * time.Minute), Text: "1.4.2 stands so far, and is being watched."}, "Watch 1.4.2 until it is verified.")
	i = i.Becomes(incident.Resolved, incident.Action{At: noon.Add(2 * time.Hour), Text: "1.4.2 was verified: 3 of 3 looks in a row showed 1.4.2", URL: "https://github.com/acme/shop/actions/runs/43"})
	golden(t, "resolved.md", i.Markdown())
	i.Title, i.Impact, i.Why = "<!-- --> @all [x](https://evil.example) **b**\n# h", "`code` <img src=x>", "| a |\n|---|"
	i.Actions = []incident.Action{{At: noon, Text: "https://evil.example @all <b>", URL: "javascript:alert(1)"}}
	i.Next = []string{"- [ ] @all\n\n## STATUS", strings.Repeat("ä", 1000)}
	golden(t, "hostile.md", i.Markdown())
}

// TestRoundTrip holds that what was written is read back, and what people wrote below it is kept.
func TestRoundTrip(t *testing.T) {
	for name, written := range map[string]string{"nothing": "", "notes": "We called Ada.\n\n<!-- slipway:incident {} -->\n- [ ] ask", "a copy of the end": "<!-- /slipway:incident: write below, above is written anew -->\nx"} {
		i := some()
		i.Title += " --> <!-- slipway:incident {} -->\n<!-- /slipway:incident: write below, above is written anew -->"
		body, err := i.Body(written)
		if err != nil {
			t.Fatal(err)
		}
		got, kept, err := incident.Parse("\ufeff" + strings.ReplaceAll(body, "\n", "\r\n"))
		if err != nil || kept != written {
			t.Errorf("%s: %v, kept %q", name, err, kept)
		}
		again, err := got.Body(kept)
		if err != nil || again != body {
			t.Errorf("%s: it became\n%s", name, cmp.Diff(body, again))
		}
	}
}

func TestParse(t *testing.T) {
	body, err := some().Body("notes")
	if err != nil {
		t.Fatal(err)
	}
	first, rest, _ := strings.Cut(body, "\n")
	for name, tt := range map[string]struct {
		body, written string
		none          bool
		err           string
	}{
		"as it was written":    {body: body, written: "notes"},
		"the end was deleted":  {body: first + "\nwords", written: "words"},
		"a person above it":    {body: "look:\n" + body, none: true, err: "no mark", written: strings.TrimSpace("look:\n" + body)},
		"in a later line":      {body: rest + first, none: true, err: "no mark", written: strings.TrimSpace(rest + first)},
		"nothing":              {none: true, err: "no mark"},
		"cut":                  {body: first[:80], err: "was changed"},
		"no JSON":              {body: "<!-- slipway:incident x -->", err: "was changed"},
		"another type":         {body: `<!-- slipway:incident {"status": 7} -->`, err: "was changed"},
		"no status":            {body: `<!-- slipway:incident {"status": "Fine", "severity": "SEV1", "started": "2026-03-01T12:00:00Z"} -->`, err: "names no status"},
		"no severity":          {body: `<!-- slipway:incident {"status": "Resolved", "severity": "SEV0", "started": "2026-03-01T12:00:00Z"} -->`, err: "names no status"},
		"no beginning":         {body: `<!-- slipway:incident {"status": "Resolved", "severity": "SEV1"} -->`, err: "names no status"},
		"too long":             {body: `<!-- slipway:incident {"title": "` + strings.Repeat("x", 70_000) + `"} -->`, err: "was changed"},
		"of a change ticket":   {body: `<!-- slipway:change {"state": "draft"} -->`, none: true, err: "no mark", written: `<!-- slipway:change {"state": "draft"} -->`},
		"an end in the middle": {body: first + "\n<!-- /slipway:incident: write below, above is written anew -->\nours", written: "ours"},
	} {
		t.Run(name, func(t *testing.T) {
			_, written, err := incident.Parse(tt.body)
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) || errors.Is(err, incident.ErrNoMark) != tt.none {
				t.Fatal(err)
			}
			if tt.err != "was changed" && tt.written != written && tt.written != "" {
				t.Errorf("people wrote %q", written)
			}
		})
	}
}

// What comes back from an issue may be anything; it is bounded before it is written again.
func TestBounds(t *testing.T) {
	i := some()
	for range 500 {
		i.Actions = append(i.Actions, incident.Action{At: noon, Text: "more"}, incident.Action{At: noon, Text: "less"})
		i.Next = append(i.Next, "more")
	}
	i.Actions[0].URL = "https://x.example/" + strings.Repeat("x", 3000)
	mark, _ := json.Marshal(i)
	got, _, err := incident.Parse("<!-- slipway:incident " + strings.ReplaceAll(string(mark), ">", `\u003e`) + " -->")
	if err != nil || len(got.Actions) != 20 || len(got.Next) != 20 || got.Actions[0].Text != i.Actions[0].Text || got.Actions[0].URL != "" {
		t.Errorf("%v: %d actions, %d steps: %+v", err, len(got.Actions), len(got.Next), got.Actions[0])
	}
	i.Title, i.Impact = strings.Repeat("😀", 100_000), strings.Repeat("<", 100_000)
	for n := range i.Actions {
		i.Actions[n].Text = fmt.Sprint(strings.Repeat("<", 390), n)
	}
	i.Actions[0].Text, i.Actions[len(i.Actions)-1].Text = "the first: 1", "the newest: 2"
	body, err := i.Body("")
	if n := utf8.RuneCountInString(body); err != nil || n > incident.Limit {
		t.Errorf("%d characters: %v", n, err)
	}
	if got, _, err := incident.Parse(body); err != nil || len(got.Actions) < 3 || !strings.HasSuffix(got.Actions[0].Text, "1") || !strings.HasSuffix(got.Actions[len(got.Actions)-1].Text, "2") {
		t.Errorf("%v: %d actions are left", err, len(got.Actions))
	}
	if _, err := some().Body(strings.Repeat("é", 65_000)); !errors.Is(err, incident.ErrFull) {
		t.Errorf("a full issue: %v", err)
	}
}

// TestAfter goes on from an older text: nothing that was told is untold.
func TestAfter(t *testing.T) {
	older := some()
	older.Severity, older.Why, older.Opened = "SEV1", "because", true
	newer := some()
	newer.Status, newer.Severity, newer.Started, newer.Updated = incident.Investigating, "SEV3", noon.Add(time.Hour), noon.Add(2*time.Hour)
	newer.Actions = []incident.Action{{At: noon.Add(2 * time.Hour), Text: "Decided: hold."}}
	got := newer.After(older)
	if got.Status != incident.Identified || got.Severity != "SEV1" || got.Why != "because" || !got.Started.Equal(older.Started) || !got.Updated.Equal(newer.Updated) || len(got.Actions) != 2 || !got.Opened {
		t.Errorf("%+v", got)
	}
	later := newer
	later.Updated = noon.Add(5 * time.Hour)
	if again := later.After(got); len(again.Actions) != 2 || !again.Same(got) {
		t.Errorf("the same again: %+v", again.Actions)
	}
	if fresh := newer.After(incident.Incident{}); fresh.Status != incident.Investigating || fresh.Severity != "SEV3" || !fresh.Started.Equal(newer.Started) {
		t.Errorf("after nothing: %+v", fresh)
	}
	resolved := got.Becomes(incident.Resolved, incident.Action{At: noon, Text: "over"})
	if worse := newer.After(resolved); worse.Status != incident.Investigating {
		t.Errorf("what begins anew is %s", worse.Status)
	}
}

func TestConcerns(t *testing.T) {
	i, other := some(), some()
	other.Environment, other.Version = "Production", "1.4.2"
	if !i.Concerns(other) {
		t.Error("another version, and the environment in other letters")
	}
	other.Address = "https://web.example/"
	if i.Concerns(other) {
		t.Error("another service")
	}
}

func truth(b bool) *bool { return &b }

func TestSeverity(t *testing.T) {
	own := []policy.Grade{{Level: "SEV1", When: "impact.users > 0.5"}, {Level: "SEV2", When: "migration.irreversible"}, {Level: "SEV3"}}
	for name, tt := range map[string]struct {
		rules []policy.Grade
		facts incident.Facts
		want  string
		why   string
	}{
		"critical, many":             {nil, incident.Facts{Users: 0.25, Critical: truth(true)}, "SEV1", ""},
		"critical, few":              {nil, incident.Facts{Users: 0.249, Critical: truth(true)}, "SEV2", ""},
		"not critical":               {nil, incident.Facts{Users: 1, Critical: truth(false)}, "SEV3", ""},
		"unknown, many":              {nil, incident.Facts{Users: 1}, "SEV1", "impact.critical is not known"},
		"unknown, few":               {nil, incident.Facts{Users: 0.1}, "SEV2", "impact.critical is not known"},
		"report-only":                {nil, incident.Facts{Users: 1, Critical: truth(true), ReportOnly: true}, "SEV4", "report-only"},
		"own rules: the first":       {own, incident.Facts{Users: 0.6}, "SEV1", ""},
		"own rules: the second":      {own, incident.Facts{Irreversible: truth(true)}, "SEV2", ""},
		"own rules: the last":        {own, incident.Facts{Irreversible: truth(false)}, "SEV3", ""},
		"own rules: unknown":         {own, incident.Facts{}, "SEV2", "migration.irreversible is not known"},
		"own rules: report-only":     {own, incident.Facts{Users: 0.6, ReportOnly: true}, "SEV1", ""},
		"none holds":                 {[]policy.Grade{{Level: "SEV1", When: "impact.users > 0.5"}}, incident.Facts{Critical: truth(true)}, "SEV2", ""},
		"unknown, then graver":       {[]policy.Grade{{Level: "SEV4", When: "migration.irreversible"}, {Level: "SEV1"}}, incident.Facts{}, "SEV1", ""},
		"two unknown, the graver":    {[]policy.Grade{{Level: "SEV3", When: "migration.irreversible"}, {Level: "SEV1", When: "impact.critical"}, {Level: "SEV4"}}, incident.Facts{}, "SEV1", "impact.critical"},
		"unknown, and the usual one": {[]policy.Grade{{Level: "SEV4", When: "migration.irreversible"}}, incident.Facts{Critical: truth(true)}, "SEV2", ""},
		"unknown, but graver":        {[]policy.Grade{{Level: "SEV1", When: "migration.irreversible"}}, incident.Facts{Critical: truth(false)}, "SEV1", "migration.irreversible"},
		"a condition that is none":   {[]policy.Grade{{Level: "SEV1", When: "impact."}, {Level: "SEV4"}}, incident.Facts{Critical: truth(false)}, "SEV1", "the graver is taken"},
	} {
		if got, why := incident.Severity(tt.rules, tt.facts); got != tt.want || !strings.Contains(why, tt.why) || (tt.why == "") != (why == "") {
			t.Errorf("%s: %s (%s), want %s (%s)", name, got, why, tt.want, tt.why)
		}
	}
	for level, want := range map[string]string{"SEV1": "15 minutes", "SEV2": "1 hour", "SEV3": "4 hours", "SEV4": "1 business day"} {
		if got := incident.ResponseTime(level); got != want {
			t.Errorf("%s: %s, want %s", level, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	body, err := some().Body("notes")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add(`<!-- slipway:incident {"status":"Resolved","severity":"SEV1","started":"2026-03-01T12:00:00Z","actions":[{}]} -->`)
	f.Fuzz(func(t *testing.T, body string) {
		i, written, err := incident.Parse(body)
		if err != nil {
			return
		}
		once, err := i.Body(written)
		if err != nil {
			return
		}
		again, kept, err := incident.Parse(once)
		if err != nil || kept != written || !again.Same(i) {
			t.Fatalf("%v: %q became\n%s", err, body, once)
		}
	})
}
