package report_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// What is left out is counted, and the rows that a caller keeps are not written over.
func TestFirst(t *testing.T) {
	rows := make([][]report.Text, 5)
	for i := range rows {
		rows[i] = []report.Text{report.T(fmt.Sprint(i)), report.T("x")}
	}
	table := report.Table{Header: []string{"Number", "Letter"}, Rows: rows}
	for most, want := range map[int][]string{
		6: {"0", "1", "2", "3", "4"}, 5: {"0", "1", "2", "3", "4"}, 4: {"0", "1", "2", "3", "… and 1 more"}, 1: {"0", "… and 4 more"},
	} {
		var got []string
		for _, row := range table.First(most).Rows {
			got = append(got, row[0][0].Body)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the first %d (-want +got):\n%s", most, diff)
		}
	}
	if last := table.Rows[4][0][0].Body; last != "4" {
		t.Errorf("the last row became %q", last)
	}
}
