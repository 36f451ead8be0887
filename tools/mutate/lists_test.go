package main

import (
	"strings"
	"testing"
)

func TestReadSubjects(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "packages.txt", "# first\n\ninternal/verdict\n internal/gonogo   decide*.go\n")
	all, err := readSubjects(dir+"/packages.txt", nil)
	if err != nil || len(all) != 2 {
		t.Fatalf("got %v, %v", all, err)
	}
	for name, want := range map[string]bool{"decide.go": true, "decide_when.go": true, "decide_test.go": false, "report.go": false} {
		if got := all[1].counts(name); got != want {
			t.Errorf("%s counts for %v: %t, want %t", name, all[1], got, want)
		}
	}
	if !all[0].counts("verdict.go") || all[0].counts("verdict_test.go") {
		t.Error("of a package without a pattern all files count, and no tests")
	}
	for _, name := range []string{"gonogo", "internal/gonogo", "./internal/gonogo/"} {
		if chosen, err := readSubjects(dir+"/packages.txt", []string{name}); err != nil || len(chosen) != 1 || chosen[0] != all[1] {
			t.Errorf("%q chooses %v, %v", name, chosen, err)
		}
	}
	if _, err := readSubjects(dir+"/packages.txt", []string{"verdikt"}); err == nil {
		t.Error("a package that is not listed is no error")
	}
	for _, bad := range []string{"internal/x a*.go b*.go\n", "internal/x [\n"} {
		put(t, dir, "bad.txt", bad)
		if _, err := readSubjects(dir+"/bad.txt", nil); err == nil {
			t.Errorf("%q is no error", bad)
		}
	}
}

func TestReadEquivalents(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "good.txt", "# all of them\n\na/b.go F\n- x > y\n+ x >= y\nBecause of this\n- and that.\n\na/b.go\n- var n = 1\n+ var n = 2\nNobody reads n.\n")
	all, err := readEquivalents(dir + "/good.txt")
	if err != nil || len(all) != 2 {
		t.Fatalf("got %v, %v", all, err)
	}
	if want := (change{"a/b.go", "F", "x > y", "x >= y"}); all[0].change != want || all[0].reason != "Because of this - and that." {
		t.Errorf("got %+v", all[0])
	}
	if want := (change{"a/b.go", "", "var n = 1", "var n = 2"}); all[1].change != want {
		t.Errorf("got %+v", all[1])
	}
	for _, bad := range []string{
		"a/b.go F\n- x > y\n+ x >= y\n",
		"a/b.go F\n- x > y\nA reason.\n",
		"a/b.go F\n+ x > y\nA reason.\n",
		"a/b.go F\n- x > y\n+ x >= y\n\nA reason after an empty line.\n",
	} {
		put(t, dir, "bad.txt", bad)
		if _, err := readEquivalents(dir + "/bad.txt"); err == nil || !strings.Contains(err.Error(), "bad.txt:") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
