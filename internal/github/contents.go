package github

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"

	api "github.com/google/go-github/v60/github"
)

// File reads a file of at most a megabyte as it is at a ref; fs.ErrNotExist where it is not there.
// GitHub says 404 as well where the token may not look: only where it can list the top folder at
// that ref is the file taken for missing, for a policy that is missing means looser rules.
func (c *Client) File(ctx context.Context, repository, file, ref string) ([]byte, error) {
	var (
		data   []byte
		absent bool // not told by the error: a connection can fail for a file that is missing, too
	)
	q := question{fmt.Sprintf("the file %s of %s at %s", file, repository, ref), "contents: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		at := &api.RepositoryContentGetOptions{Ref: ref}
		content, _, _, err := c.api.Repositories.GetContents(ctx, owner, name, path.Clean(file), at)
		if missing(err) {
			if _, top, _, err := c.api.Repositories.GetContents(ctx, owner, name, "", at); err != nil || top == nil {
				return errors.Join(err, errors.New("the top folder at that ref cannot be listed"))
			}
			absent = true
			return nil
		}
		if err != nil {
			return err
		}
		data, err = decode(content)
		return err
	})
	if absent {
		return nil, fmt.Errorf("%s at %s: %w", file, ref, fs.ErrNotExist)
	}
	return data, err
}

func missing(err error) bool {
	var response *api.ErrorResponse
	return errors.As(err, &response) && response.Response.StatusCode == http.StatusNotFound
}

// errUnfit says that what lies there is no file to read.
var errUnfit = errors.New("it cannot be read")

// decode takes the text out of an answer. Over a megabyte GitHub leaves it out.
func decode(content *api.RepositoryContent) ([]byte, error) {
	if content == nil || content.GetType() != "file" {
		return nil, fmt.Errorf("%w: a folder, a submodule or something else lies there", errUnfit)
	}
	text, err := content.GetContent()
	if err != nil {
		return nil, fmt.Errorf("%w: GitHub leaves out the text of files over a megabyte: %w", errUnfit, err)
	}
	if content.Size != nil && len(text) != content.GetSize() {
		return nil, fmt.Errorf("%w: %d of %d bytes came", errIncomplete, len(text), content.GetSize())
	}
	return []byte(text), nil
}
