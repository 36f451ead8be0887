package expression

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// some is a value for each fact, and a condition that holds for it.
var some = map[string]struct {
	value     any
	condition string
}{
	"environment":            {"production", `environment == "production"`},
	"release.version":        {"1.2.0", `release.version.startsWith("1.")`},
	"release.previous":       {"1.1.9", `release.previous != release.version`},
	"release.tag":            {"v1.2.0", `release.tag.matches("^v[0-9]")`},
	"release.bump":           {"minor", `release.bump in ["minor", "patch"]`},
	"release.type":           {"feature", `release.type != "security"`},
	"release.prerelease":     {false, `!release.prerelease`},
	"change.type":            {"normal", `change.type == "normal"`},
	"change.files":           {[]string{"a/b.go", "migrations/1.sql"}, `change.touches("migrations/**") && change.files.exists(f, f.endsWith(".go"))`},
	"change.lines":           {120, `change.lines < 500`},
	"change.commits":         {3, `change.commits <= 3`},
	"change.authors":         {[]string{"Ada"}, `"Ada" in change.authors`},
	"risk.score":             {42, `risk.score < 60`},
	"risk.level":             {"medium", `risk.level != "high"`},
	"migration.present":      {true, `migration.present`},
	"migration.irreversible": {false, `!migration.irreversible`},
	"security.critical":      {0, `security.critical == 0`},
	"security.high":          {0, `security.high < 1`},
	"security.medium":        {2, `security.medium <= 2`},
	"security.low":           {9, `security.low < 10.5`},
	"security.total":         {11, `security.total == 11`},
	"security.new":           {0, `security.new == 0`},
	"security.accepted":      {1, `security.accepted < 2`},
	"image.digest":           {"sha256:00", `image.digest.startsWith("sha256:")`},
	"now":                    {time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), `now.getHours("Europe/Berlin") == 13 && now < timestamp("2026-12-18T00:00:00Z")`},
	"weekday":                {"mon", `weekday in ["mon", "tue"]`},
	"hour":                   {13, `hour >= 9 && hour < 16`},
	"impact.users":           {0.005, `impact.users < 0.01`},
	"impact.critical":        {true, `impact.critical`},
}

// known are the facts with one changed; nil takes it away.
func known(name string, value any) Facts {
	facts := Facts{}
	for n, s := range some {
		facts[n] = s.value
	}
	facts[name] = value
	if value == nil {
		delete(facts, name)
	}
	return facts
}

func compile(t *testing.T, v *Vocabulary, source string) *Expression {
	t.Helper()
	x, err := v.Compile(source)
	if err != nil {
		t.Fatalf("%s: column %d: %s", source, err.Column, err.Message)
	}
	return x
}

func TestEachFact(t *testing.T) {
	for _, v := range []*Vocabulary{Gate, ForwardFix} {
		for _, f := range v.facts {
			s, ok := some[f.name]
			if !ok {
				t.Errorf("%s has no test", f.name)
				continue
			}
			x := compile(t, v, s.condition)
			if !slices.Contains(x.Names(), f.name) {
				t.Errorf("%s looks at %v", s.condition, x.Names())
			}
			if holds, err := x.Holds(known(f.name, s.value)); !holds || err != nil {
				t.Errorf("%s = %v, %v", s.condition, holds, err)
			}
			if holds, err := compile(t, v, "!("+s.condition+")").Holds(known(f.name, s.value)); holds || err != nil {
				t.Errorf("not %s = %v, %v", s.condition, holds, err)
			}
			for _, condition := range []string{s.condition, "!(" + s.condition + ")"} {
				var unknown *Unknown
				holds, err := compile(t, v, condition).Holds(known(f.name, nil))
				if holds || !errors.As(err, &unknown) || err.Error() != f.name+" is not known: "+f.from {
					t.Errorf("%s without %s = %v, %v", condition, f.name, holds, err)
				}
				_, err = compile(t, v, condition).Holds(known(f.name, Missing{Why: "of the rain", Next: "wait"}))
				if err == nil || err.Error() != f.name+" is not known, for of the rain: wait" {
					t.Errorf("%s with %s missing: %v", condition, f.name, err)
				}
				for _, wrong := range []any{int64(1), float32(1), []int{1}, nil} {
					facts := known(f.name, s.value)
					facts[f.name] = wrong
					if holds, err := compile(t, v, condition).Holds(facts); holds || err == nil {
						t.Errorf("%s with a %T = %v, %v", condition, wrong, holds, err)
					}
				}
			}
		}
	}
}

// What cannot change the result need not be known; an error is neither true nor false.
func TestShortCircuit(t *testing.T) {
	facts := Facts{"risk.score": 42, "environment": "production", "change.files": []string{}}
	for source, want := range map[string]string{
		`false && release.bump == "major"`:                                       "false",
		`release.bump == "major" && false`:                                       "false",
		`true || release.bump == "major"`:                                        "true",
		`release.bump == "major" || true`:                                        "true",
		`risk.score < 60 || release.bump == "major"`:                             "true",
		`risk.score > 60 && release.bump == "major"`:                             "false",
		`true && release.bump == "major"`:                                        "release.bump is not known",
		`false || release.bump == "major"`:                                       "release.bump is not known",
		`!(release.bump == "major")`:                                             "release.bump is not known",
		`release.bump == "major" ? true : true`:                                  "release.bump is not known",
		`risk.score < 60 ? true : release.prerelease`:                            "true",
		`risk.score < 60 ? release.prerelease : true`:                            "release.prerelease is not known",
		`release.bump == release.type`:                                           "release.bump, release.type are not known",
		`release.bump == "major" || release.type == "beta"`:                      "release.bump, release.type are not known",
		`release.bump == image.digest`:                                           "release.bump is not known",
		`change.authors.all(a, a != "")`:                                         "change.authors is not known",
		`change.authors.size() == 0`:                                             "change.authors is not known",
		`change.touches("a")`:                                                    "false",
		`change.files.all(f, release.bump == f)`:                                 "true", // there is none to ask it for
		`["a"].exists(f, release.bump == f)`:                                     "release.bump is not known",
		`1 / (risk.score - 42) == 1`:                                             "it cannot be reckoned: division by zero",
		`1 / (risk.score - 42) == 1 || true`:                                     "true",
		`1 / (risk.score - 42) == 1 && true`:                                     "it cannot be reckoned: division by zero",
		`1 / (risk.score - 42) == 1 || release.bump == "major"`:                  "not known",
		`change.files[0] == "a"`:                                                 "it cannot be reckoned: index out of bounds",
		`risk.score * 9223372036854775807 > 0`:                                   "it cannot be reckoned: integer overflow",
		`int(environment) == 1`:                                                  "it cannot be reckoned: ",
		`timestamp(environment) < timestamp("2026-01-01T00:00:00Z")`:             "it cannot be reckoned: ",
		`timestamp("2026-01-01T00:00:00Z").getHours(environment + "/../x") == 1`: "it cannot be reckoned: ",
	} {
		holds, err := compile(t, Gate, source).Holds(facts)
		got := fmt.Sprint(holds)
		if err != nil {
			if got = err.Error(); holds {
				t.Errorf("%s holds with an error", source)
			}
		}
		if !strings.Contains(got, want) || err == nil && got != want {
			t.Errorf("%s: %s, want %s", source, got, want)
		}
	}
}

func TestTouches(t *testing.T) {
	files := []string{"services/api/main.go", "docs/x.md", "[id]/page"}
	for path, want := range map[string]bool{
		"services": true, "services/**": true, "service": false, "**/*.go": true, "*.go": false, "docs/*.md": true, "docs/*.sql": false, "[id]": true, "i": false,
	} {
		holds, err := compile(t, Gate, "change.touches('"+path+"')").Holds(Facts{"change.files": files})
		if holds != want || err != nil {
			t.Errorf("%s: %v, %v", path, holds, err)
		}
	}
}

// A condition that takes too long ends by the steps it may take.
func TestCost(t *testing.T) {
	many := func(n int) Facts {
		files := make([]string, n)
		for i := range files {
			files[i] = fmt.Sprintf("docs/some/where/file-%d.md", i)
		}
		return Facts{"change.files": files, "now": time.Unix(0, 0), "environment": "x", "release.version": strings.Repeat("a", 500)}
	}
	for source, limit := range map[string]int{ // files until which it is judged
		`change.files.all(f, f.startsWith("docs/"))`:                                             20_000,
		`change.files.all(f, f.startsWith("docs/") || f.endsWith(".md") || f == "README")`:       20_000,
		`!change.files.exists(f, ["go.mod", "go.sum", "package.json"].exists(n, f.endsWith(n)))`: 5_000,
		`change.touches("docs/**/file-*.md")`:                                                    20_000,
		`change.files.filter(f, f.matches("\\.md$")).size() > 1`:                                 5_000,
		`change.files.map(f, f.size()).all(n, n > 1)`:                                            5_000,
		`"docs/some/where/file-1.md" in change.files`:                                            50_000,
		`change.files.all(f, f.endsWith(".md") && now.getHours("Europe/Berlin") >= 0)`:           1_000,
		`change.files.all(f, f.matches("` + strings.Repeat("x?", 60) + `") || true)`:             1_000,
	} {
		x := compile(t, Gate, source)
		if holds, err := x.Holds(many(limit)); !holds || err != nil {
			t.Errorf("%s for %d files: %v, %v", source, limit, holds, err)
		}
		if holds, err := x.Holds(many(20 * limit)); holds || err == nil || err.Error() != "it takes more than 500000 steps" {
			t.Errorf("%s for %d files: %v, %v", source, 20*limit, holds, err)
		}
	}
	// What is quadratic is refused beforehand; without that, its steps end it.
	for _, quadratic := range []string{
		`change.files.all(a, change.files.all(b, a != "" && b != ""))`, `change.files.all(a, a in change.files)`,
		`change.files.all(a, change.touches("nowhere") || true)`,
	} {
		if x, err := Gate.Compile(quadratic); err == nil || !strings.HasPrefix(err.Message, "it may take ") {
			t.Errorf("%s: %v, %v", quadratic, x, err)
		}
		if holds, err := unchecked(t, quadratic).Holds(many(5_000)); holds || err == nil || err.Error() != "it takes more than 500000 steps" {
			t.Errorf("%s: %v, %v", quadratic, holds, err)
		}
	}
}

// Texts that are doubled again and again stay within what they cost.
func TestGrowth(t *testing.T) {
	const times = 40
	grown := "[release.version]" + strings.Repeat(".map(a, a"+strings.Repeat(" + a", times-1)+")", loopLimit-1)
	for _, source := range []string{grown + `.all(a, a == "")`, grown + `.all(a, a.matches("(a|b|x*)*(x+x+)+y"))`} {
		if holds, err := unchecked(t, source).Holds(Facts{"release.version": strings.Repeat("a", 5_000)}); holds || err == nil || err.Error() != "it takes more than 500000 steps" {
			t.Errorf("%s: %v, %v", source, holds, err)
		}
	}
}

// To know less never makes true of false, or false of true.
func TestLessIsNeverOtherwise(t *testing.T) {
	var conditions []string
	for i, a := range Gate.facts {
		for j := range 5 { // each with some others
			b := Gate.facts[(i+7*j+1)%len(Gate.facts)]
			one, other := some[a.name].condition, some[b.name].condition
			conditions = append(conditions, "!("+one+") || "+other, one+" && !("+other+")", "("+one+") != ("+other+")", "("+one+") ? !("+other+") : true")
		}
	}
	judged := 0
	for _, condition := range conditions {
		x, refused := Gate.compile(condition)
		if refused != nil {
			t.Fatal(condition, refused)
		}
		with, err := x.Holds(known("environment", "production"))
		if err != nil {
			t.Fatal(condition, err)
		}
		for _, name := range x.Names() {
			without, err := x.Holds(known(name, nil))
			if err == nil && without != with || err != nil && without {
				t.Errorf("%s: %v, without %s %v, %v", condition, with, name, without, err)
			}
			if err == nil {
				judged++
			}
		}
	}
	if judged < 100 {
		t.Errorf("only %d were judged without a fact", judged)
	}
}
