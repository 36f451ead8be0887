package github

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	api "github.com/google/go-github/v60/github"
)

// DeploymentStatus is what somebody says about a deployment.
type DeploymentStatus struct {
	State          string // one of the states below, or another of GitHub's
	Description    string // of at most DescriptionLimit characters
	LogURL         string
	EnvironmentURL string
	At             time.Time // when it was said; not sent
}

// The states of a deployment that are written, in GitHub's words.
const (
	DeploymentInProgress = "in_progress"
	DeploymentSuccess    = "success"
	DeploymentFailure    = "failure"
	DeploymentError      = "error"    // nothing could be decided
	DeploymentInactive   = "inactive" // another deployment took its place, or it was taken down
)

// DescriptionLimit is the most characters of a status' description.
// https://docs.github.com/rest/deployments/statuses#create-a-deployment-status
const DescriptionLimit = 140

// Deployment is one deployment; its State is left open.
func (c *Client) Deployment(ctx context.Context, repository string, id int64) (Deployment, error) {
	var d Deployment
	q := question{fmt.Sprintf("the deployment %d of %s", id, repository), "deployments: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, _, err := c.api.Repositories.GetDeployment(ctx, owner, name, id)
		if err != nil {
			return err
		}
		if found.GetID() != id || found.GetSHA() == "" || found.GetEnvironment() == "" {
			return fmt.Errorf("%w: another deployment came, or one without commit or environment", errIncomplete)
		}
		d = Deployment{ID: id, Ref: found.GetRef(), SHA: found.GetSHA(), Environment: found.GetEnvironment(), At: found.GetCreatedAt().Time}
		return nil
	})
	return d, err
}

// DeploymentStatuses are what was said about a deployment, the newest first.
func (c *Client) DeploymentStatuses(ctx context.Context, repository string, id int64) ([]DeploymentStatus, error) {
	var list []DeploymentStatus
	q := question{fmt.Sprintf("the statuses of the deployment %d of %s", id, repository), "deployments: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := c.statusesOf(ctx, owner, name, id)
		for _, s := range found {
			list = append(list, statusOf(s))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// SetDeploymentStatus says something about a deployment. A success makes earlier deployments to the same
// environment inactive, as is GitHub's rule, unless it is one for production.
func (c *Client) SetDeploymentStatus(ctx context.Context, repository string, id int64, s DeploymentStatus) error {
	if utf8.RuneCountInString(s.Description) > DescriptionLimit {
		return fmt.Errorf("the description has more than %d characters", DescriptionLimit)
	}
	q := question{fmt.Sprintf("set the deployment %d of %s to %s", id, repository, s.State), "deployments: write"}
	return c.write(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		made, _, err := c.api.Repositories.CreateDeploymentStatus(ctx, owner, name, id, &api.DeploymentStatusRequest{
			State: &s.State, Description: some(s.Description), LogURL: some(s.LogURL), EnvironmentURL: some(s.EnvironmentURL),
		})
		if err != nil {
			return err
		}
		if made.GetID() == 0 || made.GetState() != s.State {
			return fmt.Errorf("%w: the answer is not the status that was sent", errIncomplete)
		}
		return nil
	})
}

// NewestDeployments are the newest deployments to an environment, the newest first and at most 20; their
// State is left open.
func (c *Client) NewestDeployments(ctx context.Context, repository, environment string) (list []Deployment, err error) {
	q := question{fmt.Sprintf("the deployments of %s to %s", repository, environment), "deployments: read"}
	err = c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, _, err := c.deploymentsTo(ctx, owner, name, environment)
		for _, d := range found {
			list = append(list, Deployment{ID: d.GetID(), Ref: d.GetRef(), SHA: d.GetSHA(), Environment: d.GetEnvironment(), At: d.GetCreatedAt().Time})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// deploymentsTo is the list itself. Whole is false where there are more, older ones.
func (c *Client) deploymentsTo(ctx context.Context, owner, name, environment string) (list []*api.Deployment, whole bool, err error) {
	found, resp, err := c.api.Repositories.ListDeployments(ctx, owner, name, &api.DeploymentsListOptions{Environment: environment, ListOptions: api.ListOptions{PerPage: deploymentLimit}})
	switch {
	case err != nil:
		return nil, false, err
	case found == nil:
		return nil, false, fmt.Errorf("%w: the answer is no list", errIncomplete)
	case len(found) == 0 && resp.NextPage != 0:
		return nil, false, fmt.Errorf("%w: page 1 is empty, and leads on", errIncomplete)
	}
	for _, d := range found {
		if d.GetID() == 0 || d.GetRef() == "" || !dated(d.GetCreatedAt().Time) || !strings.EqualFold(d.GetEnvironment(), environment) {
			return nil, false, fmt.Errorf("%w: a deployment came to another environment, or without ref or time", errIncomplete)
		}
	}
	slices.SortStableFunc(found, func(a, b *api.Deployment) int {
		return cmp.Or(b.GetCreatedAt().Compare(a.GetCreatedAt().Time), cmp.Compare(b.GetID(), a.GetID()))
	})
	return found[:min(len(found), deploymentLimit)], len(found) < deploymentLimit && resp.NextPage == 0, nil
}

// statusesOf are the statuses of a deployment, the newest first.
func (c *Client) statusesOf(ctx context.Context, owner, name string, id int64) ([]*api.DeploymentStatus, error) {
	statuses, err := all((*api.DeploymentStatus).GetID, func(number int) (page[*api.DeploymentStatus], error) {
		o := options(number)
		list, resp, err := c.api.Repositories.ListDeploymentStatuses(ctx, owner, name, id, &o)
		return page[*api.DeploymentStatus]{items: list, total: -1, resp: resp}, err
	})
	if err != nil {
		return nil, err
	}
	for _, s := range statuses {
		if s.GetID() == 0 || s.GetState() == "" {
			return nil, fmt.Errorf("%w: the status of a deployment says nothing", errIncomplete)
		}
	}
	slices.SortStableFunc(statuses, func(a, b *api.DeploymentStatus) int {
		return cmp.Or(b.GetCreatedAt().Compare(a.GetCreatedAt().Time), cmp.Compare(b.GetID(), a.GetID()))
	})
	return statuses, nil
}

func statusOf(s *api.DeploymentStatus) DeploymentStatus {
	return DeploymentStatus{
		State: s.GetState(), Description: s.GetDescription(), LogURL: cmp.Or(s.GetLogURL(), s.GetTargetURL()), EnvironmentURL: s.GetEnvironmentURL(), At: s.GetCreatedAt().Time,
	}
}
