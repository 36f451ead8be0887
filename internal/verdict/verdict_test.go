package verdict_test

import (
	"testing"

	"github.com/slipway-actions/slipway/internal/verdict"
)

func TestOf(t *testing.T) {
	const p, f, u, w, s = verdict.Passed, verdict.Failed, verdict.Undecided, verdict.Warned, verdict.Skipped
	for _, tc := range []struct {
		name     string
		outcomes []verdict.Outcome
		want     verdict.Verdict
	}{
		{"nothing at all", nil, verdict.Unknown},
		{"only skips", []verdict.Outcome{s, s}, verdict.Unknown},
		{"only warnings", []verdict.Outcome{w}, verdict.Unknown},
		{"one pass", []verdict.Outcome{p}, verdict.Pass},
		{"pass, warn, skip", []verdict.Outcome{p, w, s}, verdict.Pass},
		{"unknown after pass", []verdict.Outcome{p, u}, verdict.Unknown},
		{"unknown before pass", []verdict.Outcome{u, p}, verdict.Unknown},
		{"fail beats unknown", []verdict.Outcome{u, f, p}, verdict.Fail},
		{"an outcome nobody knows", []verdict.Outcome{p, "PASS"}, verdict.Unknown},
		{"the empty outcome", []verdict.Outcome{p, ""}, verdict.Unknown},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := verdict.Of(tc.outcomes...); got != tc.want {
				t.Errorf("Of(%q) = %q, want %q", tc.outcomes, got, tc.want)
			}
		})
	}
}

// Taking a pass away, or making any outcome worse, must never turn a verdict into Pass.
func TestOfNeverImprovesWhenEvidenceWorsens(t *testing.T) {
	all := []verdict.Outcome{verdict.Passed, verdict.Warned, verdict.Skipped, verdict.Undecided, verdict.Failed}
	for _, a := range all {
		for _, b := range all {
			for _, c := range all {
				before := verdict.Of(a, b, c)
				if before == verdict.Pass {
					continue
				}
				if after := verdict.Of(verdict.Failed, b, c); after == verdict.Pass {
					t.Errorf("Of(%s,%s,%s) = %s, but with a failure first it is %s", a, b, c, before, after)
				}
				if after := verdict.Of(verdict.Undecided, b, c); after == verdict.Pass {
					t.Errorf("Of(%s,%s,%s) = %s, but with an unknown first it is %s", a, b, c, before, after)
				}
			}
		}
	}
}

// A verdict that is none weighs as nothing known, never as a pass.
func TestOutcome(t *testing.T) {
	for v, want := range map[verdict.Verdict]verdict.Outcome{
		verdict.Pass: verdict.Passed, verdict.Fail: verdict.Failed, verdict.Unknown: verdict.Undecided, "": verdict.Undecided, "PASS": verdict.Undecided, "warn": verdict.Undecided,
	} {
		if got := v.Outcome(); got != want {
			t.Errorf("%q is %q among findings, want %q", v, got, want)
		}
	}
}
