package gonogo

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

const (
	digestA = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	digestB = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

// A result about the very image that is to be deployed holds for it, whatever commit it names; but
// only from the actions that look at images.
func TestPromotionByImage(t *testing.T) {
	result := func(action, repository, sha, digest string) document {
		d := passing(action)
		d.Repository, d.SHA, d.Digest, d.Data = repository, sha, digest, map[string]any{"environment": "staging"}
		return d
	}
	for name, tt := range map[string]struct {
		document
		digest  string // that is to be deployed
		verdict verdict.Verdict
		says    string
	}{
		"this commit":                     {result("deploy-verify", "acme/shop", commit, ""), "", verdict.Pass, "pass: fine."},
		"this commit, no image":           {result("deploy-verify", "acme/shop", commit, ""), digestA, verdict.Pass, "pass: fine."},
		"this commit and image":           {result("deploy-verify", "acme/shop", commit, digestA), digestA, verdict.Pass, "pass: fine."},
		"this commit, an image unnamed":   {result("deploy-verify", "acme/shop", commit, digestA), "", verdict.Pass, "pass: fine."},
		"this commit, another image":      {result("deploy-verify", "acme/shop", commit, digestB), digestA, verdict.Unknown, "about another image, " + digestB},
		"another commit, this image":      {result("deploy-verify", "acme/shop", another, digestA), digestA, verdict.Pass, "about this very image, though for the commit " + another},
		"no commit, this image":           {result("deploy-verify", "acme/shop", "", digestA), digestA, verdict.Unknown, "names no commit"},
		"another commit, another image":   {result("deploy-verify", "acme/shop", another, digestB), digestA, verdict.Unknown, "about another commit"},
		"another commit, no image named":  {result("deploy-verify", "acme/shop", another, digestA), "", verdict.Unknown, "about another commit"},
		"another commit, neither":         {result("deploy-verify", "acme/shop", another, ""), "", verdict.Unknown, "about another commit"},
		"another repository's, the image": {result("deploy-verify", "acme/other", another, digestA), digestA, verdict.Unknown, "the repository acme/other"},
	} {
		t.Run(name, func(t *testing.T) {
			e := with(requires("unit"))
			e.Checks.All = []check{ran("unit", "success")}
			e.Gate.Environments = map[string]policy.Environment{"staging": {}, "production": {After: []string{"staging"}}}
			e.Digest, e.Documents = tt.digest, []document{tt.document}
			d := decide(e)
			holdWords(t, e, d)
			if got := d.criteria[1].findings[0]; d.verdict != tt.verdict || got.ID != "after staging" || !strings.Contains(got.Observed, tt.says) {
				t.Errorf("%s: %s: %s; want %s: %s", d.verdict, got.ID, got.Observed, tt.verdict, tt.says)
			}
		})
	}
	for action, want := range map[string]verdict.Verdict{"deploy-verify": verdict.Pass, "security-gate": verdict.Pass, "changelog": verdict.Unknown, "version-bump": verdict.Unknown} {
		e := with(policy.Criterion{ID: "x", Evidence: &policy.Evidence{Action: action}})
		e.Digest, e.Documents = digestA, []document{result(action, "acme/shop", another, digestA)}
		if d := decide(e); d.verdict != want || d.release.known {
			t.Errorf("a result of %s about this image: %s, want %s", action, d.verdict, want)
		}
	}
}
