package github

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	api "github.com/google/go-github/v60/github"
)

// Review is what somebody said about a pull request. Later ones do not replace it in the list.
type Review struct {
	By     string // login; "" where the account is gone
	Bot    bool
	State  string // APPROVED, CHANGES_REQUESTED, DISMISSED, COMMENTED or PENDING
	Commit string // that it is about; "" where that is gone
	At     time.Time
	URL    string
}

var reviewStates = []string{"APPROVED", "CHANGES_REQUESTED", "DISMISSED", "COMMENTED", "PENDING"}

// Reviews are all reviews of a pull request, oldest first.
func (c *Client) Reviews(ctx context.Context, repository string, number int) ([]Review, error) {
	var reviews []Review
	q := question{fmt.Sprintf("the reviews of #%d of %s", number, repository), "pull-requests: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		found, err := all((*api.PullRequestReview).GetID, func(at int) (page[*api.PullRequestReview], error) {
			o := options(at)
			list, resp, err := c.api.PullRequests.ListReviews(ctx, owner, name, number, &o)
			return page[*api.PullRequestReview]{items: list, total: -1, resp: resp}, err
		})
		if err != nil {
			return err
		}
		for _, r := range found {
			r := Review{
				By: r.GetUser().GetLogin(), Bot: isBot(r.GetUser()), State: r.GetState(), Commit: strings.ToLower(r.GetCommitID()),
				At: r.GetSubmittedAt().Time, URL: r.GetHTMLURL(),
			}
			switch {
			case !slices.Contains(reviewStates, r.State):
				return fmt.Errorf("%w: a review came with the state %q", errIncomplete, r.State)
			case r.At.IsZero() && r.State != "PENDING":
				return fmt.Errorf("%w: a review came without its time", errIncomplete)
			}
			reviews = append(reviews, r)
		}
		for _, r := range found {
			if about := r.GetPullRequestURL(); about != "" && !strings.HasSuffix(about, fmt.Sprintf("/pulls/%d", number)) {
				return fmt.Errorf("%w: a review of another pull request came", errIncomplete)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(reviews, func(a, b Review) int { return a.At.Compare(b.At) })
	return reviews, nil
}

func isBot(u *api.User) bool {
	return u.GetType() != "" && u.GetType() != "User" || strings.HasSuffix(u.GetLogin(), "[bot]")
}
