package github

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Asset is a file of a release.
type Asset struct {
	ID       int64
	Name     string
	Digest   string // sha256:…; "" where GitHub does not tell, as for files of before June 2025
	Uploaded bool   // whole; an upload that broke off leaves one that is not
}

// wireAsset has what go-github v60 does not know yet.
type wireAsset struct {
	ID     int64   `json:"id"`
	Name   string  `json:"name"`
	State  string  `json:"state"`
	Digest *string `json:"digest"`
}

func (w wireAsset) asset() Asset {
	a := Asset{ID: w.ID, Name: w.Name, Uploaded: w.State == "uploaded"}
	if w.Digest != nil {
		a.Digest = *w.Digest
	}
	return a
}

// uploads is where files are sent: a host of its own at github.com, another path on an enterprise server.
func uploads(base *url.URL) *url.URL {
	at := *base
	switch {
	case base.Host == "api.github.com":
		at.Host = "uploads.github.com"
	case strings.HasSuffix(base.Path, "/api/v3/"):
		at.Path = strings.TrimSuffix(base.Path, "v3/") + "uploads/"
	}
	return &at
}

// Assets are all files of a release.
func (c *Client) Assets(ctx context.Context, repository string, release int64) ([]Asset, error) {
	q := question{fmt.Sprintf("the files of the release %d of %s", release, repository), "contents: write"}
	var assets []Asset
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		list, err := all(func(w wireAsset) int64 { return w.ID }, func(number int) (page[wireAsset], error) {
			request, err := c.api.NewRequest(http.MethodGet, fmt.Sprintf("repos/%s/%s/releases/%d/assets?per_page=100&page=%d", owner, name, release, number), nil)
			if err != nil {
				return page[wireAsset]{}, err
			}
			var list []wireAsset
			resp, err := c.api.Do(ctx, request, &list)
			if err == nil && list == nil {
				err = fmt.Errorf("%w: page %d is no list", errIncomplete, number)
			}
			return page[wireAsset]{items: list, total: -1, resp: resp}, err
		})
		for _, w := range list {
			if w.ID == 0 || w.Name == "" {
				return fmt.Errorf("%w: a file came without id or name", errIncomplete)
			}
			assets = append(assets, w.asset())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return assets, nil
}

// UploadAsset adds a file to a release; ErrExists where it has one of that name.
func (c *Client) UploadAsset(ctx context.Context, repository string, release int64, file string, data []byte) (Asset, error) {
	q := question{fmt.Sprintf("upload %s to the release %d of %s", file, release, repository), "contents: write"}
	var got wireAsset
	err := c.write(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		at := fmt.Sprintf("repos/%s/%s/releases/%d/assets?name=%s", owner, name, release, url.QueryEscape(file))
		request, err := c.api.NewUploadRequest(at, bytes.NewReader(data), int64(len(data)), "application/octet-stream")
		if err != nil {
			return err
		}
		if _, err := c.api.Do(ctx, request, &got); err != nil {
			return err
		}
		if got.Name != file {
			return fmt.Errorf("%w: the answer is about the file %q", errIncomplete, got.Name)
		}
		return numbered(got.ID)
	})
	return got.asset(), err
}

// DeleteAsset removes a file of a release; fs.ErrNotExist where it is not there, or the token may not.
func (c *Client) DeleteAsset(ctx context.Context, repository string, id int64) error {
	q := question{fmt.Sprintf("delete the file %d of a release of %s", id, repository), "contents: write"}
	return c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		_, err := c.api.Repositories.DeleteReleaseAsset(ctx, owner, repo, id)
		return err
	})
}

// Immutable tells whether the published release of a tag is one that nobody can change; fs.ErrNotExist
// where there is none. A server that does not say so has none that is.
func (c *Client) Immutable(ctx context.Context, repository, tag string) (bool, error) {
	q := question{fmt.Sprintf("the release %s of %s", tag, repository), "contents: read"}
	var got struct {
		Tag       string `json:"tag_name"`
		Immutable bool   `json:"immutable"`
	}
	err := c.find(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		request, err := c.api.NewRequest(http.MethodGet, fmt.Sprintf("repos/%s/%s/releases/tags/%s", owner, name, escaped(tag)), nil)
		if err != nil {
			return err
		}
		_, err = c.api.Do(ctx, request, &got)
		if err == nil && got.Tag != tag {
			err = fmt.Errorf("%w: the release of %q came", errIncomplete, got.Tag)
		}
		return err
	})
	return got.Immutable && err == nil, err
}
