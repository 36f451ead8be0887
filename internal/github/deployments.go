package github

import (
	"context"
	"fmt"
	"time"
)

// Deployment is one deployment and what became of it.
type Deployment struct {
	ID          int64
	Ref         string // branch, tag or commit that was deployed, as who deployed named it
	SHA         string
	Environment string
	State       string // latest status: success, inactive, failure, error, pending, queued, in_progress; "" without one
	At          time.Time
}

// deploymentLimit is how many of the newest deployments are looked at; each takes a request.
const deploymentLimit = 20

// Deployments are the newest deployments to an environment, the newest first, up to the first whose
// latest status is a success. Whole is false where there are more, older ones.
func (c *Client) Deployments(ctx context.Context, repository, environment string) (list []Deployment, whole bool, err error) {
	q := question{fmt.Sprintf("the deployments of %s to %s", repository, environment), "deployments: read"}
	err = c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, all, err := c.deploymentsTo(ctx, owner, name, environment)
		if err != nil {
			return err
		}
		whole = all
		for _, d := range found {
			state, err := c.deploymentState(ctx, owner, name, d.GetID())
			if err != nil {
				return err
			}
			list = append(list, Deployment{ID: d.GetID(), Ref: d.GetRef(), SHA: d.GetSHA(), Environment: d.GetEnvironment(), State: state, At: d.GetCreatedAt().Time})
			if state == DeploymentSuccess {
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
	statuses, err := c.statusesOf(ctx, owner, name, id)
	if err != nil || len(statuses) == 0 {
		return "", err
	}
	return statuses[0].GetState(), nil
}
