package github

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	api "github.com/google/go-github/v60/github"
)

// OpenIssue is an issue that is open; a pull request is none.
type OpenIssue struct {
	Number    int
	Title     string
	URL       string
	Labels    []string
	Assignees []string // logins
}

// OpenIssues are the open issues of a repository with a label and in a milestone; an empty label and
// milestone 0 narrow nothing. An answer with anything else in it is refused as incomplete.
func (c *Client) OpenIssues(ctx context.Context, repository, label string, milestone int) ([]OpenIssue, error) {
	var issues []OpenIssue
	q := question{fmt.Sprintf("the open issues of %s%s", repository, narrowed(label, milestone)), "issues: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all((*api.Issue).GetID, func(number int) (page[*api.Issue], error) {
			o := &api.IssueListByRepoOptions{State: "open", ListOptions: options(number)}
			if label != "" {
				o.Labels = []string{label}
			}
			if milestone != 0 {
				o.Milestone = strconv.Itoa(milestone)
			}
			list, resp, err := c.api.Issues.ListByRepo(ctx, owner, name, o)
			return page[*api.Issue]{items: list, total: -1, resp: resp}, err
		})
		if err != nil {
			return err
		}
		for _, i := range found {
			if err := asked(i, label, milestone); err != nil {
				issues = nil
				return err
			}
			if !i.IsPullRequest() {
				issues = append(issues, openIssueOf(i))
			}
		}
		return nil
	})
	return issues, err
}

func narrowed(label string, milestone int) string {
	var words string
	if label != "" {
		words = " with the label " + label
	}
	if milestone != 0 {
		words += fmt.Sprintf(" in the milestone number %d", milestone)
	}
	return words
}

// asked refuses an issue that is not what was asked for.
func asked(i *api.Issue, label string, milestone int) error {
	switch n := i.GetNumber(); {
	case n <= 0 || i.Labels == nil:
		return fmt.Errorf("%w: an issue came without number or labels", errIncomplete)
	case i.GetState() != "open":
		return fmt.Errorf("%w: #%d came, which is not open", errIncomplete, n)
	case label != "" && !labelled(i.Labels, label):
		return fmt.Errorf("%w: #%d came, which has not the label %s", errIncomplete, n, label)
	case milestone != 0 && i.GetMilestone().GetNumber() != milestone:
		return fmt.Errorf("%w: #%d came, which is not in that milestone", errIncomplete, n)
	}
	return nil
}

// labelled tells whether a label is among some; GitHub tells no case apart.
func labelled(labels []*api.Label, name string) bool {
	for _, l := range labels {
		if strings.EqualFold(l.GetName(), name) {
			return true
		}
	}
	return false
}

func openIssueOf(i *api.Issue) OpenIssue {
	issue := OpenIssue{Number: i.GetNumber(), Title: i.GetTitle(), URL: i.GetHTMLURL()}
	for _, l := range i.Labels {
		issue.Labels = append(issue.Labels, l.GetName())
	}
	for _, u := range i.Assignees {
		if login := u.GetLogin(); login != "" {
			issue.Assignees = append(issue.Assignees, login)
		}
	}
	return issue
}

// Milestone is the number of the milestone of that title, open or closed; ok is false where there is none.
func (c *Client) Milestone(ctx context.Context, repository, title string) (number int, ok bool, err error) {
	q := question{fmt.Sprintf("the milestones of %s", repository), "issues: read"}
	err = c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all((*api.Milestone).GetID, func(number int) (page[*api.Milestone], error) {
			list, resp, err := c.api.Issues.ListMilestones(ctx, owner, name, &api.MilestoneListOptions{State: "all", ListOptions: options(number)})
			return page[*api.Milestone]{items: list, total: -1, resp: resp}, err
		})
		for _, m := range found {
			switch n := m.GetNumber(); {
			case n <= 0 || m.Title == nil:
				return fmt.Errorf("%w: a milestone came without number or title", errIncomplete)
			case m.GetTitle() == title:
				number, ok = n, true
			}
		}
		return err
	})
	if err != nil {
		return 0, false, err
	}
	return number, ok, nil
}

// LabelNames are the names of all labels that a repository has.
func (c *Client) LabelNames(ctx context.Context, repository string) ([]string, error) {
	var names []string
	q := question{fmt.Sprintf("the labels of %s", repository), "issues: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all((*api.Label).GetID, func(number int) (page[*api.Label], error) {
			o := options(number)
			list, resp, err := c.api.Issues.ListLabels(ctx, owner, name, &o)
			return page[*api.Label]{items: list, total: -1, resp: resp}, err
		})
		for _, l := range found {
			names = append(names, l.GetName())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return names, nil
}
