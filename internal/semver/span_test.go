package semver_test

import (
	"testing"

	"github.com/slipway-actions/slipway/internal/semver"
)

func TestBranchSpan(t *testing.T) {
	for branch, tt := range map[string]struct {
		want string // "" for none
		open bool
	}{
		"release/1.x": {"1.x", true}, "release/1.4": {"1.4.x", false}, "release/1.4.x": {"1.4.x", true}, "1.x": {"1.x", true}, "v1": {"1.x", false}, "release-2.3": {"2.3.x", false},
		"maintenance/v2.x": {"2.x", true}, "1.4.*": {"1.4.x", true}, "support_0.X": {"0.x", true}, "api/release/3": {"3.x", false}, "2": {"2.x", false},
		"main": {}, "release/1.4.2": {}, "release/next": {}, "feature-1": {}, "1.x-fixes": {}, "x.x": {}, "release/18446744073709551615.x": {}, "": {},
	} {
		span, open, ok := semver.BranchSpan(branch)
		if ok != (tt.want != "") || ok && (span.String() != tt.want || open != tt.open) {
			t.Errorf("%s: %s, open %v, %v", branch, span, open, ok)
		}
	}
}

func TestSpan(t *testing.T) {
	for text, tt := range map[string]struct{ first, in, out string }{
		"1": {"1.0.0", "1.99.3", "2.0.0-rc.1"}, "1.x": {"1.0.0", "1.0.0-rc.1", "0.9.0"}, "1.4": {"1.4.0", "1.4.9", "1.5.0"}, "1.4.x": {"1.4.0", "1.4.0+b", "2.4.0"}, "0.0.x": {"0.0.0", "0.0.7", "0.1.0"},
	} {
		span, err := semver.ParseSpan(text)
		if err != nil || span.First().String() != tt.first || !span.Holds(parse(t, tt.in)) || span.Holds(parse(t, tt.out)) {
			t.Errorf("%s is %s from %s, %v", text, span, span.First(), err)
		}
	}
	for _, text := range []string{"", "x", "1.x.x", "1.4.2", "v1", "1.", ">=1", "99999999999999999999.x"} {
		if span, err := semver.ParseSpan(text); err == nil {
			t.Errorf("%q is %s", text, span)
		}
	}
	if got := semver.MajorOf(parse(t, "3.2.1")).String(); got != "3.x" {
		t.Error(got)
	}
}
