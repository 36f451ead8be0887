package gonogo

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/expression"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

func asserts(condition string) policy.Criterion {
	return policy.Criterion{ID: "rule", Assert: condition}
}

// bumped is a result of version-bump, scanned one of security-gate.
func bumped(data map[string]any) document {
	d := passing("version-bump")
	d.Data = map[string]any{"version": "2.0.0-rc.1", "tag": "v2.0.0-rc.1", "previousTag": "v1.9.3", "bump": "major", "releaseType": "beta", "changed": true}
	for name, value := range data {
		d.Data[name] = value
	}
	return d
}

func scanned(counts, measures map[string]any) document {
	d := passing("security-gate")
	d.Data = map[string]any{"counts": map[string]any{"critical": 0.0, "high": 1.0, "medium": 2.0, "low": 3.0, "unknown": 4.0}, "measures": map[string]any{"accepted": 5.0, "new": 0.0}}
	for part, figures := range map[string]map[string]any{"counts": counts, "measures": measures} {
		for name, value := range figures {
			d.Data[part].(map[string]any)[name] = value
		}
	}
	return d
}

func altered(d document, alter func(*document)) document {
	alter(&d)
	return d
}

func TestAssert(t *testing.T) {
	type set = func(*evidence)
	documents := func(d ...document) set { return func(e *evidence) { e.Documents = d } }
	of := func(c change) set {
		return func(e *evidence) {
			e.Change = c
			if c.Problem.What == "" {
				e.Change.Head = commit
			}
		}
	}
	some := change{Lines: 15, Base: another, Commits: []changedCommit{{Author: "Grace"}, {Author: "Ada"}, {Author: "Ada"}}, Files: []changedFile{
		{Path: "migrations/7.sql", Added: 10}, {Path: "a.go", Added: 2, Removed: 3}, {Path: "b.go"}, {Path: "c.go"},
	}}
	for _, tt := range []struct {
		condition string
		set       set
		outcome   verdict.Outcome
		observed  string
		next      string // its begin
	}{
		{`environment == "production"`, nil, verdict.Passed, "environment is production", ""},
		{`environment == "staging"`, nil, verdict.Failed, "environment is production", "Change what the condition looks at"},
		{`risk.scor < 60`, nil, verdict.Undecided, "risk.scor: there is no such name; did you mean risk.score?", "Correct the condition in the policy."},
		{`1 / change.commits > 0`, of(change{Base: another}), verdict.Undecided, "it cannot be reckoned: division by zero", "Correct the condition in the policy."},
		{`true`, nil, verdict.Passed, "it looks at nothing that is known here", ""},

		{`release.bump == "major"`, nil, verdict.Undecided, "release.bump is not known", "Hand in a passing result of version-bump for this commit."},
		{`release.bump == "major"`, documents(bumped(nil)), verdict.Passed, "release.bump is major", ""},
		{`release.bump != "major"`, documents(bumped(nil)), verdict.Failed, "release.bump is major", "Change"},
		{`release.bump == "major"`, documents(altered(bumped(nil), func(d *document) { d.Verdict = verdict.Fail })), verdict.Undecided, "release.bump is not known", "Hand in"},
		{`release.bump == "major"`, documents(altered(bumped(nil), func(d *document) { d.SHA = another })), verdict.Undecided, "release.bump is not known", "Hand in"},
		{`release.bump == "major"`, documents(altered(bumped(nil), func(d *document) { d.Repository = "acme/other" })), verdict.Undecided, "release.bump is not known", "Hand in"},
		{`release.bump == "major"`, documents(altered(bumped(nil), func(d *document) { d.Problem = "broken" })), verdict.Undecided, "release.bump is not known", "Hand in"},
		{`release.bump == "major"`, documents(bumped(nil), bumped(map[string]any{"bump": "minor"})), verdict.Undecided, "release.bump is not known", "Hand in"},
		{`release.bump == "major"`, documents(bumped(map[string]any{"bump": 3.0})), verdict.Undecided, "release.bump is not known, for the result of version-bump does not tell it", "Hand in"},
		{`release.type == "beta" && release.prerelease && release.version == "2.0.0-rc.1" && release.tag == "v2.0.0-rc.1"`, documents(bumped(nil)), verdict.Passed,
			"release.version is 2.0.0-rc.1, release.tag is v2.0.0-rc.1, release.type is beta, release.prerelease is true", ""},
		{`release.type == "security"`, documents(bumped(map[string]any{"releaseType": ""})), verdict.Undecided, "release.type is not known, for the result of version-bump does not tell it", "Hand in"},
		{`release.type != "security"`, documents(bumped(map[string]any{"releaseType": "", "changed": false})), verdict.Passed, "release.type is ", ""},
		{`release.previous == "1.9.3"`, documents(bumped(nil)), verdict.Passed, "release.previous is 1.9.3", ""},
		{`release.previous == ""`, documents(bumped(map[string]any{"previousTag": ""})), verdict.Passed, "release.previous is ", ""},
		{`release.previous == ""`, documents(bumped(map[string]any{"previousTag": "api/v1"})), verdict.Undecided, "release.previous is not known, for the tags api/v1 and v2.0.0-rc.1 are not formed alike", "Hand in"},
		{`release.prerelease`, documents(bumped(map[string]any{"version": "one"})), verdict.Undecided, "release.prerelease is not known, for the result of version-bump names no version", "Hand in"},

		{`change.type == "normal"`, nil, verdict.Passed, "change.type is normal", ""},
		{`change.type != "emergency"`, func(e *evidence) { e.ChangeType = "emergency" }, verdict.Failed, "change.type is emergency", "Change"},
		{`change.lines < 500`, nil, verdict.Undecided, "change.lines is not known, for the change of this commit was not read", "Let actions/checkout bring the whole history"},
		{`change.lines < 500`, of(change{Problem: problem{What: "the clone is shallow", Next: "Fetch more."}}), verdict.Undecided, "change.lines is not known, for the clone is shallow", "Fetch more."},
		{`change.lines == 15 && change.commits == 3`, of(some), verdict.Passed, "change.lines is 15, change.commits is 3", ""},
		{`change.authors == ["Ada", "Grace"]`, of(some), verdict.Passed, "change.authors has 2: Ada, Grace", ""},
		{`!change.touches("migrations/**")`, of(some), verdict.Failed, "change.files has 4: migrations/7.sql, a.go, b.go, 1 more", "Change"},
		{`!change.touches("migrations/**")`, of(change{Base: another}), verdict.Passed, "change.files has none", ""},
		{`!change.touches("migrations/**")`, nil, verdict.Undecided, "change.files is not known, for the change of this commit was not read", "Let"},

		{`change.files.size() < 9`, of(change{MoreFiles: 1}), verdict.Undecided, "change.files is not known, for the change is too large to be read whole", "Let"},
		{`change.authors.size() < 9`, of(change{MoreCommits: 1}), verdict.Undecided, "change.authors is not known, for the change is too large to be read whole", "Let"},
		{`change.commits == 2001`, of(change{Commits: make([]changedCommit, 1), MoreCommits: 2000}), verdict.Passed, "change.commits is 2001", ""},
		{`migration.present`, of(change{}), verdict.Failed, "migration.present is false", "Change"},
		{`risk.score < 60`, nil, verdict.Undecided, "risk.score is not known, for size of the change: the change of this commit was not read", "See why"},
		{`migration.irreversible`, nil, verdict.Undecided, "migration.irreversible is not known, for the change of this commit was not read", "Name the folders"},

		{`security.high == 1 && security.critical == 0 && security.medium == 2 && security.low == 3 && security.total == 10 && security.new == 0 && security.accepted == 5`, documents(scanned(nil, nil)), verdict.Passed,
			"security.critical is 0, security.high is 1, security.medium is 2, security.low is 3, security.total is 10, security.new is 0, security.accepted is 5", ""},
		{`security.high < 1`, documents(altered(scanned(nil, nil), func(d *document) { d.Verdict = verdict.Fail })), verdict.Failed, "security.high is 1", "Change"},
		{`security.high < 2`, nil, verdict.Undecided, "security.high is not known", "Hand in a result of security-gate for this commit."},
		{`security.high < 2`, documents(altered(scanned(nil, nil), func(d *document) { d.Verdict = verdict.Unknown })), verdict.Undecided, "security.high is not known", "Hand in"},
		{`security.high < 2`, documents(altered(scanned(nil, nil), func(d *document) { d.SHA = another })), verdict.Undecided, "security.high is not known", "Hand in"},
		{`security.high < 2`, documents(altered(scanned(nil, nil), func(d *document) { d.Finished = noon.Add(time.Hour) })), verdict.Undecided, "security.high is not known", "Hand in"},
		{`security.high < 2`, documents(scanned(nil, nil), scanned(map[string]any{"high": 0.0}, nil)), verdict.Undecided, "security.high is not known, for results of security-gate do not say the same", "Hand in"},
		{`security.high < 2`, documents(scanned(map[string]any{"high": "0"}, nil)), verdict.Undecided, "security.high is not known, for the result of security-gate does not tell it", "Hand in"},
		{`security.high < 2`, documents(scanned(map[string]any{"high": -1.0}, nil)), verdict.Undecided, "security.high is not known, for the result of security-gate does not tell it", "Hand in"},
		{`security.high < 2`, documents(scanned(map[string]any{"high": 0.5}, nil)), verdict.Undecided, "security.high is not known, for the result of security-gate does not tell it", "Hand in"},
		{`security.high < 2`, documents(scanned(map[string]any{"high": json.Number("1")}, nil)), verdict.Passed, "security.high is 1", ""},
		{`security.high < 2`, documents(passing("security-gate")), verdict.Undecided, "security.high is not known, for the result of security-gate does not tell it", "Hand in"},
		{`security.total < 99`, documents(scanned(map[string]any{"other": "1"}, nil)), verdict.Undecided, "security.total is not known, for the result of security-gate does not tell it", "Hand in"},
		{`security.new == 0`, documents(scanned(nil, map[string]any{"new": nil})), verdict.Undecided, "security.new is not known, for the result of security-gate does not tell it", "Hand in a result of security-gate that was given the input base."},

		{`image.digest.startsWith("sha256:")`, nil, verdict.Undecided, "image.digest is not known, for no image was named", "Name the image in the input image-digest."},
		{`image.digest.startsWith("sha256:")`, func(e *evidence) { e.Digest = "sha256:12" }, verdict.Passed, "image.digest is sha256:12", ""},
		{`hour == 12 && weekday == "mon" && now > timestamp("2026-01-01T00:00:00Z")`, nil, verdict.Passed, "now is 2026-03-02T12:00:00Z, weekday is mon, hour is 12", ""},
		{`hour == 1 && weekday == "tue"`, func(e *evidence) { e.Timezone = "Pacific/Auckland" }, verdict.Passed, "weekday is tue, hour is 1", ""},
		{`hour < 16`, func(e *evidence) { e.Timezone = "Mars/North" }, verdict.Undecided, "hour is not known, for the moment or the policy's time zone cannot be told", "Report it"},
		{`hour < 16`, func(e *evidence) { e.Now = time.Time{} }, verdict.Undecided, "hour is not known, for the moment or the policy's time zone cannot be told", "Report it"},
		{`hour < 9`, nil, verdict.Failed, "hour is 12", "Come back when"},
	} {
		t.Run(tt.condition, func(t *testing.T) {
			e := with(asserts(tt.condition))
			if tt.set != nil {
				tt.set(&e)
			}
			c := decide(e).criteria[0]
			f := c.findings[0]
			if f.Outcome != tt.outcome || f.Observed != tt.observed || !strings.HasPrefix(f.Next, tt.next) || (f.Next == "") != (tt.next == "") || f.Threshold != tt.condition {
				t.Errorf("%s\n%s\nnext: %s\nwant %s\n%s\nnext: %s", f.Outcome, f.Observed, f.Next, tt.outcome, tt.observed, tt.next)
			}
			if waits := f.Outcome == verdict.Failed && strings.Contains(tt.condition, "hour"); (len(c.open) > 0) != waits {
				t.Errorf("open: %v", c.open)
			}
			if again := decide(replayed(t, e)).criteria[0]; !cmp.Equal(again.findings, c.findings) {
				t.Errorf("from the record: %+v\nwant %+v", again.findings, c.findings)
			}
		})
	}
}

func TestWhen(t *testing.T) {
	for condition, want := range map[string]struct {
		verdict  verdict.Verdict
		observed string
	}{
		`environment == "production"`:                            {verdict.Pass, "1 of 1 check succeeded"},
		`environment == "staging"`:                               {verdict.Unknown, "not asked for here"}, // nothing is left that shows anything
		`release.bump == "major"`:                                {verdict.Unknown, "whether it is to be judged is not known: release.bump is not known"},
		`release.bmp == "major"`:                                 {verdict.Unknown, "whether it is to be judged is not known: release.bmp: there is no such name; did you mean release.bump?"},
		`environment == "production" || release.bump == "major"`: {verdict.Pass, "1 of 1 check succeeded"},
	} {
		c := requires("unit")
		c.When = condition
		e := with(c)
		e.Checks.All = []check{ran("unit", "success")}
		d := decide(e)
		if f := d.findings()[0]; d.verdict != want.verdict || f.Observed != want.observed {
			t.Errorf("%s: %s, %+v", condition, d.verdict, f)
		}
	}
}

// A criterion that is not asked for is neither a yes nor a no, and no sentence counts it.
func TestNotAskedFor(t *testing.T) {
	skipped := asserts("true")
	skipped.ID, skipped.When = "other", `environment == "staging"`
	for _, tt := range []struct {
		gate                       []policy.Criterion
		sentence, reasons, outcome string
	}{
		{[]policy.Criterion{asserts("true"), skipped}, "GO for production: 1 criterion passed (rule).", "", "go"},
		{[]policy.Criterion{asserts("false"), skipped}, "NO-GO for production: 1 of 1 criterion failed (rule).", "rule failed: rule: it looks at nothing that is known here", "no-go"},
		{[]policy.Criterion{skipped}, "NO-GO for production: no criterion of the policy is asked for here, and nothing else was judged.", "no criterion of the policy is asked for here, and nothing else was judged", "no-go"},
	} {
		e := with(tt.gate...)
		d := decide(e)
		if got := sentence(e, d); got != tt.sentence || reasons(d) != tt.reasons || decisionOf(d) != tt.outcome {
			t.Errorf("%s: %s\n%s\nwant %s: %s\n%s", decisionOf(d), got, reasons(d), tt.outcome, tt.sentence, tt.reasons)
		}
	}
}

// What is written in the policy's vocabulary has a value here, so that none is forgotten.
func TestEveryFactIsTold(t *testing.T) {
	e := with()
	e.Documents = []document{bumped(nil), scanned(nil, nil)}
	e.Digest = "sha256:12"
	e.Change = change{Head: commit, Base: another, Commits: []changedCommit{{}}}
	k := knownOf(e)
	k.risk = score{known: true, value: 1, level: "low"}
	var missing []string
	for _, name := range expression.Gate.Names() {
		condition := name + " == " + name
		x, err := expression.Gate.Compile(condition)
		if err != nil {
			t.Fatal(err)
		}
		if holds, err := x.Holds(factsFor(x, e, k)); !holds || err != nil {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		t.Errorf("not known: %v", missing)
	}
}

// Texts from outside stay short.
func TestSeenIsShort(t *testing.T) {
	e := with(asserts(`change.files.size() < 3`))
	e.Change = change{Head: commit, Base: another}
	for i := range 5_000 {
		e.Change.Files = append(e.Change.Files, changedFile{Path: fmt.Sprintf("%s\n%d", strings.Repeat("long/", 1_000), i)})
	}
	if f := decide(e).findings()[0]; f.Outcome != verdict.Failed || len(f.Observed) > 1_000 || strings.Contains(f.Observed, "\n") {
		t.Errorf("%s: %d letters, %s", f.Outcome, len(f.Observed), f.Observed)
	}
}
