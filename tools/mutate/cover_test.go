package main

import (
	"strings"
	"testing"
)

// Only the files that count are counted: other.go, which no test runs, is not among them.
func TestCover(t *testing.T) {
	var stdout, stderr strings.Builder
	code := run([]string{"cover", "-root", "testdata/module", "-list", ".", "-least", "95"}, &stdout, &stderr)
	want := strings.Join([]string{
		"  package  statements  run  coverage  least of its files",
		"     shop          23   22    95.7 %      till.go 95.7 %",
		"",
	}, "\n")
	if code != 0 || stdout.String() != want {
		t.Errorf("code %d, output:\n%s%s\nwant:\n%s", code, stdout.String(), stderr.String(), want)
	}
}

func TestCoverBelowItsThreshold(t *testing.T) {
	var stdout, stderr strings.Builder
	code := run([]string{"cover", "-root", "testdata/module", "-list", ".", "-least", "97"}, &stdout, &stderr)
	if code != 1 || !strings.Contains(stdout.String(), "97 % are wanted of each") {
		t.Errorf("code %d, output:\n%s%s", code, stdout.String(), stderr.String())
	}
}

func TestReadProfile(t *testing.T) {
	s := subject{dir: "internal/gonogo", pattern: "decide*.go"}
	files, err := readProfile([]byte("mode: set\nm/internal/gonogo/decide.go:1.2,3.4 5 1\nm/internal/gonogo/decide.go:4.2,5.4 3 0\nm/internal/gonogo/report.go:1.2,3.4 9 0\n"), s)
	if err != nil || len(files) != 1 || files["decide.go"] != (covered{all: 8, run: 5}) {
		t.Errorf("got %v, %v", files, err)
	}
	for _, bad := range []string{"nonsense", "a.go:1.2,3.4 five 1", "a.go:1.2,3.4 5"} {
		if _, err := readProfile([]byte(bad), s); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

// A caller's mistake is told apart from a score that is too low.
func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"maim"}, {"kill", "-wokers", "2"}, {"cover", "-root", "testdata/module", "-list", ".", "nowhere"}, {"kill", "-root", "testdata"}} {
		var stdout, stderr strings.Builder
		if code := run(args, &stdout, &stderr); code != 2 || stderr.Len() == 0 {
			t.Errorf("%q: code %d, stderr %q", args, code, stderr.String())
		}
	}
}
