package gonogo

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/ticket"
	"github.com/slipway-actions/slipway/internal/verdict"
)

func TestEmergencyReviews(t *testing.T) {
	reviewed := func(at time.Time, who ...string) func(*past) {
		return func(p *past) {
			for _, by := range who {
				a := review(by, "approved")
				a.Commit, a.At = another, at
				p.Spoken.Acts = append(p.Spoken.Acts, a)
			}
		}
	}
	yesterday, before := noon.Add(-23*time.Hour), noon.Add(-30*time.Hour)
	for name, tt := range map[string]struct {
		decided time.Time
		change  func(*past)
		verdict verdict.Verdict
		text    string // of the finding; "" for none
	}{
		"in time":             {before, reviewed(before.Add(23*time.Hour), "ada", "bob"), verdict.Pass, ""},
		"before the decision": {before, reviewed(before.Add(-time.Hour), "ada", "bob"), verdict.Pass, ""},
		"late":                {before, reviewed(before.Add(25*time.Hour), "ada", "bob"), verdict.Pass, "was reviewed late, 1d1h after it"},
		"there is time":       {yesterday, nil, verdict.Pass, "is to be reviewed until 2026-03-02T13:00:00Z by sre, qa"},
		"not at all":          {before, nil, verdict.Fail, "was not reviewed within 1d: sre, qa is missing"},
		"half":                {before, reviewed(before, "ada"), verdict.Fail, "was not reviewed within 1d: qa is missing"},
		"just over":           {noon.Add(-24 * time.Hour), nil, verdict.Fail, "was not reviewed within 1d"},
		"rejected":            {before, func(p *past) { reviewed(before, "ada", "bob")(p); p.Spoken.Acts[1].State = "rejected" }, verdict.Fail, "qa is missing"},
		"by an author":        {before, func(p *past) { reviewed(before, "ada", "bob")(p); p.Spoken.Authors = []string{"bob"} }, verdict.Fail, "qa is missing"},
		"on the ticket":       {before, func(p *past) { reviewed(before, "ada")(p); p.Comments = []comment{wrote("bob", "/approve as qa")} }, verdict.Pass, "was reviewed late"},
		"on it, another commit": {before, func(p *past) {
			reviewed(before, "ada")(p)
			p.Comments = []comment{wrote("bob", "/approve as qa for "+commit[:7])}
		}, verdict.Fail, "qa is missing"},
		"API trouble":            {before, func(p *past) { p.Spoken.Problems = []problem{{What: "503"}} }, verdict.Unknown, "was reviewed is not known: 503"},
		"API trouble, with time": {yesterday, func(p *past) { p.Spoken.Problems = []problem{{What: "503"}} }, verdict.Unknown, "503"},
		"a member perhaps":       {before, func(p *past) { reviewed(before, "ada", "kim")(p); p.Spoken.Acts[0].By = "lou" }, verdict.Unknown, "lou approved and may be in acme/sre"},
		"the future":             {noon.Add(time.Hour), nil, verdict.Unknown, "from the future"},
	} {
		t.Run(name, func(t *testing.T) {
			e := with(requires("unit"))
			e.Checks.All = []check{ran("unit", "success")}
			e.Gate.Roles = roles
			e.Gate.Approvals = &policy.Approvals{Normal: &policy.ApprovalRule{All: []string{"sre", "qa"}}, Emergency: &policy.ApprovalRule{Any: []string{"sre"}, ReviewWithin: policy.Duration(24 * time.Hour)}, SelfApproval: false}
			e.ChangeType = "emergency"
			e.People.Spoken = spoken{Asked: commit, Pull: 8, Head: commit, Authors: []string{"eve"}, Acts: []act{review("ada", "approved")}}
			p := past{Commit: another, Decided: tt.decided, Ticket: 5, URL: "https://github.com/acme/shop/issues/5", Spoken: spoken{Asked: another, Pull: 7, Head: another, Authors: []string{"eve"}}}
			e.People.Members = []membership{member("acme/sre", "bob", "none")}
			if tt.change != nil {
				tt.change(&p)
			}
			e.People.Past = []past{p}
			d := decide(e)
			holdWords(t, e, d)
			if d.verdict != tt.verdict || tt.text != "" && !observes(d, tt.text) || tt.text == "" && slices.ContainsFunc(d.criteria, func(c criterion) bool { return c.id == "emergency-reviews" }) {
				t.Errorf("%s, want %s with %q\n%+v", d.verdict, tt.verdict, tt.text, d.findings())
			}
			e.People.Unread = []problem{{What: "no list"}}
			if d := decide(e); d.verdict == verdict.Pass {
				t.Error("a go with a list that was not read")
			}
		})
	}
}

func TestMarked(t *testing.T) {
	i := inputs{Environment: "production", Repository: "acme/shop"}
	good := fmt.Sprintf(`{"commit":%q,"type":"emergency","decided":"2026-03-01T12:00:00Z","environment":"production"}`, another)
	for body, want := range map[string]bool{
		mark + good + " -->":                         true,
		"Text.\n\n" + mark + good + " -->\nmore -->": true,
		mark + good: false,
		good:        false,
		mark + strings.Replace(good, "emergency", "normal", 1) + " -->":                                                                         false,
		mark + strings.Replace(good, "production", "staging", 1) + " -->":                                                                       false,
		mark + strings.Replace(good, another, another[:12], 1) + " -->":                                                                         false,
		mark + strings.Replace(good, "2026-03-01T12:00:00Z", "today", 1) + " -->":                                                               false,
		mark + strings.Replace(good, "{", `{"decision":"no-go",`, 1) + " -->":                                                                   false,
		mark + strings.Replace(good, `"type":"emergency"`, `"type":"normal","decision":"no-go","emergency":"2026-03-01T12:00:00Z"`, 1) + " -->": true, // let through then
		mark + strings.Repeat(" ", markLimit) + good + " -->":                                                                                   false,
		"": false,
	} {
		if got, ok := marked(body, i); ok != want || ok && got.Commit != another {
			t.Errorf("%q: %v, %+v", body, ok, got)
		}
	}
	documents := []document{passing("go-no-go"), passing("go-no-go"), passing("go-no-go")}
	documents[0].SHA, documents[0].Data = another, map[string]any{"changeType": "emergency", "decision": "go", "environment": "production"}
	documents[1].Data = map[string]any{"changeType": "emergency", "decision": "no-go", "environment": "production"}
	documents[2].Data = map[string]any{"changeType": "emergency", "decision": "go", "environment": "staging"}
	found := pastOf(documents, i)
	if len(found) != 1 || found[0].Commit != another {
		t.Errorf("%+v", found)
	}
	later := past{Commit: another, Decided: noon, Ticket: 5, URL: "u"}
	if all := once(append(found, later, past{Commit: commit, Decided: noon})); len(all) != 2 || all[1].Ticket != 5 || !all[1].Decided.Equal(noon.Add(-time.Hour)) {
		t.Errorf("%+v", all)
	}
}

// TestEmergencyStays holds that no later decision and no other commit makes a ticket forget an emergency
// change that was let through, as long as such changes are reviewed afterwards.
func TestEmergencyStays(t *testing.T) {
	e := changing()
	e.ChangeType = "emergency"
	e.Gate.Approvals = &policy.Approvals{Emergency: &policy.ApprovalRule{Any: []string{"sre"}, ReviewWithin: policy.Duration(24 * time.Hour)}}
	body := func(v verdict.Verdict) string {
		d, err := draftOf(e, knownOf(e))
		if err != nil {
			t.Fatal(err)
		}
		return ticket.Render(d.decided(e, decision{verdict: v}, ""))
	}
	e.Ticketed = ticketed{Number: 12, Open: true, Body: body(verdict.Fail)}
	if p, ok := marked(e.Ticketed.Body, e.inputs); ok {
		t.Errorf("a no-go let it through: %+v", p)
	}
	e.Ticketed.Body = body(verdict.Pass)
	e.Now = e.Now.Add(48 * time.Hour)
	e.ChangeType = "normal"
	e.Ticketed.Body = body(verdict.Fail)
	if p, ok := marked(e.Ticketed.Body, e.inputs); !ok || !p.Decided.Equal(noon) {
		t.Errorf("forgotten after a no-go: %v, %+v", ok, p)
	}
	e.SHA = another
	if _, err := draftOf(e, knownOf(e)); !errors.Is(err, errStray) {
		t.Errorf("another commit takes the ticket over: %v", err)
	}
	e.inputs.Ticket = "create"
	if got := readTicket(t.Context(), fakeTickets{tickets: []github.Ticket{{Number: 12, Open: true, Trusted: true, Body: e.Ticketed.Body}}}, e.inputs); got.Number != 0 {
		t.Errorf("found %d", got.Number)
	}
	e.Gate.Approvals.Emergency.ReviewWithin = 0
	if _, err := draftOf(e, knownOf(e)); err != nil {
		t.Errorf("it stays though nobody reviews it: %v", err)
	}
}

// TestReviewOfItsOwn holds that what was said on the ticket when it was another commit's reviews no emergency.
func TestReviewOfItsOwn(t *testing.T) {
	e := wanting(policy.ApprovalRule{All: []string{"qa"}})
	e.Gate.Approvals.Emergency = &policy.ApprovalRule{Any: []string{"sre"}, ReviewWithin: policy.Duration(time.Hour)}
	p := past{Commit: another, Decided: noon.Add(-3 * time.Hour), Ticket: 5, Spoken: spoken{Authors: []string{"eve"}}, Comments: []comment{wrote("bob", "/approve as qa")}}
	for since, want := range map[time.Time]int{{}: 0, noon.Add(-2 * time.Hour): 0, noon: 1} {
		p.Since = since
		if missing, _, _ := reviewOf(p, e); len(missing) != want {
			t.Errorf("since %s: missing %v", since, missing)
		}
	}
}

// TestHistory holds that a former decision of this repository is no evidence about this commit, and
// everything else that is handed in is.
func TestHistory(t *testing.T) {
	e := with(requires("unit"))
	e.Checks.All = []check{ran("unit", "success")}
	old := passing("go-no-go")
	old.SHA, old.Verdict = another, verdict.Fail
	for name, tt := range map[string]struct {
		change  func(*document)
		verdict verdict.Verdict
	}{
		"another commit":     {func(*document) {}, verdict.Pass},
		"this commit":        {func(d *document) { d.SHA = commit }, verdict.Fail},
		"another repository": {func(d *document) { d.Repository = "acme/other" }, verdict.Unknown},
		"no commit":          {func(d *document) { d.SHA = "" }, verdict.Unknown},
		"another action":     {func(d *document) { d.Action = "changelog" }, verdict.Unknown},
		"broken":             {func(d *document) { d.Problem = "broken" }, verdict.Unknown},
	} {
		d := old
		tt.change(&d)
		e.Documents = []document{d}
		if got := decide(e); got.verdict != tt.verdict {
			t.Errorf("%s: %s, want %s", name, got.verdict, tt.verdict)
		}
	}
}
