package gonogo

import (
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/attest"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/runner"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// A result that the policy wants signed tells what the change is compared with: its key is read before.
func TestChangeSinceASignedRelease(t *testing.T) {
	private, public := pair(t)
	r := newRepo(t)
	r.commit("a", "1", "root")
	r.git("tag", "v0.9.0")
	r.commit("a", "2", "feat: rc")
	r.git("tag", "v1.0.0-rc.1")
	r.commit(scanner, string(public), "ci: key")
	head := r.commit("a", "3", "feat: head")
	text := `{"schema":"slipway.result/v1","action":"version-bump","subject":{"repository":"acme/shop","sha":"` + head +
		`"},"finishedAt":"2026-03-02T11:00:00Z","verdict":"pass","sentence":"fine.","data":{"previousTag":"v1.0.0-rc.1"}}`
	r.commit("bump.json", string(seal(t, private, stating(attest.ResultType, "gitCommit", head, text))), "not judged")
	c := r.collector(head)
	files, err := runner.OpenWorkspace(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	c.Files, c.Facts.Workspace, c.in.Evidence = files, r.dir, "bump.json"
	c.in.Gate.Criteria = []policy.Criterion{{ID: "version", Evidence: &policy.Evidence{Action: "version-bump", Keys: []string{scanner}}}}
	e := c.collect(t.Context())
	if len(e.Documents) != 1 || e.Documents[0].Problem != "" || e.Files[governed+scanner].Problem.What != "" {
		t.Fatalf("documents %+v, files %+v", e.Documents, e.Files)
	}
	if e.Change.Since != "v1.0.0-rc.1" || !e.Now.Equal(noon) {
		t.Errorf("the change is since %q at %s: %+v", e.Change.Since, e.Now, e.Change.Problem)
	}
}

// A result that the policy believes only while it is fresh is nowhere believed when it is older.
func TestOldResultsAreNowhereBelieved(t *testing.T) {
	old := func(d document) document { d.Finished = noon.Add(-48 * time.Hour); return d }
	wants := func(action string, ages ...time.Duration) (all []policy.Criterion) {
		all = []policy.Criterion{{ID: "never", When: "environment == 'nowhere'", Assert: "false"}}
		for i, age := range ages {
			all = append(all, policy.Criterion{ID: strings.Repeat("x", i+1), When: "environment == 'nowhere'", Evidence: &policy.Evidence{Action: action, MaxAge: policy.Duration(age)}})
		}
		return all
	}
	staged := passing("deploy-verify")
	staged.Data = map[string]any{"environment": "staging"}
	for name, tt := range map[string]struct {
		ages []time.Duration
		as   verdict.Verdict
	}{
		"no age is named":     {[]time.Duration{0}, verdict.Pass},
		"young enough":        {[]time.Duration{0, 72 * time.Hour}, verdict.Pass},
		"too old":             {[]time.Duration{24 * time.Hour}, verdict.Unknown},
		"the smallest counts": {[]time.Duration{72 * time.Hour, 0, 24 * time.Hour}, verdict.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			believed := tt.as == verdict.Pass
			e := with(wants("deploy-verify", tt.ages...)...)
			e.Gate.Environments = map[string]policy.Environment{"staging": {}, "production": {After: []string{"staging"}}}
			e.Documents = []document{old(staged)}
			if d := decide(e); d.verdict != tt.as {
				t.Errorf("a promotion: %s: %s", d.verdict, reasons(d))
			}
			e = with(wants("version-bump", tt.ages...)...)
			e.Documents = []document{old(bumped(nil))}
			if r := releaseOf(e); r.known != believed {
				t.Errorf("a release: %+v", r)
			}
			if d := decide(e); d.verdict != tt.as {
				t.Errorf("handed in: %s: %s", d.verdict, reasons(d))
			}
			e = with(wants("security-gate", tt.ages...)...)
			e.Documents = []document{old(scanned(map[string]any{"critical": 0.0}, nil))}
			if _, ok := scanFact("critical", e).(int); ok != believed {
				t.Errorf("a scan: %v", scanFact("critical", e))
			}
		})
	}
}

// What nobody read is neither missing nor empty.
func TestUnreadFiles(t *testing.T) {
	e := with(policy.Criterion{ID: "list", Checklist: &policy.Checklist{Path: "list.md"}}, policy.Criterion{ID: "plan", Document: &policy.Document{Path: "plan.md"}})
	for _, c := range decide(e).criteria[:2] {
		if f := c.findings[0]; f.Outcome != verdict.Undecided || f.Observed != notRecorded.What || f.Next != notRecorded.Next {
			t.Errorf("%s: %+v", c.id, f)
		}
	}
	e.Gate.Ticket = &policy.Ticket{Rollback: "run.md", Deployment: "run.md#deploy"}
	d, err := draftOf(e, knownOf(e))
	if err != nil || len(d.unread) != 2 || len(d.why) != 0 {
		t.Errorf("unread %v, why %v, %v", d.unread, d.why, err)
	}
}

// The figures of a fail are no longer known to hold when it is old; that it failed is.
func TestOldFailure(t *testing.T) {
	e := with(policy.Criterion{ID: "x", When: "environment == 'nowhere'", Evidence: &policy.Evidence{Action: scanning, MaxAge: policy.Duration(24 * time.Hour)}}, asserts("security.critical == 0"))
	scan := scanned(map[string]any{"critical": 0.0, "high": 1.0}, nil)
	scan.Verdict, scan.Finished = verdict.Fail, noon.Add(-48*time.Hour)
	e.Documents = []document{scan}
	d := decide(e)
	if v := d.criteria[1].verdict(); v != verdict.Unknown || d.verdict != verdict.Fail {
		t.Errorf("its figures: %s, all: %s", v, d.verdict)
	}
}
