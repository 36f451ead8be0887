package gonogo

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// TestSubjects holds a file that names a commit or a repository to this one.
func TestSubjects(t *testing.T) {
	for text, want := range map[string]struct {
		verdict verdict.Verdict
		text    string
	}{
		`{}`:                          {verdict.Pass, ""},
		`{"commit":"` + commit + `"}`: {verdict.Pass, ""},
		`{"sha":"` + strings.ToUpper(commit) + `"}`:                     {verdict.Pass, ""},
		`{"subject":{"sha":"` + commit + `","repository":"Acme/Shop"}}`: {verdict.Pass, ""},
		`{"subject":[{"sha":"x"}]}`:                                     {verdict.Pass, ""}, // another form of a subject, which says nothing here
		`{"commit":"` + another + `"}`:                                  {verdict.Unknown, "another commit, " + another},
		`{"sha":"` + commit[:12] + `"}`:                                 {verdict.Unknown, "another commit"},
		`{"subject":{"sha":"` + another + `"}}`:                         {verdict.Unknown, "another commit"},
		`{"commit":"` + commit + `","sha":"` + another + `"}`:           {verdict.Unknown, "another commit"},
		`{"commit":null}`:                                               {verdict.Unknown, "names no commit"},
		`{"commit":{"id":"x"}}`:                                         {verdict.Unknown, "names no commit"},
		`{"sha":""}`:                                                    {verdict.Unknown, "names no commit"},
		`{"repository":"acme/shop"}`:                                    {verdict.Pass, ""},
		`{"repository":"acme/other"}`:                                   {verdict.Unknown, "the repository acme/other"},
		`{"repository":{"url":"x"}}`:                                    {verdict.Unknown, "names no repository"},
		`{"commit":"` + another + `","commit":"` + commit + `"}`:        {verdict.Unknown, `the key "commit" is there twice`},
		`{"x":[{"a":1,"a":2}]}`:                                         {verdict.Unknown, `the key "a" is there twice`},
		`{"commit":"` + commit + `","Commit":"x"}`:                      {verdict.Pass, ""},
		`{"schema":"slipway.result/v2","verdict":"fail"}`:               {verdict.Unknown, "schema is"},
		`{"subject":{"repository":"acme/other"}}`:                       {verdict.Unknown, "the repository acme/other"},
	} {
		rule := policy.Evidence{File: "backup.json"}
		for name, f := range map[string]file{"whole": {Text: []byte(text)}, "as recorded": judgedPart([]byte(text), nil)} {
			e := with(policy.Criterion{ID: "backup", Evidence: &rule})
			e.Files[inWorkspace+"backup.json"] = f
			d := decide(replayed(t, e))
			if got := d.findings()[0].Observed; d.verdict != want.verdict || !strings.Contains(got, want.text) {
				t.Errorf("%s, %s: %s: %s", text, name, d.verdict, got)
			}
		}
	}
}

// TestJudgedPart wants the part of a file to be judged as the whole, and to hold no more than it must.
func TestJudgedPart(t *testing.T) {
	result := func(more string) string {
		return fmt.Sprintf(`{"schema":"slipway.result/v1","action":"security-gate","subject":{"repository":"acme/shop","sha":%q},"finishedAt":"2026-03-02T11:00:00Z","verdict":"pass","sentence":"fine.","password":"hunter2"%s}`, commit, more)
	}
	require := map[string]string{"a": "1", "b.c": "done", "b.d.e": "2", "f.g": "3", "b": "x"}
	for _, text := range []string{
		``, `null`, `[1]`, `"hunter2"`, `{"hunter2"`, `{} {}`, `{"password":"hunter2"}`,
		`{"a":1,"b":{"c":"done","d":{"e":2,"password":"hunter2"},"password":"hunter2"},"f.g":3,"password":"hunter2"}`,
		`{"a":1,"b.c":"done","b.d.e":2,"f":{"g":3},"b":"x","createdAt":"2026-03-02T11:00:00Z"}`,
		`{"a":2}`, `{"a":["hunter2"]}`, `{"a":{"password":"hunter2"}}`, `{"a":1,"b":["hunter2"]}`, `{"b":{"c":{"password":"hunter2"}}}`, `{"a":true,"b":null}`,
		result(""), result(`,"data":{"password":"hunter2","list":["hunter2"]}`), result(`,"findings":[{"id":"hunter2","outcome":"pass"}]`),
		result(`,"findings":[{"id":"x","outcome":"fail"}]`), result(`,"verdict":"fail"`), `{"schema":"slipway.result/v1","password":"hunter2"}`,
	} {
		for _, r := range []map[string]string{nil, require, {"a": "1"}, {"b.c": "done"}, {"data.x": "1"}} {
			rule := policy.Evidence{File: "x.json", Require: r, MaxAge: policy.Duration(2 * time.Hour)}
			if len(r) == 1 {
				rule.MaxAge = 0
			}
			var names []string
			for name := range r {
				names = append(names, name)
			}
			part := judgedPart([]byte(text), names)
			e := with(policy.Criterion{ID: "x", Evidence: &rule})
			if whole, got := judgeJSON(rule, file{Text: []byte(text)}, e), judgeJSON(rule, part, e); whole != got {
				t.Errorf("%s\nunder %v is\n%+v, and its part %s\n%+v", text, r, whole, part.Text, got)
			}
			if strings.Contains(encode(t, part), "hunter2") || strings.Contains(string(part.Text), "hunter2") {
				t.Errorf("of %s it keeps %s, %v", text, part.Text, part.Problem)
			}
		}
	}
	long := judgedPart([]byte(`{"a":"`+strings.Repeat("ä", keptText)+`"}`), []string{"a"})
	if n := len(long.Text); n > keptText+100 {
		t.Errorf("it keeps %d bytes of a text", n)
	}
}

func TestAge(t *testing.T) {
	day := 24 * time.Hour
	for name, tt := range map[string]struct {
		file
		verdict verdict.Verdict
		text    string
	}{
		"young":              {file{Changed: noon.Add(-40 * day)}, verdict.Pass, "last changed 40d ago (commit date)"},
		"just":               {file{Changed: noon.Add(-90 * day)}, verdict.Pass, "90d ago"},
		"too old":            {file{Changed: noon.Add(-90*day - time.Second)}, verdict.Unknown, "last changed 90d ago"},
		"a clock ahead":      {file{Changed: noon.Add(time.Minute)}, verdict.Pass, "0s ago"},
		"the future":         {file{Changed: noon.Add(time.Hour)}, verdict.Unknown, "in the future"},
		"never asked":        {file{}, verdict.Unknown, "not known"},
		"not to be read":     {file{Undated: problem{What: "no answer"}}, verdict.Unknown, "not known: no answer"},
		"both":               {file{Changed: noon, Undated: problem{What: "no answer"}}, verdict.Unknown, "not known"},
		"old and empty":      {file{Text: []byte(" "), Changed: noon.Add(-900 * day)}, verdict.Fail, "empty"},
		"missing":            {file{Missing: true}, verdict.Fail, "no such file"},
		"the text unread":    {file{Problem: problem{What: "no"}, Changed: noon}, verdict.Unknown, "no"},
		"a section is empty": {file{Text: []byte("# Plan\nTODO"), Changed: noon}, verdict.Fail, "empty: Plan"},
	} {
		if tt.Text == nil {
			tt.Text = []byte("# Plan\ntext")
		}
		e := with(policy.Criterion{ID: "plan", Document: &policy.Document{Path: "plan.md", Sections: []string{"Plan"}, MaxAge: policy.Duration(90 * day)}})
		e.Files[atCommit+"plan.md"] = tt.file
		d := decide(replayed(t, e))
		if got := d.findings()[0].Observed; d.verdict != tt.verdict || !strings.Contains(got, tt.text) {
			t.Errorf("%s: %s: %s", name, d.verdict, got)
		}
	}
	e := with(policy.Criterion{ID: "plan", Document: &policy.Document{Path: "plan.md"}})
	if d := decide(e); d.verdict != verdict.Unknown {
		t.Errorf("never read: %s", d.verdict)
	}
}

// TestPlaceholders wants a section that only keeps its place to be empty, and hardly anything else.
func TestPlaceholders(t *testing.T) {
	for text, says := range map[string]bool{
		"": false, "TODO": false, "TBD.": false, "n/a": false, "N/A": false, "N.A.": false, "…": false, "...": false, "-": false, "- TODO\n- tbd\n": false, "* [ ] TODO: write it\n* [x] TBD": false,
		"TODO: describe\nhow": false, "> TBD": false, "**TODO**": false, "`n/a`": false, "```\nTODO\n```": false, "```sh\n```": false, "<!-- say it -->": false, "<!--\nsay\n\nit\n-->": false,
		"- <!-- say it -->": false, "<br>": false, "<p>TODO</p>": false, "***": false, "### Inner\nTODO": false, "[a]: https://x": false, "1. TODO\n2. …": false, "<!-- open": false, "🚧": false, "&nbsp;": false, "&#8203; &mdash;": false, "- &#x2026;": false,
		"None is needed.": true, "- TODO\n- kubectl rollout undo": true, "Undo it. TODO: dashboards": true, "TODO\n\nUndo it.": true, "```sh\nkubectl rollout undo\n```": true, "1. Undo:\n   ```sh\n   # as root\n   undo\n   ```": true,
		"- ```sh\n  # undo\n  undo\n  ```": true, "<p>undo</p>": true, "<img src=plan.png>": true, "![plan](plan.png)": true, "<!-- a --> undo": true, "### Inner\nundo": true, "    undo": true, "| a | b |\n|---|---|\n| 1 | 2 |": true, "回滚": true, "> undo": true, "3": true, "&ouml;": true, "R&D": true,
	} {
		for _, behind := range []string{"", "\n\n## Next\ntext\n"} {
			if got := saysSomething([]byte("# Top\ntext\n## Plan\n"+text+behind), "plan"); got != says {
				t.Errorf("%q before %q says something: %t", text, behind, got)
			}
		}
	}
	if got := emptySections([]byte("\ufeff# A\ntext"), []string{"A"}); len(got) > 0 {
		t.Errorf("behind a byte order mark %v are empty", got)
	}
	if got := emptySections([]byte("# A\n```\n# B\n```\n# C\n```\nx\n```\n"), []string{"A", "B", "C", "D"}); fmt.Sprint(got) != "[B D]" {
		t.Errorf("empty are %v", got)
	}
}

// A document made to be slow to read is read all the same; with lists read within each other these took
// minutes.
func TestDeepDocuments(t *testing.T) {
	deep := "# Plan\n"
	for n := range 400 {
		deep += strings.Repeat("  ", n) + "- a\n"
	}
	for _, text := range []string{deep + strings.Repeat("\n", 1<<19), "# Plan\n" + strings.Repeat("> ", 1<<19), "# Plan\n" + strings.Repeat("[a]:\n", 1<<18), "# Plan\n" + strings.Repeat("[", 1<<20)} {
		emptySections([]byte(text), []string{"Plan"})
	}
}

// TestDeepFigures holds that what is recorded of a document can be read again, however deep it is.
func TestDeepFigures(t *testing.T) {
	const deep = 9_998
	text := `{"schema":"slipway.result/v1","action":"x","verdict":"pass","finishedAt":"2026-03-02T11:00:00Z","data":` + strings.Repeat(`{"a":`, deep) + "1" + strings.Repeat("}", deep) + `}`
	d := decodeDocument("x.json", "x.json", []byte(text))
	recorded := encode(t, map[string]any{"data": map[string]any{"record": map[string]any{"documents": []document{d}}}})
	var read any
	if err := json.Unmarshal([]byte(recorded), &read); d.Problem != "" || err != nil {
		t.Errorf("%s, %v", d.Problem, err)
	}
}
