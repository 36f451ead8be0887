package releasing

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/publish"
)

// GitHub is what a release needs of it.
type GitHub interface {
	publish.Port
	File(ctx context.Context, repository, file, ref string) ([]byte, error)
	Assets(ctx context.Context, repository string, release int64) ([]github.Asset, error)
	UploadAsset(ctx context.Context, repository string, release int64, file string, data []byte) (github.Asset, error)
	DeleteAsset(ctx context.Context, repository string, id int64) error
	Immutable(ctx context.Context, repository, tag string) (bool, error)
}

// Release is one that is under way.
type Release struct {
	Candidate
	GitHub     GitHub
	Repository string // owner/name
	RunURL     string
	Registry   Registry
	Pin        Pin
	Manifests  []string // every action.yml, from the top
}

// Commit makes the commit in which every action.yml names the image, on a branch of its own that nobody uses but
// this release, and returns its id. One that is there already is taken, where it is the very same.
func (r Release) Commit(ctx context.Context) (id string, err error) {
	if err := r.confirm(ctx); err != nil {
		return "", err
	}
	tree, err := r.tree(ctx)
	if err != nil {
		return "", err
	}
	if id, err = r.made(ctx, tree); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return id, err
	}
	message := fmt.Sprintf("chore(release): %s\n\nEvery action.yml names the image of %s by its digest.\n\nSlipway-Image: %s", r.Tag(), r.Revision, r.Pin)
	id, err = r.GitHub.CreateCommit(ctx, r.Repository, message, tree, r.Revision)
	if err != nil {
		return "", fmt.Errorf("the release commit: %w", err)
	}
	err = r.GitHub.CreateRef(ctx, r.Repository, "heads/"+r.Branch(), id)
	if errors.Is(err, github.ErrExists) || github.Uncertain(err) { // another run, or this one without an answer
		if before, lost := r.made(ctx, tree); lost == nil {
			return before, nil
		} else if !errors.Is(lost, fs.ErrNotExist) {
			return "", errors.Join(err, lost)
		}
	}
	if err != nil {
		return "", fmt.Errorf("the branch %s: %w", r.Branch(), err)
	}
	return id, nil
}

// tree has the files of the release commit. To make it once more is to name it.
func (r Release) tree(ctx context.Context) (id string, err error) {
	if len(r.Manifests) == 0 {
		return "", errors.New("no action.yml was named")
	}
	base, err := r.GitHub.Commit(ctx, r.Repository, r.Revision)
	if err != nil {
		return "", fmt.Errorf("the commit %s: %w", r.Revision, err)
	}
	var files []github.File
	for _, name := range r.Manifests {
		text, err := r.GitHub.File(ctx, r.Repository, name, r.Revision)
		if err != nil {
			return "", fmt.Errorf("%s of %s: %w", name, r.Revision, err)
		}
		pinned, err := r.Pin.Write(string(text))
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		files = append(files, github.File{Path: name, Mode: "100644", Data: []byte(pinned)})
	}
	if id, err = r.GitHub.CreateTree(ctx, r.Repository, base.Tree, files); err != nil {
		return "", fmt.Errorf("the release commit's files: %w", err)
	}
	return id, nil
}

// made finds the release commit that an earlier run has made, or fs.ErrNotExist.
func (r Release) made(ctx context.Context, tree string) (id string, err error) {
	ref, err := r.GitHub.Ref(ctx, r.Repository, "heads/"+r.Branch())
	if err != nil {
		return "", err
	}
	if err := r.same(ctx, ref.SHA, tree); err != nil {
		return "", fmt.Errorf("the branch %s: %w, and delete the branch", r.Branch(), err)
	}
	return ref.SHA, nil
}

// same is nil for the release commit.
func (r Release) same(ctx context.Context, id, tree string) error {
	there, err := r.GitHub.Commit(ctx, r.Repository, id)
	if err != nil {
		return fmt.Errorf("the commit %s: %w", id, err)
	}
	if there.Tree != tree || !slices.Equal(there.Parents, []string{r.Revision}) {
		return fmt.Errorf("%s is not this release's commit; wanted: one on top of %s with nothing but %s in the action.yml files. Find out who made it", id, r.Revision, r.Pin)
	}
	return nil
}

// verify holds a commit against what the release commit has to be.
func (r Release) verify(ctx context.Context, id string) error {
	if err := r.confirm(ctx); err != nil {
		return err
	}
	tree, err := r.tree(ctx)
	if err != nil {
		return err
	}
	return r.same(ctx, id, tree)
}

// confirm sees that the tag which started the release still does so at GitHub (a checkout has it as it was), that
// image and version belong together, and that everybody can pull the image.
func (r Release) confirm(ctx context.Context) error {
	switch commit, there, err := r.hub().TagCommit(ctx, r.Started()); {
	case err != nil:
		return fmt.Errorf("the tag %s: %w", r.Started(), err)
	case !there:
		return fmt.Errorf("the tag %s is gone: somebody has taken the release back. Nothing more of it is made", r.Started())
	case commit != r.Revision:
		return moved(r.Started(), commit, r.Revision)
	}
	if r.Pin.Tag != r.Tag() {
		return fmt.Errorf("the image's tag is %s; wanted: %s", r.Pin.Tag, r.Tag())
	}
	if err := r.Registry.Confirm(ctx, r.Pin); err != nil {
		return err
	}
	return r.Registry.Public(ctx, r.Pin)
}
