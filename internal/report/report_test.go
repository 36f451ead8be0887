package report_test

import (
	"testing"

	"github.com/slipway-actions/slipway/internal/report"
)

func TestClip(t *testing.T) {
	for _, tc := range []struct {
		text string
		most int
		want string
	}{
		{"", 3, ""},
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"äöü", 3, "äöü"}, // characters, not bytes
		{"äöüß", 3, "äö…"},
	} {
		if got := report.Clip(tc.text, tc.most); got != tc.want {
			t.Errorf("Clip(%q, %d) is %q, want %q", tc.text, tc.most, got, tc.want)
		}
	}
}

func TestCount(t *testing.T) {
	for _, tc := range []struct {
		n         int
		one, want string
	}{
		{0, "commit", "0 commits"}, {1, "commit", "1 commit"}, {2, "commit", "2 commits"},
		{1, "entry", "1 entry"}, {2, "entry", "2 entries"},
	} {
		if got := report.Count(tc.n, tc.one); got != tc.want {
			t.Errorf("Count(%d, %q) is %q, want %q", tc.n, tc.one, got, tc.want)
		}
	}
}
