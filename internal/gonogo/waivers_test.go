package gonogo

import (
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/verdict"
)

func TestWaivers(t *testing.T) {
	const good = "/waive tests until 2026-03-03 because the runner broke"
	old, edited, future := wrote("ada", good), wrote("ada", good), wrote("ada", good)
	old.Created, old.Updated = noon.Add(-60*time.Hour), noon.Add(-60*time.Hour)
	edited.Updated = noon
	future.Created, future.Updated = noon.Add(time.Hour), noon.Add(time.Hour)
	granted := func(since, until string) func(*evidence) {
		return func(e *evidence) {
			from, _ := policy.ParseMoment(since)
			to, _ := policy.ParseMoment(until)
			e.Gate.Waivers.Granted = []policy.Granted{{Criterion: "tests", By: "@ada", Reason: "known", Since: from, Until: to}}
		}
	}
	for name, tt := range map[string]struct {
		said    []comment
		change  func(*evidence)
		verdict verdict.Verdict
		text    string // in the observed of some finding
	}{
		"none":            {nil, nil, verdict.Fail, "failure"},
		"a comment":       {[]comment{wrote("ada", good)}, nil, verdict.Pass, "waived by ada (sre) until 2026-03-04T00:00:00Z: the runner broke — it was: failure"},
		"unknown, waived": {[]comment{wrote("ada", good)}, func(e *evidence) { e.Checks.All = e.Checks.All[1:] }, verdict.Pass, "it was: never reported"},
		"by a member":     {[]comment{wrote("kim", good)}, func(e *evidence) { e.People.Members = []membership{member("acme/sre", "kim", "active")} }, verdict.Pass, "waived by kim (sre)"},
		"by nobody known": {[]comment{wrote("kim", good)}, nil, verdict.Fail, "changes nothing: kim may be in acme/sre"},
		"by a stranger":   {[]comment{wrote("kim", good)}, func(e *evidence) { e.People.Members = []membership{member("acme/sre", "kim", "none")} }, verdict.Fail, "holds none of the roles sre"},
		"by an author":    {[]comment{wrote("ada", good)}, func(e *evidence) { e.People.Spoken.Authors = []string{"Ada"} }, verdict.Fail, "an author of the change cannot waive"},
		"by one who may": {[]comment{wrote("ada", good)}, func(e *evidence) {
			e.People.Spoken.Authors = []string{"ada"}
			e.Gate.Approvals = &policy.Approvals{SelfApproval: true, Normal: &policy.ApprovalRule{Any: []string{"sre"}}}
			e.People.Spoken.Head, e.People.Spoken.Acts = commit, []act{review("ada", "approved")}
		}, verdict.Pass, "waived by ada"},
		"authors unknown":   {[]comment{wrote("ada", good)}, func(e *evidence) { e.People.Spoken.Authorless = problem{What: "403"} }, verdict.Fail, "who made the change is not known: 403"},
		"edited":            {[]comment{edited}, nil, verdict.Fail, "the comment was edited"},
		"too long":          {[]comment{old}, nil, verdict.Fail, "it is for longer than 3d"},
		"ended":             {[]comment{wrote("ada", "/waive tests until 2026-03-02T12:00:00Z because x")}, nil, verdict.Fail, "it ended at 2026-03-02T12:00:00Z"},
		"of tomorrow":       {[]comment{future}, nil, verdict.Fail, "it begins only at"},
		"not understood":    {[]comment{wrote("ada", "/waive tests")}, nil, verdict.Fail, "it is not understood"},
		"in words unseen":   {[]comment{wrote("ada", "/waive tests until 2026-03-03 because \u200b\u2060.")}, nil, verdict.Fail, "it gives no reason"},
		"never":             {[]comment{wrote("ada", good)}, func(e *evidence) { e.Gate.Waivers.Never = []string{"tests"} }, verdict.Fail, "never waived"},
		"another criterion": {[]comment{wrote("ada", strings.Replace(good, "tests", "test", 1))}, nil, verdict.Fail, "there is no such criterion"},
		"not needed":        {[]comment{wrote("ada", good)}, func(e *evidence) { e.Checks.All[0] = ran("unit", "success") }, verdict.Pass, "the criterion needs none"},
		"twice":             {[]comment{wrote("ada", good), wrote("ada", good)}, nil, verdict.Pass, "another waiver has set the criterion aside already"},
		"of waivers":        {[]comment{wrote("ada", strings.Replace(good, "tests", "waivers", 1))}, nil, verdict.Fail, "there is no such criterion"},
		"of the clock":      {[]comment{wrote("ada", good), wrote("ada", strings.Replace(good, "tests", "clock", 1))}, func(e *evidence) { e.Skew = time.Hour }, verdict.Unknown, "there is no such criterion"},
		"everything":        {[]comment{wrote("ada", good)}, func(e *evidence) { e.Gate.Criteria = e.Gate.Criteria[:1] }, verdict.Unknown, "no criterion passes but those that are waived"},
		"its passing half is none": {[]comment{wrote("ada", good)}, func(e *evidence) {
			e.Gate.Criteria = []policy.Criterion{requires("unit", "lint")}
		}, verdict.Unknown, "no criterion passes but those that are waived"},
		"in the policy":            {nil, granted("2026-03-01", "2026-03-02"), verdict.Pass, "waived by ada (sre) until 2026-03-03T00:00:00Z: known"},
		"in the policy, over":      {nil, granted("2026-02-27", "2026-03-01"), verdict.Fail, "it ended at 2026-03-02T00:00:00Z"},
		"in the policy, too early": {nil, granted("2026-03-03", "2026-03-04"), verdict.Fail, "it begins only at"},
		"in the policy, by a nobody": {nil, func(e *evidence) {
			granted("2026-03-01", "2026-03-02")(e)
			e.Gate.Waivers.Granted[0].By = "bob"
			e.People.Members = []membership{member("acme/sre", "bob", "none")}
		}, verdict.Fail, "holds none of the roles"},
	} {
		t.Run(name, func(t *testing.T) {
			e := with(requires("unit"), policy.Criterion{ID: "lint", Checks: &policy.Checks{Require: requires("lint").Checks.Require}})
			e.Checks.All = []check{ran("unit", "failure"), ran("lint", "success")}
			e.Gate.Roles, e.Gate.Waivers = roles, &policy.Waivers{Allow: []string{"sre"}}
			e.People.Spoken = spoken{Asked: commit, Authors: []string{"eve"}}
			e.Ticketed.Comments = tt.said
			if tt.change != nil {
				tt.change(&e)
			}
			d := decide(e)
			holdWords(t, e, d)
			if d.verdict != tt.verdict || !observes(d, tt.text) {
				t.Errorf("%s, want %s with %q\n%+v", d.verdict, tt.verdict, tt.text, d.findings())
			}
			if len(tt.said) > 0 && len(dataOf(e, d).Waivers) != len(tt.said) {
				t.Errorf("the result lists %v", dataOf(e, d).Waivers)
			}
		})
	}
}

// TestWaivedWords holds that a waiver is told in the sentence and in red.
func TestWaivedWords(t *testing.T) {
	e := with(requires("unit"), policy.Criterion{ID: "lint", Checks: &policy.Checks{Require: requires("lint").Checks.Require}})
	e.Checks.All = []check{ran("unit", "failure"), ran("lint", "success")}
	e.Gate.Roles, e.Gate.Waivers = roles, &policy.Waivers{Allow: []string{"sre"}}
	e.People.Spoken = spoken{Asked: commit, Authors: []string{"eve"}}
	e.Ticketed.Comments = []comment{wrote("ada", "/waive tests until 2026-03-03 because <b>x</b>")}
	d := decide(e)
	if got := sentence(e, d); got != "GO for production: 1 criterion passed (lint), 1 waived (tests)." {
		t.Error(got)
	}
	if text := page(e, d).Markdown(report.SummaryLimit); !strings.Contains(text, "[!CAUTION]") || strings.Contains(text, "<b>") {
		t.Error(text)
	}
	if rows := dataOf(e, d).Criteria; !rows[0].Waived || rows[1].Waived {
		t.Errorf("%+v", rows)
	}
	e.Checks.All[1] = ran("lint", "failure")
	if got := sentence(e, decide(e)); got != "NO-GO for production: 1 of 2 criteria failed (lint: lint), 1 is unknown (waivers: everything is waived), 1 waived (tests)." && got != "NO-GO for production: 1 of 3 criteria failed (lint: lint), 1 is unknown (waivers: everything is waived), 1 waived (tests)." {
		t.Error(got)
	}
}
