package github

import (
	"cmp"
	"context"
	"errors"
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
	Says  string // what that status says of itself; may be anybody's text
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
			latest, err := c.deploymentStatus(ctx, owner, name, d.GetID())
			if err != nil {
				return err
			}
			list = append(list, Deployment{ID: d.GetID(), Ref: d.GetRef(), SHA: d.GetSHA(), State: latest.GetState(), Says: latest.GetDescription(), At: d.GetCreatedAt().Time})
			if latest.GetState() == "success" {
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

// deploymentStatus is the latest status of a deployment, nil where it has none.
func (c *Client) deploymentStatus(ctx context.Context, owner, name string, id int64) (*api.DeploymentStatus, error) {
	statuses, err := all((*api.DeploymentStatus).GetID, func(number int) (page[*api.DeploymentStatus], error) {
		o := options(number)
		list, resp, err := c.api.Repositories.ListDeploymentStatuses(ctx, owner, name, id, &o)
		return page[*api.DeploymentStatus]{items: list, total: -1, resp: resp}, err
	})
	if err != nil {
		return nil, err
	}
	var latest *api.DeploymentStatus
	for _, s := range statuses {
		if s.GetID() == 0 || s.GetState() == "" {
			return nil, fmt.Errorf("%w: the status of a deployment says nothing", errIncomplete)
		}
		if latest == nil || cmp.Or(s.GetCreatedAt().Compare(latest.GetCreatedAt().Time), cmp.Compare(s.GetID(), latest.GetID())) > 0 {
			latest = s
		}
	}
	return latest, nil
}

// DeploymentStatus is what is said of a deployment.
type DeploymentStatus struct {
	State          string // in_progress, success, failure, error or inactive
	Description    string // at most DescriptionLimit characters are kept
	LogURL         string // "" is none
	EnvironmentURL string // "" is none
}

// DescriptionLimit is how many characters GitHub keeps of a status's description.
const DescriptionLimit = 140

// ErrNoDeployment says that a deployment is not one of that commit to that environment.
var ErrNoDeployment = errors.New("that is no deployment of this commit to this environment")

// SetDeploymentStatus says what became of a deployment, unless its latest status says just that. It refuses
// a deployment of another commit, or to another environment; "" is any.
func (c *Client) SetDeploymentStatus(ctx context.Context, repository string, id int64, sha, environment string, s DeploymentStatus) error {
	if runes := []rune(s.Description); len(runes) > DescriptionLimit {
		s.Description = string(runes[:DescriptionLimit-1]) + "…"
	}
	var stray error // not told as a fault of the server, for it is none
	q := question{fmt.Sprintf("the status of deployment %d of %s", id, repository), "deployments: write"}
	err := c.write(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, _, err := c.api.Repositories.ListDeployments(ctx, owner, name, &api.DeploymentsListOptions{SHA: sha, Environment: environment, ListOptions: api.ListOptions{PerPage: 100}})
		if err != nil {
			return err
		}
		i := slices.IndexFunc(found, func(d *api.Deployment) bool { return d.GetID() == id })
		if i < 0 || sha != "" && found[i].GetSHA() != sha || environment != "" && !strings.EqualFold(found[i].GetEnvironment(), environment) {
			stray = fmt.Errorf("deployment %d of %s: %w", id, repository, ErrNoDeployment)
			return nil
		}
		latest, err := c.deploymentStatus(ctx, owner, name, id)
		if err != nil || latest != nil && latest.GetState() == s.State && latest.GetDescription() == s.Description {
			return err
		}
		_, _, err = c.api.Repositories.CreateDeploymentStatus(ctx, owner, name, id, &api.DeploymentStatusRequest{
			State: &s.State, Description: some(s.Description), LogURL: some(s.LogURL), EnvironmentURL: some(s.EnvironmentURL),
		})
		return err
	})
	return cmp.Or(err, stray)
}
