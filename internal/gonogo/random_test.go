package gonogo

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/attest"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/ticket"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// dice makes evidence at random: mostly good, for a bad fact alone shows what hides it.
type dice struct {
	*rand.Rand
	sealed sealed
}

// bad is seldom true.
func (r dice) bad() bool { return r.IntN(9) == 0 }

func (r dice) often() bool { return r.IntN(4) > 0 }

// chance is anything that comes up with a number.
type chance interface{ IntN(below int) int }

func oneOf[T any](r chance, all ...T) T { return all[r.IntN(len(all))] }

func oftenBest[T any](r chance, best T, others ...T) T {
	if r.IntN(9) > 0 {
		return best
	}
	return oneOf(r, others...)
}

// parts are what a gate can be made of. Each adds what it asks for, and the evidence for it. A kind of
// evidence more is a part more.
var parts = map[string]func(dice, *evidence){
	"checks": someChecks, "results": someResults, "signed results": someSigned, "handed in": someHandedIn, "promotion": somePromotion,
	"document": someDocument, "JSON file": someJSONFile, "checklist": someChecklist, "risk": someRisk, "issues": someIssues, "release": someRelease,
	"probe": someProbe, "coverage": someCoverage, "windows": someWindows, "people": somePeople, "former emergencies": somePast, "waivers": someWaivers,
	"ticket": someTicket, "migrations": someMigrations, "facts": someFacts, "machine": someMachine,
}

// evidence makes a gate of a few parts.
func (r dice) evidence() evidence {
	e := with()
	e.Gate.Criteria, e.Timezone, e.Ticket, e.ChangeType = nil, oneOf(r, "UTC", "UTC", "UTC", "Europe/Berlin"), "none", "auto"
	e.Run.Actor = "ada"
	names := slices.Sorted(maps.Keys(parts))
	for _, i := range r.Perm(len(names))[:1+r.IntN(4)] {
		parts[names[i]](r, &e)
	}
	for i := range e.Gate.Criteria {
		if c := &e.Gate.Criteria[i]; c.When == "" && r.IntN(12) == 0 {
			c.When = oneOf(r, conditions...)
			e.release(r)
		}
	}
	return e
}

// conditions are such that lose their answer with what they look at.
var conditions = []string{
	`release.bump == "major"`, `release.type != "feature"`, `release.prerelease`, `release.version != "1.5.0"`, `environment == "staging"`,
	`release.bump == "minor" || environment == "staging"`, `release.previous == ""`,
}

func (e *evidence) adds(c ...policy.Criterion) { e.Gate.Criteria = append(e.Gate.Criteria, c...) }

// release hands in what version-bump found out, once.
func (e *evidence) release(r dice) {
	if slices.ContainsFunc(e.Documents, func(d document) bool { return d.Action == "version-bump" }) {
		return
	}
	d := passing("version-bump")
	bump := oneOf(r, "patch", "minor", "major")
	d.Data = map[string]any{"version": "1.5.0", "tag": "v1.5.0", "previousTag": "v1.4.2", "bump": bump, "releaseType": oneOf(r, "feature", "hotfix", "security"), "changed": true}
	e.Documents = append(e.Documents, r.spoilt(d))
}

// unsound begins the source of a result that is no good: to take it away, or what shows it, makes nothing worse.
const unsound = "unsound "

// spoilt spoils a result, seldom.
func (r dice) spoilt(d document) document {
	if !r.bad() {
		return d
	}
	d.Source = unsound + d.Source
	switch r.IntN(8) {
	case 0:
		d.Verdict = verdict.Unknown
	case 1:
		d.SHA = another
	case 2:
		d.Repository = "acme/other"
	case 3:
		d.Finished = noon.Add(time.Hour)
	case 4:
		d = document{Source: d.Source, Problem: "it is broken"}
	case 5:
		d.Subjects = []attest.Resource{attest.Commit("x", another)}
	default:
		d.Verdict = verdict.Fail
	}
	return d
}

func someChecks(r dice, e *evidence) {
	rule := &policy.Checks{Skipped: oftenBest[policy.Passing](r, "", "fail"), Neutral: oftenBest[policy.Passing](r, "", "fail"),
		Cancelled: oftenBest[policy.Failing](r, "", "unknown"), Pending: oftenBest[policy.Failing](r, "", "fail")}
	all := r.IntN(3) == 0 // none is named, so all count
	for _, name := range []string{"unit", "e2e (chrome)", "e2e (firefox)", "lint"} {
		if r.IntN(2) == 0 {
			continue
		}
		wanted := policy.RequiredCheck{Name: name}
		k := ran(name, oftenBest(r, "success", "skipped", "neutral", "failure", "", "stale", "cancelled", "timed_out"))
		switch r.IntN(4) {
		case 0:
			wanted.Workflow = "CI"
			k.App, k.Workflow, k.WorkflowFile = "github-actions", oftenBest(r, "CI", "", "Nightly"), "ci.yml"
		case 1:
			wanted.App, k.App = "ci", oftenBest(r, "ci", "scanner")
		case 2:
			wanted.Name = strings.Split(name, " ")[0] + "*"
		}
		if !all {
			rule.Require = append(rule.Require, wanted)
		}
		if !r.bad() {
			e.Checks.All = append(e.Checks.All, k)
		}
	}
	if !all && len(rule.Require) == 0 {
		rule.Require = []policy.RequiredCheck{{Name: "unit"}}
	}
	if r.IntN(4) == 0 { // what an earlier decision has published
		name, id := ownCheck(e.Environment)
		k := ran(name, oneOf(r, "success", "failure"))
		k.App, k.ExternalID = "github-actions", id
		e.Checks.All = append(e.Checks.All, k)
	}
	if r.bad() {
		e.Checks.Problems = []problem{{What: "no answer"}}
	}
	if r.IntN(3) == 0 {
		e.Checks.Own, e.Checks.OwnWhy = &check{Name: oneOf(r, "gate", "unit")}, "it is the job"
	}
	e.adds(policy.Criterion{ID: "checks", Checks: rule})
}

func someResults(r dice, e *evidence) {
	for _, action := range []string{"changelog", "security-gate", "version-bump"} {
		if r.IntN(3) == 0 {
			continue
		}
		rule := &policy.Evidence{Action: action, MaxAge: policy.Duration(r.IntN(3)) * policy.Duration(time.Hour)}
		if action == "version-bump" {
			rule.Require = map[string]string{"bump": "!= " + oftenBest(r, "epoch", "major")}
			e.release(r)
			e.adds(policy.Criterion{ID: "version", Evidence: rule})
			continue
		}
		d := passing(action)
		if action == "security-gate" {
			d.Data = map[string]any{"counts": map[string]any{"critical": 0.0, "high": 1.0, "medium": 2.0, "low": 3.0, "unknown": 4.0}, "measures": map[string]any{"accepted": 5.0, "new": 0.0}}
			rule.Require = map[string]string{"counts.critical": "<= " + oftenBest(r, "0", "-1")}
			e.image(r, &d)
			if r.IntN(2) == 0 {
				e.adds(policy.Criterion{ID: "weaknesses", Assert: oftenBest(r, "security.total < 11", "security.total < 10", "security.high < 1")})
			}
		}
		if r.bad() {
			d.Finished = d.Finished.Add(-time.Duration(r.IntN(100)) * time.Hour)
		}
		if !r.bad() {
			e.Documents = append(e.Documents, r.spoilt(d))
		}
		e.adds(policy.Criterion{ID: action + " result", Evidence: rule})
	}
}

// image may make a result one about an image that is to be deployed.
func (e *evidence) image(r dice, d *document) {
	if r.IntN(2) == 0 {
		return
	}
	e.Digest, d.Digest = digestA, digestA
	switch {
	case r.IntN(2) == 0:
		d.SHA = another
	case r.bad():
		d.Digest, d.Source = digestB, unsound+d.Source
	}
}

// sealed are envelopes and keys, made once.
type sealed struct {
	envelopes []sealedResult
	keys      map[string]file
}

type sealedResult struct {
	text []byte
	good bool
}

const vault = ".github/keys/vault.pem"

// seals signs a few results, always with the same keys.
func seals(t *testing.T) sealed {
	t.Helper()
	s := sealed{keys: map[string]file{}}
	var private [][]byte
	for i, path := range []string{scanner, vault, second} { // nobody signs with the last
		key := ed25519.NewKeyFromSeed(slices.Repeat([]byte{byte(i + 1)}, ed25519.SeedSize))
		privateDER, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		publicDER, err := x509.MarshalPKIXPublicKey(key.Public())
		if err != nil {
			t.Fatal(err)
		}
		private = append(private, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: privateDER}))
		s.keys[path] = file{Text: pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: publicDER})}
	}
	for _, tt := range []struct {
		key        int
		about, sha string
		verdict    verdict.Verdict
	}{
		{0, commit, commit, verdict.Pass}, {1, commit, commit, verdict.Pass}, {0, another, commit, verdict.Pass}, {0, commit, another, verdict.Pass}, {0, commit, commit, verdict.Fail},
	} {
		text := seal(t, private[tt.key], stating(attest.ResultType, "gitCommit", tt.about, resultText(scanning, "acme/shop", tt.sha, "", tt.verdict)))
		s.envelopes = append(s.envelopes, sealedResult{text, len(s.envelopes) == 0})
	}
	return s
}

func someSigned(r dice, e *evidence) {
	maps.Copy(e.Files, map[string]file{governed + scanner: r.sealed.keys[scanner]})
	rule := &policy.Evidence{Action: scanning, Keys: []string{scanner}}
	if r.IntN(3) == 0 { // in a file that the policy names
		chosen := oftenBest(r, r.sealed.envelopes[0], r.sealed.envelopes[1:]...)
		rule.Action, rule.File = "", "scan.intoto.json"
		e.Files[inWorkspace+rule.File] = file{Text: chosen.text}
		e.adds(policy.Criterion{ID: "scan", Evidence: rule})
		return
	}
	chosen := oftenBest(r, r.sealed.envelopes[0], r.sealed.envelopes[1:]...)
	d := decodeDocument("signed", "", chosen.text)
	if !chosen.good {
		d.Source = unsound + d.Source
	}
	if r.bad() {
		rule.Keys, d.Source = nil, unsound+d.Source
	}
	if r.bad() {
		e.Files[governed+scanner], d.Source = file{Missing: true}, unsound+d.Source
	}
	e.Documents = append(e.Documents, d)
	e.adds(policy.Criterion{ID: "scan", Evidence: rule})
}

func someHandedIn(r dice, e *evidence) {
	d := passing(oneOf(r, "changelog", "deploy-verify", "go-no-go", "preflight"))
	if d.Action == "go-no-go" && r.IntN(2) == 0 {
		d.SHA, d.Verdict, d.Source = another, verdict.Fail, unsound+"history"
	}
	e.Documents = append(e.Documents, r.spoilt(d))
}

func somePromotion(r dice, e *evidence) {
	e.Gate.Environments = map[string]policy.Environment{"staging": {}, "production": {After: []string{"staging"}}}
	for range 1 + r.IntN(2) {
		d := passing("deploy-verify")
		d.Data = map[string]any{"environment": oftenBest(r, "staging", "test")}
		e.image(r, &d)
		if !r.bad() {
			e.Documents = append(e.Documents, r.spoilt(d))
		}
	}
}

const plan = "docs/rollback.md"

func someDocument(r dice, e *evidence) {
	rule := &policy.Document{Path: plan}
	f := file{Text: []byte("# Application\nundo\n# Database\nmigrate down\n"), Sum: "x", Changed: noon.Add(-48 * time.Hour)}
	if r.often() {
		rule.Sections = []string{"application", oftenBest(r, "database", "network")}
	}
	if r.IntN(2) == 0 {
		rule.MaxAge = policy.Duration(72 * time.Hour)
		f.Changed = oftenBest(r, f.Changed, noon.Add(-100*time.Hour), noon.Add(time.Hour), time.Time{})
		if r.bad() {
			f.Undated = problem{What: "shallow"}
		}
	}
	e.Files[atCommit+plan] = oftenBest(r, f, file{Missing: true}, file{Problem: problem{What: "503", Passing: true}}, file{Text: []byte(" \n")}, file{Text: []byte("# Application\nTODO\n")})
	e.adds(policy.Criterion{ID: "plan", Document: rule, Owner: "sre"})
}

func someJSONFile(r dice, e *evidence) {
	rule := &policy.Evidence{File: "load.json", Require: map[string]string{"p95.ms": "<= 200", "passed": "true"}}
	if r.IntN(2) == 0 {
		rule.MaxAge = policy.Duration(4 * time.Hour)
	}
	text := fmt.Sprintf(`{"commit":%q,"createdAt":%q,"p95":{"ms":%s},"passed":%s}`, oftenBest(r, commit, another, ""), oftenBest(r, "2026-03-02T10:00:00Z", "2026-03-01T10:00:00Z", "2026-03-02T14:00:00Z", "soon"),
		oftenBest(r, "150", "250", `"x"`), oftenBest(r, "true", "false", "null"))
	e.Files[inWorkspace+rule.File] = oftenBest(r, file{Text: []byte(text), Sum: sum([]byte(text))}, file{Missing: true}, file{Problem: problem{What: "too large"}}, file{Text: []byte("<html>")})
	e.adds(policy.Criterion{ID: "load", Evidence: rule})
}

func someChecklist(r dice, e *evidence) {
	mark := func() string { return oftenBest(r, "x", " ") }
	text := fmt.Sprintf("# Before\n- [%s] a\n- [%s] b\n\n# After\n- [x] c\n", mark(), mark())
	rule := &policy.Checklist{Section: oneOf(r, "", "Before", "Before", "before")}
	if r.IntN(2) == 0 {
		rule.Path = "docs/list.md"
		e.Files[atCommit+rule.Path] = oftenBest(r, file{Text: []byte(text)}, file{Missing: true}, file{Problem: problem{What: "503"}})
		e.adds(policy.Criterion{ID: "list", Checklist: rule})
		return
	}
	e.Gate.Roles = roles
	e.asksTicket(r)
	if e.Ticketed.Body == "" {
		e.Ticketed.Body = text
	} else {
		e.Ticketed.Body = strings.Replace(e.Ticketed.Body, "# Validate", text+"\n# Validate", 1)
	}
	if r.often() {
		rule.By = "sre"
		_, places := sectionBoxes([]byte(e.Ticketed.Body), "")
		e.People.Ticks = nil
		for range places {
			e.People.Ticks = append(e.People.Ticks, oftenBest(r, tickedBy("ada"), tickedBy("eve"), tickedBy("kim"), tick{Why: "it was edited too often"}))
		}
		if r.bad() {
			e.People.Unticks = problem{What: "403"}
		}
		e.knows(r, "acme/sre", "kim", "eve")
	}
	e.adds(policy.Criterion{ID: "list", Checklist: rule})
}

// knows records memberships of a team.
func (e *evidence) knows(r dice, team string, logins ...string) {
	for _, login := range logins {
		if slices.ContainsFunc(e.People.Members, func(m membership) bool { return m.Team == team && m.Login == login }) || r.bad() {
			continue
		}
		state := oneOf(r, github.Member, github.Member, github.NoMember, github.Invited, github.TeamHidden)
		m := member(team, login, state)
		if r.bad() {
			m.State, m.Problem = "", problem{What: "403"}
		}
		e.People.Members = append(e.People.Members, m)
	}
}

// asksTicket lets the caller name a ticket, and reads it.
func (e *evidence) asksTicket(r dice) {
	if e.Ticket != "none" {
		return
	}
	e.Ticket = "12"
	e.Ticketed = ticketed{Asked: e.Ticket, Number: 12, URL: "https://github.com/acme/shop/issues/12", Open: !r.bad()}
	if r.bad() {
		e.Ticketed.Problem = problem{What: "503", Passing: true}
	}
	e.Change.Commits = append(e.Change.Commits, changedCommit{SHA: commit, Subject: "feat: pay", Author: "Ada", References: []string{"#12"}})
	e.Gate.Ticket = &policy.Ticket{Deployment: "docs/runbook.md#deploy", Rollback: "docs/runbook.md#roll-back", Validation: "docs/runbook.md#Validate", Duration: policy.Duration(2 * time.Hour)}
	e.Files[atCommit+"docs/runbook.md"] = oftenBest(r, file{Text: []byte(runbook)}, file{Text: []byte("# Deploy\nx\n")}, file{Missing: true}, file{Problem: problem{What: "503", Passing: true}})
}

func someTicket(r dice, e *evidence) {
	e.asksTicket(r)
	if r.IntN(3) == 0 {
		e.Ticket, e.Ticketed.Asked = "create", "create"
	}
	if r.often() {
		e.release(r)
	}
	m := marker(oftenBest(r, ticket.State("draft"), "deploying", "closed"))
	m.Commit, m.Environment = oftenBest(r, commit, another), oftenBest(r, "production", "staging")
	body := ticket.Render(ticket.Ticket{Marker: m, Fields: ticket.Fields{Written: oftenBest(r, byGrace, nil)}})
	e.Ticketed.Body = strings.TrimSuffix(body, "\n") + "\n" + e.Ticketed.Body
	if e.Ticket == "create" && r.IntN(4) == 0 { // there is none yet
		e.Ticketed = ticketed{Asked: e.Ticket}
	}
	for _, c := range e.Gate.Criteria {
		if c.Checklist != nil && c.Checklist.By != "" {
			_, places := sectionBoxes([]byte(e.Ticketed.Body), "")
			for len(e.People.Ticks) < len(places) {
				e.People.Ticks = append([]tick{tickedBy("ada")}, e.People.Ticks...)
			}
		}
	}
	if r.IntN(4) == 0 {
		e.Gate.ChangeTypes = map[string][]string{"standard": {"patch"}, "emergency": {"hotfix"}}
	}
}

func someChange(r dice, e *evidence) {
	if e.Change.Head != "" {
		return
	}
	commits := e.Change.Commits
	e.Change = changed(changedFile{Path: "a.go", Status: "M", Added: r.IntN(20)}, changedFile{Path: "go.mod", Status: "M", Added: 1}).Change
	e.Change.Commits, e.Change.Lines = append(commits, changedCommit{SHA: another, Subject: "fix: round", Author: "Grace", At: noon.Add(-3 * time.Hour)}), 10+r.IntN(500)
	e.Change.Base, e.Change.Since = another, "v1.4.2"
	e.Change.Released = oftenBest(r, noon.Add(-time.Duration(r.IntN(200))*time.Hour), noon.Add(time.Hour))
	e.Change.Newcomers, e.Change.Looked = r.IntN(2), 500
	e.Change.Failures = []failure{{Place: "a.go", Times: r.IntN(3)}}
	switch r.IntN(30) {
	case 0:
		e.Change.MoreFiles = 3
	case 1:
		e.Change.MoreCommits = 3
	case 2:
		e.Change.Unlooked = true
	case 3:
		e.Change = change{Problem: problem{What: "the clone is shallow"}}
	case 4:
		e.Change.Head = another
	}
}

func someRisk(r dice, e *evidence) {
	someChange(r, e)
	if r.often() {
		e.Gate.Risk = &policy.Risk{Incidents: []string{"incident"}}
		e.Incidents = oftenBest(r, incidents{Asked: true}, incidents{Asked: true, Numbers: []int{3, 4}}, incidents{Problem: problem{What: "503"}}, incidents{})
	}
	at := riskOf(*e).value
	e.adds(policy.Criterion{ID: "risk", Assert: fmt.Sprintf(oneOf(r, "risk.score < %d", "change.lines < 500 && risk.score < %d", `risk.level != "high" && risk.score < %d`), at+oftenBest(r, 1+r.IntN(30), -r.IntN(20)))})
}

func someFacts(r dice, e *evidence) {
	e.release(r)
	e.adds(policy.Criterion{ID: "facts", When: oftenBest(r, "", conditions...), Assert: oneOf(r, `release.bump != "major"`, `release.version == "1.5.0"`, `release.type in ["feature", "hotfix"]`, `!release.prerelease`, `release.previous == "1.4.2"`)})
}

func someIssues(r dice, e *evidence) {
	rule := &policy.Issues{Severities: []policy.Severity{"critical"}, Max: r.IntN(3)}
	if r.IntN(2) == 0 {
		rule.Labels = []string{"bug"}
	}
	if r.IntN(3) == 0 {
		rule.Milestone = oneOf(r, "1.5", "${version}")
		e.release(r)
	}
	q := issueQuestion{Repository: "acme/shop", Labels: rule.Labels, Severities: rule.Severities, Milestone: strings.ReplaceAll(rule.Milestone, "${version}", "1.5.0")}
	found := issues{Asked: q, URL: "https://github.com/acme/shop/issues"}
	for n := range oftenBest(r, rule.Max, rule.Max+1, rule.Max+2) {
		found.Open = append(found.Open, openIssue{Number: n + 1, Title: "lost", Assignees: []string{"ada"}})
	}
	found.Count = len(found.Open)
	if r.bad() {
		found.Problem = problem{What: "403"}
	}
	e.Issues = map[string]issues{}
	if !r.bad() {
		e.Issues["bugs"] = found
	}
	e.adds(policy.Criterion{ID: "bugs", Issues: rule})
}

func someRelease(r dice, e *evidence) {
	rule := &policy.Upstream{Repository: "acme/warehouse", AtLeast: "2.1.0", Environment: oneOf(r, "", "production")}
	u := upstream{Asked: upstreamQuestion(*rule), Seen: 3, URL: "https://github.com/acme/warehouse/releases",
		Found: &foundRelease{Tag: oftenBest(r, "v2.1.0", "v2.0.9", "v2.2.0-rc.1", "main"), Prerelease: r.bad(), At: noon.Add(-time.Hour)}}
	switch r.IntN(20) {
	case 0:
		u.Found, u.Partly = nil, true
	case 1:
		u.Found = nil
	case 2:
		u.Problem = problem{What: "403"}
	}
	e.Releases = map[string]upstream{}
	if !r.bad() {
		e.Releases["warehouse"] = u
	}
	e.adds(policy.Criterion{ID: "warehouse", Release: rule})
}

func someProbe(r dice, e *evidence) {
	rule := &policy.GateProbe{URL: "https://prom.example/-/ready", Latency: oneOf(r, "", "<100ms")}
	p := probed{Asked: rule.URL, Class: "answered", Status: oftenBest(r, 200, 503, 301), Latency: oftenBest[int64](r, 12, 900)}
	if r.IntN(2) == 0 {
		rule.BodyMatches, p.Body = "ok", &matched{"ok", !r.bad()}
	}
	if r.IntN(2) == 0 {
		rule.JSON = map[string]string{"$.ready": "true", "$.version": "1.5.0"}
		p.Values = []probeValue{{Path: "$.ready", Value: oftenBest(r, "true", "false")}, {Path: "$.version", Value: "1.5.0"}}
		if r.bad() {
			p.Values, p.NotJSON = nil, true
		}
	}
	if r.bad() {
		p = probed{Asked: rule.URL, Class: oneOf(r, "refused", "timeout", "tls", "cut", ""), Detail: "x"}
	}
	if r.bad() {
		p = probed{Asked: rule.URL, Problem: problem{What: "the address is not allowed"}}
	}
	e.Probes = map[string]probed{}
	if !r.bad() {
		e.Probes["monitoring"] = p
	}
	e.adds(policy.Criterion{ID: "monitoring", Probe: rule})
}

const onCallFile, freezeFile = "on-call.ics", "freeze.ics"

var (
	fullRoster = []string{"0302T0900-0304T0900 Primary: Ada", "0302T0900-0304T0900 Backup: Grace"}
	rosters    = [][]string{
		{"0302T0900-0302T1800 Primary: Ada", "0302T0900-0304T0900 Backup: Grace"}, {"0302T0900-0304T0900 Primary: Ada", "0302T0900-0304T0900 Backup: Ada"},
		{"0302T0900-0304T0900 Primary: Ada"}, {"0402T0900-0404T0900 Primary: Ada"}, {},
	}
	frozen    = onCallCalendar("0302T0900-0302T2300 Quarter end")
	notFrozen = onCallCalendar("0401T0900-0402T0900 Quarter end")
)

func someCoverage(r dice, e *evidence) {
	e.Files[governed+onCallFile] = oftenBest(r, fileWith(onCallCalendar(oftenBest(r, fullRoster, rosters...)...)), file{Missing: true}, file{Problem: problem{What: "timeout", Passing: true}}, fileWith("<html>"))
	if r.bad() {
		delete(e.Files, governed+onCallFile)
	}
	e.adds(policy.Criterion{ID: "on-call", Coverage: &policy.Coverage{Calendar: onCallFile, Primary: 1, Backup: r.IntN(2)}})
}

func someWindows(r dice, e *evidence) {
	w := &policy.Windows{}
	if r.often() {
		w.Deploy = &policy.DeployWindow{From: oftenBest(r, "09:00", "17:00"), To: "18:00", Days: oftenBest(r, []string(nil), []string{"sat", "sun"}), When: oftenBest(r, "", conditions...)}
	}
	if r.IntN(2) == 0 {
		w.Freeze = append(w.Freeze, policy.Freeze{Calendar: freezeFile, Reason: "books"})
		e.Files[governed+freezeFile] = oftenBest(r, fileWith(notFrozen), fileWith(frozen), file{Missing: true}, file{Problem: problem{What: "timeout", Passing: true}}, fileWith("x"))
	}
	if r.IntN(3) == 0 {
		first := oftenBest(r, noon.AddDate(0, 1, 0), noon.AddDate(0, 0, -1))
		w.Freeze = append(w.Freeze, policy.Freeze{From: policy.Date{Time: first.Truncate(24 * time.Hour)}, To: policy.Date{Time: first.AddDate(0, 0, 2).Truncate(24 * time.Hour)}, Reason: "move"})
	}
	if r.IntN(6) == 0 {
		w.Freeze = append(w.Freeze, policy.Freeze{Holidays: []string{"de"}, When: oneOf(r, "", conditions[0])})
	}
	if slices.Contains(conditions, oneOf(r, conditions...)) && r.IntN(3) == 0 {
		e.release(r)
	}
	e.Gate.Windows = w
	if len(e.Gate.Criteria) == 0 {
		someChecks(r, e)
	}
}

const owning = "*.go @kim\ngo.mod @acme/leads\n"

// speaks is what people have said about a commit.
func (r dice) speaks(sha string) (spoken, []comment) {
	s := spoken{Asked: sha, Pull: 7, URL: "https://github.com/acme/shop/pull/7", Head: sha, Authors: []string{"eve"}, Starters: []string{"eve"}}
	var said []comment
	if r.bad() {
		s.Authors = []string{"ada", "eve"}
	}
	hours := r.Perm(12)
	for i, by := range []string{"ada", "bob", "kim", "lou", "ada", "bob", "eve"} {
		if r.IntN(3) == 0 || i > 3 && r.IntN(3) > 0 {
			continue
		}
		at := noon.Add(-time.Duration(1+hours[i]) * time.Hour)
		state := oftenBest(r, "approved", "rejected", "dismissed")
		switch r.IntN(3) {
		case 0:
			s.Acts = append(s.Acts, act{By: by, Kind: "review", State: state, Commit: oftenBest(r, sha, "ffff"+sha[4:]), At: at})
		case 1:
			s.Acts = append(s.Acts, act{By: by, Kind: "environment", State: oftenBest(r, "approved", "rejected"), Commit: sha})
		default:
			role := oneOf(r, "sre", "qa", "lead", "owner")
			body := "/" + oftenBest(r, "approve", "reject") + " as " + role
			if r.IntN(2) == 0 && strings.HasPrefix(body, "/approve") {
				body += " for " + oftenBest(r, sha[:12], "ffffffff")
			}
			c := comment{By: by, Body: body, Created: at, Updated: at, URL: "u"}
			if r.bad() {
				c.Updated = at.Add(time.Second)
			}
			said = append(said, c)
		}
	}
	slices.SortStableFunc(s.Acts, func(a, b act) int { return a.At.Compare(b.At) })
	if r.bad() {
		s.Problems = []problem{{What: "the list broke off"}}
	}
	if r.bad() {
		s.Authors, s.Authorless = nil, problem{What: "503"}
	}
	return s, said
}

func somePeople(r dice, e *evidence) {
	if e.Gate.Approvals != nil {
		return
	}
	someChange(r, e)
	e.Gate.Roles = roles
	any := func(names ...string) *policy.ApprovalRule { return &policy.ApprovalRule{Any: names} }
	e.Gate.Approvals = &policy.Approvals{
		Standard: any("sre", "qa", "lead", "owner"), Normal: oneOf(r, any("sre"), any("sre", "qa"), any("lead"), any("owner"), &policy.ApprovalRule{All: []string{"sre", "qa"}}), SelfApproval: r.IntN(6) == 0,
	}
	if r.IntN(3) == 0 {
		e.Gate.Approvals.Also = []policy.AlsoApproval{{Role: "qa", When: oneOf(r, append(conditions, "")...)}}
		e.release(r)
	}
	if r.IntN(4) == 0 {
		e.ChangeType = "standard"
	} else if r.IntN(4) == 0 {
		e.release(r)
		e.Gate.ChangeTypes = map[string][]string{"standard": {"patch"}, "emergency": {"hotfix"}}
		e.Gate.Approvals.Emergency = e.Gate.Approvals.Normal
	}
	var said []comment
	e.People.Spoken, said = r.speaks(commit)
	if len(said) > 0 {
		e.asksTicket(r)
		e.Ticketed.Comments = append(e.Ticketed.Comments, said...)
		e.People.Traced = oftenBest(r, noon.Add(-13*time.Hour), time.Time{}, noon.Add(-3*time.Hour))
	}
	e.People.Owners = ownersFile{Path: ".github/CODEOWNERS", File: oftenBest(r, fileWith(owning), file{Problem: problem{What: "503"}}, file{Missing: true})}
	e.knows(r, "acme/sre", "kim", "lou", "bob", "eve")
	e.knows(r, "acme/leads", "kim", "lou", "ada", "bob", "eve")
}

func somePast(r dice, e *evidence) {
	somePeople(r, e)
	e.Gate.Approvals.Normal = &policy.ApprovalRule{Any: []string{"sre", "qa"}}
	e.Gate.Approvals.Emergency = &policy.ApprovalRule{Any: []string{"sre", "qa"}, ReviewWithin: policy.Duration(24 * time.Hour)}
	for i := range r.IntN(3) {
		sha := fmt.Sprintf("%040x", 0xabc0+i)
		p := past{Commit: sha, Decided: oftenBest(r, noon.Add(-30*time.Hour), noon.Add(-time.Hour), noon.Add(time.Hour)), Ticket: 5, URL: "u"}
		p.Spoken, p.Comments = r.speaks(sha)
		e.People.Past = append(e.People.Past, p)
	}
	if r.bad() {
		e.People.Unread = []problem{{What: "503", Passing: true}}
	}
}

func someWaivers(r dice, e *evidence) {
	somePeople(r, e)
	if len(e.Gate.Criteria) < 2 {
		someChecks(r, e)
		someDocument(r, e)
	}
	e.Gate.Waivers = &policy.Waivers{Allow: []string{oftenBest(r, "sre", "lead")}}
	ids := []string{"approvals", "windows", "ticket"}
	for _, c := range e.Gate.Criteria {
		ids = append(ids, c.ID)
	}
	slices.Reverse(ids)
	e.asksTicket(r)
	for _, by := range []string{"ada", "kim", "eve"}[:1+r.IntN(3)] {
		at := noon.Add(-time.Hour)
		c := comment{By: by, Body: fmt.Sprintf("/waive %s until %s because the test is flaky", ids[r.IntN(len(ids))], oftenBest(r, "2026-03-03", "2026-03-01", "2026-04-30")), Created: at, Updated: at, URL: "u"}
		if r.bad() {
			c.Updated = noon
		}
		e.Ticketed.Comments = append(e.Ticketed.Comments, c)
	}
}

func someMigrations(r dice, e *evidence) {
	someChange(r, e)
	one, two := added("m/1.up.sql"), added("m/1.down.sql")
	one.Status = oftenBest(r, "A", "M", "D")
	if r.bad() {
		one.Odd = "it is a symbolic link"
	}
	e.Change.Files = append(e.Change.Files, one)
	text := oftenBest(r, "ALTER TABLE a ADD b int;", "ALTER TABLE a DROP b;", "SELECT 'a", "-- slipway: irreversible x\nALTER TABLE a ADD b int;", "-- slipway: contract x\nALTER TABLE a DROP b;")
	e.Files[atCommit+one.Path] = oftenBest(r, fileWith(text), file{Problem: problem{What: "too large"}}, file{Missing: true})
	back := fileWith("ALTER TABLE a DROP b;")
	if r.often() {
		e.Change.Files = append(e.Change.Files, two)
	} else {
		back = oftenBest(r, back, file{Problem: problem{What: "500"}}, file{Missing: true})
	}
	e.Files[atCommit+two.Path] = back
	e.adds(policy.Criterion{ID: "db", Migrations: &policy.Migrations{Paths: []string{"m/**"}, Irreversible: oneOf(r, "", policy.Treatment("fail"))}})
	if r.IntN(3) == 0 {
		e.adds(policy.Criterion{ID: "reversible", Assert: "!migration.irreversible"})
	}
}

func someMachine(r dice, e *evidence) {
	switch r.IntN(8) {
	case 0:
		e.Skew = time.Hour
	case 1:
		e.Published.Problems = []problem{{What: "the check run was not written"}}
	}
	if len(e.Gate.Criteria) == 0 {
		someChecks(r, e)
	}
}
