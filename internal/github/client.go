// Package github asks GitHub's API.
package github

import (
	"context"
	"errors"
)

// ErrNoToken says that the API was not asked, for there was no token to ask with.
var ErrNoToken = errors.New("no github-token was given")

// Client asks the API of one server.
type Client struct{ token string }

// Options say whom to ask and as whom.
type Options struct {
	APIURL    string // https://api.github.com, or an enterprise server's /api/v3
	Token     string // may be empty: every call then is ErrNoToken
	UserAgent string
}

// New prepares a client; it does no I/O.
func New(o Options) (*Client, error) { return &Client{token: o.Token}, nil }

// File reads a file as it is at a ref; fs.ErrNotExist where it is not there.
func (c *Client) File(ctx context.Context, repository, path, ref string) ([]byte, error) {
	return nil, ErrNoToken
}
