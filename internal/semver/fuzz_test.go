package semver_test

import (
	"testing"

	"github.com/slipway-actions/slipway/internal/semver"
)

// A version is written as it was read, its tag is read back, and what comes next of any level is later.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"1.2.3", "0.0.0-rc.1+build.5", "v1.2.3", "01.2.3", "1.2", "9223372036854775807.0.0", "9223372036854775808.0.0", "1.0.0-rc.01", "1.0.0-a.b.c", "major"} {
		f.Add(s, "v")
	}
	f.Add("1.0.0", "api/v")
	f.Fuzz(func(t *testing.T, s, prefix string) {
		if level, err := semver.ParseLevel(s); (err == nil) != (level.String() == s) {
			t.Fatalf("%q is the level %v, %v", s, level, err)
		}
		v, err := semver.Parse(s)
		if _, ok := semver.ParseTag(prefix+s, prefix); ok != (err == nil) {
			t.Fatalf("%q is a version (%v), and with %q before it a tag: %v", s, err, prefix, ok)
		}
		if err != nil {
			return
		}
		if v.String() != s {
			t.Fatalf("%q is written %q", s, v)
		}
		for _, level := range []semver.Level{semver.Patch, semver.Minor, semver.Major} {
			if next := level.Next(v); !next.GreaterThan(v) || next.Prerelease() != "" {
				t.Fatalf("after %q comes %q of %v", s, next, level)
			}
		}
	})
}

// A span is read again as it is written, and holds what it begins with.
func FuzzParseSpan(f *testing.F) {
	for _, s := range []string{"1", "1.x", "1.4", "1.4.x", "1.4.5", "x", "01", "18446744073709551616.x", "1.X", "1.*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		span, err := semver.ParseSpan(s)
		if err != nil {
			return
		}
		again, err := semver.ParseSpan(span.String())
		if err != nil || again != span || !span.Holds(span.First()) {
			t.Fatalf("%q is %v, which is read as %v (%v), and holds its first: %t", s, span, again, err, span.Holds(span.First()))
		}
		if branch, _, ok := semver.BranchSpan(s); ok && branch != span {
			t.Fatalf("%q is %v, and as a branch %v", s, span, branch)
		}
	})
}
