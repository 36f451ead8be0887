package gonogo

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/attest"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/ticket"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// worse makes one piece of evidence worse, or takes one away. The words begin with its source.
func (r dice) worse(e evidence) (what string, worse evidence) {
	if r.IntN(5) < 3 {
		return r.lose(e)
	}
	for {
		worse = clone(e)
		if what = r.worsen(&worse); what != "" {
			return what, worse
		}
	}
}

var trouble = problem{What: "a list that broke off", Next: "Run it again."}

// worsen changes something for the worse; "" where there is nothing of the kind that came up.
func (r dice) worsen(e *evidence) string {
	worseners := []func(*evidence) string{
		r.worseCheck, r.worseResult, r.worseFile, r.worseChange, r.worseWords, r.worseMembers, r.worseTicket, r.worseAnswers, r.worseMachine,
	}
	return worseners[r.IntN(len(worseners))](e)
}

func (r dice) worseCheck(e *evidence) string {
	c := &e.Checks
	switch r.IntN(6) {
	case 0:
		c.Problems = append(c.Problems, trouble)
		return "Checks: not all read"
	case 1:
		c.Workflows = trouble
		return "Checks: workflows not known"
	}
	if len(c.All) == 0 {
		return ""
	}
	k := &c.All[r.IntN(len(c.All))]
	if r.IntN(4) == 0 && k.Conclusion == "success" {
		k.Workflow, k.WorkflowFile, k.App = "", "", oneOf(r, k.App, "scanner")
		return "Checks: of nobody knows what workflow"
	}
	k.Conclusion = map[string]string{"success": "skipped", "skipped": "", "neutral": "stale", "": "cancelled", "stale": "failure", "cancelled": "failure", "failure": "timed_out", "timed_out": "failure"}[k.Conclusion]
	return "Checks: came to less"
}

func (r dice) worseResult(e *evidence) string {
	if r.IntN(8) == 0 {
		d := passing(oneOf(r, "version-bump", "changelog", scanning))
		d.Verdict = oneOf(r, verdict.Fail, verdict.Unknown)
		e.Documents = append(e.Documents, d)
		return "Documents: one more that does not pass"
	}
	if len(e.Documents) == 0 {
		return ""
	}
	d := &e.Documents[r.IntN(len(e.Documents))]
	switch r.IntN(9) {
	case 0:
		d.Verdict = map[verdict.Verdict]verdict.Verdict{verdict.Pass: verdict.Unknown, verdict.Unknown: verdict.Fail}[d.Verdict]
		return "Documents: came to less"
	case 1:
		if isUnsound(*d) {
			return "" // what a no is about is not moved away from here
		}
		d.SHA, d.Digest = "ffff"+commit[4:], cmp.Or(d.Digest, digestB)
		if d.Digest == e.Digest {
			d.Digest = digestB
		}
		return "Documents: about another commit"
	case 2:
		if isUnsound(*d) {
			return ""
		}
		d.Repository = "acme/other"
		return "Documents: about another repository"
	case 3:
		if d.Finished.After(noon) {
			return ""
		}
		d.Finished = d.Finished.Add(-time.Duration(r.IntN(100)) * time.Hour)
		return "Documents: older"
	case 4:
		d.Finished = noon.Add(2 * time.Hour)
		return "Documents: from the future"
	case 5:
		d.Problem = "it is broken"
		return "Documents: broken"
	case 6:
		d.Subjects = []attest.Resource{attest.Commit("x", another)}
		return "Documents: stated about something else"
	case 7:
		if d.Envelope == nil {
			return ""
		}
		d.Envelope = r.sealed.envelopes[1+r.IntN(len(r.sealed.envelopes)-1)].text
		return "Documents: signed by a stranger, or about something else"
	}
	other := clone(*d)
	if other.Data == nil || other.Problem != "" || isUnsound(*d) {
		return ""
	}
	other.Data["version"], other.Data["bump"], other.Data["environment"] = "9.9.9", "major", "elsewhere"
	e.Documents = append(e.Documents, other)
	return "Documents: one that says something else"
}

func (r dice) worseFile(e *evidence) string {
	keys := slices.Sorted(maps.Keys(e.Files))
	if len(keys) == 0 {
		return ""
	}
	key := keys[r.IntN(len(keys))]
	f := e.Files[key]
	what := ""
	switch r.IntN(5) {
	case 0:
		f, what = file{Problem: trouble}, "not read"
	case 1:
		if strings.HasPrefix(key, atCommit+"m/") {
			return "" // a migration
		}
		f, what = file{Missing: true}, "missing"
	case 2:
		if f.Changed.IsZero() || f.Changed.After(noon) {
			return ""
		}
		f.Changed, what = f.Changed.Add(-60*time.Hour), "older"
	case 3:
		f.Undated, what = trouble, "of unknown age"
	default:
		return r.worseText(e, key)
	}
	e.Files[key] = f
	return "Files: " + what
}

// worseText spoils what a file says.
func (r dice) worseText(e *evidence, key string) string {
	f := e.Files[key]
	replace := func(old, new string) { f.Text = []byte(strings.Replace(string(f.Text), old, new, 1)) }
	switch key {
	case governed + freezeFile:
		f.Text = []byte(frozen)
	case governed + onCallFile:
		_, last, ok := strings.Cut(string(f.Text), "END:VEVENT\n")
		if !ok {
			return ""
		}
		f.Text = []byte("BEGIN:VCALENDAR\n" + last) // the first shift is gone
	case governed + scanner:
		f.Text = r.sealed.keys[second].Text
	case atCommit + plan:
		replace("undo", "TODO")
	case inWorkspace + "load.json":
		replace(oneOf(r, "150", "true", commit, "2026-03-02T1"), oneOf(r, "900", "null", `0`))
	case atCommit + "docs/list.md":
		replace("[x]", "[ ]")
	case atCommit + "docs/runbook.md":
		replace("# Validate", "# Valid")
	case atCommit + "m/1.up.sql":
		f.Text = append(f.Text, "\nDROP TABLE c;"...)
	case atCommit + "m/1.down.sql":
		f.Text = nil
	default:
		return ""
	}
	e.Files[key] = f
	return "Files: says less"
}

func (r dice) worseChange(e *evidence) string {
	c := &e.Change
	if c.Head == "" {
		return ""
	}
	switch r.IntN(9) {
	case 0:
		c.Head = another
		return "Change: of another commit"
	case 1:
		*c = change{Problem: trouble}
		return "Change: not read"
	case 2:
		c.MoreFiles += 5
		return "Change: files left out"
	case 3:
		c.Lines += 1000
		return "Change: longer"
	case 4:
		c.Newcomers += 3
		return "Change: by more new people"
	case 5:
		c.Unlooked = true
		return "Change: nothing known of before"
	case 6:
		if c.Released.After(noon) {
			return ""
		}
		c.Released = c.Released.AddDate(0, -5, 0)
		return "Change: after a longer time"
	case 7:
		c.Files = append(c.Files, changedFile{Path: "m/2.up.sql", Status: "A"}, changedFile{Path: "package.json", Status: "A"})
		return "Change: more files"
	}
	c.Failures = append(c.Failures, failure{Place: "a.go", Times: 9})
	return "Change: where more went wrong"
}

// worseWords is about what people said, now or of a former change.
func (r dice) worseWords(e *evidence) string {
	p := &e.People
	s, commit := &p.Spoken, e.SHA
	if n := len(p.Past); n > 0 && r.IntN(2) == 0 {
		one := &p.Past[r.IntN(n)]
		s, commit = &one.Spoken, one.Commit
		if r.IntN(4) == 0 && !one.Decided.After(noon) {
			one.Decided = one.Decided.Add(-25 * time.Hour)
			return "People: an emergency longer ago"
		}
	}
	switch r.IntN(10) {
	case 0:
		s.Problems = append(s.Problems, trouble)
		return "People: not all words read"
	case 1:
		s.Authorless = trouble
		return "People: authors not known"
	case 2:
		s.Authors = append(s.Authors, oneOf(r, "ada", "bob", "kim", "lou"))
		return "People: one author more"
	case 3:
		s.Starters = append(s.Starters, oneOf(r, "ada", "bob", "kim", "lou"))
		return "People: started by one more"
	case 4:
		s.Acts = append(s.Acts, act{By: oneOf(r, "ada", "bob", "kim"), Kind: oneOf(r, "review", "environment"), State: "rejected", Commit: commit, At: noon.Add(-time.Minute)})
		return "People: one rejection more"
	case 5:
		s.Head = another
		return "People: the pull request has moved on"
	case 6:
		p.Unread = append(p.Unread, trouble)
		return "People: former changes not known"
	case 7:
		p.Traced = noon
		return "People: seen only now"
	}
	if len(s.Acts) == 0 {
		return ""
	}
	a := &s.Acts[r.IntN(len(s.Acts))]
	switch {
	case a.State != "approved":
		return ""
	case r.IntN(3) == 0:
		a.State = oneOf(r, "rejected", "dismissed")
		return "People: an approval taken back"
	case r.IntN(2) == 0:
		a.By = "stranger"
		return "People: by somebody else"
	}
	a.Commit = another
	return "People: about another commit"
}

func (r dice) worseMembers(e *evidence) string {
	p := &e.People
	if n := len(p.Ticks); n > 0 && r.IntN(3) == 0 {
		p.Ticks[r.IntN(n)] = oneOf(r, tickedBy("eve"), tick{}, tickedBy("stranger"))
		return "People: ticked by somebody else"
	}
	if r.IntN(3) == 0 {
		p.Owners = oneOf(r, ownersFile{Path: "CODEOWNERS", File: file{Problem: trouble}}, ownersFile{File: file{Missing: true}}, ownersFile{})
		return "People: no code owners"
	}
	if len(p.Members) == 0 {
		return ""
	}
	m := &p.Members[r.IntN(len(p.Members))]
	if m.State != github.Member {
		return ""
	}
	m.State, m.Problem = "", trouble
	return "People: membership not known"
}

func (r dice) worseTicket(e *evidence) string {
	t := &e.Ticketed
	if e.Ticket == "none" {
		return ""
	}
	switch r.IntN(7) {
	case 0:
		t.Problem = trouble
		return "Ticketed: not read"
	case 1:
		t.Open = false
		return "Ticketed: closed"
	case 2:
		t.Body = strings.Replace(t.Body, "[x]", "[ ]", 1)
		return "Ticketed: a box open"
	case 3:
		t.Body = strings.Replace(t.Body, "@grace", "", 1)
		return "Ticketed: a field empty"
	case 4:
		m := marker(ticket.State("deploying"))
		m.Environment = "staging"
		t.Number, t.Body = 12, ticket.Render(ticket.Ticket{Marker: m})
		return "Ticketed: of another environment"
	case 5:
		t.Comments = append(t.Comments, wrote(oneOf(r, "ada", "bob", "kim"), "/reject as "+oneOf(r, "sre", "qa", "lead")))
		return "Ticketed: one rejection more"
	}
	if len(t.Comments) == 0 {
		return ""
	}
	c := &t.Comments[r.IntN(len(t.Comments))]
	switch {
	case isRejection(*c):
		return ""
	case r.IntN(2) == 0:
		c.Updated = noon
		return "Ticketed: a comment edited"
	}
	c.By = "stranger"
	return "Ticketed: a comment by somebody else"
}

// worseAnswers is about what other places answered.
func (r dice) worseAnswers(e *evidence) string {
	if found, ok := e.Issues["bugs"]; ok && r.IntN(2) == 0 {
		what := ""
		switch r.IntN(3) {
		case 0:
			found.Open, found.Count, what = append(found.Open, openIssue{Number: 99, Title: "worse"}), found.Count+9, "more open ones"
		case 1:
			found.Problem, what = trouble, "not all read"
		default:
			found.Asked.Milestone, what = "0.1", "another question"
		}
		e.Issues["bugs"] = found
		return "Issues: " + what
	}
	if u, ok := e.Releases["warehouse"]; ok && r.IntN(2) == 0 {
		what := ""
		switch r.IntN(4) {
		case 0:
			u.Found, what = nil, "none found"
		case 1:
			u.Problem, what = trouble, "not read"
		case 2:
			u.Found, what = &foundRelease{Tag: "v0.1.0", At: noon}, "an older one"
		default:
			u.Asked.Repository, what = "acme/other", "another question"
		}
		e.Releases["warehouse"] = u
		return "Releases: " + what
	}
	if p, ok := e.Probes["monitoring"]; ok && r.IntN(2) == 0 {
		what := ""
		switch r.IntN(6) {
		case 0:
			p.Status, what = 503, "not ready"
		case 1:
			p.Latency, what = p.Latency+10_000, "slow"
		case 2:
			p.Class, what = "timeout", "silent"
		case 3:
			p.Body, what = &matched{"ok", false}, "another body"
		case 4:
			p.Asked, what = "https://other.example/", "another question"
		default:
			p.Values, what = []probeValue{{Path: "$.ready", Value: "false"}}, "another value"
		}
		e.Probes["monitoring"] = p
		return "Probes: " + what
	}
	if e.Incidents.Asked {
		if r.IntN(2) == 0 {
			e.Incidents.Numbers = append(e.Incidents.Numbers, 7, 8, 9)
			return "Incidents: more open ones"
		}
		e.Incidents.Problem = trouble
		return "Incidents: not read"
	}
	return ""
}

func (r dice) worseMachine(e *evidence) string {
	switch r.IntN(8) {
	case 0:
		e.Skew = -time.Hour
		return "Skew: the clock is wrong"
	case 1:
		e.Published.Problems = append(e.Published.Problems, trouble)
		return "Published: not written"
	case 2:
		if e.Now.Before(noon) {
			return ""
		}
		e.Now = time.Time{}
		return "Now: gone"
	}
	return ""
}
