package gonogo

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/ticket"
	"github.com/slipway-actions/slipway/internal/verdict"
)

const merged, stray = "89abcdef0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210fedcba98"

// Of a pull request the result may be about its merge, and about no third commit.
func TestResultOfTheMerge(t *testing.T) {
	for _, tt := range []struct {
		sha, merge string
		want       verdict.Outcome
	}{
		{commit, "", verdict.Passed}, {commit, merged, verdict.Passed}, {merged, merged, verdict.Passed}, {stray, merged, verdict.Undecided}, {stray, "", verdict.Undecided}, {"", "", verdict.Undecided}, {"", merged, verdict.Undecided},
	} {
		e := with()
		e.Merge = tt.merge
		d := passing("security-gate")
		d.SHA = tt.sha
		if got := judgeDocument(d, policy.Evidence{}, e); got.outcome != tt.want {
			t.Errorf("of %q beside the merge %q: %s (%s), want %s", tt.sha, tt.merge, got.outcome, got.observed, tt.want)
		}
		if got := stranger(map[string]any{"sha": tt.sha}, e); (got == "") != (tt.want == verdict.Passed) {
			t.Errorf("a file about %q beside the merge %q is of a stranger: %q", tt.sha, tt.merge, got)
		}
	}
	for _, fields := range []map[string]any{{"commit": 7}, {"subject": map[string]any{"sha": ""}}, {"repository": 7}, {"repository": ""}, {"repository": "acme/other"}, {"subject": map[string]any{"repository": "acme/other"}}} {
		if stranger(fields, with()) == "" {
			t.Errorf("%v is about this commit", fields)
		}
	}
	for _, fields := range []map[string]any{{}, {"commit": strings.ToUpper(commit)}, {"repository": "ACME/shop"}, {"subject": map[string]any{"sha": commit, "repository": "acme/shop"}}} {
		if why := stranger(fields, with()); why != "" {
			t.Errorf("%v: %s", fields, why)
		}
	}
}

// What was verified in another environment, or by another action, is no verification in this one.
func TestVerifiedBefore(t *testing.T) {
	e := with()
	e.Gate.Environments = map[string]policy.Environment{"production": {After: []string{"staging"}}}
	in := func(action, environment string) document {
		d := passing(action)
		d.Data = map[string]any{"environment": environment}
		return d
	}
	for _, tt := range []struct {
		d    document
		want verdict.Verdict
	}{{in("deploy-verify", "staging"), verdict.Pass}, {in("deploy-verify", "test"), verdict.Unknown}, {in("security-gate", "staging"), verdict.Unknown}} {
		e.Documents = []document{tt.d}
		if got := judgeBefore(e)[0].verdict(); got != tt.want {
			t.Errorf("%s in %v: %s, want %s", tt.d.Action, tt.d.Data, got, tt.want)
		}
	}
}

// A change is standard only where all of its release is told.
func TestChangeTypes(t *testing.T) {
	e := with()
	e.Gate.ChangeTypes = map[string][]string{"standard": {"patch", "feature"}, "emergency": {"hotfix"}}
	known := release{known: true, changed: true, bump: "patch", kind: "feature"}
	change := func(alter func(*release)) release { r := known; alter(&r); return r }
	for name, tt := range map[string]struct {
		r    release
		want string
	}{
		"all is told":                {known, "standard"},
		"nothing is":                 {release{}, "normal"},
		"it is vague":                {change(func(r *release) { r.vague = true }), "normal"},
		"it is vague and no change":  {change(func(r *release) { r.vague, r.changed = true, false }), "normal"},
		"no bump":                    {change(func(r *release) { r.bump = "" }), "normal"},
		"no kind":                    {change(func(r *release) { r.kind = "" }), "normal"},
		"no change and no kind":      {change(func(r *release) { r.changed, r.kind = false, "" }), "standard"},
		"an emergency":               {change(func(r *release) { r.kind = "hotfix" }), "emergency"},
		"an emergency that is vague": {change(func(r *release) { r.kind, r.vague = "hotfix", true }), "emergency"},
		"of another bump":            {change(func(r *release) { r.bump, r.kind = "major", "beta" }), "normal"},
		"of no known release":        {change(func(r *release) { r.known, r.kind = false, "" }), "standard"},
	} {
		if got := changeTypeOf(e, tt.r); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
	for _, said := range []string{"emergency", "normal", "standard"} {
		e.ChangeType = said
		if got := changeTypeOf(e, release{}); got != said {
			t.Errorf("%s became %s", said, got)
		}
	}
}

// Numbers of a result: what is none is -1, and a sum with one of those is not known.
func TestCounts(t *testing.T) {
	for _, tt := range []struct {
		value any
		want  int
	}{
		{0.0, 0}, {1.0, 1}, {1e9, 1e9}, {1e9 + 1, -1}, {-1.0, -1}, {0.5, -1}, {json.Number("0"), 0}, {json.Number("7"), 7}, {json.Number("1000000000"), 1e9}, {json.Number("1000000001"), -1}, {json.Number("-1"), -1}, {json.Number("0.5"), -1}, {json.Number("x"), -1}, {"7", -1}, {nil, -1},
	} {
		if got := count(tt.value); got != tt.want {
			t.Errorf("%v counts %d, want %d", tt.value, got, tt.want)
		}
	}
	counts := func(alter func(map[string]any)) document {
		all := map[string]any{"critical": 0.0, "high": 0.0, "medium": 0.0, "low": 0.0, "unknown": 0.0}
		alter(all)
		return document{Data: map[string]any{"counts": all, "measures": map[string]any{"new": 3.0, "accepted": 2.0}}}
	}
	if got := scanOf(counts(func(map[string]any) {})); got != (scan{0, 0, 0, 0, 0, 3, 2}) {
		t.Errorf("nothing found is %+v", got)
	}
	if got := scanOf(counts(func(all map[string]any) { all["high"], all["unknown"], all["other"] = 1.0, 2.0, 4.0 })); got != (scan{0, 1, 0, 0, 7, 3, 2}) {
		t.Errorf("seven are %+v", got)
	}
	for _, name := range []string{"critical", "high", "medium", "low", "unknown", "other"} {
		if got := scanOf(counts(func(all map[string]any) { all[name] = "many" })); got.total != -1 {
			t.Errorf("with %s not known the sum is %d", name, got.total)
		}
	}
}

// Values of a file, and what is wanted of them.
func TestConditions(t *testing.T) {
	for _, tt := range []struct {
		value     any
		condition string
		want      string
	}{
		{"a", "== a", "true"}, {"a", "!= a", "false"}, {"b", "!= a", "true"}, {true, "== true", "true"}, {json.Number("5"), "== 5", "true"}, {json.Number("5.0"), "== 5", "true"}, {json.Number("6"), "!= 5", "true"}, {5.0, "<= 5", "true"}, {5.0, "< 5", "false"}, {5.0, ">= 5", "true"}, {5.0, "> 5", "false"}, {4.5, "< 5", "true"},
		{"5", "== 5", "true"}, {"5.0", "== 5", "it is a text, and only as a number the same as 5"}, {"5.0", "!= 5", "it is a text, and only as a number the same as 5"}, {"5.0", "<= 5", "true"}, {"5.0", ">= 5", "true"},
		{"a", "< 5", `"< 5" compares numbers`}, {5.0, "< a", `"< a" compares with no number; use one such as "< 90"`},
		{9007199254740992.0, "== 9007199254740992", "numbers of this size are not told apart here; write it as a text"}, {json.Number("9007199254740992"), "== 9007199254740992", "true"}, {9007199254740991.0, "== 9007199254740991", "true"},
	} {
		value, ok := scalar(tt.value)
		if !ok {
			t.Fatalf("%v is no value", tt.value)
		}
		holds, err := holds(tt.condition, value)
		got := fmt.Sprint(holds)
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%v %s: %s, want %s", tt.value, tt.condition, got, tt.want)
		}
	}
	if _, err := holds("<", field{"5", true}); err == nil {
		t.Error("a condition without an operand holds, or not")
	}
	if _, ok := scalar([]any{}); ok {
		t.Error("a list is a value")
	}
	for name, want := range map[string]bool{"finishedAt": true, "createdAt": true, "timestamp": true, "when": false} {
		if _, ok := timeOf(map[string]any{name: "2026-03-02T12:00:00Z"}); ok != want {
			t.Errorf("%s is a time: %t", name, ok)
		}
	}
	if _, ok := timeOf(map[string]any{"finishedAt": "soon"}); ok {
		t.Error("soon is a time")
	}
}

// Words for people: lists that are cut, and what comes next.
func TestShortLists(t *testing.T) {
	many := func(n int) (all []string) {
		for i := range n {
			all = append(all, fmt.Sprintf("%c", 'a'+i))
		}
		return all
	}
	for n, want := range map[int]string{0: "", 2: "a, b", 8: "a, b, c, d, e, f, g, h", 9: "a, b, c, d, e, f, g, h and 1 more", 11: "a, b, c, d, e, f, g, h and 3 more"} {
		if got := listed(many(n)); got != want {
			t.Errorf("%d are %q, want %q", n, got, want)
		}
	}
	if got := listed([]string{"b", "a", "b"}); got != "a, b" {
		t.Errorf("got %q", got)
	}
	for _, n := range []int{named - 1, named, named + 1, named + 4} {
		got := few(many(n))
		if want := strings.Join(many(min(n, named)), "; ") + map[bool]string{true: fmt.Sprintf("; %d more", n-named)}[n > named]; got != want {
			t.Errorf("%d are %q, want %q", n, got, want)
		}
	}
	for said, want := range map[string]string{
		"": "Wait until it has finished", "cancelled": "Run the check again.", "timed_out": "Run the check again.", "stale": "Run the check again.", "startup_failure": "Run the check again.",
		"action_required": "do what it asks for", "failure": "mend what failed", "skipped": "See why the check did not judge", "neutral": "See why the check did not judge", "odd": "does not know that conclusion",
	} {
		if got := nextFor(check{Conclusion: said}); !strings.Contains(got, want) {
			t.Errorf("%q: %s", said, got)
		}
	}
	for _, tt := range []struct {
		passed, succeeded, all int
		want                   string
	}{{3, 3, 3, "3 of 3 checks succeeded"}, {3, 2, 4, "2 of 4 checks succeeded, 1 skipped or neutral"}, {3, 1, 3, "1 of 3 checks succeeded, 2 skipped or neutral"}} {
		if got := tally(tt.passed, tt.succeeded, tt.all); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
	if got := namesOf(nil, policy.RequiredCheck{Name: "unit"}); got != "No check has reported on the commit." {
		t.Errorf("got %q", got)
	}
	if shortID("") != "which is gone" || shortID("0123456789") != "0123456" || shortID("012") != "012" {
		t.Error("shortID")
	}
}

// How somebody can approve: by the pull request, on the ticket, or where there is neither.
func TestHowToApprove(t *testing.T) {
	e := with()
	e.Gate.Roles = map[string]policy.Role{"sre": {Users: []string{"ada"}, CodeOwners: true}}
	const nowhere = "Have one of them bring the commit in with a pull request and approve that, let the job wait for an environment with required reviewers, or name a ticket in the input ticket and write /approve as sre there.\nsre: ada; the owners of the changed files"
	if got := howToApprove(group{"sre"}, e); got != nowhere {
		t.Errorf("got %q", got)
	}
	e.People.Spoken.Pull = 1
	if got := howToApprove(group{"sre"}, e); got != "Have one of them approve the pull request #1.\nsre: ada; the owners of the changed files" {
		t.Errorf("got %q", got)
	}
	e.Ticketed.Number = 1
	if got := howToApprove(group{"sre"}, e); got != "Have one of them approve the pull request #1, or write /approve as sre for "+commit+" on the ticket #1.\nsre: ada; the owners of the changed files" {
		t.Errorf("got %q", got)
	}
}

func TestCommandsAtTheirBorders(t *testing.T) {
	for id, want := range map[string]bool{"0123456": true, "012345": false, strings.Repeat("a", 64): true, strings.Repeat("a", 65): false, "ABCDEF0": true, "012345g": false} {
		if got := isShortID(id); got != want {
			t.Errorf("%s is an id: %t", id, got)
		}
	}
	read := func(line string) command {
		all := commandsOf([]comment{{Body: line}})
		if len(all) != 1 {
			t.Fatalf("%q holds %d commands", line, len(all))
		}
		return all[0]
	}
	if c := read("/waive unit until 2026-03-03 because it flakes ticket OPS-1"); c.fault != "" || c.criterion != "unit" || c.reason != "it flakes" || c.ticket != "OPS-1" {
		t.Errorf("got %+v", c)
	}
	if c := read("/waive unit until 2026-03-03 because ticket OPS-1"); c.fault != "" || c.reason != "ticket OPS-1" || c.ticket != "" {
		t.Errorf("got %+v", c)
	}
	for _, line := range []string{"/waive unit because it flakes", "/waive unit until 2026-03-03", "/waive  until 2026-03-03 because x", "/waive unit until 2026-03-03 because  ", "/waive unit until soon because x"} {
		if c := read(line); c.fault == "" {
			t.Errorf("%q is understood: %+v", line, c)
		}
	}
	long := "/approve as " + strings.Repeat("x", lineLimit-len("/approve as "))
	if read(long).fault != "" || read(long+"y").fault != "the line is too long" {
		t.Error("the longest line that is read")
	}
	no := "/reject as " + strings.Repeat("x", lineLimit-len("as "))
	if read(no).role == "" || read(no+"y").role != "" || read(no+"y").fault != "" {
		t.Error("the longest rejection that is read by its role")
	}
}

// Lines that nobody says, by what stands before them.
func TestPassagesAtTheirBorders(t *testing.T) {
	for text, want := range map[string]string{
		"a":                        "said",
		"> a\nb":                   "aside, aside",
		"> a\n\nb":                 "aside, said, said",
		"   > a":                   "aside",
		"    > a":                  "said",
		"<b>\na":                   "aside, aside",
		"<!-- a -->\nb":            "unsaid, said",
		"<!-- a\nb\n-->\nc":        "unsaid, unsaid, unsaid, said",
		"   <!-- a":                "unsaid",
		"    <!-- a":               "aside",
		"<PRE>\na\n</pre>\nb":      "unsaid, unsaid, unsaid, said",
		"<pre>a</pre>\nb":          "unsaid, said",
		"a <!-- b\nc":              "aside, aside",
		"a <!-- b --> c\nd":        "said, said",
		"```\n> a\n```\nb":         "unsaid, unsaid, unsaid, said",
		"```\n<!-- a\n```\nb":      "unsaid, unsaid, unsaid, said",
		"> a\n<!-- b -->\nc":       "aside, unsaid, said",
		"<script>\na\n\nb":         "unsaid, unsaid, unsaid, unsaid",
		"<textarea>x\n</textarea>": "unsaid, unsaid",
	} {
		var p passage
		var got []string
		for line := range strings.SplitSeq(text, "\n") {
			p.next(line)
			switch {
			case p.unsaid():
				got = append(got, "unsaid")
			case p.aside():
				got = append(got, "aside")
			default:
				got = append(got, "said")
			}
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%q: %s, want %s", text, s, want)
		}
	}
}

// What a draft of a ticket says of steps that a file tells, and when there are none.
func TestStepsOfADraft(t *testing.T) {
	read := func(source string, f file) draft {
		d := draft{Ticket: ticket.Ticket{Fields: ticket.Fields{Filled: map[ticket.Field]string{}}}, why: map[ticket.Field]string{}, unread: map[ticket.Field]problem{}}
		e := with()
		e.Files[atCommit+"a.md"] = f
		d.steps(ticket.Rollback, source, e)
		return d
	}
	const origin = "_From a.md at 0123456789ab._"
	for name, tt := range map[string]struct {
		source      string
		f           file
		filled, why string
	}{
		"nothing wanted":    {"", file{Text: []byte("x")}, "", ""},
		"a file":            {"a.md", file{Text: []byte("- x")}, "- x\n\n" + origin, ""},
		"a section":         {"a.md#Back", file{Text: []byte("# Back\n- x\n# Other\n- y")}, "- x\n\n_From a.md#Back at 0123456789ab._", ""},
		"no such file":      {"a.md", file{Missing: true}, "", "the commit has no file a.md"},
		"no such heading":   {"a.md#Back", file{Text: []byte("# Other\n- y")}, "", "a.md has no heading Back"},
		"an empty file":     {"a.md", file{Text: []byte(" \n")}, "", "a.md is empty"},
		"an empty section":  {"a.md#Back", file{Text: []byte("# Back\n# Other\n- y")}, "", "a.md#Back is empty"},
		"as long as may be": {"a.md", file{Text: []byte(strings.Repeat("x", stepLimit))}, strings.Repeat("x", stepLimit) + "\n\n" + origin, ""},
		"a letter too many": {"a.md", file{Text: []byte(strings.Repeat("x", stepLimit+1))}, strings.Repeat("x", stepLimit) + "\n\n_Cut here; From a.md at 0123456789ab._", ""},
		"cut in a letter":   {"a.md", file{Text: []byte(strings.Repeat("x", stepLimit-1) + "é")}, strings.Repeat("x", stepLimit-1) + "\n\n_Cut here; From a.md at 0123456789ab._", ""},
		"cut in a long one": {"a.md", file{Text: []byte(strings.Repeat("x", stepLimit-3) + "😀")}, strings.Repeat("x", stepLimit-3) + "\n\n_Cut here; From a.md at 0123456789ab._", ""},
	} {
		d := read(tt.source, tt.f)
		if d.Filled[ticket.Rollback] != tt.filled || d.why[ticket.Rollback] != tt.why || len(d.unread) > 0 {
			t.Errorf("%s: %.100q, %q, %v", name, d.Filled[ticket.Rollback], d.why[ticket.Rollback], d.unread)
		}
	}
	if d := read("a.md", file{Problem: problem{What: "gone"}}); d.unread[ticket.Rollback].What != "gone" || len(d.Filled) > 0 || len(d.why) > 0 {
		t.Errorf("got %+v", d)
	}
}

func TestTitles(t *testing.T) {
	e := with()
	e.Service = "shop"
	subject := func(all ...string) (commits []changedCommit) {
		for _, s := range all {
			commits = append(commits, changedCommit{SHA: commit, Subject: s})
		}
		return commits
	}
	for name, tt := range map[string]struct {
		r       release
		commits []changedCommit
		want    string
	}{
		"a release":               {release{known: true, version: "1.5.0"}, subject("feat: a"), "Release shop 1.5.0 to production"},
		"no version":              {release{known: true}, subject("feat: a", "fix: b"), "feat: a"},
		"a release that is vague": {release{version: "1.5.0"}, subject("feat: a"), "feat: a"},
		"a commit without a word": {release{}, subject(" ", "fix: b"), "Deploy shop 0123456789ab to production"},
		"no commit":               {release{}, nil, "Deploy shop 0123456789ab to production"},
	} {
		e.Change.Commits = tt.commits
		if got := titleOf(e, known{release: tt.r}); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if got := describe(with(), known{release: release{version: "1.5.0", bump: "minor"}}); got != "No commits." {
		t.Errorf("got %q", got)
	}
	e.Change.Commits, e.Change.Since = subject("a"), "v1"
	if got := describe(e, known{release: release{known: true, version: "1.5.0", bump: "minor"}}); got != "Version 1.5.0 (minor). 1 commit since v1:\n\n- a (0123456, )\n" {
		t.Errorf("got %q", got)
	}
	e.Change.MoreCommits = 1
	if got := describe(e, known{}); got != "2 commits since v1:\n\n- a (0123456, )\n- … and 1 more\n" {
		t.Errorf("got %q", got)
	}
	if got := workItems(change{}); got != "No commit names one." {
		t.Errorf("got %q", got)
	}
	if got := riskText(score{known: true, level: "high", value: 61}); got != "high (61 of 100)" {
		t.Errorf("got %q", got)
	}
	if got := riskText(score{why: "x"}); got != "not known: x" {
		t.Errorf("got %q", got)
	}
}

// What is known of a change's risk: places that failed, files that were left out, and the last release.
func TestRiskOfAChange(t *testing.T) {
	e := with()
	for _, place := range []string{"a", "b", "c", "d", "e"} {
		e.Change.Files = append(e.Change.Files, changedFile{Path: place + "/x.go"})
		e.Change.Failures = append(e.Change.Failures, failure{Place: place, Times: 2})
	}
	e.Change.Failures = append(e.Change.Failures, failure{Place: "other", Times: 9})
	all := e.Change.Failures
	for n, want := range map[int]string{0: "", 1: "a", 3: "a, b, c", 4: "a, b, c, 1 more", 5: "a, b, c, 2 more"} {
		e.Change.Failures = append(all[:n:n], all[5])
		if got := failuresOf(e, ""); got.What != want || got.N != 2*n || got.Unknown != "" {
			t.Errorf("%d places: %+v", n, got)
		}
	}
	e.Gate.Risk = &policy.Risk{Incidents: []string{"incident"}}
	e.Incidents = incidents{Asked: true, Numbers: []int{9, 3, 5, 7}}
	if got := incidentsOf(e); got.N != 4 || got.What != "#3 #5 #7" {
		t.Errorf("got %+v", got)
	}
	e.Change.Head, e.Change.Released, e.Timezone = commit, e.Now.Add(skew), "UTC"
	e.Change.MoreFiles = 1
	f := riskFacts(e)
	if f.Gap.Unknown != "" || f.Gap.Since != 0 || f.Size.Files != 6 || !strings.HasPrefix(f.Dependencies.Unknown, "1 of its files") || f.History.Unknown == "" || f.Migrations.Unknown == "" {
		t.Errorf("got %+v", f)
	}
	e.Change.Released = e.Now.Add(skew + time.Second)
	if f := riskFacts(e); !strings.HasPrefix(f.Gap.Unknown, "the last release is from the future") {
		t.Errorf("got %+v", f.Gap)
	}
	for age, want := range map[time.Duration]string{0: "", -time.Hour: "", time.Hour: ", 1h ago"} {
		if got := ago(&foundRelease{At: e.Now.Add(-age)}, e); got != want {
			t.Errorf("%s ago is %q", age, got)
		}
	}
	if got := ago(&foundRelease{}, e); got != "" {
		t.Errorf("a release without a time is %q", got)
	}
}

// A document by its sections and its age.
func TestDocumentText(t *testing.T) {
	rule := policy.Document{Path: "docs/rollback.md", Sections: []string{"database"}, MaxAge: policy.Duration(48 * time.Hour)}
	for name, tt := range map[string]struct {
		rule policy.Document
		f    file
		want string
	}{
		"there":             {policy.Document{Path: rule.Path}, file{Text: []byte("x")}, "pass | it is there | the document | "},
		"missing":           {policy.Document{Path: rule.Path}, file{Missing: true}, "fail | the commit has no such file | the document | Write it, and commit it."},
		"empty":             {policy.Document{Path: rule.Path}, file{Text: []byte(" ")}, "fail | the file is empty | the document | Write it, and commit it."},
		"unread":            {policy.Document{Path: rule.Path}, file{Problem: problem{What: "gone", Next: "see"}}, "unknown | gone | the document | see"},
		"all of it":         {rule, file{Text: []byte("# database\nx"), Changed: noon.Add(-48 * time.Hour)}, "pass | it is there, with all sections wanted, last changed 2d ago (commit date) | sections database, last changed at most 2d ago | "},
		"old":               {rule, file{Text: []byte("# database\nx"), Changed: noon.Add(-49 * time.Hour)}, "unknown | last changed 2d1h ago (commit date) | sections database, last changed at most 2d ago | Read it, bring it up to date, and commit it."},
		"a section too few": {rule, file{Text: []byte("# other\nx"), Changed: noon}, "fail | missing or empty: database | sections database, last changed at most 2d ago | Write these sections under headings of these names, and commit it. One that says TODO or n/a alone is empty."},
		"as new as may be":  {rule, file{Text: []byte("# database\nx"), Changed: noon.Add(skew)}, "pass | it is there, with all sections wanted, last changed 0s ago (commit date) | sections database, last changed at most 2d ago | "},
		"of the future":     {rule, file{Text: []byte("# database\nx"), Changed: noon.Add(skew + time.Second)}, "unknown | it was last changed in the future, " + noon.Add(skew+time.Second).UTC().Format(time.RFC3339) + " (commit date) | sections database, last changed at most 2d ago | Correct the clock of the machine that commits, and commit it again."},
		"undated":           {rule, file{Text: []byte("# database\nx"), Undated: problem{What: "shallow", Next: "fetch"}}, "unknown | when it was last changed is not known: shallow | sections database, last changed at most 2d ago | fetch"},
		"without a date":    {rule, file{Text: []byte("# database\nx")}, "unknown | when it was last changed is not known | sections database, last changed at most 2d ago | Run the gate again with this policy."},
	} {
		e := with()
		e.Files[atCommit+rule.Path] = tt.f
		f := judgeText("rollback", tt.rule, e).findings[0]
		if got := fmt.Sprintf("%s | %s | %s | %s", f.Outcome, f.Observed, f.Threshold, f.Next); got != tt.want {
			t.Errorf("%s: %s\nwant %s", name, got, tt.want)
		}
	}
}
