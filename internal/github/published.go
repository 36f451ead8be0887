package github

import (
	"context"
	"errors"
	"fmt"
	"time"

	api "github.com/google/go-github/v60/github"
)

// Published is a release that is no draft.
type Published struct {
	Tag        string
	Prerelease bool // as GitHub has it marked
	At         time.Time
	URL        string // of its page
}

// PublishedReleases are the published releases of a repository, the newest first, to the end of the first
// page on which one is enough; all of them where none is.
func (c *Client) PublishedReleases(ctx context.Context, repository string, enough func(Published) bool) ([]Published, error) {
	var releases []Published
	q := question{fmt.Sprintf("the releases of %s", repository), "contents: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		_, err := all((*api.RepositoryRelease).GetID, func(number int) (page[*api.RepositoryRelease], error) {
			o := options(number)
			list, resp, err := c.api.Repositories.ListReleases(ctx, owner, name, &o)
			if err != nil {
				return page[*api.RepositoryRelease]{}, err
			}
			found := false
			for _, r := range list {
				if r.GetID() == 0 || r.GetTagName() == "" || r.Draft == nil || r.Prerelease == nil || !r.GetDraft() && !dated(r.GetPublishedAt().Time) {
					return page[*api.RepositoryRelease]{}, fmt.Errorf("%w: a release came that does not say its tag, its time, or whether it is a draft or a pre-release", errIncomplete)
				}
				if r.GetDraft() {
					continue
				}
				p := Published{Tag: r.GetTagName(), Prerelease: r.GetPrerelease(), At: r.GetPublishedAt().Time, URL: r.GetHTMLURL()}
				releases, found = append(releases, p), found || enough(p)
			}
			if found {
				return page[*api.RepositoryRelease]{}, errSeenEnough
			}
			return page[*api.RepositoryRelease]{items: list, total: -1, resp: resp}, nil
		})
		if errors.Is(err, errSeenEnough) {
			return nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return releases, nil
}

// errSeenEnough ends a list that has shown what was looked for.
var errSeenEnough = errors.New("enough was seen")
