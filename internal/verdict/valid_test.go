package verdict_test

import (
	"testing"

	"github.com/slipway-actions/slipway/internal/verdict"
)

// What is spelt otherwise is no answer: it must not be read as one.
func TestValid(t *testing.T) {
	for _, v := range []verdict.Verdict{verdict.Pass, verdict.Fail, verdict.Unknown} {
		if !v.Valid() {
			t.Errorf("%q is no verdict", v)
		}
	}
	for _, o := range []verdict.Outcome{verdict.Passed, verdict.Failed, verdict.Undecided, verdict.Warned, verdict.Skipped} {
		if !o.Valid() {
			t.Errorf("%q is no outcome", o)
		}
	}
	for _, text := range []string{"", "PASS", "pass ", "passed", "go"} {
		if verdict.Verdict(text).Valid() || verdict.Outcome(text).Valid() {
			t.Errorf("%q is valid", text)
		}
	}
	if verdict.Verdict("warn").Valid() || verdict.Verdict("skip").Valid() {
		t.Error("an outcome that weighs nothing is a verdict")
	}
}
