package gonogo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
)

// issues are the open issues that a criterion is about.
type issues struct {
	Asked   issueQuestion `json:"asked"`
	Count   int           `json:"count"`            // of them; where there is a problem, of those that could be read
	Open    []openIssue   `json:"open,omitempty"`   // the oldest of them
	URL     string        `json:"url,omitempty"`    // of the list, for people
	Problem problem       `json:"problem,omitzero"` // why not all could be read
}

// issueQuestion is which issues were asked for. Evidence counts only for the very question that a
// rule asks.
type issueQuestion struct {
	Repository string            `json:"repository"`
	Labels     []string          `json:"labels,omitempty"` // any of them
	Milestone  string            `json:"milestone,omitempty"`
	Severities []policy.Severity `json:"severities,omitempty"` // any of them
}

// openIssue is one of them.
type openIssue struct {
	Number    int      `json:"number"`
	Title     string   `json:"title"`
	URL       string   `json:"url,omitempty"`
	Assignees []string `json:"assignees,omitempty"`
}

// recordedIssues is the most issues that are recorded by name.
const recordedIssues = 20

// issueAPI is what this action asks GitHub about issues.
type issueAPI interface {
	OpenIssues(ctx context.Context, repository, label string, milestone int) ([]github.OpenIssue, error)
	Milestone(ctx context.Context, repository, title string) (number int, ok bool, err error)
	LabelNames(ctx context.Context, repository string) ([]string, error)
}

// issues reads the issues that criteria are about.
func (c collector) issues(ctx context.Context, e *evidence) {
	e.Issues = nil
	reader := issueReader{api: c.GitHub, own: c.in.Repository, server: c.Facts.ServerURL, ticket: e.Ticketed.Number, labels: map[string]labelNames{}}
	for _, rule := range c.in.Gate.Criteria {
		if rule.Issues == nil {
			continue
		}
		q, unasked := questionOf(*rule.Issues, *e)
		if unasked.What != "" {
			continue // and so it is judged as not asked
		}
		if e.Issues == nil {
			e.Issues = map[string]issues{}
		}
		e.Issues[rule.ID] = reader.read(ctx, q)
	}
}

// issueReader asks for issues, and once for the labels of a repository.
type issueReader struct {
	api    issueAPI
	own    string // the judged repository
	server string // https://github.com; may be empty
	ticket int    // the change ticket, which is no issue of the change; 0 where there is none
	labels map[string]labelNames
}

type labelNames struct {
	names []string
	err   error
}

func (r issueReader) read(ctx context.Context, q issueQuestion) issues {
	found := issues{Asked: q, URL: r.list(q)}
	milestone := 0
	if q.Milestone != "" {
		number, ok, err := r.api.Milestone(ctx, q.Repository, q.Milestone)
		if err == nil && !ok {
			found.Problem = problem{
				What: fmt.Sprintf("%s has no milestone %s", q.Repository, shorten(q.Milestone)),
				Next: "Create the milestone, or correct its title in the policy.",
			}
			return found
		}
		if err != nil {
			found.Problem = r.problem(err, q.Repository)
			return found
		}
		milestone = number
	}
	labels := q.Labels
	if len(labels) == 0 {
		labels = []string{""}
	}
	open := map[int]github.OpenIssue{}
	var silent []string // labels, and severities, that no issue has
	met := map[policy.Severity]bool{}
	for _, label := range labels {
		list, err := r.api.OpenIssues(ctx, q.Repository, label, milestone)
		if err != nil && found.Problem.What == "" {
			found.Problem = r.problem(err, q.Repository)
		}
		if err == nil && len(list) == 0 && label != "" {
			silent = append(silent, label)
		}
		for _, i := range list {
			severity, ok := severityAmong(i.Labels, q.Severities)
			met[severity] = true
			if ok && (i.Number != r.ticket || !strings.EqualFold(q.Repository, r.own)) {
				open[i.Number] = i
			}
		}
	}
	if found.Problem.What == "" {
		unmet := slices.DeleteFunc(slices.Clone(q.Severities), func(s policy.Severity) bool { return met[s] })
		found.Problem = r.unmarked(ctx, q.Repository, silent, unmet)
	}
	found.Count = len(open)
	for _, n := range slices.Sorted(maps.Keys(open)) {
		if len(found.Open) == recordedIssues {
			break
		}
		i := open[n]
		found.Open = append(found.Open, openIssue{Number: n, Title: shorten(i.Title), URL: i.URL, Assignees: i.Assignees[:min(len(i.Assignees), 10)]})
	}
	return found
}

// severityAmong finds a label that means one of the severities. Where none is wanted any issue will do.
func severityAmong(labels []string, wanted []policy.Severity) (severity policy.Severity, ok bool) {
	if len(wanted) == 0 {
		return "", true
	}
	for _, label := range labels {
		if s := policy.SeverityOf(label); slices.Contains(wanted, s) {
			return s, true
		}
	}
	return "", false
}

// unmarked tells why no issue may have these labels and severities: the repository has no such label.
// A misspelt one would otherwise find nothing, for ever.
func (r issueReader) unmarked(ctx context.Context, repository string, labels []string, severities []policy.Severity) problem {
	if len(labels)+len(severities) == 0 {
		return problem{}
	}
	known, asked := r.labels[repository]
	if !asked {
		known.names, known.err = r.api.LabelNames(ctx, repository)
		r.labels[repository] = known
	}
	if known.err != nil {
		return r.problem(known.err, repository)
	}
	has := func(is func(string) bool) bool { return slices.ContainsFunc(known.names, is) }
	var lacking []string
	for _, label := range labels {
		if !has(func(name string) bool { return strings.EqualFold(name, label) }) {
			lacking = append(lacking, "label "+shorten(label))
		}
	}
	for _, s := range severities {
		if !has(func(name string) bool { return policy.SeverityOf(name) == s }) {
			lacking = append(lacking, "label that means the severity "+string(s))
		}
	}
	if len(lacking) == 0 {
		return problem{}
	}
	return problem{
		What: fmt.Sprintf("%s has no %s, so no issue can have been marked so", repository, strings.Join(lacking, ", and no ")),
		Next: "Correct the name in the policy, or create the label in the repository.",
	}
}

func (r issueReader) problem(err error, repository string) problem {
	return foreign(problemOf(err), err, repository, r.own, "issues: read")
}

// list is the address of the list, for people.
func (r issueReader) list(q issueQuestion) string {
	if r.server == "" {
		return ""
	}
	query := "is:issue is:open"
	if len(q.Labels) > 0 {
		query += ` label:"` + strings.Join(q.Labels, `","`) + `"`
	}
	if q.Milestone != "" {
		query += ` milestone:"` + q.Milestone + `"`
	}
	return r.server + "/" + q.Repository + "/issues?q=" + url.QueryEscape(query)
}

// foreign advises on another repository, which a job's own token cannot see unless it is public.
func foreign(p problem, err error, repository, own, permission string) problem {
	var asked *github.Error
	if errors.As(err, &asked) && !strings.EqualFold(repository, own) && (asked.Status == http.StatusForbidden || asked.Status == http.StatusNotFound) && !asked.Passing {
		p.Next = fmt.Sprintf("A job's own token sees its own repository and public ones alone. Pass the token of a GitHub App that may read %s (%s) as github-token, "+
			"such as actions/create-github-app-token makes, and check the name.", repository, permission)
	}
	return p
}
