package commit_test

import (
	"slices"
	"testing"

	"github.com/slipway-actions/slipway/internal/commit"
)

func TestPicks(t *testing.T) {
	got := commit.Picks("fix: a\n\n(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)\n(cherry picked from commit ABCDEF1)\n(cherry picked from commit x)\n(cherry picked from commit 0123456")
	if want := []string{"0123456789abcdef0123456789abcdef01234567", "abcdef1"}; !slices.Equal(got, want) {
		t.Error(got)
	}
}

func TestAdvisories(t *testing.T) {
	got := commit.Advisories("cve-2024-12345, GHSA-VH95-rmgr-6w4m and CVE-2024-12345; not CVE-24-1 nor GHSA-aaaa-bbbb-cccc")
	if want := []string{"CVE-2024-12345", "GHSA-vh95-rmgr-6w4m"}; !slices.Equal(got, want) {
		t.Error(got)
	}
}

func TestSeveral(t *testing.T) {
	for name, tt := range map[string]struct {
		message string
		squash  bool
		want    []string
	}{
		"one":                           {message: "feat: a\n\nBREAKING CHANGE: b"},
		"a list that is not read":       {message: "a\n\n* feat: a"},
		"a list":                        {squash: true, message: "a (#1)\n\n* feat: a\n\nb\n\n* fix(x)!: c\n* wip\n", want: []string{"a (#1)\n\n", "feat: a\n\nb\n\n", "fix(x)!: c\n* wip\n"}},
		"a list with hyphens":           {squash: true, message: "a\n\n- feat: a\n  b\n- my: c", want: []string{"a\n\n", "feat: a\nb\n", "my: c"}},
		"a list of prose":               {squash: true, message: "a\n\n* note: a\n* b"},
		"what stands below the list":    {squash: true, message: "a\n\n* feat: a\n\n---------\n\nCo-authored-by: Z", want: []string{"a\n\n\n\n\nCo-authored-by: Z", "feat: a\n\n\n\n\nCo-authored-by: Z"}},
		"an override":                   {message: "a\n\nBEGIN_COMMIT_OVERRIDE\nfeat: a\n\nb\n\nRefs: #1\nfix: c\nEND_COMMIT_OVERRIDE\nd", want: []string{"feat: a\n\nb\n\nRefs: #1\n", "fix: c"}},
		"an override with CRLF":         {message: "a\r\n\r\nBEGIN_COMMIT_OVERRIDE\r\nfeat: a\r\nEND_COMMIT_OVERRIDE\r\n", want: []string{"feat: a"}},
		"an override of prose":          {message: "a\n\nBEGIN_COMMIT_OVERRIDE\nb\nEND_COMMIT_OVERRIDE", want: []string{"b"}},
		"an override that is empty":     {message: "a\n\nBEGIN_COMMIT_OVERRIDE\n\nEND_COMMIT_OVERRIDE"},
		"an override without an end":    {message: "a\n\nBEGIN_COMMIT_OVERRIDE\nfeat: a", want: []string{"feat: a"}},
		"an override that is mentioned": {message: "a\n\nwrite BEGIN_COMMIT_OVERRIDE to have one"},
		"nested":                        {message: "a\n\nBEGIN_NESTED_COMMIT\nfeat: a\nEND_NESTED_COMMIT\nb\nBEGIN_NESTED_COMMIT\nfix: c\nEND_NESTED_COMMIT\n", want: []string{"a\n\nb\n", "feat: a", "fix: c"}},
	} {
		if got := commit.Several(tt.message, tt.squash, []string{"my"}); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
