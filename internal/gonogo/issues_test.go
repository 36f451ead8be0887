package gonogo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// fakeIssues has issues by label, and labels. A label that is an error's key cannot be asked for.
type fakeIssues struct {
	open   map[string][]github.OpenIssue
	errs   map[string]error
	labels []string
	asked  int
}

func (f *fakeIssues) OpenIssues(_ context.Context, _, label string, milestone int) ([]github.OpenIssue, error) {
	f.asked++
	return f.open[label], f.errs[label]
}

func (f *fakeIssues) Milestone(_ context.Context, _, title string) (int, bool, error) {
	return 4, title == "1.5.0", f.errs["milestone "+title]
}

func (f *fakeIssues) LabelNames(context.Context, string) ([]string, error) {
	f.asked++
	return f.labels, f.errs["labels"]
}

func issue(n int, labels ...string) github.OpenIssue {
	return github.OpenIssue{Number: n, Title: fmt.Sprintf("issue %d", n), Labels: labels}
}

func TestIssues(t *testing.T) {
	trouble := &github.Error{Asked: "the open issues of acme/shop", Status: 500, Meaning: "GitHub has trouble answering", Passing: true}
	denied := &github.Error{Asked: "the open issues of acme/other", Status: 404, Meaning: "there is no such thing", Next: "Check."}
	one, many := []github.OpenIssue{issue(3, "blocker")}, []github.OpenIssue{}
	for n := range 40 {
		many = append(many, issue(n+1, "blocker"))
	}
	blocker := policy.Issues{Labels: []string{"blocker"}}
	critical := policy.Issues{Severities: []policy.Severity{"critical"}}
	known := []string{"Blocker", "bug", "SEV-1"}
	for name, tt := range map[string]struct {
		rule    policy.Issues
		api     fakeIssues
		verdict verdict.Verdict
		text    string
		open    int
	}{
		"none":                         {blocker, fakeIssues{labels: known}, verdict.Pass, "0 open issues", 0},
		"one":                          {blocker, fakeIssues{open: map[string][]github.OpenIssue{"blocker": one}}, verdict.Fail, "1 open issue; #3: issue 3", 0},
		"one, and one may be":          {policy.Issues{Labels: []string{"blocker"}, Max: 1}, fakeIssues{open: map[string][]github.OpenIssue{"blocker": one}}, verdict.Pass, "", 0},
		"many":                         {blocker, fakeIssues{open: map[string][]github.OpenIssue{"blocker": many}}, verdict.Fail, "40 open issues; #1: issue 1; #2: issue 2; #3: issue 3; #4: issue 4; #5: issue 5; #6: issue 6; #7: issue 7; #8: issue 8; #9: issue 9; #10: issue 10; 30 more: open", 0},
		"one with two labels is one":   {policy.Issues{Labels: []string{"blocker", "bug"}, Max: 1}, fakeIssues{open: map[string][]github.OpenIssue{"blocker": one, "bug": one}}, verdict.Pass, "", 0},
		"no such label":                {blocker, fakeIssues{labels: []string{"bug"}}, verdict.Unknown, "acme/shop has no label blocker", 0},
		"labels not to be read":        {blocker, fakeIssues{errs: map[string]error{"labels": trouble}}, verdict.Unknown, "500", 1},
		"trouble":                      {blocker, fakeIssues{labels: known, errs: map[string]error{"blocker": trouble}}, verdict.Unknown, "500", 1},
		"no token":                     {blocker, fakeIssues{labels: known, errs: map[string]error{"blocker": github.ErrNoToken}}, verdict.Unknown, "no github-token", 0},
		"trouble with one of two":      {policy.Issues{Labels: []string{"bug", "blocker"}}, fakeIssues{open: map[string][]github.OpenIssue{"blocker": one}, errs: map[string]error{"bug": trouble}}, verdict.Fail, "1 open issue; #3: issue 3; the others: ask for the open issues of acme/shop: 500", 0},
		"few, and trouble with others": {policy.Issues{Labels: []string{"bug", "blocker"}, Max: 1}, fakeIssues{open: map[string][]github.OpenIssue{"blocker": one}, errs: map[string]error{"bug": trouble}}, verdict.Unknown, "500", 1},
		"the worst severity":           {critical, fakeIssues{open: map[string][]github.OpenIssue{"": {issue(1, "bug"), issue(2, "sev3", "SEV-1"), issue(4)}}}, verdict.Fail, "1 open issue; #2: issue 2", 0},
		"no severity of that kind":     {critical, fakeIssues{open: map[string][]github.OpenIssue{"": {issue(1, "sev2")}}, labels: known}, verdict.Pass, "0 open issues", 0},
		"no label means it":            {critical, fakeIssues{open: map[string][]github.OpenIssue{"": {issue(1, "sev2")}}, labels: []string{"sev2"}}, verdict.Unknown, "no label that means the severity critical", 0},
		"both narrow":                  {policy.Issues{Labels: []string{"bug"}, Severities: []policy.Severity{"critical"}}, fakeIssues{open: map[string][]github.OpenIssue{"bug": {issue(1, "bug"), issue(2, "bug", "sev1")}}}, verdict.Fail, "1 open issue; #2", 0},
		"in a milestone":               {policy.Issues{Milestone: "${version}"}, fakeIssues{open: map[string][]github.OpenIssue{"": {issue(1)}}}, verdict.Fail, "1 open issue", 0},
		"no such milestone":            {policy.Issues{Milestone: "v${version}"}, fakeIssues{}, verdict.Unknown, "acme/shop has no milestone v1.5.0", 0},
		"milestones not to be read":    {policy.Issues{Milestone: "1.5.0"}, fakeIssues{errs: map[string]error{"milestone 1.5.0": trouble}}, verdict.Unknown, "500", 1},
		"the change ticket":            {blocker, fakeIssues{open: map[string][]github.OpenIssue{"blocker": {issue(99, "blocker")}}}, verdict.Pass, "", 0},
		"that number elsewhere":        {policy.Issues{Labels: []string{"blocker"}, Repository: "acme/other"}, fakeIssues{open: map[string][]github.OpenIssue{"blocker": {issue(99, "blocker")}}}, verdict.Fail, "#99", 0},
		"elsewhere, unseen":            {policy.Issues{Labels: []string{"blocker"}, Repository: "acme/other"}, fakeIssues{errs: map[string]error{"blocker": denied}}, verdict.Unknown, "no such thing", 0},
	} {
		t.Run(name, func(t *testing.T) {
			e := with(policy.Criterion{ID: "x", Issues: &tt.rule})
			bump := passing("version-bump")
			bump.Data = map[string]any{"version": "1.5.0"}
			e.Documents = []document{bump}
			q, unasked := questionOf(tt.rule, e)
			if unasked.What != "" {
				t.Fatal(unasked)
			}
			reader := issueReader{api: &tt.api, own: "acme/shop", ticket: 99, labels: map[string]labelNames{}}
			e.Issues = map[string]issues{"x": reader.read(t.Context(), q)}
			d := decide(replayed(t, e))
			holdWords(t, e, d)
			text := d.criteria[0].findings[0].Observed
			if d.verdict != verdict.Pass {
				text = reasons(d)
			}
			if d.verdict != tt.verdict || !strings.Contains(text, tt.text) || len(d.open()) != tt.open {
				t.Errorf("%s, open %v: %s\nwant %s: %s", d.verdict, d.open(), text, tt.verdict, tt.text)
			}
			if name == "elsewhere, unseen" && !strings.Contains(d.findings()[0].Next, "GitHub App that may read acme/other (issues: read)") {
				t.Errorf("the advice is %q", d.findings()[0].Next)
			}
		})
	}
}

// Labels are asked for once for a repository, however many criteria find nothing.
func TestLabelsOnce(t *testing.T) {
	api := &fakeIssues{labels: []string{"a", "b"}}
	reader := issueReader{api: api, labels: map[string]labelNames{}}
	for _, label := range []string{"a", "b"} {
		if got := reader.read(t.Context(), issueQuestion{Repository: "acme/shop", Labels: []string{label}}); got.Problem.What != "" {
			t.Error(got.Problem)
		}
	}
	if api.asked != 3 {
		t.Errorf("asked %d times", api.asked)
	}
}

// Evidence for another question is none, nor is none at all.
func TestIssuesOfAnotherQuestion(t *testing.T) {
	rule := policy.Issues{Labels: []string{"blocker"}}
	for name, found := range map[string]map[string]issues{
		"none":              nil,
		"of another rule":   {"y": {Asked: issueQuestion{Repository: "acme/shop", Labels: []string{"blocker"}}}},
		"another label":     {"x": {Asked: issueQuestion{Repository: "acme/shop", Labels: []string{"bug"}}}},
		"fewer labels":      {"x": {Asked: issueQuestion{Repository: "acme/shop"}}},
		"another place":     {"x": {Asked: issueQuestion{Repository: "acme/other", Labels: []string{"blocker"}}}},
		"a milestone more":  {"x": {Asked: issueQuestion{Repository: "acme/shop", Labels: []string{"blocker"}, Milestone: "1"}}},
		"a severity beside": {"x": {Asked: issueQuestion{Repository: "acme/shop", Labels: []string{"blocker"}, Severities: []policy.Severity{"low"}}}},
	} {
		e := with(policy.Criterion{ID: "x", Issues: &rule})
		e.Issues = found
		if d := decide(e); d.verdict != verdict.Unknown {
			t.Errorf("%s: %s", name, d.verdict)
		}
	}
	e := with(policy.Criterion{ID: "x", Issues: &policy.Issues{Milestone: "${version}"}})
	e.Issues = map[string]issues{"x": {Asked: issueQuestion{Repository: "acme/shop", Milestone: "${version}"}}}
	if d := decide(e); d.verdict != verdict.Unknown || !strings.Contains(reasons(d), "the version that is released is not known") {
		t.Errorf("without a version: %s", reasons(d))
	}
	e = with(policy.Criterion{ID: "x", Issues: &rule})
	e.Repository = ""
	if d := decide(e); d.verdict != verdict.Unknown {
		t.Errorf("without a repository: %s", d.verdict)
	}
	if got := foreign(problem{}, errors.New("x"), "acme/other", "acme/shop", "x"); got.Next != "" {
		t.Errorf("advice on what is no answer: %v", got)
	}
}
