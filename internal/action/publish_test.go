package action_test

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/runner"
)

func TestCannotPublish(t *testing.T) {
	push := runner.Facts{EventName: "push", Ref: "refs/heads/main", Repository: "acme/shop"}
	with := func(change func(f *runner.Facts)) runner.Facts {
		f := push
		change(&f)
		return f
	}
	for name, tt := range map[string]struct {
		facts  runner.Facts
		token  string
		dryRun bool
		want   string
	}{
		"a push":                   {push, "t", false, ""},
		"a schedule":               {with(func(f *runner.Facts) { f.EventName = "schedule" }), "t", false, ""},
		"a laptop":                 {runner.Facts{Repository: "acme/shop"}, "t", false, ""},
		"a pull request":           {with(func(f *runner.Facts) { f.EventName = "pull_request" }), "t", false, "about a pull request"},
		"of a fork":                {with(func(f *runner.Facts) { f.EventName, f.BaseRef = "pull_request_target", "main" }), "t", false, "about a pull request"},
		"its merge commit by hand": {with(func(f *runner.Facts) { f.EventName, f.Ref = "workflow_dispatch", "refs/pull/7/merge" }), "t", false, "about a pull request"},
		"a merge queue":            {with(func(f *runner.Facts) { f.EventName = "merge_group" }), "t", false, "about a pull request"},
		"in a dry run too":         {with(func(f *runner.Facts) { f.EventName = "pull_request" }), "", true, "about a pull request"},
		"no token":                 {push, "", false, "no token"},
		"no repository":            {runner.Facts{}, "t", false, "which repository"},
		"a dry run needs neither":  {runner.Facts{}, "", true, ""},
	} {
		w := world(t)
		w.Facts, w.DryRun = tt.facts, tt.dryRun
		w.GitHub, _ = github.New(github.Options{Token: tt.token})
		if got := w.CannotPublish(); tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
