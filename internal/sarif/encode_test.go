package sarif_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/sarif"
)

var update = flag.Bool("update", false, "rewrite the expected report")

// ours has every kind of alert, in no order.
func ours() sarif.Report {
	return sarif.Report{
		ToolVersion: "1.4.0",
		Alerts: []sarif.Alert{
			{
				Rule: "GO-2024-3333", Name: "VulnerableDependency", Summary: "Non-linear parsing of case-insensitive content", HelpURI: "https://osv.dev/vulnerability/GO-2024-3333",
				Description: "An attacker can craft an input.\n\n# Not a heading\n<img src=x>", Message: "golang.org/x/net 0.7.0 is affected; fixed in 0.33.0.", Next: "go get golang.org/x/net@v0.33.0",
				Score: 7.5, Level: osv.High, Outcome: sarif.Failing, Fingerprint: "f1", Tags: []string{"external/cwe/cwe-405", "security"},
				Places: []sarif.Place{{File: "services/api/go.mod", Line: 12}, {File: "go.mod", Line: 9}, {File: "go.mod", Line: 9}}, Baseline: "new",
			},
			{
				Rule: "GHSA-xxxx-yyyy-zzzz", Name: "VulnerableDependency", Summary: "Prototype pollution", Message: "[click](https://evil.example) 1.0.0 is affected.",
				Level: osv.Critical, Score: 7.1, Outcome: sarif.Accepted, Fingerprint: "f2", Places: []sarif.Place{{File: "web/package-lock.json"}},
				Justification: "only used to build", Owner: "@acme/web", Expires: "2027-01-31", Baseline: "unchanged",
			},
			{
				Rule: "secret/aws-access-token", Name: "LeakedSecret", Summary: "An access token of AWS", Message: "A secret is in the file.", Level: osv.Critical, Outcome: sarif.Failing,
				Fingerprint: "f3", Places: []sarif.Place{{File: "dir with space/a#b?c%20\nd:é.env", Line: 3}}, Baseline: "new",
			},
			{Rule: "GO-2020-0001", Message: "example.org/m 1.0.0 is affected.", Outcome: sarif.Warning, Fingerprint: "f4", Places: []sarif.Place{{File: "go.mod", Line: 4}}, Baseline: "unchanged"},
			{Rule: "GO-2020-0002", Message: "example.org/n 1.0.0 is affected.", Level: osv.Low, Outcome: sarif.Warning, Fingerprint: "f5", Places: []sarif.Place{{File: "go.mod", Line: 5}}, Baseline: "updated"},
		},
		Incomplete: []string{"yarn.lock cannot be read: line 3 is cut off.", "No data for crates.io."},
	}
}

func TestEncode(t *testing.T) {
	const golden = "testdata/ours.sarif"
	got, err := sarif.Encode(ours())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := validate(compile(t), got); err != nil {
		t.Error(err)
	}
	shuffled := ours()
	slices.Reverse(shuffled.Alerts)
	slices.Reverse(shuffled.Incomplete)
	for i := range shuffled.Alerts {
		slices.Reverse(shuffled.Alerts[i].Places)
		slices.Reverse(shuffled.Alerts[i].Tags)
	}
	again, err := sarif.Encode(shuffled)
	if err != nil || !bytes.Equal(got, again) {
		t.Errorf("another order gives another report: %v\n%s", err, cmp.Diff(string(got), string(again)))
	}
}

// What is written is read the same.
func TestRoundTrip(t *testing.T) {
	text, err := sarif.Encode(ours())
	if err != nil {
		t.Fatal(err)
	}
	runs, err := sarif.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	want := `
Slipway security-gate 1.4.0
! the tool reports an error: No data for crates.io.
! the tool reports an error: yarn.lock cannot be read: line 3 is cut off.
critical (security-severity 9.5 of Slipway security-gate) GHSA-xxxx-yyyy-zzzz web/package-lock.json:1-1:0 [security] suppressed external
  [click] (https://evil.example) 1.0.0 is affected.
medium (level warning of Slipway security-gate) GO-2020-0001 go.mod:4-4:0 [security unrated]
  example.org/m 1.0.0 is affected.
low (security-severity 2.0 of Slipway security-gate) GO-2020-0002 go.mod:5-5:0 [security]
  example.org/n 1.0.0 is affected.
high (security-severity 7.5 of Slipway security-gate) GO-2024-3333 go.mod:9-9:0 [external/cwe/cwe-405 security]
  golang.org/x/net 0.7.0 is affected; fixed in 0.33.0.
critical (security-severity 9.5 of Slipway security-gate) secret/aws-access-token dir with space/a#b?c%20
d:é.env:3-3:0 [security]
  A secret is in the file.
`
	want = strings.Replace(want, "! the tool reports", "! the tool failed (executionSuccessful is false)\n! the tool reports", 1)
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(told(runs))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := runs[0].Results[0].Suppressions; !slices.Equal(got, []sarif.Suppression{{Kind: "external", Status: "accepted", Justification: "only used to build"}}) {
		t.Errorf("suppressions %+v", got)
	}
}

// Nothing found is a list of nothing, and a complete scan has no complaint.
func TestEncodeNothing(t *testing.T) {
	text, err := sarif.Encode(sarif.Report{})
	if err != nil {
		t.Fatal(err)
	}
	if err := validate(compile(t), text); err != nil {
		t.Error(err)
	}
	runs, err := sarif.Parse(text)
	if err != nil || len(runs) != 1 || !runs[0].Complete || len(runs[0].Results) != 0 {
		t.Errorf("%+v, %v", runs, err)
	}
}

func TestEncodeRefuses(t *testing.T) {
	good := sarif.Alert{Rule: "R", Fingerprint: "f", Places: []sarif.Place{{File: "go.mod"}}}
	if _, err := sarif.Encode(sarif.Report{Alerts: []sarif.Alert{good}}); err != nil {
		t.Fatal(err)
	}
	tests := map[string]func(a *sarif.Alert){
		"has no rule":           func(a *sarif.Alert) { a.Rule = "" },
		"has no fingerprint":    func(a *sarif.Alert) { a.Fingerprint = "" },
		"has no place":          func(a *sarif.Alert) { a.Places = nil },
		`the place "../go.mod"`: func(a *sarif.Alert) { a.Places[0].File = "../go.mod" },
		`the place "a/../b"`:    func(a *sarif.Alert) { a.Places[0].File = "a/../b" },
		`the place "/go.mod"`:   func(a *sarif.Alert) { a.Places[0].File = "/go.mod" },
		`the place ""`:          func(a *sarif.Alert) { a.Places[0].File = "" },
		`"absent", want one of`: func(a *sarif.Alert) { a.Baseline = "absent" },
	}
	for want, change := range tests {
		bad := good
		bad.Places = slices.Clone(good.Places)
		change(&bad)
		if _, err := sarif.Encode(sarif.Report{Alerts: []sarif.Alert{good, bad}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// Only where all were compared may one say so.
func TestEncodeBaselineOfAllOrNone(t *testing.T) {
	r := ours()
	r.Alerts[3].Baseline = ""
	text, err := sarif.Encode(r)
	if err != nil || bytes.Contains(text, []byte("baselineState")) {
		t.Errorf("%v: one was not compared, and the report has a baselineState", err)
	}
}

// What GitHub would not take is left out, the least severe first, and the report says so.
func TestEncodeLimits(t *testing.T) {
	var r sarif.Report
	for i := range 25_010 {
		a := sarif.Alert{Rule: fmt.Sprintf("R%d", i%50), Fingerprint: fmt.Sprint(i), Message: fmt.Sprint(i), Places: []sarif.Place{{File: "go.mod", Line: i}}, Level: osv.Low}
		switch {
		case i == 25_000:
			a.Outcome = sarif.Failing
			for line := range 1_200 {
				a.Places = append(a.Places, sarif.Place{File: "z", Line: line + 1})
			}
			for n := range 30 {
				a.Tags = append(a.Tags, fmt.Sprintf("tag %d", n))
			}
		case i > 25_000:
			a.Level = osv.Critical
		}
		r.Alerts = append(r.Alerts, a)
	}
	text, err := sarif.Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			Invocations []struct {
				Successful    bool `json:"executionSuccessful"`
				Notifications []struct {
					Level   string
					Message struct{ Text string }
				} `json:"toolExecutionNotifications"`
			}
			Tool struct {
				Driver struct{ Rules []json.RawMessage }
			}
			Results []struct {
				Message          struct{ Text string }
				RelatedLocations []json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(text, &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Results) != 25_000 || len(run.Tool.Driver.Rules) != 50 {
		t.Errorf("%d results of %d rules", len(run.Results), len(run.Tool.Driver.Rules))
	}
	severe := 0
	for _, result := range run.Results {
		if n := result.Message.Text; len(n) == 5 && n >= "25000" {
			severe++
		}
		if result.Message.Text == "25000" && len(result.RelatedLocations) != 999 {
			t.Errorf("%d related locations", len(result.RelatedLocations))
		}
	}
	if severe != 10 {
		t.Errorf("%d of the 10 most severe are there", severe)
	}
	var notes []string
	for _, n := range run.Invocations[0].Notifications {
		notes = append(notes, n.Level+": "+n.Message.Text)
	}
	want := []string{
		"error: 10 results left out, the least severe: GitHub takes at most 25000, or 10 MB after gzip.",
		"warning: 201 places left out: GitHub takes at most 1000 of a result.",
		"warning: 11 tags left out: GitHub takes at most 20 of a rule.",
	}
	if diff := cmp.Diff(want, notes); diff != "" || run.Invocations[0].Successful {
		t.Errorf("successful %v (-want +got):\n%s", run.Invocations[0].Successful, diff)
	}
}

// A rule is as severe as the severest of its alerts, whichever of them fails.
func TestEncodeRuleOfSeveralAlerts(t *testing.T) {
	place := []sarif.Place{{File: "go.mod"}}
	text, err := sarif.Encode(sarif.Report{Alerts: []sarif.Alert{
		{Rule: "R", Summary: "of the failing one", Level: osv.Medium, Score: 5.1, Outcome: sarif.Failing, Fingerprint: "a", Places: place},
		{Rule: "R", Summary: "of the other", Level: osv.Critical, Score: 9.9, Outcome: sarif.Accepted, Fingerprint: "b", Places: place},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"security-severity": "9.9"`, `"text": "of the failing one"`, "\"defaultConfiguration\": {\n        \"level\": \"error\""} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
}
