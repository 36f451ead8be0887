package github

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	api "github.com/google/go-github/v60/github"
)

// Run is a run of a workflow.
type Run struct {
	ID       int64
	Head     string    // the commit that it is about
	Starters []string  // logins of who started it, and of who ran it again
	Created  time.Time // when GitHub made it
}

// Admission is what somebody said where an environment made a run wait for people. GitHub does not say
// when.
type Admission struct {
	By           string
	Bot          bool
	State        string // approved, rejected or pending
	Environments []string
}

// Run is the workflow run of that number.
func (c *Client) Run(ctx context.Context, repository string, id int64) (Run, error) {
	var run Run
	q := question{fmt.Sprintf("the run %d of %s", id, repository), "actions: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		r, _, err := c.api.Actions.GetWorkflowRunByID(ctx, owner, name, id)
		if err != nil {
			return err
		}
		run, err = runOf(r)
		if err == nil && run.ID != id {
			err = fmt.Errorf("%w: the run %d came", errIncomplete, run.ID)
		}
		return err
	})
	return run, err
}

func runOf(r *api.WorkflowRun) (Run, error) {
	run := Run{ID: r.GetID(), Head: strings.ToLower(r.GetHeadSHA()), Created: r.GetCreatedAt().Time}
	if run.ID == 0 || run.Head == "" || run.Created.IsZero() {
		return Run{}, fmt.Errorf("%w: a run came without its number, commit or time", errIncomplete)
	}
	for _, who := range []string{r.GetActor().GetLogin(), r.GetTriggeringActor().GetLogin()} {
		if who != "" && !slices.Contains(run.Starters, who) {
			run.Starters = append(run.Starters, who)
		}
	}
	return run, nil
}

// Admissions are what people said to the environments that a run waited for, in all its attempts.
func (c *Client) Admissions(ctx context.Context, repository string, id int64) ([]Admission, error) {
	var admissions []Admission
	q := question{fmt.Sprintf("the approvals of the run %d of %s", id, repository), "actions: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		request, err := c.api.NewRequest("GET", fmt.Sprintf("repos/%s/%s/actions/runs/%d/approvals", owner, name, id), nil)
		if err != nil {
			return err
		}
		var answer []struct {
			State        string `json:"state"`
			Environments []struct {
				Name string `json:"name"`
			} `json:"environments"`
			User *api.User `json:"user"`
		}
		if _, err := c.api.Do(ctx, request, &answer); err != nil {
			return err
		}
		if answer == nil {
			return fmt.Errorf("%w: page 1 is no list", errIncomplete)
		}
		for _, one := range answer {
			if !slices.Contains([]string{"approved", "rejected", "pending"}, one.State) || len(one.Environments) == 0 {
				return fmt.Errorf("%w: an approval came with the state %q and %d environments", errIncomplete, one.State, len(one.Environments))
			}
			a := Admission{By: one.User.GetLogin(), Bot: isBot(one.User), State: one.State}
			for _, e := range one.Environments {
				a.Environments = append(a.Environments, e.Name)
			}
			admissions = append(admissions, a)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return admissions, nil
}
