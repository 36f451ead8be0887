package gonogo

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/policy"
)

// changed is evidence of a change since yesterday, of which everything is known.
func changed(files ...changedFile) evidence {
	e := with()
	e.Change = change{Head: commit, Base: another, Since: "v1.0.0", Released: noon.Add(-24 * time.Hour), Commits: []changedCommit{{SHA: commit}}, Files: files, Looked: 10}
	return e
}

func added(path string) changedFile { return changedFile{Path: path, Status: "A", Added: 1} }

// TestRiskFacts holds what each part is taken from, and that none of it is known where its evidence is not.
func TestRiskFacts(t *testing.T) {
	quiet := knownOf(changed()).risk
	if !quiet.known || quiet.value != 0 || quiet.level != "low" {
		t.Fatalf("nothing changed, and the risk is %+v", quiet)
	}
	for name, tt := range map[string]struct {
		set  func(*evidence)
		want string // score and level, or why it is not known
	}{
		"size":     {func(e *evidence) { e.Change.Files, e.Change.Lines = []changedFile{added("a.go")}, 500 }, "12 low"},
		"left out": {func(e *evidence) { e.Change.MoreFiles = 1 }, "places that have failed before: 1 of its files are too many to be looked at one by one"},
		"history": {func(e *evidence) {
			e.Change.Files, e.Change.Failures = []changedFile{added("a/b/c")}, []failure{{"a/b", 13}, {"c", 9}}
		}, "17 low"},
		"history, not looked at":    {func(e *evidence) { e.Change.Unlooked = true }, "places that have failed before: the change has too many commits to look at those before it"},
		"dependencies":              {func(e *evidence) { e.Change.Files = []changedFile{added("x/go.mod"), added("x/go.sum")} }, "8 low"},
		"migrations, not asked for": {func(e *evidence) { e.Change.Files = []changedFile{added("db/migrate/1.rb")} }, "17 low"},
		"newcomers":                 {func(e *evidence) { e.Change.Newcomers = 3 }, "10 low"},
		"a gap":                     {func(e *evidence) { e.Change.Released = noon.Add(-91 * 24 * time.Hour) }, "6 low"},
		"a release from the future": {func(e *evidence) { e.Change.Released = noon.Add(time.Hour) }, "time since the last release: the last release is from the future, 2026-03-02T13:00:00Z"},
		"the first release":         {func(e *evidence) { e.Change.Released, e.Change.Base = time.Time{}, "" }, "6 low"},
		"a batch":                   {func(e *evidence) { e.Change.MoreCommits = 300 }, "4 low"},
		"a sunday":                  {func(e *evidence) { e.Now = noon.Add(6 * 24 * time.Hour) }, "11 low"},
		"a night elsewhere":         {func(e *evidence) { e.Timezone = "Asia/Tokyo" }, "8 low"},
		"no time zone":              {func(e *evidence) { e.Timezone = "Nowhere/Land" }, "hour and day: there is no time zone Nowhere/Land"},
		"incidents": {func(e *evidence) {
			e.Gate.Risk = &policy.Risk{Incidents: []string{"x"}}
			e.Incidents = incidents{Asked: true, Numbers: []int{9, 7}}
		}, "8 low"},
		"incidents, none": {func(e *evidence) {
			e.Gate.Risk = &policy.Risk{Incidents: []string{"x"}}
			e.Incidents = incidents{Asked: true}
		}, "0 low"},
		"incidents, not asked for": {func(e *evidence) { e.Gate.Risk = &policy.Risk{Incidents: []string{"x"}} }, "open incidents: open incidents were not asked for"},
		"incidents, not read": {func(e *evidence) {
			e.Gate.Risk = &policy.Risk{Incidents: []string{"x"}}
			e.Incidents = incidents{Asked: true, Problem: problem{What: "no"}}
		}, "open incidents: no"},
		"bounds":                    {func(e *evidence) { e.Gate.Risk = &policy.Risk{Medium: 2, High: 9}; e.Change.Newcomers = 3 }, "10 high"},
		"a problem":                 {func(e *evidence) { e.Change = change{Problem: problem{What: "no"}} }, "size of the change: no"},
		"of another commit":         {func(e *evidence) { e.Change.Head = another }, "size of the change: the change of this commit was not read"},
		"nothing read":              {func(e *evidence) { e.Change = change{} }, "size of the change: the change of this commit was not read"},
		"migrations, text not read": {func(e *evidence) { *e = migrating(*e, added("m/1.sql")) }, "migrations: the migration m/1.sql was not read: its text was not recorded"},
		"migrations, additive": {func(e *evidence) {
			*e = migrating(*e, added("m/1.up.sql"))
			recordText(*e, "m/1.up.sql", "SELECT 1")
			recordText(*e, "m/1.down.sql", "SELECT 1")
		}, "10 low"},
		"migrations, not additive": {func(e *evidence) {
			*e = migrating(*e, added("m/1.up.sql"))
			recordText(*e, "m/1.up.sql", "DROP TABLE a")
			recordText(*e, "m/1.down.sql", "SELECT 1")
		}, "14 low"},
		"migrations, one way":         {func(e *evidence) { *e = migrating(*e, added("m/1.up.sql")); recordText(*e, "m/1.up.sql", "SELECT 1") }, "17 low"},
		"migrations, of unknown kind": {func(e *evidence) { *e = migrating(*e, added("m/1.sql")); recordText(*e, "m/1.sql", "SELECT 1") }, "17 low"},
	} {
		t.Run(name, func(t *testing.T) {
			e := changed()
			tt.set(&e)
			r := knownOf(e).risk
			got := r.why
			if r.known {
				got = fmt.Sprintf("%d %s", r.value, r.level)
			}
			if got != tt.want {
				t.Errorf("the risk is %q, want %q", got, tt.want)
			}
			row := riskData(r)
			if (row.Score != nil) != r.known || r.known != (r.level != "") {
				t.Errorf("recorded as %+v", row)
			}
		})
	}
}

// TestChangeIsRecorded holds that what is decided from outlives being written and read.
func TestChangeIsRecorded(t *testing.T) {
	e := migrating(changed(), added("m/1.up.sql"))
	recordText(e, "m/1.up.sql", "DROP TABLE a")
	e.Incidents = incidents{Asked: true, Numbers: []int{7}}
	e.Change.Failures, e.Change.MoreCommits, e.Change.Newcomers = []failure{{"m", 3}}, 5, 1
	written, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var again evidence
	if err := json.Unmarshal(written, &again); err != nil {
		t.Fatal(err)
	}
	again.Gate = e.Gate // comes from the policy's text
	again.Timezone = e.Timezone
	a, b := decide(e), decide(again)
	if diff := cmp.Diff(riskData(a.risk), riskData(b.risk)); diff != "" || !cmp.Equal(a.findings(), b.findings()) {
		t.Errorf("it decides otherwise; %s\n%v\n%v", diff, a.findings(), b.findings())
	}
	if page := riskPart(b).Markdown(10_000); !strings.Contains(page, "places that have failed before") || !strings.Contains(page, "Risk: medium, 30 of 100") {
		t.Errorf("the page is %s", page)
	}
}
