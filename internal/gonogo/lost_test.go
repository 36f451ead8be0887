package gonogo

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// TestLost holds that what is lost of evidence is unknown, and does not take what speaks against a release
// with it. Each row is a hole that the property test once found.
func TestLost(t *testing.T) {
	results := func(gate []policy.Criterion, d ...document) func() evidence {
		return func() evidence {
			e := with(append([]policy.Criterion{requires("unit")}, gate...)...)
			e.Checks.All = []check{ran("unit", "success")}
			e.Documents = d
			return e
		}
	}
	without := func(d document, name string) document {
		d.Data = maps.Clone(d.Data)
		delete(d.Data, name)
		return d
	}
	failed, late := passing("preflight"), passing("changelog")
	failed.Verdict, late.Finished = verdict.Fail, noon.Add(time.Hour)
	hotfix := bumped(map[string]any{"bump": "patch", "releaseType": "hotfix"})
	standard := func(d document) func() evidence {
		return func() evidence {
			e := wanting(policy.ApprovalRule{Any: []string{"sre"}})
			e.Gate.Approvals.Standard, e.Gate.Approvals.Emergency = &policy.ApprovalRule{Any: []string{"qa"}}, &policy.ApprovalRule{Any: []string{"sre"}}
			e.Gate.ChangeTypes = map[string][]string{"standard": {"patch"}, "emergency": {"hotfix"}}
			e.People.Spoken.Acts, e.Documents = []act{review("bob", "approved")}, []document{d}
			return e
		}
	}
	words := func(acts ...act) func() evidence {
		return func() evidence {
			e := wanting(policy.ApprovalRule{Any: []string{"sre"}})
			e.People.Spoken.Acts = acts
			return e
		}
	}
	early := review("ada", "approved")
	early.At = noon.Add(-3 * time.Hour)
	scan := scanned(nil, nil)
	scan.Data["counts"] = map[string]any{"critical": 0.0, "high": 1.0, "medium": 2.0, "low": 3.0}
	asked := func() evidence {
		e := on(changing(), marker("draft"), byGrace)
		e.Change.Head = commit
		return e
	}
	slow := func() evidence {
		e := with(policy.Criterion{ID: "monitoring", Probe: &policy.GateProbe{URL: "https://prom.example/-/ready", Latency: "<100ms"}})
		e.Probes = monitoring(200)
		return e
	}
	ticked := func() evidence {
		e := with(policy.Criterion{ID: "list", Checklist: &policy.Checklist{By: "sre", Section: "Before"}})
		e.Gate.Roles = roles
		e.Ticketed = ticketed{Number: 12, Body: "# Before\n- [x] a\n- [x] b\n\n# After\n- [ ] c\n"}
		e.People.Ticks = []tick{tickedBy("ada"), tickedBy("ada"), {}}
		return e
	}
	former := func() evidence {
		e := with()
		name, id := ownCheck("production")
		k := ran(name, "success")
		k.App, k.ExternalID = "github-actions", id
		e.Checks.All = []check{k}
		return e
	}
	emergency := func() evidence {
		e := words(early)()
		e.Gate.Approvals.Emergency = &policy.ApprovalRule{Any: []string{"sre"}, ReviewWithin: policy.Duration(24 * time.Hour)}
		p := past{Commit: another, Decided: noon.Add(-time.Hour), Spoken: e.People.Spoken}
		p.Spoken.Asked, p.Spoken.Head, p.Spoken.Acts = another, another, []act{{By: "ada", Kind: "review", State: "approved", Commit: another, At: noon}}
		e.People.Past = []past{p}
		return e
	}
	for name, tt := range map[string]struct {
		whole func() evidence
		lose  func(*evidence)
		text  string // in the observed of some finding
	}{
		"a result's action":                {results([]policy.Criterion{{ID: "file", Evidence: &policy.Evidence{File: "a.json"}}}, failed), func(e *evidence) { e.Documents[0].Action = "" }, "does not say which action made it"},
		"a result's time":                  {results(nil, late), func(e *evidence) { e.Documents[0].Finished = time.Time{} }, "does not say when it was made"},
		"whether anything is released":     {results([]policy.Criterion{{ID: "x", When: `release.type == "beta"`, Checks: requires("e2e").Checks}}, without(bumped(nil), "changed")), nil, "does not tell whether anything is released"},
		"what was released before":         {results([]policy.Criterion{{ID: "x", When: `release.previous != ""`, Checks: requires("e2e").Checks}}, without(bumped(nil), "previousTag")), nil, "release.previous is not known"},
		"findings without severity":        {results([]policy.Criterion{asserts("security.total < 10")}, scan), nil, "security.total is not known"},
		"what makes it an emergency":       {standard(without(hotfix, "releaseType")), nil, "nobody yet"},
		"what makes it no standard change": {standard(without(hotfix, "changed")), nil, "nobody yet"},
		"how long an answer took": {slow, func(e *evidence) {
			e.Probes["monitoring"] = probed{Asked: "https://prom.example/-/ready", Class: "answered", Status: 200}
		}, "was not recorded"},
		"a migration's text": {func() evidence { return migrating(changed(), added("m/1.up.sql"), added("m/1.down.sql")) }, func(e *evidence) {
			recordText(*e, "m/1.up.sql", "")
			recordText(*e, "m/1.down.sql", "DROP TABLE a")
		}, "there is nothing in it"},
		"all words":                 {words(early), func(e *evidence) { e.People.Spoken = spoken{} }, "this was not looked at for the decision"},
		"what commit they are of":   {words(early), func(e *evidence) { e.People.Spoken.Asked = another }, "this was not looked at for the decision"},
		"the authors":               {words(review("ada", "approved")), func(e *evidence) { e.People.Spoken.Authors = nil }, "no author of it is recorded"},
		"who started the run":       {words(act{By: "ada", Kind: "environment", State: "approved", Commit: commit}), func(e *evidence) { e.People.Spoken.Starters = nil }, "who started the run is not known"},
		"when somebody rejected":    {words(early, review("ada", "rejected")), func(e *evidence) { e.People.Spoken.Acts[1].At = time.Time{} }, "rejected by ada"},
		"when it was dismissed":     {words(early, review("ada", "dismissed")), func(e *evidence) { e.People.Spoken.Acts[1].At = time.Time{} }, "nobody yet"},
		"in which way it was said":  {words(early), func(e *evidence) { e.People.Spoken.Acts[0].Kind = "" }, "in which way it was said is not known"},
		"which way a rejection was": {words(act{By: "ada", State: "rejected", At: noon}, act{By: "kim", Kind: "review", State: "approved", Commit: commit, At: noon}), func(e *evidence) { e.People.Members = []membership{member("acme/sre", "kim", github.Member)} }, "rejected by ada"},
		"a former change's time":    {emergency, func(e *evidence) { e.People.Past[0].Decided = time.Time{} }, "was let through is not known"},
		"a former change's words":   {emergency, func(e *evidence) { e.People.Past[0].Spoken.Asked = "" }, "was reviewed is not known: this was not looked at"},
		"the ticket":                {asked, func(e *evidence) { e.Ticketed = ticketed{} }, "this was not looked at for the decision"},
		"the ticket's number":       {asked, func(e *evidence) { e.Ticketed.Number = 0 }, "this was not looked at for the decision"},
		"which ticket was meant":    {asked, func(e *evidence) { e.Ticket = "13"; e.Ticketed.Asked = "13" }, "this was not looked at for the decision"},
		"who ticked a box":          {ticked, func(e *evidence) { e.People.Ticks = slices.Delete(e.People.Ticks, 0, 1) }, "not known of each of them"},
		"a list of boxes":           {results([]policy.Criterion{{ID: "list", Checklist: &policy.Checklist{Path: "a.md"}}}), nil, "this was not looked at for the decision"},
		"whose check it is":         {former, func(e *evidence) { e.Checks.All[0].App = "" }, "a former decision"},
		"what a check is for":       {former, func(e *evidence) { e.Checks.All[0].ExternalID = "" }, "a former decision"},
		"a check's name":            {former, func(e *evidence) { e.Checks.All[0].Name = "x" }, "a former decision"},
		"the moment":                {results(nil), func(e *evidence) { e.Now = time.Time{} }, "the moment of the decision is not known"},
	} {
		e := tt.whole()
		if tt.lose != nil {
			tt.lose(&e)
		}
		if d := decide(e); d.verdict == verdict.Pass || !observes(d, tt.text) {
			t.Errorf("%s: %s, want %q%s", name, d.verdict, tt.text, told(d))
		}
		replayed(t, e)
	}
}

// TestTwoWays lets somebody approve in one way who cannot in another.
func TestTwoWays(t *testing.T) {
	e := wanting(policy.ApprovalRule{Any: []string{"sre"}})
	e.People.Spoken.Starters = []string{"ada"}
	e.People.Spoken.Acts = []act{{By: "ada", Kind: "environment", State: "approved", Commit: commit}}
	e.Ticketed.Comments = []comment{wrote("ada", "/approve as sre")}
	if d := decide(e); d.verdict != verdict.Pass || !observes(d, "ada as sre (comment") {
		t.Errorf("%s%s", d.verdict, told(d))
	}
}

func tickedBy(by string) tick { return tick{By: by, At: noon.Add(-time.Hour)} }

// told is a decision in a few lines.
func told(d decision) string {
	var b strings.Builder
	for _, f := range d.findings() {
		fmt.Fprintf(&b, "\n  %s %s: %s", f.Outcome, f.Title, f.Observed)
	}
	return b.String()
}
