package gonogo

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/attest"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/runner"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// workspace is a collector that can write into an empty folder.
func workspace(t *testing.T) (collector, string) {
	t.Helper()
	dir := t.TempDir()
	files, err := runner.OpenWorkspace(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	return collector{World: &action.World{Dir: dir, Files: files, Redact: func(s string) string { return strings.ReplaceAll(s, "hunter2", "***") }}}, dir
}

// deciding is a go from some evidence of each kind, or a no-go by a failed check.
func deciding(goes bool) evidence {
	e := with(requires("unit"), policy.Criterion{ID: "security", Evidence: &policy.Evidence{Action: scanning}, Owner: "appsec"},
		policy.Criterion{ID: "backup", Evidence: &policy.Evidence{File: "backup.json"}})
	e.Checks.All = []check{ran("unit", map[bool]string{true: "success", false: "failure"}[goes])}
	e.Checks.All[0].URL = "https://github.com/acme/shop/runs/1"
	e.Documents = []document{decodeDocument("scan.json", "scan.json", []byte(passText(scanning)))}
	e.Files[inWorkspace+"backup.json"] = fileOf([]byte(`{}`), nil)
	e.Policy, e.PolicyFrom, e.Digest, e.ChangeType = "version: 1\n", ".github/slipway.yml at the commit", digestA, "emergency"
	e.Run, e.Tool = result.Run{ID: 42, Attempt: 2, URL: "https://github.com/acme/shop/actions/runs/42", Actor: "ada"}, "1.5.0"
	return e
}

func readFile(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}

func statementIn(t *testing.T, text string) attest.Statement {
	t.Helper()
	s, err := attest.ReadStatement([]byte(text))
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return s
}

func TestRecord(t *testing.T) {
	for _, goes := range []bool{true, false} {
		c, dir := workspace(t)
		e := deciding(goes)
		e, d := written(t.Context(), e, decide(e), c.writeRecord)
		if (d.verdict == verdict.Pass) != goes || len(e.Published.Problems) > 0 || e.Published.RecordFile != recordFile {
			t.Fatalf("%s, published %+v: %s", d.verdict, e.Published, reasons(d))
		}
		s := statementIn(t, readFile(t, dir, recordFile))
		want := []attest.Resource{{Name: "acme/shop", Digest: map[string]string{"gitCommit": commit}}, {Name: "image", Digest: map[string]string{"sha256": digestA[7:]}}}
		if diff := cmp.Diff(want, s.Subject); diff != "" || s.PredicateType != "https://slipway-actions.github.io/release-decision/v1" {
			t.Errorf("a %s: %s", s.PredicateType, diff)
		}
		validate(t, s.Predicate)
		var got attest.Decision
		if err := json.Unmarshal(s.Predicate, &got); err != nil {
			t.Fatal(err)
		}
		outcome := map[bool]verdict.Outcome{true: verdict.Passed, false: verdict.Failed}[goes]
		if got.Decision != decisionOf(d) || got.Verdict != d.verdict || got.Environment != "production" || got.ChangeType != "emergency" || got.Run != e.Run || got.Tool != "1.5.0" || !got.DecidedAt.Equal(noon) ||
			got.Sentence != sentence(e, d) || got.Earliest != "2026-03-02T12:00:00Z" || got.Policy.Name != e.PolicyFrom || got.Policy.Digest["sha256"] != sum([]byte(e.Policy)) || got.Risk != nil {
			t.Errorf("the record is %+v", got)
		}
		if len(got.Criteria) != 3 || got.Criteria[0].ID != "tests" || got.Criteria[0].Outcome != outcome || !goes && got.Criteria[0].Observed[0].Evidence != e.Checks.All[0].URL || got.Criteria[1].Observed[0].Owner != "appsec" {
			t.Errorf("the criteria are %+v", got.Criteria)
		}
		resources := []attest.Resource{{Name: "scan.json", Digest: map[string]string{"sha256": sum([]byte(passText(scanning)))}}, {Name: "workspace:backup.json", Digest: map[string]string{"sha256": sum([]byte(`{}`))}}}
		if diff := cmp.Diff(resources, got.Resources); diff != "" {
			t.Errorf("resources (-want +got):\n%s", diff)
		}
		svr := readFile(t, dir, svrFile)
		if goes != (svr != "") || goes != (e.Published.SVRFile == svrFile) {
			t.Errorf("a %s has the verification result %q", got.Decision, svr)
		}
		if !goes {
			continue
		}
		var verified attest.SVR
		if s := statementIn(t, svr); s.PredicateType != "https://in-toto.io/attestation/svr/v0.1" || json.Unmarshal(s.Predicate, &verified) != nil {
			t.Fatalf("a %s", s.PredicateType)
		}
		properties := []string{"SLIPWAY_GO_production", "SLIPWAY_PASSED_tests", "SLIPWAY_PASSED_security", "SLIPWAY_PASSED_backup"}
		if !cmp.Equal(verified.Properties, properties) || verified.Verifier.ID == "" || !verified.TimeCreated.Equal(noon) || verified.Verifier.Policy.Digest["sha256"] == "" {
			t.Errorf("the verification result is %+v", verified)
		}
	}
}

// The same evidence gives the same bytes, also when it comes out of a record; signed ones too.
func TestRecordIsReplayable(t *testing.T) {
	private, public := pair(t)
	key, err := attest.ReadKey(public)
	if err != nil {
		t.Fatal(err)
	}
	c, dir := workspace(t)
	e := deciding(true)
	e.SigningKey = string(private)
	if e, _ := written(t.Context(), e, decide(e), c.writeRecord); e.Published.RecordFile != signedRecordFile || e.Published.SVRFile != signedSVRFile {
		t.Fatalf("published %+v", e.Published)
	}
	first, verified := readFile(t, dir, signedRecordFile), readFile(t, dir, signedSVRFile)
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(text, private[30:60]) {
		t.Error("the evidence holds the key")
	}
	var again evidence
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	again.Gate, again.SigningKey = e.Gate, e.SigningKey
	c, dir = workspace(t)
	written(t.Context(), again, decide(again), c.writeRecord)
	if first != readFile(t, dir, signedRecordFile) || verified != readFile(t, dir, signedSVRFile) {
		t.Error("the record is another one")
	}
	for _, text := range []string{first, verified} {
		envelope, err := attest.ReadEnvelope([]byte(text))
		if err != nil || !envelope.SignedBy(key) {
			t.Errorf("not signed: %v", err)
		}
		statementIn(t, string(envelope.Payload))
	}
}

// No secret is in a record, and none was there when it was signed.
func TestRecordIsRedacted(t *testing.T) {
	private, _ := pair(t)
	c, dir := workspace(t)
	e := deciding(true)
	e.Environment, e.SigningKey = "hunter2", string(private)
	written(t.Context(), e, decide(e), c.writeRecord)
	envelope, err := attest.ReadEnvelope([]byte(readFile(t, dir, signedRecordFile)))
	if err != nil || bytes.Contains(envelope.Payload, []byte("hunter2")) || !bytes.Contains(envelope.Payload, []byte(`"environment":"***"`)) {
		t.Errorf("%s, %v", envelope.Payload, err)
	}
}

// What an earlier run left does not outlive it.
func TestStaleRecords(t *testing.T) {
	private, _ := pair(t)
	for name, tt := range map[string]struct {
		goes, signed bool
		left         []string
	}{
		"go": {true, false, []string{recordFile, svrFile}}, "no-go": {false, false, []string{recordFile}},
		"signed go": {true, true, []string{signedRecordFile, signedSVRFile}}, "signed no-go": {false, true, []string{signedRecordFile}},
	} {
		c, dir := workspace(t)
		for _, file := range recordFiles {
			if _, err := c.Write(file, []byte("stale")); err != nil {
				t.Fatal(err)
			}
		}
		e := deciding(tt.goes)
		if tt.signed {
			e.SigningKey = string(private)
		}
		written(t.Context(), e, decide(e), c.writeRecord)
		var left []string
		for _, file := range recordFiles {
			if text := readFile(t, dir, file); text != "" {
				left = append(left, file)
				if text == "stale" {
					t.Errorf("%s: %s is as it was", name, file)
				}
			}
		}
		if !cmp.Equal(left, tt.left) {
			t.Errorf("%s leaves %v, want %v", name, left, tt.left)
		}
	}
}

// A go without its record is none, and what was written says so.
func TestRecordCannotBeWritten(t *testing.T) {
	for name, at := range map[string]string{"the record": recordFile, "the verification result": svrFile, "what is stale": signedSVRFile} {
		c, dir := workspace(t)
		if err := os.MkdirAll(filepath.Join(dir, at), 0o755); err != nil {
			t.Fatal(err)
		}
		e := deciding(true)
		e, d := written(t.Context(), e, decide(e), c.writeRecord)
		if d.verdict != verdict.Unknown || len(e.Published.Problems) == 0 || !strings.Contains(reasons(d), "publish is unknown") || e.Published.SVRFile != "" {
			t.Errorf("%s: %s, %+v", name, d.verdict, e.Published)
		}
		if at != svrFile && readFile(t, dir, svrFile) != "" {
			t.Errorf("%s: there is a verification result of a no-go", name)
		}
		if at != recordFile {
			var got attest.Decision
			if err := json.Unmarshal(statementIn(t, readFile(t, dir, recordFile)).Predicate, &got); err != nil || got.Decision != "no-go" {
				t.Errorf("%s: the record says %s, %v", name, got.Decision, err)
			}
		}
	}
}

func TestDryRecord(t *testing.T) {
	c, dir := workspace(t)
	c.DryRun = true
	e := deciding(true)
	e, d := written(t.Context(), e, decide(e), c.writeRecord)
	if entries, _ := os.ReadDir(dir); len(entries) > 0 || d.verdict != verdict.Pass || e.Published.RecordFile != "" || e.Published.SVRFile != "" {
		t.Errorf("%v, %s, %+v", entries, d.verdict, e.Published)
	}
}

func TestOutcomeOfCriterion(t *testing.T) {
	of := func(outcomes ...verdict.Outcome) criterion {
		var c criterion
		for _, o := range outcomes {
			c.findings = append(c.findings, result.Finding{Outcome: o})
		}
		return c
	}
	for want, c := range map[verdict.Outcome]criterion{
		verdict.Passed: of(verdict.Passed, verdict.Warned), verdict.Failed: of(verdict.Passed, verdict.Failed, verdict.Undecided), verdict.Undecided: of(verdict.Passed, verdict.Undecided),
		verdict.Skipped: of(verdict.Skipped), verdict.Warned: of(verdict.Warned, verdict.Skipped),
	} {
		if got := c.outcome(); got != want {
			t.Errorf("%v comes to %s", c.findings, got)
		}
	}
	if got := of().outcome(); got != verdict.Undecided {
		t.Errorf("nothing comes to %s", got)
	}
}

func validate(t *testing.T, predicate []byte) {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("../../schemas/release-decision.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(predicate))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%v\n%s", err, predicate)
	}
	value.(map[string]any)["verdict"] = "fine"
	if schema.Validate(value) == nil {
		t.Error("the schema takes a verdict that does not exist")
	}
}

// The record names who approved and who set what aside; a verification result holds nothing of the latter.
func TestRecordOfPeople(t *testing.T) {
	e := wanting(policy.ApprovalRule{Any: []string{"sre"}})
	e.Gate.Criteria = append(e.Gate.Criteria, requires("lint"), requires("unit", "e2e"))
	e.Gate.Criteria[1].ID, e.Gate.Criteria[2].ID = "lint", "both"
	e.Gate.Waivers = &policy.Waivers{Allow: []string{"sre"}}
	e.People.Spoken.Acts = []act{review("ada", "approved")}
	e.Ticketed.Comments = []comment{wrote("ada", "/waive lint until 2026-03-03 because the linter broke ticket #9"), wrote("ada", "/waive both until 2026-03-03 because of the runner")}
	d := decide(e)
	record := recordOf(e, d)
	if want := []attest.Approval{{By: "ada", Role: "sre", How: "review", At: noon.Add(-time.Hour), Evidence: "https://github.com/acme/shop/pull/7#r"}}; d.verdict != verdict.Pass || !cmp.Equal(record.Approvals, want) {
		t.Errorf("%s: %s; the approvals are %+v", d.verdict, reasons(d), record.Approvals)
	}
	until := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	for i, want := range []*attest.Waiver{nil, {By: "ada", Role: "sre", Reason: "the linter broke", Ticket: "#9", Until: until}, {By: "ada", Role: "sre", Reason: "of the runner", Until: until}} {
		if got := record.Criteria[i]; !cmp.Equal(got.Waiver, want) || want != nil && got.Outcome != verdict.Warned {
			t.Errorf("%s is %s with the waiver %+v, want %+v", got.ID, got.Outcome, got.Waiver, want)
		}
	}
	if svr := svrOf(e, d); !cmp.Equal(svr.Properties, []string{"SLIPWAY_GO_production", "SLIPWAY_PASSED_tests", "SLIPWAY_PASSED_approvals"}) {
		t.Errorf("the verification result holds %v", svr.Properties)
	}
}
