package expression

import (
	"fmt"
	"strings"
	"testing"
)

// What is wrong is said in words, at its place; the caret is where the column points.
func TestRefused(t *testing.T) {
	for _, tt := range []struct{ source, caret, message string }{
		{"risk.scor < 60",
			"^", "risk.scor: there is no such name; did you mean risk.score?"},
		{"1 < 2 && risk.scor < 60",
			"         ^", "risk.scor: there is no such name; did you mean risk.score?"},
		{"risk < 60",
			"^", "risk: there is no such name; there are: risk.score, risk.level"},
		{"rsk.score.bar < 60",
			"^", "rsk.score.bar: there is no such name; there are: environment, release.version, release.previous, release.tag, release.bump, release.type, release.prerelease, change.type, change.files, change.lines, change.commits, change.authors, risk.score, risk.level, migration.present, migration.irreversible, security.critical, security.high, security.medium, security.low, security.total, security.new, security.accepted, image.digest, now, weekday, hour"},
		{"a.b.c.d == 3",
			"^", "a.b.c.d: there is no such name; there are: environment, release.version, release.previous, release.tag, release.bump, release.type, release.prerelease, change.type, change.files, change.lines, change.commits, change.authors, risk.score, risk.level, migration.present, migration.irreversible, security.critical, security.high, security.medium, security.low, security.total, security.new, security.accepted, image.digest, now, weekday, hour"},
		{"release.bump == major",
			"                ^", "major: there is no such name; a text stands in quotes, as in \"major\""},
		{"release.bumb.startsWith('a')",
			"^", "release.bumb: there is no such name; did you mean release.bump?"},
		{"chnge.files.size() > 1",
			"^", "chnge.files: there is no such name; did you mean change.files?"},
		{"chnge.touches('a')",
			"^", "chnge.touches: there is no such name; did you mean change.touches?"},
		{"change.toches('a')",
			"^", "change.toches: there is no such name; did you mean change.touches?"},
		{"change.files.touches('a')",
			"^", "touches(): there is no such function; some are contains, startsWith, endsWith, matches, size, all, exists, exists_one, filter, map, duration, timestamp, string, int, double"},
		{"release.bump.starsWith('a')",
			"^", "starsWith(): there is no such function; did you mean startsWith?"},
		{"release.bump . starsWith ('a')",
			"                         ^", "starsWith(): there is no such function; did you mean startsWith?"},
		{"foo(1)",
			"^", "foo(): there is no such function; some are contains, startsWith, endsWith, matches, size, all, exists, exists_one, filter, map, duration, timestamp, string, int, double"},
		{"has(release.bump)",
			"^", "has() is not needed: where a fact that counts is not known, the condition is undecided"},
		{"dyn(true)",
			"^", "dyn(): there is no such function; some are contains, startsWith, endsWith, matches, size, all, exists, exists_one, filter, map, duration, timestamp, string, int, double"},
		{"risk.score.bar < 3",
			"          ^", "a whole number has no parts; a . cannot stand behind it"},
		{"risk.score = 5",
			"           ^", "= compares nothing; write =="},
		{"risk.score < 60 and true",
			"                ^", "and is no operator; write &&"},
		{"not migration.present",
			"    ^", "not is no operator; write !"},
		{"risk.score is 3",
			"           ^", "is is no operator; write =="},
		{"risk.score < 60 & true",
			"                ^", "write && for and, || for or"},
		{"risk.score < 'a'",
			"           ^", "< does not go with a whole number and a text"},
		{"!risk.score",
			"^", "! does not go with a whole number"},
		{"'a' + 1 == 'a'",
			"    ^", "+ does not go with a text and a whole number"},
		{"release.bump.startsWith(3)",
			"                       ^", "startsWith of a text does not take a whole number"},
		{"change.touches(3)",
			"              ^", "change.touches takes a text, not a whole number"},
		{"duration(1, 2) == duration('1h')",
			"        ^", "duration() does not take a whole number, a whole number"},
		{"release.bump in 'major'",
			"             ^", "in does not go with a text and a text"},
		{"risk.score < 60 ? 1 : 'a'",
			"                ^", "? : needs true or false first and two of a kind behind it, not true or false, a whole number and a text"},
		{"risk.score ? true : false",
			"           ^", "? : needs true or false first and two of a kind behind it, not a whole number, true or false and true or false"},
		{"risk.score <",
			"            ^", "it ends too early; something is missing here"},
		{"(risk.score",
			"           ^", "it ends too early; something is missing here"},
		{"risk.score)",
			"          ^", ") cannot stand here"},
		{"",
			"^", "the condition is empty; write one such as 'risk.score < 60'"},
		{"risk.score",
			"^", "it comes to a whole number, not to true or false; compare it with something"},
		{"change.files",
			"^", "it comes to a list, not to true or false; compare it with something"},
		{"now",
			"^", "it comes to a time, not to true or false; compare it with something"},
		{"'a\\q' == 'b'",
			"^", "this text has no end, or an escape in it that does not exist"},
		{"release.bump == \"major",
			"                ^", "this text has no end, or an escape in it that does not exist"},
		{"true; false",
			"    ^", "; cannot stand here"},
		{"risk.score < 99999999999999999999",
			"             ^", "it cannot be read: invalid int literal"},
		{"if (true) true",
			"^", "it cannot be read: reserved identifier: if"},
		{"true &&\n risk.scor < 3",
			"         ^", "risk.scor: there is no such name; did you mean risk.score?"},
		{"'ö' == 'ö' && risk.scor < 3",
			"              ^", "risk.scor: there is no such name; did you mean risk.score?"},
		{"google.protobuf.Empty{} == null",
			"                     ^", "messages are not made here; compare facts"},
		{"[1, 'a'] == [1]",
			"    ^", "this is of another kind than what stands before it in the list"},
		{"release.bump == 'majro'",
			"                ^", "release.bump is never \"majro\"; it is one of none, prerelease, patch, minor, major"},
		{"'Mon' != weekday",
			"^", "weekday is never \"Mon\"; it is one of mon, tue, wed, thu, fri, sat, sun"},
		{"release.type in ['security', 'hotfx']",
			"                             ^", "release.type is never \"hotfx\"; it is one of feature, hotfix, security, beta, lts"},
		{"change.files + ['a'] == ['a']",
			"             ^", "lists are not joined here; ask each of them"},
		{"change.touches(environment)",
			"               ^", "change.touches needs a path that is written out, such as \"migrations/**\""},
		{"change.touches('../a')",
			"               ^", "change.touches(\"../a\"): allowed: a path inside the repository, from its top, such as services/api"},
		{"change.touches('!a')",
			"               ^", "change.touches(\"!a\"): paths take files in and leave none out; name the folders that count"},
		{"change.touches('')",
			"               ^", "change.touches(\"\"): allowed: a path of 1 to 200 letters"},
		{"environment.matches('(')",
			"                    ^", "the pattern cannot be read; it is one as in https://github.com/google/re2/wiki/Syntax"},
		{"environment.matches('(a{1000}){1000}')",
			"                    ^", "the pattern cannot be read; it is one as in https://github.com/google/re2/wiki/Syntax"},
		{"environment.matches('a{900}')",
			"                    ^", "the pattern is too large; at most 200 steps of its program are taken"},
		{"environment.matches(environment)",
			"                    ^", "matches needs a pattern that is written out"},
		{"duration('1x') < duration('1h')",
			"         ^", "it cannot be read: invalid duration argument"},
		{"change.files.all(a, change.files.all(b, a != b))",
			"^", "it may take 15005002 steps for a change of 1000 files; at most 500000 are taken. Do without a loop in a loop"},
		{"change.files.all(a, [1].all(b, [1].all(c, [1].all(d, true))))",
			"                                                 ^", "there are too many loops within or behind each other; at most 3 are taken"},
		{"change.files.all(a + b, true)",
			"                   ^", "it cannot be read: argument must be a simple name"},
		{strings.Repeat("(", 500),
			"^", "it is nested too deeply; at most 50 levels are read"},
		{strings.Repeat("x", 2001),
			"^", "the condition has 2001 bytes; at most 2000 are read"},
		{"'\xff' == 'a'",
			"^", "the condition is not UTF-8"},
	} {
		x, err := Gate.Compile(tt.source)
		if err == nil {
			t.Errorf("%q is taken: %v", tt.source, x.Names())
			continue
		}
		if caret := strings.Repeat(" ", err.Column-1) + "^"; caret != tt.caret || err.Message != tt.message {
			t.Errorf("\n\t\t{%q,\n\t\t%q, %q},", tt.source, caret, err.Message)
		}
	}
}

// unchecked compiles what Compile refuses for its cost, to see what ends it then.
func unchecked(t *testing.T, source string) *Expression {
	t.Helper()
	env, err := Gate.language()
	if err != nil {
		t.Fatal(err)
	}
	tree, issues := env.Compile(source)
	if issues.Err() != nil {
		t.Fatal(issues.Err())
	}
	x, err := Gate.plan(env, tree)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// A condition is compiled once; what is kept has bounds.
func TestCache(t *testing.T) {
	first := compile(t, Gate, "risk.score < 1")
	if compile(t, Gate, "risk.score < 1") != first {
		t.Error("it is compiled again")
	}
	if x, err := ForwardFix.Compile("risk.score < 1"); err == nil {
		t.Errorf("another vocabulary takes it: %v", x.Names())
	}
	for i := range cacheLimit + 10 {
		compile(t, Gate, fmt.Sprintf("risk.score < %d", i))
	}
	if n := len(compiled.expressions); n > cacheLimit {
		t.Errorf("%d are kept", n)
	}
}

// Whatever is written: it is refused at a place within it, or it is judged, and knows what it needs.
func FuzzCompile(f *testing.F) {
	for _, s := range some {
		f.Add(s.condition)
	}
	for _, source := range []string{"risk.score < 60 && change.touches('a/**')", "[1].map(x, x + 1)[0] == 2", "{'a': 1}.a == 1", "now - duration('1h') < now", "((((", "a.b.c(1).d", "\x00", "'", "change.touches(change.touches('a'))"} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		x, err := Gate.compile(source)
		if err != nil {
			if err.Column < 1 || err.Column > len([]rune(source))+1 || err.Message == "" || len(err.Message) > 1000 {
				t.Errorf("%q: column %d, %q", source, err.Column, err.Message)
			}
			return
		}
		x.Holds(known("environment", "production"))
		if holds, err := x.Holds(Facts{}); holds && err != nil {
			t.Errorf("%q holds with %v", source, err)
		}
	})
}
