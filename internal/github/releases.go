package github

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	api "github.com/google/go-github/v60/github"
)

// Release is a release as GitHub has it.
type Release struct {
	ID     int64
	Tag    string
	Target string // commit or branch that the tag of a draft is to be made at
	Body   string
	Draft  bool
	URL    string // of its page
}

// ReleaseText is what a release is to be. Empty texts are left as they are.
type ReleaseText struct {
	Tag        string
	Target     string // commit that the tag is made at where it is published without one
	Name, Body string
	Draft      bool
	Prerelease bool
	Latest     string // true, false, or "" to leave it to GitHub; nothing for a draft
}

// draftPages is how far drafts are looked for. GitHub lists the newest first, and drafts have no other
// address.
const draftPages = 10

// PublishedRelease is the release that is published for a tag; fs.ErrNotExist where there is none.
func (c *Client) PublishedRelease(ctx context.Context, repository, tag string) (Release, error) {
	var release Release
	q := question{fmt.Sprintf("the release %s of %s", tag, repository), "contents: read"}
	err := c.find(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		r, _, err := c.api.Repositories.GetReleaseByTag(ctx, owner, repo, escaped(tag))
		if err != nil {
			return err
		}
		if got := r.GetTagName(); got != "" && got != tag {
			return fmt.Errorf("%w: the release of %s came", errIncomplete, got)
		}
		release = releaseOf(r)
		return numbered(release.ID)
	})
	return release, err
}

// ListedRelease is the release for a tag among all, drafts too: the oldest, where there are several; ok
// is false where there is none. It takes contents: write to see drafts at all.
func (c *Client) ListedRelease(ctx context.Context, repository, tag string) (release Release, ok bool, err error) {
	q := question{fmt.Sprintf("the releases of %s", repository), "contents: write"}
	err = c.ask(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		o := options(1)
		for asked := 0; asked < draftPages; asked++ {
			list, resp, err := c.api.Repositories.ListReleases(ctx, owner, repo, &o)
			if err != nil {
				return err
			}
			if list == nil {
				return fmt.Errorf("%w: page %d is no list", errIncomplete, o.Page)
			}
			for _, r := range list {
				if r.GetTagName() != tag || ok && r.GetID() > release.ID {
					continue
				}
				release, ok = releaseOf(r), true
				if err := numbered(release.ID); err != nil {
					return err
				}
			}
			if resp.NextPage <= o.Page {
				return nil
			}
			o.Page = resp.NextPage
		}
		return nil
	})
	return release, ok, err
}

// CreateRelease makes a release; ErrExists where one is published for the tag.
func (c *Client) CreateRelease(ctx context.Context, repository string, t ReleaseText) (Release, error) {
	q := question{fmt.Sprintf("create the release %s of %s", t.Tag, repository), "contents: write"}
	var release Release
	err := c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		r, _, err := c.api.Repositories.CreateRelease(ctx, owner, repo, t.wire())
		if err != nil {
			return err
		}
		release = releaseOf(r)
		return numbered(release.ID)
	})
	return release, err
}

// EditRelease changes a release.
func (c *Client) EditRelease(ctx context.Context, repository string, id int64, t ReleaseText) (Release, error) {
	q := question{fmt.Sprintf("update the release %s of %s", t.Tag, repository), "contents: write"}
	var release Release
	err := c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		r, _, err := c.api.Repositories.EditRelease(ctx, owner, repo, id, t.wire())
		if err != nil {
			return err
		}
		release = releaseOf(r)
		return numbered(release.ID)
	})
	return release, err
}

// DeleteRelease deletes a release; fs.ErrNotExist where it is not there, or the token may not.
func (c *Client) DeleteRelease(ctx context.Context, repository string, id int64) error {
	q := question{fmt.Sprintf("delete the release %d of %s", id, repository), "contents: write"}
	return c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		_, err := c.api.Repositories.DeleteRelease(ctx, owner, repo, id)
		return err
	})
}

func (t ReleaseText) wire() *api.RepositoryRelease {
	return &api.RepositoryRelease{
		TagName: some(t.Tag), TargetCommitish: some(t.Target), Name: some(t.Name), Body: some(t.Body),
		Draft: &t.Draft, Prerelease: &t.Prerelease, MakeLatest: some(t.Latest),
	}
}

func releaseOf(r *api.RepositoryRelease) Release {
	return Release{ID: r.GetID(), Tag: r.GetTagName(), Target: r.GetTargetCommitish(), Body: r.GetBody(), Draft: r.GetDraft(), URL: r.GetHTMLURL()}
}

// some is nil for nothing, which go-github leaves out.
func some(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// numbered refuses an answer without the number of what it is about.
func numbered(id int64) error {
	if id == 0 {
		return fmt.Errorf("%w: the answer has no id", errIncomplete)
	}
	return nil
}

// escaped makes a name part of an address; slashes stay.
func escaped(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}
