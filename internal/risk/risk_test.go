package risk

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// monday is a morning on which nothing is against a release.
var monday = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

func calm() Facts { return Facts{Moment: Moment{At: monday}, Incidents: Count{Skipped: "no labels"}} }

func TestWeights(t *testing.T) {
	sum := 0
	for name, steps := range weights {
		for i, s := range steps {
			if i > 0 && (s.from <= steps[i-1].from || s.points <= steps[i-1].points) || s.from < 1 {
				t.Errorf("%s does not rise at %v", name, s)
			}
		}
		sum += most(name)
	}
	if sum != 100 || len(Of(calm()).Parts) != len(weights) {
		t.Errorf("all parts come to %d, want 100", sum)
	}
}

// TestParts holds each part alone: its points, and that it says why.
func TestParts(t *testing.T) {
	day := 24 * time.Hour
	for name, tt := range map[string]struct {
		set  func(*Facts)
		part string
		want int
		why  string
	}{
		"nothing":              {func(f *Facts) {}, size, 0, "0 files, 0 lines"},
		"one line":             {func(f *Facts) { f.Size = Size{Files: 1, Lines: 1} }, size, 2, "1 file, 1 line"},
		"some files":           {func(f *Facts) { f.Size = Size{Files: 10, Lines: 200} }, size, 10, "10 files, 200 lines"},
		"very many":            {func(f *Facts) { f.Size = Size{Files: 1 << 30, Lines: 1 << 30} }, size, 20, "lines"},
		"failed once":          {func(f *Facts) { f.History = Count{N: 1, What: "internal/pay"} }, history, 3, "1 earlier failure: internal/pay"},
		"failed often":         {func(f *Facts) { f.History = Count{N: 99} }, history, 15, "99 earlier failures"},
		"a migration":          {func(f *Facts) { f.Migrations = Migrations{N: 1} }, migrations, 8, "1 migration, additive and with a way back"},
		"not additive":         {func(f *Facts) { f.Migrations = Migrations{N: 2, Breaking: true} }, migrations, 12, "not all additive"},
		"no way back":          {func(f *Facts) { f.Migrations = Migrations{N: 2, Irreversible: true} }, migrations, 15, "not all with a way back"},
		"no migration":         {func(f *Facts) { f.Migrations = Migrations{Breaking: true, Irreversible: true} }, migrations, 0, "0 migrations"},
		"dependencies":         {func(f *Facts) { f.Dependencies = Count{N: 2} }, dependencies, 6, "2 manifests or lockfiles"},
		"newcomers":            {func(f *Facts) { f.Newcomers = Count{N: 2} }, newcomers, 7, "2 authors without an earlier commit"},
		"yesterday":            {func(f *Facts) { f.Gap = Gap{Since: 47 * time.Hour} }, gap, 0, "1 day"},
		"a quarter":            {func(f *Facts) { f.Gap = Gap{Since: 90 * day} }, gap, 6, "90 days"},
		"never":                {func(f *Facts) { f.Gap = Gap{First: true} }, gap, 6, "nothing was released before"},
		"a batch":              {func(f *Facts) { f.Gap = Gap{Commits: 120} }, batch, 3, "120 commits"},
		"a monday":             {func(f *Facts) {}, moment, 0, "Monday 10:00 UTC"},
		"an evening":           {func(f *Facts) { f.Moment.At = monday.Add(6 * time.Hour) }, moment, 4, "late in the day"},
		"a night":              {func(f *Facts) { f.Moment.At = monday.Add(-4 * time.Hour) }, moment, 8, "at night"},
		"a friday":             {func(f *Facts) { f.Moment.At = monday.Add(4 * day) }, moment, 2, "the weekend is near"},
		"a friday afternoon":   {func(f *Facts) { f.Moment.At = monday.Add(4*day + 2*time.Hour) }, moment, 8, "with the weekend ahead"},
		"a sunday":             {func(f *Facts) { f.Moment.At = monday.Add(6 * day) }, moment, 10, "a weekend"},
		"incidents":            {func(f *Facts) { f.Incidents = Count{N: 1} }, incidents, 6, "1 open issue"},
		"incidents, not asked": {func(f *Facts) { f.Incidents = Count{N: 9, Skipped: "no labels"} }, incidents, 0, "no labels"},
	} {
		t.Run(name, func(t *testing.T) {
			f := calm()
			tt.set(&f)
			s := Of(f)
			for _, p := range s.Parts {
				if p.Name == tt.part && (p.Points != tt.want || !strings.Contains(p.Why, tt.why) || !p.Known || p.Points > p.Most) {
					t.Errorf("%+v, want %d because of %q", p, tt.want, tt.why)
				}
			}
			if !s.Known {
				t.Errorf("it is not known: %s", s.Why)
			}
		})
	}
}

// TestUnknown holds that one part that is not known leaves the score not known.
func TestUnknown(t *testing.T) {
	for name, set := range map[string]func(*Facts){
		size: func(f *Facts) { f.Size.Unknown = "x" }, history: func(f *Facts) { f.History.Unknown = "x" }, migrations: func(f *Facts) { f.Migrations.Unknown = "x" },
		dependencies: func(f *Facts) { f.Dependencies.Unknown = "x" }, newcomers: func(f *Facts) { f.Newcomers.Unknown = "x" }, gap: func(f *Facts) { f.Gap.Unknown = "x" },
		moment: func(f *Facts) { f.Moment.Unknown = "x" }, incidents: func(f *Facts) { f.Incidents = Count{Unknown: "x", Skipped: "y"} },
	} {
		f := calm()
		set(&f)
		if s := Of(f); s.Known || s.Why != name+": x" {
			t.Errorf("%s is not known: %+v", name, s)
		}
	}
}

func TestLevel(t *testing.T) {
	for value, want := range map[int]string{0: "low", 29: "low", 30: "medium", 59: "medium", 60: "high", 100: "high"} {
		if got := (Score{Value: value}).Level(30, 60); got != want {
			t.Errorf("%d is %s, want %s", value, got, want)
		}
	}
}

// TestWorseIsNeverLower makes facts at random and one of them worse: no part and no score gets lower, and
// what was not known stays so.
func TestWorseIsNeverLower(t *testing.T) {
	r := rand.New(rand.NewPCG(20260302, 7))
	rose := 0
	for range 20_000 {
		f := Facts{
			Size: Size{Files: r.IntN(100), Lines: r.IntN(20_000)}, History: Count{N: r.IntN(20)}, Migrations: Migrations{N: r.IntN(3), Breaking: r.IntN(2) == 0},
			Dependencies: Count{N: r.IntN(10)}, Newcomers: Count{N: r.IntN(5)}, Gap: Gap{Since: time.Duration(r.IntN(100)) * 24 * time.Hour, Commits: r.IntN(300)},
			Moment: Moment{At: monday.Add(time.Duration(r.IntN(7*24)) * time.Hour)}, Incidents: Count{N: r.IntN(5)},
		}
		if r.IntN(10) == 0 {
			f.Newcomers.Unknown = "x"
		}
		worse := f
		more := 1 + r.IntN(1000)
		switch r.IntN(10) {
		case 0:
			worse.Size.Files += more
		case 1:
			worse.Size.Lines += more
		case 2:
			worse.History.N += more
		case 3:
			worse.Migrations.N += more
		case 4:
			worse.Migrations.Breaking, worse.Migrations.Irreversible = true, worse.Migrations.Breaking
		case 5:
			worse.Dependencies.N += more
		case 6:
			worse.Newcomers.N += more
		case 7:
			worse.Gap.Since, worse.Gap.Commits = worse.Gap.Since+time.Duration(more)*time.Hour, worse.Gap.Commits+more
		case 8:
			worse.Gap.First = true
		case 9:
			worse.Incidents.N += more
		}
		a, b := Of(f), Of(worse)
		if b.Value < a.Value || b.Known && !a.Known || b.Value > 100 {
			t.Fatalf("%+v is %d, and %+v is %d", f, a.Value, worse, b.Value)
		}
		if b.Value > a.Value {
			rose++
		}
	}
	if rose < 1000 {
		t.Errorf("only %d rose; the generator no longer tests what it should", rose)
	}
}

func TestKinds(t *testing.T) {
	for file, want := range map[string]string{
		"go.mod": "d", "web/package.json": "d", "src/requirements-dev.txt": "d", "a/pom.xml": "d", "go.modx": "", "docs/go.mod.md": "",
		"db/migrate/1_a.rb": "m", "shop/migrations/0001_a.py": "m", "shop/migrations/__init__.py": "", "migrations/README.md": "", "x/1.up.sql": "m", "alembic/versions/a.py": "m",
		"src/versions/a.py": "", "immigration/a.sql": "",
	} {
		got := map[bool]string{true: "d"}[IsManifest(file)] + map[bool]string{true: "m"}[IsMigration(file)]
		if got != want {
			t.Errorf("%s is %q, want %q", file, got, want)
		}
	}
	for file, want := range map[string]string{"a": "a", "a/b": "a", "a/b/c": "a/b", "a/b/c/d": "a/b", "": ""} {
		if got := Place(file); got != want {
			t.Errorf("the place of %s is %q, want %q", file, got, want)
		}
	}
}
