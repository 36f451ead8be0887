package github

import (
	"context"
	"fmt"
	"strings"
	"time"

	api "github.com/google/go-github/v60/github"
)

// CheckRunText is what a check run is to say.
type CheckRunText struct {
	Name        string
	ExternalID  string // how ours is known again
	SHA         string
	Conclusion  string
	Title       string
	Summary     string // Markdown, at most CheckSummaryLimit characters
	DetailsURL  string // "" for none
	CompletedAt time.Time
}

// CheckSummaryLimit is the most characters that GitHub takes as the summary of a check run.
const CheckSummaryLimit = 65_535

// PublishCheckRun writes a completed check run: the newest of that name and id on the commit is updated,
// and where there is none one is made. It returns the address of its page.
func (c *Client) PublishCheckRun(ctx context.Context, repository string, t CheckRunText) (url string, err error) {
	id, err := c.findCheckRun(ctx, repository, t)
	if err != nil {
		return "", err
	}
	q := question{fmt.Sprintf("publish the check run %q on %s", t.Name, short(t.SHA)), "checks: write"}
	err = c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		output := &api.CheckRunOutput{Title: &t.Title, Summary: &t.Summary}
		var run *api.CheckRun
		var err error
		if id == 0 {
			run, _, err = c.api.Checks.CreateCheckRun(ctx, owner, repo, api.CreateCheckRunOptions{
				Name: t.Name, HeadSHA: t.SHA, DetailsURL: some(t.DetailsURL), ExternalID: &t.ExternalID, Status: api.String("completed"),
				Conclusion: &t.Conclusion, CompletedAt: &api.Timestamp{Time: t.CompletedAt}, Output: output,
			})
		} else {
			run, _, err = c.api.Checks.UpdateCheckRun(ctx, owner, repo, id, api.UpdateCheckRunOptions{
				Name: t.Name, DetailsURL: some(t.DetailsURL), ExternalID: &t.ExternalID, Status: api.String("completed"),
				Conclusion: &t.Conclusion, CompletedAt: &api.Timestamp{Time: t.CompletedAt}, Output: output,
			})
		}
		if err != nil {
			return err
		}
		url = run.GetHTMLURL()
		return t.confirm(run, id)
	})
	return url, err
}

// confirm takes an answer only where it is about the run that was written, and says what was written.
func (t CheckRunText) confirm(run *api.CheckRun, id int64) error {
	got := run.GetID()
	switch {
	case got == 0 || id != 0 && got != id:
		return fmt.Errorf("%w: the answer is about the check run %d", errIncomplete, got)
	case !strings.EqualFold(run.GetHeadSHA(), t.SHA):
		return fmt.Errorf("%w: the answer is about %q", errIncomplete, short(run.GetHeadSHA()))
	case run.GetConclusion() != t.Conclusion:
		return fmt.Errorf("%w: the answer says %q, not %s", errIncomplete, run.GetConclusion(), t.Conclusion)
	}
	return nil
}

// findCheckRun is the id of the newest check run of that name and external id, 0 where there is none.
func (c *Client) findCheckRun(ctx context.Context, repository string, t CheckRunText) (id int64, err error) {
	q := question{fmt.Sprintf("the check runs %q of %s at %s", t.Name, repository, short(t.SHA)), "checks: write"}
	err = c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all((*api.CheckRun).GetID, func(number int) (page[*api.CheckRun], error) {
			list, resp, err := c.api.Checks.ListCheckRunsForRef(ctx, owner, name, t.SHA, &api.ListCheckRunsOptions{CheckName: &t.Name, Filter: api.String("all"), ListOptions: options(number)})
			if err != nil || list == nil {
				return page[*api.CheckRun]{resp: resp}, err
			}
			return page[*api.CheckRun]{items: list.CheckRuns, total: list.GetTotal(), resp: resp}, nil
		})
		for _, r := range found {
			if r.GetName() == t.Name && r.GetExternalID() == t.ExternalID && fits(r.GetHeadSHA(), t.SHA) {
				id = max(id, r.GetID())
			}
		}
		return err
	})
	return id, err
}
