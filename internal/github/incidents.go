package github

import (
	"context"
	"fmt"
	"strings"

	api "github.com/google/go-github/v60/github"
)

// Incident is an open issue that a label calls an incident.
type Incident struct {
	Number int
	Title  string
	URL    string
}

// Incidents are the open issues with a label; pull requests are none.
func (c *Client) Incidents(ctx context.Context, repository, label string) ([]Incident, error) {
	var incidents []Incident
	q := question{fmt.Sprintf("the open issues of %s with the label %s", repository, label), "issues: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all((*api.Issue).GetID, func(number int) (page[*api.Issue], error) {
			list, resp, err := c.api.Issues.ListByRepo(ctx, owner, name, &api.IssueListByRepoOptions{State: "open", Labels: []string{label}, ListOptions: options(number)})
			return page[*api.Issue]{items: list, total: -1, resp: resp}, err
		})
		for _, issue := range found {
			if err == nil && (issue.GetNumber() == 0 || issue.GetState() != "open" || !labelled(issue, label)) {
				err = fmt.Errorf("%w: the issue #%d came, which is not open with that label", errIncomplete, issue.GetNumber())
			}
			if err == nil && !issue.IsPullRequest() {
				incidents = append(incidents, Incident{issue.GetNumber(), issue.GetTitle(), issue.GetHTMLURL()})
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return incidents, nil
}

// labelled tells whether an issue has a label; GitHub takes no heed of case.
func labelled(issue *api.Issue, label string) bool {
	for _, l := range issue.Labels {
		if strings.EqualFold(l.GetName(), label) {
			return true
		}
	}
	return false
}
