package github

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"time"

	api "github.com/google/go-github/v60/github"
)

// Ref is a branch or a tag.
type Ref struct {
	Name      string // heads/main, tags/v1.4.0
	SHA       string // of what it leads to
	Annotated bool   // SHA is that of a tag object, which leads on
}

// TagObject is an annotated tag.
type TagObject struct {
	Message   string
	By        string    // name of who made it
	At        time.Time // zero where the answer has none
	SHA       string    // of what it leads to
	Annotated bool      // SHA is that of another tag object
}

// objectID is what the id of an object may look like, so that none can lead to another address.
var objectID = regexp.MustCompile(`^[0-9A-Za-z]{4,64}$`)

// identified refuses an answer that names no object.
func identified(id string) error {
	if !objectID.MatchString(id) {
		return fmt.Errorf("%w: the answer names no object", errIncomplete)
	}
	return nil
}

// Ref is a branch (heads/main) or tag (tags/v1.4.0); fs.ErrNotExist where there is none.
func (c *Client) Ref(ctx context.Context, repository, name string) (Ref, error) {
	var ref Ref
	q := question{fmt.Sprintf("%s of %s", name, repository), "contents: read"}
	err := c.find(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		r, _, err := c.api.Git.GetRef(ctx, owner, repo, name)
		if err != nil {
			return err
		}
		if got := r.GetRef(); got != "" && got != "refs/"+name {
			return fmt.Errorf("%w: %s came", errIncomplete, got)
		}
		ref = refOf(name, r.GetObject())
		return identified(ref.SHA)
	})
	return ref, err
}

func refOf(name string, o *api.GitObject) Ref {
	return Ref{Name: name, SHA: o.GetSHA(), Annotated: o.GetType() == "tag"}
}

// find asks for one thing; fs.ErrNotExist where it is not there.
func (c *Client) find(ctx context.Context, q question, repository string, f call) error {
	absent := false
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		err := f(ctx, owner, name)
		if missing(err) {
			absent = true
			return nil
		}
		return err
	})
	if absent {
		return fmt.Errorf("%s: %w", q.what, fs.ErrNotExist)
	}
	return err
}

// Tags are the tags whose names begin with a prefix; fs.ErrNotExist where the server cannot list them.
func (c *Client) Tags(ctx context.Context, repository, prefix string) ([]string, error) {
	var names []string
	q := question{fmt.Sprintf("the tags %s… of %s", prefix, repository), "contents: read"}
	err := c.find(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		o := &api.ReferenceListOptions{Ref: "tags/" + prefix, ListOptions: options(1)}
		for asked := 0; asked < pageLimit; asked++ {
			refs, resp, err := c.api.Git.ListMatchingRefs(ctx, owner, repo, o)
			if err != nil {
				return err
			}
			for _, r := range refs {
				if name, ok := cutRef(r.GetRef()); ok {
					names = append(names, name)
				}
			}
			if resp.NextPage <= o.Page {
				return nil
			}
			o.Page = resp.NextPage
		}
		return fmt.Errorf("%w: it has more than %d pages", errIncomplete, pageLimit)
	})
	return names, err
}

func cutRef(ref string) (name string, ok bool) {
	const tags = "refs/tags/"
	if len(ref) <= len(tags) || ref[:len(tags)] != tags {
		return "", false
	}
	return ref[len(tags):], true
}

// TagObject reads an annotated tag.
func (c *Client) TagObject(ctx context.Context, repository, id string) (TagObject, error) {
	var tag TagObject
	q := question{fmt.Sprintf("the tag object %s of %s", short(id), repository), "contents: read"}
	err := c.find(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		t, _, err := c.api.Git.GetTag(ctx, owner, repo, id)
		if err != nil {
			return err
		}
		next := refOf("", t.GetObject())
		tag = TagObject{Message: t.GetMessage(), By: t.GetTagger().GetName(), At: t.GetTagger().GetDate().Time, SHA: next.SHA, Annotated: next.Annotated}
		return identified(tag.SHA)
	})
	return tag, err
}

// CreateTag makes a tag object, which nobody sees until a ref leads to it, and returns its id.
func (c *Client) CreateTag(ctx context.Context, repository, name, message, commit string) (id string, err error) {
	q := question{fmt.Sprintf("create the tag %s of %s at %s", name, repository, short(commit)), "contents: write"}
	err = c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		t, _, err := c.api.Git.CreateTag(ctx, owner, repo, &api.Tag{
			Tag: &name, Message: &message, Object: &api.GitObject{SHA: &commit, Type: api.String("commit")},
		})
		if err != nil {
			return err
		}
		id = t.GetSHA()
		return identified(id)
	})
	return id, err
}

// CreateRef makes a branch or tag; ErrExists where there is one of that name.
func (c *Client) CreateRef(ctx context.Context, repository, name, id string) error {
	q := question{fmt.Sprintf("create %s of %s at %s", name, repository, short(id)), "contents: write"}
	return c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		r, _, err := c.api.Git.CreateRef(ctx, owner, repo, &api.Reference{Ref: &name, Object: &api.GitObject{SHA: &id}})
		if err == nil {
			err = leadsTo(r, id)
		}
		return err
	})
}

// MoveRef lets a branch or tag lead elsewhere: with force anywhere, without only forwards, else it is
// ErrMoved.
func (c *Client) MoveRef(ctx context.Context, repository, name, id string, force bool) error {
	q := question{fmt.Sprintf("move %s of %s to %s", name, repository, short(id)), "contents: write"}
	return c.write(ctx, q, repository, func(ctx context.Context, owner, repo string) error {
		r, _, err := c.api.Git.UpdateRef(ctx, owner, repo, &api.Reference{Ref: &name, Object: &api.GitObject{SHA: &id}}, force)
		if err == nil {
			err = leadsTo(r, id)
		}
		return err
	})
}

// leadsTo refuses the answer to a write that does not say where the ref leads now.
func leadsTo(r *api.Reference, id string) error {
	if got := r.GetObject().GetSHA(); got != id {
		return fmt.Errorf("%w: the answer does not say that the ref leads there", errIncomplete)
	}
	return nil
}

// HasToken tells that there is a token to ask with.
func (c *Client) HasToken() bool { return c.token != "" }

// JobToken tells that the token is an app's installation's, as a job's own is: what is pushed with the
// job's own starts no workflow.
func (c *Client) JobToken() bool { return len(c.token) > 4 && c.token[:4] == "ghs_" }

// Uncertain tells that a write may have been done although no answer says so.
func Uncertain(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Writes && (e.Status == 0 || e.Status >= 500)
}
