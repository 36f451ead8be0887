package gonogo

import (
	"fmt"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// migrating is evidence of a change of migrations, in the folder m, with the criterion that judges them.
func migrating(e evidence, files ...changedFile) evidence {
	e.Change.Files = files
	e.Gate.Criteria = []policy.Criterion{{ID: "db", Migrations: &policy.Migrations{Paths: []string{"m/**"}}}}
	return e
}

func recordText(e evidence, path, content string) {
	e.Files[atCommit+path] = file{Text: []byte(content)}
}

func TestMigrations(t *testing.T) {
	const good, bad = "ALTER TABLE a ADD b int;", "ALTER TABLE a DROP b;"
	one, two := added("m/1.up.sql"), added("m/1.down.sql")
	as := func(f changedFile, status string) changedFile { f.Status = status; return f }
	odd := added("m/1.up.sql")
	odd.Odd = "it is a symbolic link"
	for name, tt := range map[string]struct {
		files []changedFile
		texts map[string]string
		rule  policy.Migrations
		set   func(*evidence)
		want  string // verdict, and a part of what was observed
		state string // present, irreversible, known
	}{
		"none":                       {nil, nil, policy.Migrations{}, nil, "pass: no file under m/** changed since v1.0.0", "false false true"},
		"elsewhere":                  {[]changedFile{added("x/1.up.sql")}, nil, policy.Migrations{}, nil, "pass: no file under m/**", "false false true"},
		"documents":                  {[]changedFile{added("m/README.md")}, nil, policy.Migrations{}, nil, "pass: no file under", "false false true"},
		"good":                       {[]changedFile{one, two}, map[string]string{"1.up.sql": good, "1.down.sql": bad}, policy.Migrations{}, nil, "pass: 2 files of migrations", "true false true"},
		"no way back":                {[]changedFile{one}, map[string]string{"1.up.sql": good}, policy.Migrations{}, nil, "fail: it has no way back: there is no m/1.down.sql", "true true true"},
		"no way back, declared":      {[]changedFile{one}, map[string]string{"1.up.sql": "-- slipway: irreversible x\n" + good}, policy.Migrations{}, nil, "pass: it is declared irreversible: x", "true true true"},
		"declared, not allowed":      {[]changedFile{one}, map[string]string{"1.up.sql": "-- slipway: irreversible x\n" + good}, policy.Migrations{Irreversible: "fail"}, nil, "fail: it is declared irreversible: x", "true true true"},
		"declared without a reason":  {[]changedFile{one}, map[string]string{"1.up.sql": "-- slipway: irreversible\n" + good}, policy.Migrations{}, nil, "fail: it has no way back", "true true true"},
		"not additive":               {[]changedFile{one, two}, map[string]string{"1.up.sql": bad, "1.down.sql": good}, policy.Migrations{}, nil, "fail: it is not additive: DROP COLUMN b", "true false true"},
		"not additive, let pass":     {[]changedFile{one, two}, map[string]string{"1.up.sql": bad, "1.down.sql": good}, policy.Migrations{Breaking: "warn"}, nil, "pass: it is not additive: DROP COLUMN b", "true false true"},
		"the contract phase":         {[]changedFile{one, two}, map[string]string{"1.up.sql": "-- slipway: contract x\n" + bad, "1.down.sql": good}, policy.Migrations{}, nil, "pass: it is not additive: DROP COLUMN b (declared the contract phase: x)", "true false true"},
		"in doubt":                   {[]changedFile{one, two}, map[string]string{"1.up.sql": "SELECT 'a", "1.down.sql": good}, policy.Migrations{}, nil, "unknown: whether it is additive is not known: the quote", "true false true"},
		"in doubt, declared":         {[]changedFile{one, two}, map[string]string{"1.up.sql": "-- slipway: additive Ada read it\nSELECT 'a", "1.down.sql": good}, policy.Migrations{}, nil, "pass: whether it is additive is not known", "true false true"},
		"not additive, and in doubt": {[]changedFile{one, two}, map[string]string{"1.up.sql": "-- slipway: additive x\n" + bad, "1.down.sql": good}, policy.Migrations{}, nil, "fail: it is not additive", "true false true"},
		"an unknown kind":            {[]changedFile{added("m/1.sql")}, map[string]string{"1.sql": good}, policy.Migrations{}, nil, "unknown: whether it has a way back is not known", "true false false"},
		"the house's own":            {[]changedFile{added("m/1.sql")}, map[string]string{"1.sql": good, "undo/1.sql": bad}, policy.Migrations{Down: []string{"{dir}/undo/{name}.sql"}}, nil, "pass: 1 file of migrations", "true false true"},
		"edited":                     {[]changedFile{as(one, "M")}, map[string]string{"1.up.sql": good, "1.down.sql": bad}, policy.Migrations{}, nil, "fail: it was edited: it was there since v1.0.0 already", "true false true"},
		"removed":                    {[]changedFile{as(one, "D")}, nil, policy.Migrations{}, nil, "fail: it was removed", "false false true"},
		"the way back edited":        {[]changedFile{as(two, "M")}, nil, policy.Migrations{}, nil, "pass: it has changed", "false false true"},
		"the way back removed":       {[]changedFile{as(two, "D")}, nil, policy.Migrations{}, nil, "fail: it was removed", "false false true"},
		"repeatable, edited":         {[]changedFile{{Path: "m/R__a.sql", Status: "M"}}, map[string]string{"R__a.sql": good}, policy.Migrations{}, nil, "pass: 1 file of migrations", "true false true"},
		"repeatable, drops":          {[]changedFile{{Path: "m/R__a.sql", Status: "M"}}, map[string]string{"R__a.sql": bad}, policy.Migrations{}, nil, "fail: it is not additive", "true false true"},
		"a link":                     {[]changedFile{odd}, nil, policy.Migrations{}, nil, "unknown: it is a symbolic link", "true false false"},
		"not recorded":               {[]changedFile{one}, nil, policy.Migrations{}, nil, "unknown: its text was not recorded", "true false false"},
		"not read": {[]changedFile{one}, nil, policy.Migrations{}, func(e *evidence) {
			e.Files[atCommit+"m/1.up.sql"] = file{Problem: problem{What: "too large"}}
		}, "unknown: too large", "true false false"},
		"the way back not read": {[]changedFile{one}, map[string]string{"1.up.sql": good}, policy.Migrations{}, func(e *evidence) {
			e.Files[atCommit+"m/1.down.sql"] = file{Problem: problem{What: "500"}}
		}, "unknown: its way back, m/1.down.sql, was not read: 500", "true false false"},
		"left out":          {[]changedFile{one, two}, map[string]string{"1.up.sql": good, "1.down.sql": bad}, policy.Migrations{}, func(e *evidence) { e.Change.MoreFiles = 7 }, "unknown: 7 of its files are too many", "false false false"},
		"a problem":         {nil, nil, policy.Migrations{}, func(e *evidence) { e.Change = change{Problem: problem{What: "shallow"}} }, "unknown: shallow", "false false false"},
		"of another commit": {nil, nil, policy.Migrations{}, func(e *evidence) { e.Change.Head = another }, "unknown: the change of this commit was not read", "false false false"},
	} {
		t.Run(name, func(t *testing.T) {
			e := migrating(changed(), tt.files...)
			tt.rule.Paths = []string{"m/**"}
			e.Gate.Criteria[0].Migrations = &tt.rule
			for path, content := range tt.texts {
				recordText(e, "m/"+path, content)
			}
			if tt.set != nil {
				tt.set(&e)
			}
			d := decide(e)
			holdWords(t, e, d)
			want, observed, _ := strings.Cut(tt.want, ": ")
			said := ""
			for _, f := range d.findings() {
				said += f.Observed + "\n"
				if f.Title == "" || f.Threshold == "" || f.Where == nil && f.Title != "db" || f.Next == "" && f.Outcome != verdict.Passed && f.Outcome != verdict.Warned && f.Observed != "the change of this commit was not read" && d.verdict != verdict.Unknown {
					t.Errorf("the finding lacks something: %+v", f)
				}
			}
			if string(d.verdict) != want || !strings.Contains(said, observed) {
				t.Errorf("%s: %s\nwant %s", d.verdict, said, tt.want)
			}
			present, irreversible, known := migrationsOf(e)
			if got := fmt.Sprint(present, irreversible, known); got != tt.state {
				t.Errorf("present, irreversible, known: %s; want %s", got, tt.state)
			}
			if row := migrationsData(e); row.Known != known || (row.Irreversible != nil) != known {
				t.Errorf("recorded as %+v", row)
			}
		})
	}
}

// TestManyMigrations holds that the worst of very many findings still counts.
func TestManyMigrations(t *testing.T) {
	var files []changedFile
	for i := range 300 {
		files = append(files, added(fmt.Sprintf("m/%03d.up.sql", i)))
	}
	e := migrating(changed(), files...)
	for _, f := range files[:299] { // the way back of these is of unknown kind
		recordText(e, f.Path, "SELECT 'a")
		recordText(e, strings.Replace(f.Path, "up", "down", 1), "SELECT 1")
	}
	recordText(e, "m/299.up.sql", "DROP TABLE a")
	if d := decide(e); d.verdict != verdict.Fail || len(d.findings()) != findingsShown+1 {
		t.Errorf("%s of %d findings", d.verdict, len(d.findings()))
	}
}

// TestUnaskedMigrations holds that without a criterion nothing is said of what was not read.
func TestUnaskedMigrations(t *testing.T) {
	e := changed(added("db/migrate/1.rb"))
	if present, irreversible, known := migrationsOf(e); !present || irreversible || known {
		t.Errorf("present %v, irreversible %v, known %v", present, irreversible, known)
	}
	if row := migrationsData(e); row.Known || row.Irreversible != nil || row.Present == nil {
		t.Errorf("recorded as %+v", row)
	}
}
