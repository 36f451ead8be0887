package github

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"
	"unicode/utf8"

	api "github.com/google/go-github/v60/github"
)

// Commit is a commit as GitHub has it.
type Commit struct {
	SHA     string
	Tree    string
	Parents []string
	Message string
	Author  string    // name
	At      time.Time // when it was written; zero where the answer has none
}

// File is one file of a tree that is to be made.
type File struct {
	Path string // slash-separated, from the top
	Mode string // 100644 or 100755
	Data []byte
}

// Commit reads a commit; fs.ErrNotExist where the repository has none of that id.
func (c *Client) Commit(ctx context.Context, repository, id string) (Commit, error) {
	var commit Commit
	q := question{fmt.Sprintf("the commit %s of %s", short(id), repository), "contents: read"}
	err := c.find(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		got, _, err := c.api.Git.GetCommit(ctx, owner, repo, id)
		if err != nil {
			return err
		}
		commit = Commit{SHA: id, Tree: got.GetTree().GetSHA(), Message: got.GetMessage(), Author: got.GetAuthor().GetName(), At: got.GetAuthor().GetDate().Time}
		for _, p := range got.Parents {
			commit.Parents = append(commit.Parents, p.GetSHA())
		}
		return identified(commit.Tree)
	})
	return commit, err
}

// CreateTree makes the tree that base becomes with these files in it, and returns its id.
func (c *Client) CreateTree(ctx context.Context, repository, base string, files []File) (id string, err error) {
	var entries []*api.TreeEntry
	for _, f := range files {
		blob, err := c.createBlob(ctx, repository, f)
		if err != nil {
			return "", err
		}
		entries = append(entries, &api.TreeEntry{Path: &f.Path, Mode: &f.Mode, Type: api.String("blob"), SHA: &blob})
	}
	q := question{fmt.Sprintf("create a tree in %s", repository), "contents: write"}
	err = c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		tree, _, err := c.api.Git.CreateTree(ctx, owner, repo, base, entries)
		if err != nil {
			return err
		}
		id = tree.GetSHA()
		return identified(id)
	})
	return id, err
}

func (c *Client) createBlob(ctx context.Context, repository string, f File) (id string, err error) {
	text, encoding := string(f.Data), "utf-8"
	if !utf8.Valid(f.Data) {
		text, encoding = base64.StdEncoding.EncodeToString(f.Data), "base64"
	}
	q := question{fmt.Sprintf("upload %s to %s", f.Path, repository), "contents: write"}
	err = c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		blob, _, err := c.api.Git.CreateBlob(ctx, owner, repo, &api.Blob{Content: &text, Encoding: &encoding})
		if err != nil {
			return err
		}
		id = blob.GetSHA()
		return identified(id)
	})
	return id, err
}

// CreateCommit makes a commit and returns its id. It names no author, so that GitHub takes the
// token's own identity and signs for it where that is an app's.
func (c *Client) CreateCommit(ctx context.Context, repository, message, tree, parent string) (id string, err error) {
	q := question{fmt.Sprintf("create a commit in %s", repository), "contents: write"}
	err = c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		commit, _, err := c.api.Git.CreateCommit(ctx, owner, repo, &api.Commit{
			Message: &message, Tree: &api.Tree{SHA: &tree}, Parents: []*api.Commit{{SHA: &parent}},
		}, nil)
		if err != nil {
			return err
		}
		id = commit.GetSHA()
		return identified(id)
	})
	return id, err
}
