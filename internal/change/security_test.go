package change_test

import (
	"testing"

	"github.com/slipway-actions/slipway/internal/change"
	"github.com/slipway-actions/slipway/internal/commit"
)

func TestMends(t *testing.T) {
	for message, want := range map[string]string{
		"fix: a":                                        "",
		"fix: a\n\nSecurity: tokens were logged":        "has a footer Security",
		"chore: a\n\nFixes: CVE-2026-12345":             "fixes CVE-2026-12345",
		"fix: a\n\nCVE: 2026-12345":                     "fixes CVE-2026-12345",
		"fix: a\n\nCloses: #4":                          "",
		"security: a":                                   "is of the type security",
		"fix(security): a":                              "is of the scope security",
		"feat(security): a login":                       "",
		"fix: a (CVE-2026-12345)":                       "names CVE-2026-12345",
		"fix: a\n\nLike CVE-2026-12345":                 "",
		"fix: a\n\nThis fixes cve-2026-12345.":          "fixes CVE-2026-12345",
		"feat: a\n\nThis fixes CVE-2026-12345.":         "",
		"build(deps): bump x for GHSA-2345-cfgh-jmpq":   "names GHSA-2345-cfgh-jmpq",
		"build(deps): bump x\n\nNotes of CVE-2026-1234": "",
		"feat: a page\n\nSuch as CVE-2026-12345.":       "",
		"docs: tell of CVE-2026-12345":                  "",
		"wip on CVE-2026-12345":                         "names CVE-2026-12345",
	} {
		if got := change.Of([]commit.Commit{{SHA: "a", Message: message}}, change.Options{})[0].Mends(); got != want {
			t.Errorf("%q: %q, want %q", message, got, want)
		}
	}
}
