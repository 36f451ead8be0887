package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// kill runs the command on the fixture, with the lists of a folder.
func killFixture(t *testing.T, lists string, args ...string) (code int, out string) {
	t.Helper()
	var stdout, stderr strings.Builder
	code = run(append([]string{"kill", "-root", "testdata/module", "-list", lists, "-cpu", "1s"}, args...), &stdout, &stderr)
	seconds := regexp.MustCompile(`, \d+s\n`)
	return code, seconds.ReplaceAllString(stdout.String(), "\n") + stderr.String()
}

// The fixture's tests leave one mutant alive, which nothing reaches, and two do not end.
func TestKill(t *testing.T) {
	code, out := killFixture(t, ".", "-least", "97")
	want := strings.Join([]string{
		"# shop: 97.9 % of 47",
		"",
		"shop/till.go Unreached",
		"- func Unreached() bool { return true }",
		"+ func Unreached() bool { return false }",
		"  (returned, line 80)",
		"",
		"   package  mutants  killed  in time  alive  unreached  equivalent   score",
		"      shop       47      44        2      0          1           1  97.9 %",
		"  together       47      44        2      0          1           1  97.9 %",
		"",
	}, "\n")
	if code != 0 || out != want {
		t.Errorf("code %d, output:\n%s\nwant:\n%s", code, out, want)
	}
}

func TestKillBelowItsThreshold(t *testing.T) {
	code, out := killFixture(t, ".", "-least", "98")
	if code != 1 || !strings.Contains(out, "shop does not pass: 97.9 % of its mutants are killed, 98 % are wanted") {
		t.Errorf("code %d, output:\n%s", code, out)
	}
}

// A list of equivalents that excuses what tests do kill, or what is no mutant any more, is no excuse.
func TestWrongEquivalents(t *testing.T) {
	lists := t.TempDir()
	put(t, lists, "packages.txt", "shop till*.go\n")
	put(t, lists, "equivalents.txt", `
shop/till.go Larger
- if a > b {
+ if a <= b {
This one is killed.

shop/till.go Larger
- if a > c {
+ if a >= c {
This one is gone.
`)
	code, out := killFixture(t, relative(t, lists))
	for _, want := range []string{
		"equivalents.txt:2: a test kills this mutant of shop/till.go: it is not equivalent",
		"equivalents.txt:7: shop/till.go has no such mutant any more: look at it again",
		"- if a > b {\n+ if a >= b {", // which this list does not excuse
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in:\n%s", want, out)
		}
	}
	if code != 1 {
		t.Errorf("code %d, want 1", code)
	}
}

// Each kind of change is found where it should be, and nowhere else.
func TestFind(t *testing.T) {
	p, err := load("testdata/module", subject{dir: "shop", pattern: "till*.go"})
	if err != nil {
		t.Fatal(err)
	}
	_, mutants := find(p)
	found := map[string]bool{}
	for _, m := range mutants {
		if m.file != "shop/till.go" {
			t.Errorf("a mutant in %s, which does not count", m.file)
		}
		found[m.operator+": "+m.after] = true
	}
	for _, want := range []string{
		"operator: if a >= b {", "operator: if a <= b {", "returned: return mutantZero[int]()",
		"operator: case hour < 0 && hour > 23:", "number: hour > (23 + 1):", "enumeration: return Closed, nil",
		"enumeration: return Open, nil", "returned: return Lost, nil", "negated: case !holiday:",
		"operator: if hour >= 9 || !holiday {", "negated: if hour >= 9 && !!holiday {", "operator: for i := 0; i <= len(basket); i++ {",
		"removed: {}", "arithmetic: total -= prices[basket[i]]", "arithmetic: return total / 2 - total, seen",
		"arithmetic: return total*2 + total, seen", "number: func Name(n uint8) string { return names[n&(1 + 1)] }",
		`number: var prices = map[string]int{"tea": (3 + 1)}`,
	} {
		if !found[want] {
			t.Errorf("no mutant %q", want)
		}
	}
	for got := range found {
		if strings.Contains(got, "minutes = ") || strings.Contains(got, "no such hour") && strings.HasPrefix(got, "enumeration") {
			t.Errorf("%q is a mutant", got)
		}
	}
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// relative is a folder as seen from the fixture's top.
func relative(t *testing.T, dir string) string {
	t.Helper()
	top, err := filepath.Abs("testdata/module")
	if err != nil {
		t.Fatal(err)
	}
	rel, err := filepath.Rel(top, dir)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(rel)
}
