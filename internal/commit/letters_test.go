package commit

import (
	"slices"
	"strings"
	"testing"
)

// Each end of each range of letters, and what is beside it.
func TestLetters(t *testing.T) {
	for _, b := range []byte("azAZ") {
		if !letter(b) {
			t.Errorf("%q is no letter", b)
		}
	}
	for _, b := range []byte("`{@[09-") {
		if letter(b) {
			t.Errorf("%q is a letter", b)
		}
	}
	for text, want := range map[string]bool{
		"0123456789abcdefABCDEF": true, "000000/": false, "000000:": false, "000000`": false, "000000g": false, "000000@": false, "000000G": false, "zzzzzzz": false, "ZZZZZZZ": false, "{{{{{{{": false,
		"1234567": true, "123456": false, "": false, strings.Repeat("a", 64): true, strings.Repeat("a", 65): false,
	} {
		if got := Hex(text); got != want {
			t.Errorf("Hex(%q) is %t", text, got)
		}
	}
	for text, want := range map[string]bool{"0": true, "9": true, "10/": false, "1:": false, "": false, "a": false, strings.Repeat("1", 19): true, strings.Repeat("1", 20): false} {
		if got := digits(text); got != want {
			t.Errorf("digits(%q) is %t", text, got)
		}
	}
}

func TestCommit(t *testing.T) {
	for n, want := range []bool{false, false, true, true} {
		if got := (Commit{Parents: make([]string, n)}).Merge(); got != want {
			t.Errorf("a commit with %d parents is a merge: %t", n, got)
		}
	}
	if got := (Commit{Message: "\n  feat: a \n\nbody"}).Subject(); got != "feat: a" {
		t.Errorf("the subject is %q", got)
	}
	if Short("0123456789") != "0123456" || Short("012") != "012" {
		t.Error("an id is cut to seven digits")
	}
}

// The first letters of a header, one by one.
func TestReadHeader(t *testing.T) {
	for line, want := range map[string]header{
		"feat: a": {kind: "feat", description: "a"}, "f: a": {kind: "f", description: "a"}, "fix2: a": {kind: "fix2", description: "a"}, "a_b: c": {kind: "a_b", description: "c"},
		"a-b: c": {kind: "a-b", description: "c"}, "été: c": {kind: "été", description: "c"}, "e\u0301: c": {kind: "e\u0301", description: "c"},
		"f(a): b": {kind: "f", scope: "a", description: "b"}, "f(a(b)): c": {kind: "f", scope: "a(b)", description: "c"}, "f( a )!: b": {kind: "f", scope: "a", breaking: true, description: "b"},
		"f(): b": {kind: "f", description: "b"}, "f:   a": {kind: "f", description: "a"}, "f: a\tb": {kind: "f", description: "a\tb"},
	} {
		if got, ok := readHeader(line); !ok || got != want {
			t.Errorf("%q is %+v, %t", line, got, ok)
		}
	}
	for _, line := range []string{"", "feat", "2fix: a", "_a: b", "-a: b", "a.b: c", "a`b: c", "a b: c", "f(a: b", "f(a\r): b", "f(a))b: c", "f:a", "f:", "f: ", "f: \ta", "f: \va", "f!a: b", "(a): b", "\u0301: a"} {
		if got, ok := readHeader(line); ok {
			t.Errorf("%q is a header: %+v", line, got)
		}
	}
	for text, want := range map[string]int{"()": 1, "(a)": 2, "(a(b)c)": 6, "(a": -1, "(a\r)": -1, "(a\x0e)": 3} {
		if got := closingBracket(text); got != want {
			t.Errorf("the bracket of %q closes at %d, want %d", text, got, want)
		}
	}
}

func TestCutNumber(t *testing.T) {
	for text, want := range map[string][2]string{
		"a (#12)": {"12", "a"}, "a (!12)": {"12", "a"}, "a (pull request #12)": {"12", "a"}, "(#12)": {"12", ""}, "a (#1)": {"1", "a"},
		"a (12)": {"", "a (12)"}, "a (#)": {"", "a (#)"}, "a ()": {"", "a ()"}, "a (#1": {"", "a (#1"}, "a #1)": {"", "a #1)"}, "a (#x)": {"", "a (#x)"}, "a (!x)": {"", "a (!x)"}, "": {"", ""},
	} {
		if number, rest := cutNumber(text); number != want[0] || rest != want[1] {
			t.Errorf("%q is cut to %q and %q", text, number, rest)
		}
	}
}

func TestReadFooter(t *testing.T) {
	for line, want := range map[string][2]string{
		"Fixes: a": {"Fixes", "a"}, "Fixes #1": {"Fixes", "1"}, "a: b": {"a", "b"}, "Co-Authored-By: a": {"Co-Authored-By", "a"}, "X0: a": {"X0", "a"}, "X9: a": {"X9", "a"}, "A1: b": {"A1", "b"}, "Closes:": {"Closes", ""},
		"9X: a": {"", "9X: a"}, "-X: a": {"", "-X: a"}, ": a": {"", ": a"}, "a b: c": {"", "a b: c"}, "Fixes:a": {"", "Fixes:a"}, "BREAKING-CHANGE: a": {"", "BREAKING-CHANGE: a"}, "": {"", ""}, "X/: a": {"", "X/: a"}, "Fixes": {"", "Fixes"},
	} {
		if token, value := readFooter(line); token != want[0] || value != want[1] {
			t.Errorf("%q is %q and %q", line, token, value)
		}
	}
	for line, want := range map[string][2]string{
		"BREAKING CHANGE: a": {"BREAKING CHANGE", " a"}, "BREAKING-CHANGE:a": {"BREAKING-CHANGE", "a"}, "* BREAKING CHANGE: a": {"BREAKING CHANGE", " a"},
		"breaking change: a": {"", "breaking change: a"}, "BREAKING CHANGE": {"", "BREAKING CHANGE"}, "BREAKING CHANGE #a": {"", "BREAKING CHANGE #a"},
	} {
		if token, value := breakingFooter(line); token != want[0] || value != want[1] {
			t.Errorf("%q is %q and %q", line, token, value)
		}
	}
}

// The values of footers in a body: where they begin and end, and that their lines end with a letter.
func TestFooterValues(t *testing.T) {
	for body, want := range map[string][]Footer{
		"Fixes #12":                       {{"Fixes", "12"}},
		"text\n\nFixes: a  \n b\t\n c":    {{"Fixes", "a\n b\n c"}},
		"Fixes: a \t\n b":                 {{"Fixes", "a\n b"}},
		"Fixes: a\t\n b":                  {{"Fixes", "a\n b"}},
		"Fixes: a\n\nno more":             {{"Fixes", "a"}},
		"text\nFixes: a":                  nil,
		"BREAKING CHANGE: a\n\nmore":      {{"BREAKING CHANGE", "a\n\nmore"}},
		"BREAKING CHANGE: a\n\n---\nmore": {{"BREAKING CHANGE", "a"}},
		"BREAKING CHANGE: a\n---\nmore":   {{"BREAKING CHANGE", "a\n---\nmore"}},
		"BREAKING CHANGE: a\n\n* feat: b": {{"BREAKING CHANGE", "a"}},
		"BREAKING CHANGE: a\nFixes: b":    {{"BREAKING CHANGE", "a"}, {"Fixes", "b"}},
		"A: 1\n\nB: 2":                    {{"A", "1"}, {"B", "2"}},
		"A: 1\n\ntext\nB: 2":              {{"A", "1"}},
		"no footer here":                  nil,
	} {
		if got := footers(body); !slices.Equal(got, want) {
			t.Errorf("%q has %q, want %q", body, got, want)
		}
	}
	c := Change{Footers: []Footer{{"Release-As", "1.0.0"}, {"Fixes", "2"}, {"release-as", "3.0.0"}}}
	if got := c.Values("RELEASE-AS"); !slices.Equal(got, []string{"1.0.0", "3.0.0"}) {
		t.Errorf("the values are %q", got)
	}
}

func TestReadMergeAtItsBorders(t *testing.T) {
	for message, want := range map[string]Merge{
		"Merge pull request #12 from a/b\n\n  A title \nbody":       {"12", "A title", "body"},
		" \nMerge pull request #12 from a/b\n\nT":                   {"12", "T", ""},
		"Merged PR 7: A title \nbody":                               {"7", "A title", "body"},
		"Merged in b (pull request #3)\n\nT\nbody":                  {"3", "T", "body"},
		"Merge branch 'a' into 'b'\n\nT\n\nSee merge request g/p!9": {"9", "T", "\nSee merge request g/p!9"},
		"Merge branch 'a' into 'b'\nSee merge request g/p!9":        {"9", "", "See merge request g/p!9"},
		"feat: a\n\nSee merge request g/p!9":                        {"9", "", ""},
	} {
		if got, ok := ReadMerge(message); !ok || got != want {
			t.Errorf("%q is %+v, %t", message, got, ok)
		}
	}
	for _, message := range []string{"feat: a", "Merge branch 'a'", "Merge pull request #x from a", "Merged PR x: a", "feat: a\n\ntext See merge request g/p!9", "feat: a\n\nSee merge request g/p!x", "Merge remote-tracking branch 'a'"} {
		if got, ok := ReadMerge(message); ok {
			t.Errorf("%q is a merge: %+v", message, got)
		}
	}
}

func TestWhatNamesAnAdvisory(t *testing.T) {
	for text, want := range map[string]bool{"CVE-2026-1234": true, "x cve-": true, "GHSA-": true, "a-ghsa-b": true, "a-b-c": false, "": false, "CVE": false, "-": false, "-CVE-": true} {
		if got := namesAdvisory(text); got != want {
			t.Errorf("%q names one: %t", text, got)
		}
	}
	if endsFold("VE-", "CVE-") || !endsFold("CVE-", "CVE-") || !endsFold("xcve-", "CVE-") || endsFold("CVE-x", "CVE-") {
		t.Error("endsFold")
	}
}

func TestBegins(t *testing.T) {
	for line, want := range map[string]bool{
		`Revert "a"`: true, `Reapply "a"`: true, "feat: a": true, "other: a": false, "other!: a": true, "other(a): b": true, "mine: a": true, "MINE: a": true, "text": false,
	} {
		if got := begins(line, []string{"mine"}); got != want {
			t.Errorf("%q begins a message: %t", line, got)
		}
	}
	for line, want := range map[string]bool{"---": true, " ----- \n": true, "--": false, "-": false, "": false, "--x--": false} {
		if got := ruled(line); got != want {
			t.Errorf("%q is a rule: %t", line, got)
		}
	}
}
