package github

import (
	"context"
	"fmt"

	api "github.com/google/go-github/v60/github"
)

// loginPages is the most pages that are asked for logins: 300 commits. Names do for the rest.
const loginPages = 3

// Logins are the logins of authors by commit, for the commits that head reaches and base does not;
// an empty base means all. At most 300 commits are looked at, so the map may not hold all of them; nor
// does it hold authors whose address belongs to no account.
func (c *Client) Logins(ctx context.Context, repository, base, head string) (map[string]string, error) {
	q := question{fmt.Sprintf("the authors of %s up to %s", repository, short(head)), "contents: read"}
	logins := map[string]string{}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		for number := 1; number <= loginPages; number++ {
			commits, resp, err := c.commits(ctx, owner, name, base, head, number)
			if err != nil {
				return err
			}
			for _, one := range commits {
				if login := one.GetAuthor().GetLogin(); login != "" {
					logins[one.GetSHA()] = login
				}
			}
			if len(commits) < pageSize && resp.NextPage == 0 {
				break
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return logins, nil
}

func (c *Client) commits(ctx context.Context, owner, name, base, head string, number int) ([]*api.RepositoryCommit, *api.Response, error) {
	page := options(number)
	if base == "" {
		return c.api.Repositories.ListCommits(ctx, owner, name, &api.CommitsListOptions{SHA: head, ListOptions: page})
	}
	compared, resp, err := c.api.Repositories.CompareCommits(ctx, owner, name, base, head, &page)
	if err != nil {
		return nil, resp, err
	}
	return compared.Commits, resp, nil
}
