package gonogo

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// fakeReleases are releases and deployments, or an error.
type fakeReleases struct {
	releases    []github.Published
	deployments []github.Deployment
	more        bool
	err         error
}

func (f fakeReleases) PublishedReleases(_ context.Context, _ string, enough func(github.Published) bool) ([]github.Published, error) {
	return f.releases, f.err
}

func (f fakeReleases) Deployments(context.Context, string, string) ([]github.Deployment, bool, error) {
	return f.deployments, !f.more, f.err
}

func tags(names ...string) (list []github.Published) {
	for _, name := range names {
		pre := strings.HasSuffix(name, "?")
		list = append(list, github.Published{Tag: strings.TrimSuffix(name, "?"), Prerelease: pre, At: noon.Add(-time.Hour)})
	}
	return list
}

// refs are deployments such as "v2.4.0 success", the newest first.
func refs(names ...string) (list []github.Deployment) {
	for i, name := range names {
		ref, state, _ := strings.Cut(name, " ")
		list = append(list, github.Deployment{ID: int64(100 - i), Ref: ref, State: state, At: noon.Add(-time.Hour)})
	}
	return list
}

func TestUpstream(t *testing.T) {
	rule := policy.Upstream{Repository: "acme/warehouse", AtLeast: "v2.4.0"}
	api, rc, there := rule, rule, rule
	api.TagPrefix, api.AtLeast = "api/v", "api/v2.4.0"
	rc.AtLeast = "2.4.0-rc.2"
	there.Environment = "production"
	denied := &github.Error{Status: 404, Meaning: "there is no such thing"}
	trouble := &github.Error{Status: 503, Meaning: "GitHub has trouble answering", Next: "Run it again.", Passing: true}
	for name, tt := range map[string]struct {
		rule    policy.Upstream
		api     fakeReleases
		verdict verdict.Verdict
		text    string
		open    int
	}{
		"that very one":               {rule, fakeReleases{releases: tags("v2.4.0")}, verdict.Pass, "v2.4.0 is the highest release seen, 1h ago", 0},
		"without the v":               {rule, fakeReleases{releases: tags("2.4.0")}, verdict.Pass, "", 0},
		"a higher one":                {rule, fakeReleases{releases: tags("v2.3.0", "v10.0.0", "v2.5.0")}, verdict.Pass, "v10.0.0", 0},
		"a lower one":                 {rule, fakeReleases{releases: tags("v2.3.9", "v2.3.10")}, verdict.Fail, "v2.3.10", 1},
		"none":                        {rule, fakeReleases{}, verdict.Fail, "nothing is released", 1},
		"a pre-release":               {rule, fakeReleases{releases: tags("v2.5.0-rc.1")}, verdict.Fail, "none of 1 releases has a version that counts", 1},
		"marked as a pre-release":     {rule, fakeReleases{releases: tags("v2.4.0?")}, verdict.Fail, "none of 1", 1},
		"other tags":                  {rule, fakeReleases{releases: tags("api/v2.4.0", "nightly", "v2.4", "vv2.4.0")}, verdict.Fail, "none of 4", 1},
		"a pre-release is asked for":  {rc, fakeReleases{releases: tags("v2.4.0-rc.10?")}, verdict.Pass, "", 0},
		"an earlier one of them":      {rc, fakeReleases{releases: tags("v2.4.0-rc.1?")}, verdict.Fail, "", 1},
		"final is higher":             {rc, fakeReleases{releases: tags("v2.4.0")}, verdict.Pass, "", 0},
		"with a prefix":               {api, fakeReleases{releases: tags("v9.0.0", "api/v2.4.1")}, verdict.Pass, "api/v2.4.1", 0},
		"without that prefix":         {api, fakeReleases{releases: tags("v9.0.0")}, verdict.Fail, "none of 1", 1},
		"unseen":                      {rule, fakeReleases{err: denied}, verdict.Unknown, "404", 0},
		"trouble":                     {rule, fakeReleases{err: trouble}, verdict.Unknown, "503", 1},
		"trouble leaves nothing":      {rule, fakeReleases{releases: tags("v2.4.0"), err: trouble}, verdict.Unknown, "503", 1},
		"no token":                    {rule, fakeReleases{err: github.ErrNoToken}, verdict.Unknown, "no github-token", 0},
		"deployed":                    {there, fakeReleases{deployments: refs("v2.4.0 success")}, verdict.Pass, "v2.4.0 was deployed, 1h ago", 0},
		"deployed by the whole ref":   {there, fakeReleases{deployments: refs("refs/tags/v2.4.0 success")}, verdict.Pass, "", 0},
		"a lower one stands":          {there, fakeReleases{deployments: refs("v2.3.0 success", "v2.4.0 success")}, verdict.Fail, "v2.3.0 was deployed", 1},
		"on its way":                  {there, fakeReleases{deployments: refs("v2.4.0 in_progress", "v2.3.0 success")}, verdict.Fail, "v2.3.0 was deployed, 1h ago; v2.4.0 is in_progress", 1},
		"failed, and the one before":  {there, fakeReleases{deployments: refs("v2.5.0 failure", "v2.4.0 success")}, verdict.Pass, "v2.5.0 is failure", 0},
		"all torn down":               {there, fakeReleases{deployments: refs("v2.4.0 inactive", "v2.3.0 inactive")}, verdict.Fail, "no deployment stands there; v2.4.0 is inactive", 1},
		"never deployed":              {there, fakeReleases{}, verdict.Fail, "no deployment stands there", 1},
		"nothing stands among twenty": {there, fakeReleases{deployments: refs("v2.4.0 error"), more: true}, verdict.Unknown, "older ones were not looked at", 0},
		"a branch":                    {there, fakeReleases{deployments: refs("main success")}, verdict.Unknown, "main stands there, which is no version", 0},
		"a commit":                    {there, fakeReleases{deployments: refs(commit + " success")}, verdict.Unknown, "no version", 0},
		"deployments unseen":          {there, fakeReleases{err: denied}, verdict.Unknown, "404", 0},
	} {
		t.Run(name, func(t *testing.T) {
			e := with(policy.Criterion{ID: "x", Release: &tt.rule})
			if d := decide(e); d.verdict != verdict.Unknown {
				t.Errorf("without evidence: %s", d.verdict)
			}
			e.Releases = map[string]upstream{"x": readUpstream(t.Context(), tt.api, tt.rule, "acme/shop", "https://github.com")}
			e = replayed(t, e)
			d := decide(e)
			holdWords(t, e, d)
			if f := d.findings()[0]; d.verdict != tt.verdict || !strings.Contains(f.Observed, tt.text) || len(d.open()) != tt.open || f.Next == "" && d.verdict != verdict.Pass || f.Evidence == "" {
				t.Errorf("%s, open %v: %+v\nwant %s: %s", d.verdict, d.open(), f, tt.verdict, tt.text)
			}
			for _, change := range []func(*policy.Upstream){
				func(r *policy.Upstream) { r.AtLeast += "0" }, func(r *policy.Upstream) { r.Repository = "acme/other" },
				func(r *policy.Upstream) { r.Environment += "x" }, func(r *policy.Upstream) { r.TagPrefix += "x" },
			} {
				other := tt.rule
				change(&other)
				e.Gate.Criteria[0].Release = &other
				if d := decide(e); d.verdict != verdict.Unknown {
					t.Errorf("%s for the rule %+v", d.verdict, other)
				}
			}
		})
	}
}
