package gonogo

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

const (
	commit  = "0123456789abcdef0123456789abcdef01234567"
	another = "89abcdef0123456789abcdef0123456789abcdef"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// ran is a completed check.
func ran(name, conclusion string) check {
	return check{Name: name, Conclusion: conclusion, State: conclusion}
}

// passing is a result that passes, an hour old.
func passing(action string) document {
	return document{Source: action, Action: action, Verdict: verdict.Pass, Sentence: "fine.", Repository: "acme/shop", SHA: commit, Finished: noon.Add(-time.Hour)}
}

// with is the default gate's evidence, or a policy's.
func with(criteria ...policy.Criterion) evidence {
	if criteria == nil {
		criteria = []policy.Criterion{{ID: "checks", Checks: &policy.Checks{}}}
	}
	return evidence{inputs: inputs{Environment: "production", Repository: "acme/shop", SHA: commit, Gate: policy.Gate{Criteria: criteria}}, Now: noon, Files: map[string]file{}}
}

func requires(names ...string) policy.Criterion {
	rule := &policy.Checks{}
	for _, name := range names {
		rule.Require = append(rule.Require, policy.RequiredCheck{Name: name})
	}
	return policy.Criterion{ID: "tests", Checks: rule}
}

func TestOneCheck(t *testing.T) {
	for conclusion, want := range map[string]struct {
		verdict verdict.Verdict
		open    bool
	}{
		"success": {verdict.Pass, false}, "failure": {verdict.Fail, false}, "timed_out": {verdict.Fail, false}, "cancelled": {verdict.Fail, false},
		"action_required": {verdict.Fail, false}, "startup_failure": {verdict.Fail, false}, "stale": {verdict.Unknown, false},
		"SUCCESS": {verdict.Unknown, false}, "excellent": {verdict.Unknown, false}, "": {verdict.Unknown, true},
		// alone they show nothing; beside a success they pass
		"neutral": {verdict.Unknown, true}, "skipped": {verdict.Unknown, true},
	} {
		e := with()
		e.Checks.All = []check{ran("unit", conclusion)}
		d := decide(e)
		if d.verdict != want.verdict || len(d.open()) > 0 != want.open {
			t.Errorf("%q alone: %s, open %v; want %v", conclusion, d.verdict, d.open(), want)
		}
		beside := want.verdict
		if conclusion == "neutral" || conclusion == "skipped" {
			beside = verdict.Pass
		}
		e.Checks.All = append(e.Checks.All, ran("lint", "success"))
		if d := decide(e); d.verdict != beside {
			t.Errorf("%q beside a success: %s, want %s", conclusion, d.verdict, beside)
		}
	}
}

func TestStates(t *testing.T) {
	for _, state := range []string{"queued", "in_progress", "pending", "waiting", "requested", ""} {
		e := with()
		e.Checks.All = []check{ran("lint", "success"), {Name: "unit", State: state}}
		if d := decide(e); d.verdict != verdict.Unknown || !cmp.Equal(d.open(), []string{"unit"}) {
			t.Errorf("%q: %s, open %v", state, d.verdict, d.open())
		}
	}
}

func TestChecks(t *testing.T) {
	matrix := []check{ran("unit", "success"), ran("e2e (chrome, 1/2)", "success"), ran("e2e (chrome, 2/2)", "failure"), ran("nightly", "failure")}
	strict := requires("unit", "e2e*")
	strict.Checks.Skipped, strict.Checks.Neutral = "fail", "fail"
	own := check{Name: "gate"}
	for name, tt := range map[string]struct {
		gate    []policy.Criterion
		checks  checks
		verdict verdict.Verdict
		reasons string
		open    int
	}{
		"no checks":                {nil, checks{}, verdict.Unknown, "checks is unknown: checks: no check has reported on the commit", 1},
		"none but this job":        {nil, checks{Own: &own}, verdict.Unknown, "checks is unknown: checks: no check but this very job has reported on the commit", 1},
		"required, not the rest":   {[]policy.Criterion{requires("unit")}, checks{All: matrix}, verdict.Pass, "", 0},
		"a matrix":                 {[]policy.Criterion{requires("unit", "e2e (*)")}, checks{All: matrix}, verdict.Fail, "tests failed: e2e (chrome, 2/2): failure", 0},
		"one of a matrix":          {[]policy.Criterion{requires("e2e (chrome, 1/2)")}, checks{All: matrix}, verdict.Pass, "", 0},
		"case counts":              {[]policy.Criterion{requires("Unit")}, checks{All: matrix}, verdict.Unknown, "tests is unknown: Unit: never reported", 1},
		"missing":                  {[]policy.Criterion{requires("unit", "load")}, checks{All: matrix}, verdict.Unknown, "tests is unknown: load: never reported", 1},
		"missing and failed":       {[]policy.Criterion{requires("load", "nightly")}, checks{All: matrix}, verdict.Fail, "tests failed: load: never reported; nightly: failure", 1},
		"requires itself":          {[]policy.Criterion{requires("unit", "gate")}, checks{All: matrix, Own: &own}, verdict.Unknown, "tests is unknown: gate: only this very job has that name, and it cannot wait for itself", 0},
		"skipped must not be":      {[]policy.Criterion{strict}, checks{All: []check{ran("unit", "success"), ran("e2e", "skipped")}}, verdict.Fail, "tests failed: e2e: skipped", 0},
		"neutral must not be":      {[]policy.Criterion{strict}, checks{All: []check{ran("unit", "success"), ran("e2e", "neutral")}}, verdict.Fail, "tests failed: e2e: neutral", 0},
		"only skipped":             {[]policy.Criterion{requires("unit", "e2e")}, checks{All: []check{ran("unit", "skipped"), ran("e2e", "skipped")}}, verdict.Unknown, "tests is unknown: tests: of 2 only skipped or neutral ones have passed", 1},
		"not all read":             {nil, checks{All: matrix[:1], Problems: []problem{{What: "no answer", Passing: true}}}, verdict.Unknown, "checks is unknown: checks of the commit: no answer", 1},
		"none read":                {[]policy.Criterion{requires("unit")}, checks{Problems: []problem{{What: "no token"}}}, verdict.Unknown, "tests is unknown: checks of the commit: no token", 0},
		"not all read, one failed": {nil, checks{All: matrix, Problems: []problem{{What: "no answer"}}}, verdict.Fail, "checks failed: checks of the commit: no answer; e2e (chrome, 2/2): failure; nightly: failure", 0},
		"same name, two suites":    {[]policy.Criterion{requires("unit")}, checks{All: []check{ran("unit", "success"), ran("unit", "failure")}}, verdict.Fail, "tests failed: unit: failure", 0},
		"words of a status":        {nil, checks{All: []check{{Name: "ci", Conclusion: "failure", State: "error", Note: "no\n machine"}}}, verdict.Fail, "checks failed: ci: error: no machine", 0},
	} {
		t.Run(name, func(t *testing.T) {
			e := with(tt.gate...)
			e.Checks = tt.checks
			d := decide(e)
			holdWords(t, e, d)
			if d.verdict != tt.verdict || reasons(d) != tt.reasons || len(d.open()) != tt.open {
				t.Errorf("%s, open %v\n%s\nwant %s, %d open\n%s", d.verdict, d.open(), reasons(d), tt.verdict, tt.open, tt.reasons)
			}
			if (decisionOf(d) == "go") != (d.verdict == verdict.Pass) {
				t.Errorf("the decision is %s with the verdict %s", decisionOf(d), d.verdict)
			}
		})
	}
}

func TestDocuments(t *testing.T) {
	change := func(f func(*document)) document {
		d := passing("security-gate")
		f(&d)
		return d
	}
	day := policy.Criterion{ID: "security", Evidence: &policy.Evidence{Action: "security-gate", MaxAge: policy.Duration(24 * time.Hour)}}
	for name, tt := range map[string]struct {
		document
		verdict verdict.Verdict
		text    string
	}{
		"passes":              {passing("security-gate"), verdict.Pass, "pass: fine."},
		"just young enough":   {change(func(d *document) { d.Finished = noon.Add(-24 * time.Hour) }), verdict.Pass, "pass"},
		"too old":             {change(func(d *document) { d.Finished = noon.Add(-24*time.Hour - 1) }), verdict.Unknown, "1d old"},
		"a clock ahead":       {change(func(d *document) { d.Finished = noon.Add(5 * time.Minute) }), verdict.Pass, "pass"},
		"the future":          {change(func(d *document) { d.Finished = noon.Add(5*time.Minute + 1) }), verdict.Unknown, "from the future"},
		"fails":               {change(func(d *document) { d.Verdict = verdict.Fail }), verdict.Fail, "fail: fine."},
		"unknown":             {change(func(d *document) { d.Verdict = verdict.Unknown }), verdict.Unknown, "unknown: fine."},
		"another commit":      {change(func(d *document) { d.SHA = another }), verdict.Unknown, "another commit, " + another},
		"a shortened commit":  {change(func(d *document) { d.SHA = commit[:12] }), verdict.Unknown, "another commit"},
		"no commit":           {change(func(d *document) { d.SHA = "" }), verdict.Unknown, "names no commit"},
		"another repository":  {change(func(d *document) { d.Repository = "acme/other" }), verdict.Unknown, "the repository acme/other"},
		"a name's other case": {change(func(d *document) { d.Repository = "Acme/Shop" }), verdict.Pass, "pass"},
		"no repository":       {change(func(d *document) { d.Repository = "" }), verdict.Unknown, "names no repository"},
		"another action":      {passing("changelog"), verdict.Unknown, "no result of security-gate was handed in"},
		"no document":         {change(func(d *document) { d.Problem = "there is no such file" }), verdict.Unknown, "no result of security-gate was handed in"},
	} {
		t.Run(name, func(t *testing.T) {
			e := with(day)
			e.Documents = []document{tt.document}
			d := decide(e)
			holdWords(t, e, d)
			if got := d.criteria[0].findings[0]; d.verdict != tt.verdict || !strings.Contains(got.Observed, tt.text) {
				t.Errorf("%s, %s: %s; want %s, %s", d.verdict, got.Outcome, got.Observed, tt.verdict, tt.text)
			}
		})
	}
}

func TestMergeCommit(t *testing.T) {
	e := with(policy.Criterion{ID: "security", Evidence: &policy.Evidence{Action: "security-gate"}})
	d := passing("security-gate")
	d.SHA = another
	e.Documents = []document{d}
	if got := decide(e); got.verdict != verdict.Unknown {
		t.Errorf("a result about another commit: %s", got.verdict)
	}
	e.Merge = another
	if got := decide(e); got.verdict != verdict.Pass {
		t.Errorf("a result about the pull request's merge commit: %s", got.verdict)
	}
}

func TestManyDocuments(t *testing.T) {
	failing, broken := passing("security-gate"), document{Source: "scan.json", Problem: "there is no such file"}
	failing.Verdict = verdict.Fail
	security := policy.Criterion{ID: "security", Evidence: &policy.Evidence{Action: "security-gate"}}
	for name, tt := range map[string]struct {
		gate      []policy.Criterion
		documents []document
		verdict   verdict.Verdict
		criteria  int
	}{
		"one passes, one fails":   {[]policy.Criterion{security}, []document{passing("security-gate"), failing}, verdict.Fail, 1},
		"the other order":         {[]policy.Criterion{security}, []document{failing, passing("security-gate")}, verdict.Fail, 1},
		"one that nobody named":   {[]policy.Criterion{security}, []document{passing("security-gate"), passing("changelog")}, verdict.Pass, 2},
		"an unnamed one fails":    {[]policy.Criterion{requires("unit")}, []document{failing}, verdict.Fail, 2},
		"one that is broken":      {[]policy.Criterion{security}, []document{passing("security-gate"), broken}, verdict.Unknown, 2},
		"none, and none is asked": {[]policy.Criterion{requires("unit")}, nil, verdict.Pass, 1},
	} {
		t.Run(name, func(t *testing.T) {
			e := with(tt.gate...)
			e.Checks.All = []check{ran("unit", "success")}
			e.Documents = tt.documents
			if d := decide(e); d.verdict != tt.verdict || len(d.criteria) != tt.criteria {
				t.Errorf("%s by %d criteria, want %s by %d", d.verdict, len(d.criteria), tt.verdict, tt.criteria)
			}
		})
	}
}

func TestFiles(t *testing.T) {
	resultOf := func(v verdict.Verdict, sha string) string {
		return fmt.Sprintf(`{"schema":"slipway.result/v1","action":"security-gate","subject":{"repository":"acme/shop","sha":%q},"finishedAt":"2026-03-02T11:00:00Z","verdict":%q,"data":{}}`, sha, v)
	}
	for name, tt := range map[string]struct {
		text    string
		maxAge  time.Duration
		require map[string]string
		verdict verdict.Verdict
		text2   string
	}{
		"there":               {`{}`, 0, nil, verdict.Pass, "it is there"},
		"no JSON":             {`rm -rf`, 0, nil, verdict.Unknown, "no JSON object"},
		"null":                {`null`, 0, nil, verdict.Unknown, "no JSON object"},
		"two":                 {`{} {}`, 0, nil, verdict.Unknown, "no JSON object"},
		"a brace too many":    {`{"days": 1}}`, 0, nil, verdict.Unknown, "no JSON object"},
		"a bracket behind":    {`{"days": 1}]`, 0, nil, verdict.Unknown, "no JSON object"},
		"young":               {`{"createdAt":"2026-03-02T11:00:00Z"}`, time.Hour, nil, verdict.Pass, ""},
		"old":                 {`{"createdAt":"2026-03-02T10:59:59Z"}`, time.Hour, nil, verdict.Unknown, "1h old"},
		"future":              {`{"timestamp":"2026-03-03T12:00:00Z"}`, time.Hour, nil, verdict.Unknown, "future"},
		"no time":             {`{"createdAt":"yesterday"}`, time.Hour, nil, verdict.Unknown, "when it was made"},
		"holds":               {`{"a":90,"b":{"c":"done"},"d.e":true}`, 0, map[string]string{"a": "<= 90", "b.c": "done", "d.e": "== true"}, verdict.Pass, "a is 90, b.c is done, d.e is true"},
		"does not hold":       {`{"a":91}`, 0, map[string]string{"a": "<= 90"}, verdict.Fail, "a is 91"},
		"no such field":       {`{"a":{}}`, 0, map[string]string{"a.b": "1"}, verdict.Unknown, "no field a.b"},
		"no scalar":           {`{"a":[1]}`, 0, map[string]string{"a": "1"}, verdict.Unknown, "no field a"},
		"no number":           {`{"a":"many"}`, 0, map[string]string{"a": "> 1"}, verdict.Unknown, "compares numbers"},
		"a result that fails": {resultOf("fail", commit), 0, nil, verdict.Fail, "fail"},
		"a result, stranger":  {resultOf("pass", another), 0, nil, verdict.Unknown, "another commit"},
		"a result that holds": {resultOf("pass", commit), time.Hour, nil, verdict.Pass, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := with(policy.Criterion{ID: "backup", Evidence: &policy.Evidence{File: "backup.json", MaxAge: policy.Duration(tt.maxAge), Require: tt.require}})
			e.Files[inWorkspace+"backup.json"] = file{Text: []byte(tt.text)}
			d := decide(e)
			holdWords(t, e, d)
			if got := d.findings()[0]; d.verdict != tt.verdict || !strings.Contains(got.Observed, tt.text2) {
				t.Errorf("%s: %s; want %s: %s", d.verdict, got.Observed, tt.verdict, tt.text2)
			}
		})
	}
	e := with(policy.Criterion{ID: "backup", Evidence: &policy.Evidence{File: "backup.json"}})
	e.Files[inWorkspace+"backup.json"] = file{Missing: true}
	if d := decide(e); d.verdict != verdict.Unknown || d.findings()[0].Observed != "there is no such file" {
		t.Errorf("missing: %s, %v", d.verdict, d.findings())
	}
	e.Gate.Criteria[0] = policy.Criterion{ID: "security", Evidence: &policy.Evidence{Action: "security-gate", Require: map[string]string{"critical": "0"}}}
	e.Documents = []document{passing("security-gate")}
	for critical, want := range map[float64]verdict.Verdict{0: verdict.Pass, 1: verdict.Fail} {
		e.Documents[0].Data = map[string]any{"critical": critical}
		if d := decide(e); d.verdict != want {
			t.Errorf("a result with %v critical ones: %s, want %s", critical, d.verdict, want)
		}
	}
}

func TestHolds(t *testing.T) {
	for _, tt := range []struct {
		condition string
		value     any
		want      bool
	}{
		{"90", json.Number("90"), true}, {"90", json.Number("90.0"), true}, {"== 90", 90.0, true}, {"90", "90", true}, {"<= 90", "90", true}, {"== 90", "91", false}, {"!= x", "y", true}, {"!=x", "x", false}, {"!= 1", json.Number("1.0"), false},
		{"1.10", "1.1", false}, {"!= 1.10", "1.1", false}, {"1e3", "1000", false}, // texts, such as versions and hashes, of which it is not known whether they are meant as numbers
		{"9007199254740993", json.Number("9007199254740993"), true}, {"9007199254740993", json.Number("9007199254740992"), false}, {"!= 9007199254740993", json.Number("9007199254740992"), false},
		{"< 9007199254740993", json.Number("9007199254740992"), false}, {"9007199254740992", 9007199254740993.0, false}, {"<= 9", json.Number("9007199254740993"), false}, {"> 9", json.Number("9007199254740993"), true},
		{"<= 90", "90", true}, {"<90", "90", false}, {">= 1", "1", true}, {"> 1", "1", false}, {">-1", "0", true}, {"done", "Done", false},
		{"<= 90", "NaN", false}, {"", "", true}, {"1e3", json.Number("1000"), true}, {"true", true, true}, {"true", "true", true},
	} {
		value, ok := scalar(tt.value)
		if got, _ := holds(tt.condition, value); got != tt.want || !ok {
			t.Errorf("%q of %v is %t", tt.condition, tt.value, got)
		}
	}
}

func TestText(t *testing.T) {
	const plan = "# Plan\n\n## Application\ntext\n\nDatabase\n--------\n### Inner\n`code`\n## Cache\n<!-- later -->\n***\n## *Queue* ##\n\n```\n# Nothing\n```\n## Last\n"
	for section, want := range map[string]bool{
		"Plan": true, "application": true, " DATABASE": true, "Inner": true, "Cache": false, "Queue": true, "Nothing": false, "Last": false, "Absent": false,
	} {
		if got := saysSomething([]byte(plan), section); got != want {
			t.Errorf("the section %q says something: %t, want %t", section, got, want)
		}
	}
	for name, tt := range map[string]struct {
		file
		rule    policy.Document
		verdict verdict.Verdict
	}{
		"there":          {file{Text: []byte(plan)}, policy.Document{Sections: []string{"Application", "database"}}, verdict.Pass},
		"no sections":    {file{Text: []byte(plan)}, policy.Document{}, verdict.Pass},
		"one is empty":   {file{Text: []byte(plan)}, policy.Document{Sections: []string{"Application", "Cache"}}, verdict.Fail},
		"empty":          {file{Text: []byte(" \n")}, policy.Document{}, verdict.Fail},
		"missing":        {file{Missing: true}, policy.Document{}, verdict.Fail},
		"not to be read": {file{Problem: problem{What: "no"}}, policy.Document{}, verdict.Unknown},
		"an age":         {file{Text: []byte(plan)}, policy.Document{MaxAge: 1}, verdict.Unknown},
	} {
		e := with(policy.Criterion{ID: "plan", Document: &tt.rule})
		e.Files[atCommit+tt.rule.Path] = tt.file
		if d := decide(e); d.verdict != tt.verdict {
			t.Errorf("%s: %s, want %s", name, d.verdict, tt.verdict)
		}
	}
}

func TestSentence(t *testing.T) {
	e := with(requires("unit"), policy.Criterion{ID: "security", Evidence: &policy.Evidence{Action: "security-gate"}}, policy.Criterion{ID: "docs", Checks: requires("docs").Checks})
	e.Checks.All = []check{ran("unit", "failure"), ran("docs", "success")}
	if got, want := sentence(e, decide(e)), "NO-GO for production: 1 of 3 criteria failed (tests: unit), 1 is unknown (security)."; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	e = with()
	for i := range 300 {
		e.Checks.All = append(e.Checks.All, ran(fmt.Sprintf("unit %d", i), "failure"))
	}
	d := decide(e)
	if got, want := sentence(e, d), "NO-GO for production: 1 of 1 criterion failed (checks: unit 0, unit 1, unit 2, 297 more)."; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if n := len(d.findings()); n != rowLimit+1 || !strings.HasSuffix(d.findings()[rowLimit].Title, "280 more") {
		t.Errorf("%d findings, the last one %+v", n, d.findings()[n-1])
	}
}
