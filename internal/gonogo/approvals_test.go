package gonogo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

var roles = map[string]policy.Role{
	"sre":   {Users: []string{"@Ada", "deploy[bot]"}, Teams: []string{"acme/sre"}},
	"qa":    {Users: []string{"bob"}},
	"lead":  {Teams: []string{"acme/leads"}},
	"owner": {CodeOwners: true},
}

// wanting is evidence of a pull request by eve, for a gate with approvals and a check that succeeded.
func wanting(rule policy.ApprovalRule) evidence {
	e := with(requires("unit"))
	e.Checks.All = []check{ran("unit", "success")}
	e.Gate.Roles, e.Gate.Approvals = roles, &policy.Approvals{Normal: &rule}
	e.People.Spoken = spoken{Asked: commit, Pull: 7, URL: "https://github.com/acme/shop/pull/7", Head: commit, Authors: []string{"eve"}, Starters: []string{"eve"}}
	e.People.Traced = noon.Add(-2 * time.Hour)
	e.Ticketed.Number = 12
	return e
}

func review(by, state string) act {
	return act{By: by, Kind: "review", State: state, Commit: commit, At: noon.Add(-time.Hour), URL: "https://github.com/acme/shop/pull/7#r"}
}

func wrote(by, body string) comment {
	return comment{By: by, Body: body, Created: noon.Add(-time.Hour), Updated: noon.Add(-time.Hour), URL: "https://github.com/acme/shop/issues/12#c"}
}

func member(team, login string, state github.Membership) membership {
	return membership{Team: team, Login: login, State: state}
}

// aboutTicket lets the ticket be about a commit, which took it over at a time; "" where no other had it.
func aboutTicket(sha, since string) func(*evidence) {
	if since != "" {
		since = `,"since":"` + since + `"`
	}
	return func(e *evidence) {
		e.Ticketed.Body, e.Ticketed.Open = fmt.Sprintf(`%s{"commit":%q,"environment":"production","type":"normal","state":"reviewed"%s} -->`, mark, sha, since), true
	}
}

func TestApprovals(t *testing.T) {
	sre, both := policy.ApprovalRule{Any: []string{"sre"}}, policy.ApprovalRule{All: []string{"sre", "qa"}}
	edited := wrote("ada", "/approve as sre")
	edited.Updated = edited.Updated.Add(time.Second)
	early, late := wrote("ada", "/approve as sre"), wrote("ada", "/approve as sre")
	early.Created, early.Updated = noon.Add(-3*time.Hour), noon.Add(-3*time.Hour)
	late.Created, late.Updated = noon.Add(-time.Minute), noon.Add(-time.Minute)
	old := review("ada", "approved")
	old.Commit = another
	admitted := act{By: "ada", Kind: "environment", State: "approved", Commit: commit}
	refused := admitted
	refused.State = "rejected"
	elsewhere := admitted
	elsewhere.Commit = another
	machine := review("renovate[bot]", "approved")
	machine.Bot = true
	deploy := review("deploy[bot]", "approved")
	deploy.Bot = true
	for name, tt := range map[string]struct {
		rule    policy.ApprovalRule
		acts    []act
		said    []comment
		change  func(*evidence)
		verdict verdict.Verdict
		text    string // in the observed of some finding
	}{
		"nobody":                         {sre, nil, nil, nil, verdict.Unknown, "nobody yet"},
		"a review":                       {sre, []act{review("ada", "approved")}, nil, nil, verdict.Pass, "ada as sre (review, 2026-03-02T11:00:00Z)"},
		"a login's other case":           {sre, []act{review("ADA", "approved")}, nil, nil, verdict.Pass, "ADA as sre"},
		"of an older commit":             {sre, []act{old}, nil, nil, verdict.Unknown, "ada: it is about another commit, 89abcde"},
		"the wrong role":                 {sre, []act{review("bob", "approved")}, nil, nil, verdict.Unknown, "nobody yet"},
		"changes requested":              {sre, []act{review("ada", "rejected")}, nil, nil, verdict.Fail, "rejected by ada as sre (review"},
		"dismissed":                      {sre, []act{review("ada", "dismissed")}, nil, nil, verdict.Unknown, "nobody yet"},
		"rejected by a stranger":         {sre, []act{review("ada", "approved"), review("bob", "rejected")}, nil, func(e *evidence) { e.People.Members = []membership{member("acme/sre", "bob", github.NoMember)} }, verdict.Pass, "ada as sre"},
		"one of two":                     {both, []act{review("ada", "approved")}, nil, nil, verdict.Unknown, "nobody yet"},
		"two of two":                     {both, []act{review("ada", "approved"), review("bob", "approved")}, nil, nil, verdict.Pass, "bob as qa"},
		"one of two rejects":             {both, []act{review("ada", "approved"), review("bob", "rejected")}, nil, nil, verdict.Fail, "rejected by bob as qa"},
		"any, one approves, one rejects": {policy.ApprovalRule{Any: []string{"sre", "qa"}}, []act{review("ada", "approved"), review("bob", "rejected")}, nil, nil, verdict.Fail, "rejected by bob as qa"},
		"an author":                      {sre, []act{review("ada", "approved")}, nil, func(e *evidence) { e.People.Spoken.Authors = []string{"eve", "Ada"} }, verdict.Unknown, "ada: an author of the change cannot approve it"},
		"an author who may": {sre, []act{review("ada", "approved")}, nil, func(e *evidence) {
			e.People.Spoken.Authors = []string{"ada"}
			e.Gate.Approvals.SelfApproval = true
		}, verdict.Pass, "ada as sre"},
		"authors not known":         {sre, []act{review("ada", "approved")}, nil, func(e *evidence) { e.People.Spoken.Authorless = problem{What: "no list"} }, verdict.Unknown, "who made the change is not known: no list"},
		"a commit of nobody":        {sre, []act{review("ada", "approved")}, nil, func(e *evidence) { e.People.Spoken.Unlinked = 2 }, verdict.Pass, "2 of the change's commits"},
		"not all read":              {sre, []act{review("ada", "approved")}, nil, func(e *evidence) { e.People.Spoken.Problems = []problem{{What: "no answer"}} }, verdict.Unknown, "no answer"},
		"not all read, one rejects": {sre, []act{review("ada", "rejected")}, nil, func(e *evidence) { e.People.Spoken.Problems = []problem{{What: "no answer"}} }, verdict.Fail, "rejected by ada"},
		"the ticket not read":       {sre, []act{review("ada", "approved")}, nil, func(e *evidence) { e.Ticketed.Problem = problem{What: "no ticket"} }, verdict.Unknown, "no ticket"},
		"a bot of a team":           {sre, []act{machine}, nil, func(e *evidence) { e.People.Members = []membership{member("acme/sre", "renovate[bot]", github.Member)} }, verdict.Unknown, "nobody yet"},
		"a bot by name":             {sre, []act{deploy}, nil, nil, verdict.Pass, "deploy[bot] as sre"},

		"a member":        {sre, []act{review("kim", "approved")}, nil, func(e *evidence) { e.People.Members = []membership{member("acme/sre", "kim", github.Member)} }, verdict.Pass, "kim as sre"},
		"an invited one":  {sre, []act{review("kim", "approved")}, nil, func(e *evidence) { e.People.Members = []membership{member("acme/sre", "kim", github.Invited)} }, verdict.Unknown, "nobody yet"},
		"no member":       {sre, []act{review("kim", "approved")}, nil, func(e *evidence) { e.People.Members = []membership{member("acme/sre", "kim", github.NoMember)} }, verdict.Unknown, "nobody yet"},
		"of another team": {sre, []act{review("kim", "approved")}, nil, func(e *evidence) { e.People.Members = []membership{member("acme/qa", "kim", github.Member)} }, verdict.Unknown, "kim approved and may be in acme/sre"},
		"a hidden team":   {sre, []act{review("kim", "approved")}, nil, func(e *evidence) { e.People.Members = []membership{member("acme/sre", "kim", github.TeamHidden)} }, verdict.Unknown, "or the token may not see the team"},
		"not asked":       {sre, []act{review("kim", "approved")}, nil, nil, verdict.Unknown, "that was not asked"},
		"a problem with the team": {sre, []act{review("kim", "approved")}, nil, func(e *evidence) {
			e.People.Members = []membership{{Team: "acme/sre", Login: "kim", Problem: problem{What: "403"}}}
		}, verdict.Unknown, "but 403"},
		"a hidden team's rejects": {sre, []act{review("ada", "approved"), review("kim", "rejected")}, nil, func(e *evidence) { e.People.Members = []membership{member("acme/sre", "kim", github.TeamHidden)} }, verdict.Unknown, "kim rejected it and"},
		"no member rejects":       {sre, []act{review("ada", "approved"), review("kim", "rejected")}, nil, func(e *evidence) { e.People.Members = []membership{member("acme/sre", "kim", github.NoMember)} }, verdict.Pass, "ada as sre"},

		"an environment":              {sre, []act{admitted}, nil, nil, verdict.Pass, "ada as sre (environment)"},
		"an environment refused":      {sre, []act{refused, admitted}, nil, nil, verdict.Fail, "rejected by ada as sre (environment)"},
		"refused, the other order":    {sre, []act{admitted, refused}, nil, nil, verdict.Fail, "rejected by ada"},
		"a run about another":         {sre, []act{elsewhere}, nil, nil, verdict.Unknown, "about another commit"},
		"who started the run":         {sre, []act{admitted}, nil, func(e *evidence) { e.People.Spoken.Starters = []string{"ada"} }, verdict.Unknown, "who started the run cannot approve it"},
		"who started it, in a review": {sre, []act{review("ada", "approved")}, nil, func(e *evidence) { e.People.Spoken.Starters = []string{"ada"} }, verdict.Pass, "ada as sre"},

		"a comment":                       {sre, nil, []comment{wrote("ada", "Fine.\r\n/approve as sre\r\n")}, nil, verdict.Pass, "ada as sre (comment"},
		"a comment as another role":       {sre, nil, []comment{wrote("ada", "/approve as qa")}, nil, verdict.Unknown, "nobody yet"},
		"a comment without the role":      {sre, nil, []comment{wrote("bob", "/approve as sre")}, func(e *evidence) { e.People.Members = []membership{member("acme/sre", "bob", github.NoMember)} }, verdict.Unknown, "bob: does not hold the role"},
		"a comment in code":               {sre, nil, []comment{wrote("ada", "```\n/approve as sre\n```")}, nil, verdict.Unknown, "nobody yet"},
		"a quotation":                     {sre, nil, []comment{wrote("ada", "> /approve as sre")}, nil, verdict.Unknown, "nobody yet"},
		"an edited one":                   {sre, nil, []comment{edited}, nil, verdict.Unknown, "the comment was edited"},
		"an early one":                    {sre, nil, []comment{early}, nil, verdict.Unknown, "it may be about another commit; write /approve as sre for " + commit},
		"no trace":                        {sre, nil, []comment{late}, func(e *evidence) { e.People.Traced = time.Time{} }, verdict.Unknown, "may be about another commit"},
		"no trace, but named":             {sre, nil, []comment{wrote("ada", "/approve as sre for "+commit)}, func(e *evidence) { e.People.Traced = time.Time{} }, verdict.Pass, "ada as sre"},
		"no trace, and half a name":       {sre, nil, []comment{wrote("ada", "/approve as sre for "+commit[:20])}, func(e *evidence) { e.People.Traced = time.Time{} }, verdict.Unknown, "may be about another commit"},
		"half a name, in time":            {sre, nil, []comment{wrote("ada", "/approve as sre for "+commit[:7])}, nil, verdict.Pass, "ada as sre"},
		"the ticket was another's":        {sre, nil, []comment{late}, aboutTicket(another, ""), verdict.Unknown, "may be about another commit"},
		"the ticket was, and it is named": {sre, nil, []comment{wrote("ada", "/approve as sre for "+commit)}, aboutTicket(another, ""), verdict.Pass, "ada as sre"},
		"the ticket was, at that time":    {sre, nil, []comment{wrote("ada", "/approve as sre")}, aboutTicket(commit, "2026-03-02T11:30:00Z"), verdict.Unknown, "may be about another commit"},
		"the ticket was, before":          {sre, nil, []comment{late}, aboutTicket(commit, "2026-03-02T11:30:00Z"), verdict.Pass, "ada as sre"},
		"the ticket was only ours":        {sre, nil, []comment{wrote("ada", "/approve as sre")}, aboutTicket(commit, ""), verdict.Pass, "ada as sre"},
		"another commit named":            {sre, nil, []comment{wrote("ada", "/approve as sre for "+another[:7])}, nil, verdict.Unknown, "about another commit, 89abcde"},
		"too short a name":                {sre, nil, []comment{wrote("ada", "/approve as sre for "+commit[:6])}, nil, verdict.Unknown, "nobody yet"},
		"a comment rejects":               {sre, []act{review("ada", "approved")}, []comment{late, wrote("ada", "/reject as sre")}, nil, verdict.Pass, "ada as sre"},
		"a later rejection":               {sre, nil, []comment{early, wrote("ada", "/reject as sre")}, nil, verdict.Fail, "rejected by ada as sre (comment"},
		"a rejection after a review":      {sre, []act{review("ada", "approved")}, []comment{func() comment { c := late; c.Body = "/reject as sre"; return c }()}, nil, verdict.Fail, "rejected by ada"},
		"a review after a rejection":      {sre, []act{func() act { a := review("ada", "approved"); a.At = noon; return a }()}, []comment{wrote("ada", "/reject as sre")}, nil, verdict.Pass, "ada as sre (review"},
		"a void one after a rejection":    {sre, nil, []comment{wrote("ada", "/reject as sre"), func() comment { c := late; c.Updated = noon; return c }()}, nil, verdict.Fail, "rejected by ada"},
		"approves as one, rejects other":  {both, []act{review("bob", "approved")}, []comment{wrote("ada", "/approve as sre\n/reject as qa")}, nil, verdict.Pass, "ada as sre"},
		"a bare rejection":                {sre, nil, []comment{wrote("ada", "/approve as sre\n/reject")}, nil, verdict.Fail, "rejected by ada as sre"},
		"a rejection with reasons":        {sre, nil, []comment{wrote("ada", "/approve as sre\n/reject as sre, it breaks"+strings.Repeat(".", lineLimit))}, nil, verdict.Fail, "rejected by ada as sre"},
		"a rejection as no role":          {sre, nil, []comment{wrote("ada", "/approve as sre\n/reject as SRE")}, nil, verdict.Fail, "rejected by ada as sre"},
		"a bare one of a stranger":        {sre, nil, []comment{wrote("ada", "/approve as sre"), wrote("bob", "/reject")}, func(e *evidence) { e.People.Members = []membership{member("acme/sre", "bob", github.NoMember)} }, verdict.Pass, "ada as sre"},
		"a bare one, taken back":          {sre, nil, []comment{wrote("ada", "/reject"), late}, nil, verdict.Pass, "ada as sre"},
		"no account any more":             {sre, []act{review("ada", "approved")}, []comment{wrote("", "/reject as sre")}, nil, verdict.Pass, "ada as sre"},
		"no rule":                         {sre, []act{review("ada", "approved")}, nil, func(e *evidence) { e.Gate.Approvals = &policy.Approvals{Standard: &sre} }, verdict.Unknown, "the policy has no rule for normal changes"},
		"the normal rule stands in":       {sre, []act{review("ada", "approved")}, nil, func(e *evidence) { e.ChangeType = "emergency" }, verdict.Pass, "ada as sre"},
		"another type's rule":             {both, []act{review("ada", "approved")}, nil, func(e *evidence) { e.ChangeType, e.Gate.Approvals.Emergency = "emergency", &sre }, verdict.Pass, "ada as sre"},
		"also":                            {sre, []act{review("ada", "approved")}, nil, func(e *evidence) { e.Gate.Approvals.Also = []policy.AlsoApproval{{Role: "qa"}} }, verdict.Unknown, "nobody yet"},
		"also, under a condition that holds": {sre, []act{review("ada", "approved")}, nil, func(e *evidence) {
			e.Gate.Approvals.Also = []policy.AlsoApproval{{Role: "qa", When: `environment != "nowhere"`}}
		}, verdict.Unknown, "nobody yet"},
		"also, and there": {sre, []act{review("ada", "approved"), review("bob", "approved")}, nil, func(e *evidence) {
			e.Gate.Approvals.Also = []policy.AlsoApproval{{Role: "qa", When: `environment != "nowhere"`}}
		}, verdict.Pass, "bob as qa"},
		"also, under one that does not": {sre, []act{review("ada", "approved")}, nil, func(e *evidence) {
			e.Gate.Approvals.Also = []policy.AlsoApproval{{Role: "qa", When: `environment == "nowhere"`}}
		}, verdict.Pass, "not asked for here"},
		"also, not evaluated": {sre, []act{review("ada", "approved")}, nil, func(e *evidence) {
			e.Gate.Approvals.Also = []policy.AlsoApproval{{Role: "qa", When: "no such thing"}}
		}, verdict.Unknown, "whether qa must approve is not known"},
	} {
		t.Run(name, func(t *testing.T) {
			e := wanting(tt.rule)
			e.People.Spoken.Acts, e.Ticketed.Comments = tt.acts, tt.said
			if tt.change != nil {
				tt.change(&e)
			}
			d := decide(e)
			holdWords(t, e, d)
			if d.verdict != tt.verdict || !observes(d, tt.text) {
				t.Errorf("%s, want %s with %q\n%+v", d.verdict, tt.verdict, tt.text, d.findings())
			}
		})
	}
}

// TestWaitingForPeople holds that an approval may still come, and that a rejection does not go by itself.
func TestWaitingForPeople(t *testing.T) {
	e := wanting(policy.ApprovalRule{All: []string{"sre", "qa"}})
	e.People.Spoken.Acts = []act{review("ada", "approved")}
	if d := decide(e); d.settled() || strings.Join(d.open(), ", ") != "approval of qa" {
		t.Errorf("settled: %v, open: %v", d.settled(), d.open())
	}
	e.People.Spoken.Acts = []act{review("ada", "approved"), review("bob", "rejected")}
	if d := decide(e); !d.settled() {
		t.Errorf("a rejection is waited for: %v", d.open())
	}
	e.People.Spoken.Problems = []problem{{What: "503", Passing: true}}
	e.People.Spoken.Acts = []act{review("ada", "approved"), review("bob", "approved")}
	if d := decide(e); d.settled() {
		t.Errorf("passing trouble is not waited for: %v", d.open())
	}
}

// observes tells whether some finding has a text in what was observed.
func observes(d decision, text string) bool {
	for _, f := range d.findings() {
		if strings.Contains(f.Observed, text) {
			return true
		}
	}
	return false
}

func TestCodeOwners(t *testing.T) {
	const file = "* @ada\n/db/ @acme/dba\n/docs/ docs@acme.example\n/free/\n/web/ @kim @bob\n"
	for name, tt := range map[string]struct {
		file    string
		changed []string
		acts    []act
		change  func(*evidence)
		verdict verdict.Verdict
		text    string
	}{
		"one owner":          {file, []string{"main.go"}, []act{review("ada", "approved")}, nil, verdict.Pass, "ada as owner"},
		"nobody":             {file, []string{"main.go"}, nil, nil, verdict.Unknown, "main.go has no approval of an owner (@ada)"},
		"two owners":         {file, []string{"main.go", "web/a.js"}, []act{review("ada", "approved"), review("bob", "approved")}, nil, verdict.Pass, "bob as owner"},
		"one is missing":     {file, []string{"main.go", "web/a.js"}, []act{review("ada", "approved")}, nil, verdict.Unknown, "web/a.js has no approval"},
		"a team's member":    {file, []string{"db/1.sql"}, []act{review("kim", "approved")}, func(e *evidence) { e.People.Members = []membership{member("acme/dba", "kim", github.Member)} }, verdict.Pass, "kim as owner"},
		"a team not known":   {file, []string{"db/1.sql"}, []act{review("kim", "approved")}, nil, verdict.Unknown, "that was not asked"},
		"an address":         {file, []string{"docs/a.md"}, []act{review("ada", "approved")}, nil, verdict.Unknown, "an address that is nobody's login"},
		"free ones too":      {file, []string{"free/x", "main.go"}, []act{review("ada", "approved")}, nil, verdict.Pass, "ada as owner"},
		"only free ones":     {file, []string{"free/x"}, []act{review("ada", "approved")}, nil, verdict.Unknown, "no changed file has an owner"},
		"nothing changed":    {file, nil, []act{review("ada", "approved")}, nil, verdict.Unknown, "no changed file has an owner"},
		"an author owns":     {file, []string{"main.go"}, []act{review("ada", "approved")}, func(e *evidence) { e.People.Spoken.Authors = []string{"ada"} }, verdict.Unknown, "an author of the change"},
		"an owner rejects":   {file, []string{"main.go", "web/a.js"}, []act{review("ada", "approved"), review("kim", "approved"), review("bob", "rejected")}, nil, verdict.Fail, "rejected by bob as owner"},
		"a stranger rejects": {file, []string{"main.go"}, []act{review("ada", "approved"), review("bob", "rejected")}, nil, verdict.Pass, "ada as owner"},
		"a broken file":      {"* ada\n", []string{"main.go"}, []act{review("ada", "approved")}, nil, verdict.Unknown, "cannot be read"},
		"change not known":   {file, []string{"main.go"}, []act{review("ada", "approved")}, func(e *evidence) { e.People.Owners.Unlisted = problem{What: "a shallow clone"} }, verdict.Unknown, "a shallow clone"},
		"no file": {file, []string{"main.go"}, []act{review("ada", "approved")}, func(e *evidence) {
			e.People.Owners = ownersFile{}
			e.People.Owners.File.Missing = true
		}, verdict.Unknown, "there is no CODEOWNERS"},
		"file not read":      {file, []string{"main.go"}, []act{review("ada", "approved")}, func(e *evidence) { e.People.Owners.File.Problem = problem{What: "403"} }, verdict.Unknown, "CODEOWNERS could not be read: 403"},
		"file not asked for": {file, []string{"main.go"}, []act{review("ada", "approved")}, func(e *evidence) { e.People.Owners = ownersFile{} }, verdict.Unknown, "was not read"},
	} {
		t.Run(name, func(t *testing.T) {
			e := wanting(policy.ApprovalRule{All: []string{"owner"}})
			e.People.Owners = ownersFile{Path: "CODEOWNERS", File: file2(tt.file), Changed: tt.changed}
			e.People.Spoken.Acts = tt.acts
			if tt.change != nil {
				tt.change(&e)
			}
			if d := decide(e); d.verdict != tt.verdict || !observes(d, tt.text) {
				t.Errorf("%s, want %s with %q\n%+v", d.verdict, tt.verdict, tt.text, d.findings())
			}
		})
	}
}

func file2(text string) file { return file{Text: []byte(text)} }

// TestClaims holds that memberships are asked for only where they decide something.
func TestClaims(t *testing.T) {
	e := wanting(policy.ApprovalRule{All: []string{"sre", "qa", "owner"}})
	e.People.Owners = ownersFile{Path: "CODEOWNERS", File: file2("* @acme/all\n"), Changed: []string{"a", "b"}}
	bot := review("x[bot]", "approved")
	bot.Bot = true
	e.People.Spoken.Acts = []act{review("ada", "approved"), review("kim", "approved"), bot, review("../x", "approved")}
	e.Ticketed.Comments = []comment{wrote("zed", "/approve as qa"), wrote("Kim", "/approve as sre"), wrote("lou", "/approve as lead")}
	var got []string
	for _, m := range claims(e) {
		got = append(got, m.Team+" "+m.Login)
	}
	if want := "acme/all ada, acme/all kim, acme/sre kim"; strings.ReplaceAll(strings.Join(got, ", "), "Kim", "kim") != want {
		t.Errorf("%s, want %s", strings.Join(got, ", "), want)
	}
}

func TestCommands(t *testing.T) {
	for line, want := range map[string]string{
		"/approve as sre":             "approve sre ",
		"/approve  as   sre  ":        "approve sre ",
		"/reject as sre for 0123ABC":  "reject sre 0123abc",
		"/approve as sre for 0123ab":  "fault",
		"/approve as sre for 0123abg": "fault",
		"/approve sre":                "fault",
		"/approve":                    "fault",
		"/approve as sre, please":     "fault",
		"/approved as sre":            "",
		" /approve as sre":            "",
		"please /approve as sre":      "",
		"/waive tests until 2026-03-03 because the runner broke":                    "waive tests 2026-03-04T00:00:00Z the runner broke ",
		"/waive after staging until 2026-03-02T13:00:00Z because urgent ticket #12": "waive after staging 2026-03-02T13:00:00Z urgent #12",
		"/waive tests until soon because x":                                         "fault",
		"/waive tests until 2026-03-03":                                             "fault",
		"/waive tests because x":                                                    "fault",
		"/waive until 2026-03-03 because x":                                         "fault",
		"/waive tests until 2026-03-03 because ":                                    "fault",
		"/approve as " + strings.Repeat("x", 1000):                                  "fault",
	} {
		got := ""
		for _, c := range commandsOf([]comment{wrote("ada", line+"\n")}) {
			switch {
			case c.fault != "":
				got = "fault"
			case c.verb == "waive":
				got = fmt.Sprintf("waive %s %s %s %s", c.criterion, c.until.End().Format(time.RFC3339), c.reason, c.ticket)
			default:
				got = c.verb + " " + c.role + " " + c.sha
			}
		}
		if got != want {
			t.Errorf("%q is %q, want %q", line, got, want)
		}
	}
	if n := len(commandsOf([]comment{wrote("ada", strings.Repeat("/approve as x\n", 1000))})); n != commandLimit {
		t.Errorf("%d commands of one comment", n)
	}
}

// TestPassages holds that only what the author of a comment plainly says is a command, and that a rejection
// beside it is one all the same.
func TestPassages(t *testing.T) {
	for name, tt := range map[string]struct{ before, after, approves, rejects string }{
		"alone":                       {"", "", "yes", "yes"},
		"in a paragraph":              {"Looks good.\n", "\nThank you.", "yes", "yes"},
		"before a rule":               {"", "\n--\nada", "yes", "yes"},
		"code":                        {"```\n", "\n```", "no", "no"},
		"code with blank lines":       {"~~~ text\r\n\r\n", "\r\n~~~", "no", "no"},
		"code that does not end":      {"```\na\n\n", "", "no", "no"},
		"code in code":                {"````\n```\n", "\n```\n````", "no", "no"},
		"the other marks in code":     {"~~~\n```\n~~~x\n", "\n~~~", "no", "no"},
		"indented marks":              {"   ```\n", "\n   ```", "no", "no"},
		"an end that is none":         {"```\n``` go\n", "\n```", "no", "no"},
		"after code":                  {"```\na\n```\n", "", "yes", "yes"},
		"after a code span":           {"```a```\n", "", "yes", "yes"},
		"a comment of HTML":           {"<!--\n", "\n-->", "no", "no"},
		"one with blank lines":        {"a\n<!-- \n\n", "\n\n-->", "no", "no"},
		"after a comment":             {"<!-- Write below. -->\n", "", "yes", "yes"},
		"after a long comment":        {"<!--\nWrite\n\nbelow. -->\n", "", "yes", "yes"},
		"a comment within a text":     {"I would <!--\n", "\n-->", "fault", "yes"},
		"after one within a text":     {"I would <!-- not -->\n", "", "yes", "yes"},
		"a text as it is":             {"<PRE>\n\n", "\n</PRE>", "no", "no"},
		"after a text as it is":       {"<pre>\na\n</pre>\n", "", "yes", "yes"},
		"what folds":                  {"<details>\n", "\n</details>", "fault", "yes"},
		"what folds, and blank lines": {"<details>\n\n", "\n\n</details>", "yes", "yes"},
		"on with a quotation":         {"> Will you\n", "", "fault", "yes"},
		"further on with one":         {"> Will you\nand he\n", "", "fault", "yes"},
		"after a quotation":           {"> Will you?\n\n", "", "yes", "yes"},
		"quoted code":                 {"> ```\n\n", "", "yes", "yes"},
	} {
		for verb, want := range map[string]string{"approve": tt.approves, "reject": tt.rejects} {
			got := "no"
			for _, c := range commandsOf([]comment{wrote("ada", tt.before+"/"+verb+" as sre"+tt.after)}) {
				if got = "yes"; c.fault != "" {
					got = "fault"
				}
			}
			if got != want {
				t.Errorf("%s, /%s: %s, want %s", name, verb, got, want)
			}
		}
	}
}

func FuzzCommands(f *testing.F) {
	f.Add("/waive a until 2026-03-03 because b ticket c\n```\n/approve as x for 0123abc")
	f.Fuzz(func(t *testing.T, body string) {
		e := wanting(policy.ApprovalRule{All: []string{"sre"}})
		e.Gate.Waivers = &policy.Waivers{Allow: []string{"qa"}}
		e.Ticketed.Comments = []comment{wrote("mallory", body)}
		if d := decide(e); d.verdict == verdict.Pass {
			t.Error("a stranger's words let a commit through")
		}
		marked(body, e.inputs)
	})
}

// TestWorseWordsAreNeverBetter takes approvals away or makes them worse, at random: a no stays one.
func TestWorseWordsAreNeverBetter(t *testing.T) {
	r := rand.New(rand.NewPCG(20260302, 2))
	people := []string{"ada", "bob", "kim", "eve", "lou"}
	pick := func() string { return people[r.IntN(len(people))] }
	gos := 0
	for n := range 20_000 {
		e := wanting(policy.ApprovalRule{Any: []string{"sre", "lead"}, All: []string{"qa"}})
		e.People.Members = []membership{member("acme/sre", "kim", github.Member), member("acme/leads", "lou", github.Member), member("acme/leads", "kim", github.TeamHidden)}
		for range r.IntN(6) {
			a := review(pick(), oftenBest(r, "approved", "dismissed", "rejected"))
			a.Kind = oftenBest(r, "review", "environment")
			a.Commit = oftenBest(r, commit, another)
			a.At = noon.Add(-time.Duration(r.IntN(200)) * time.Minute)
			e.People.Spoken.Acts = append(e.People.Spoken.Acts, a)
		}
		for range r.IntN(4) {
			c := wrote(pick(), oftenBest(r, "/approve", "/reject")+" as "+oftenBest(r, "qa", "sre", "lead")+oftenBest(r, "", " for "+commit[:9], " for "+another[:9]))
			c.Created = noon.Add(-time.Duration(r.IntN(200)) * time.Minute)
			c.Updated = oftenBest(r, c.Created, noon)
			e.Ticketed.Comments = append(e.Ticketed.Comments, c)
		}
		before := decide(e)
		if before.verdict == verdict.Pass {
			gos++
			continue
		}
		what := ""
		p := &e.People
		p.Spoken.Acts, e.Ticketed.Comments, p.Members = slices.Clone(p.Spoken.Acts), slices.Clone(e.Ticketed.Comments), slices.Clone(p.Members)
		approvals := []int{}
		for i, a := range p.Spoken.Acts {
			if a.State == "approved" {
				approvals = append(approvals, i)
			}
		}
		switch k := r.IntN(10); {
		case k < 5 && len(approvals) > 0:
			i := approvals[r.IntN(len(approvals))]
			a := &p.Spoken.Acts[i]
			switch k {
			case 0:
				what, p.Spoken.Acts = "an approval is gone", slices.Delete(p.Spoken.Acts, i, i+1)
			case 1:
				what, a.Commit = "an approval of another commit", another
			case 2:
				what, a.By = "an approval by a stranger", "mallory"
			case 3:
				what, a.At = "an older approval", a.At.Add(-5*time.Hour)
			case 4:
				what, a.State = "a rejection", "rejected"
			}
		case k < 8 && len(e.Ticketed.Comments) > 0:
			i := r.IntN(len(e.Ticketed.Comments))
			c := &e.Ticketed.Comments[i]
			if strings.HasPrefix(c.Body, "/reject") {
				continue
			}
			switch k {
			case 5:
				what, e.Ticketed.Comments = "a comment is gone", slices.Delete(e.Ticketed.Comments, i, i+1)
			case 6:
				what, c.Updated = "a comment was edited", noon.Add(time.Hour)
			case 7:
				what, c.By = "a comment by a stranger", "mallory"
			}
		case k == 8:
			what, p.Members = "a membership is gone", p.Members[1:]
		default:
			what, p.Spoken.Authors = "one more author", append(p.Spoken.Authors, pick())
		}
		if after := decide(e); after.verdict == verdict.Pass {
			t.Fatalf("case %d: %s turned a no into a yes\n%+v\n%+v", n, what, e.People, e.Ticketed.Comments)
		}
	}
	if gos < 300 {
		t.Fatalf("of 20000 cases %d were a go; the generator no longer tests what it should", gos)
	}
}
