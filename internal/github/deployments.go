package github

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	api "github.com/google/go-github/v60/github"
)

// Deployment is one deployment and what became of it.
type Deployment struct {
	ID    int64
	Ref   string // branch, tag or commit that was deployed, as who deployed named it
	SHA   string
	State string // latest status: success, inactive, failure, error, pending, queued, in_progress; "" without one
	At    time.Time
}

// deploymentLimit is how many of the newest deployments are looked at; each takes a request.
const deploymentLimit = 20

// Deployments are the newest deployments to an environment, the newest first, up to the first whose
// latest status is a success. Whole is false where there are more, older ones.
func (c *Client) Deployments(ctx context.Context, repository, environment string) (list []Deployment, whole bool, err error) {
	q := question{fmt.Sprintf("the deployments of %s to %s", repository, environment), "deployments: read"}
	err = c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, resp, err := c.api.Repositories.ListDeployments(ctx, owner, name, &api.DeploymentsListOptions{Environment: environment, ListOptions: api.ListOptions{PerPage: deploymentLimit}})
		if err != nil {
			return err
		}
		if found == nil {
			return fmt.Errorf("%w: the answer is no list", errIncomplete)
		}
		if len(found) == 0 && resp.NextPage != 0 {
			return fmt.Errorf("%w: page 1 is empty, and leads on", errIncomplete)
		}
		whole = len(found) < deploymentLimit && resp.NextPage == 0
		for _, d := range found {
			if d.GetID() == 0 || d.GetRef() == "" || !dated(d.GetCreatedAt().Time) || !strings.EqualFold(d.GetEnvironment(), environment) {
				return fmt.Errorf("%w: a deployment came to another environment, or without ref or time", errIncomplete)
			}
		}
		slices.SortStableFunc(found, func(a, b *api.Deployment) int {
			return cmp.Or(b.GetCreatedAt().Compare(a.GetCreatedAt().Time), cmp.Compare(b.GetID(), a.GetID()))
		})
		for _, d := range found[:min(len(found), deploymentLimit)] {
			state, err := c.deploymentState(ctx, owner, name, d.GetID())
			if err != nil {
				return err
			}
			list = append(list, Deployment{ID: d.GetID(), Ref: d.GetRef(), SHA: d.GetSHA(), State: state, At: d.GetCreatedAt().Time})
			if state == "success" {
				return nil
			}
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	return list, whole, nil
}

// deploymentState is the latest status of a deployment, "" where it has none.
func (c *Client) deploymentState(ctx context.Context, owner, name string, id int64) (string, error) {
	statuses, err := all((*api.DeploymentStatus).GetID, func(number int) (page[*api.DeploymentStatus], error) {
		o := options(number)
		list, resp, err := c.api.Repositories.ListDeploymentStatuses(ctx, owner, name, id, &o)
		return page[*api.DeploymentStatus]{items: list, total: -1, resp: resp}, err
	})
	if err != nil {
		return "", err
	}
	var latest *api.DeploymentStatus
	for _, s := range statuses {
		if s.GetID() == 0 || s.GetState() == "" {
			return "", fmt.Errorf("%w: the status of a deployment says nothing", errIncomplete)
		}
		if latest == nil || cmp.Or(s.GetCreatedAt().Compare(latest.GetCreatedAt().Time), cmp.Compare(s.GetID(), latest.GetID())) > 0 {
			latest = s
		}
	}
	return latest.GetState(), nil
}
