package github

import (
	"context"
	"fmt"
	"time"

	api "github.com/google/go-github/v60/github"
)

// LastChange is when the last commit up to a ref that changed a file was made.
func (c *Client) LastChange(ctx context.Context, repository, file, ref string) (time.Time, error) {
	var at time.Time
	q := question{fmt.Sprintf("the commits of %s that changed %s", repository, file), "contents: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		list, _, err := c.api.Repositories.ListCommits(ctx, owner, name, &api.CommitsListOptions{SHA: ref, Path: file, ListOptions: api.ListOptions{PerPage: 1}})
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return fmt.Errorf("%w: no commit came", errIncomplete)
		}
		at = list[0].GetCommit().GetCommitter().GetDate().Time
		if !dated(at) {
			return fmt.Errorf("%w: the commit came without a date", errIncomplete)
		}
		return nil
	})
	if err != nil {
		return time.Time{}, err
	}
	return at, nil
}

// dated tells whether an answer holds a time that can be written down again.
func dated(at time.Time) bool { return !at.IsZero() && at.Year() > 0 && at.Year() <= 9999 }
