package releasing

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/slipway-actions/slipway/internal/github"
)

// attach adds files to the draft, by name: what is there whole and is the same stays, what is not is replaced. To a
// release that is published nothing is added; it has to have them all.
func (r Release) attach(ctx context.Context, files map[string][]byte) error {
	release, err := r.GitHub.PublishedRelease(ctx, r.Repository, r.Tag())
	if errors.Is(err, fs.ErrNotExist) {
		var drafted bool
		release, drafted, err = r.GitHub.ListedRelease(ctx, r.Repository, r.Tag())
		if err == nil && !drafted {
			err = errors.New("there is no draft; make it before this step")
		}
	}
	if err != nil {
		return fmt.Errorf("the release %s: %w", r.Tag(), err)
	}
	have, err := r.GitHub.Assets(ctx, r.Repository, release.ID)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		digest := fmt.Sprintf("sha256:%x", sha256.Sum256(files[name]))
		at := slices.IndexFunc(have, func(a github.Asset) bool { return a.Name == name })
		switch {
		case at >= 0 && have[at].Uploaded && have[at].Digest == digest:
			continue
		case !release.Draft:
			return fmt.Errorf("the release %s is published without this %s, and nothing is added to it any more; wanted: one of %s. Release under the next version", r.Tag(), name, digest)
		case at >= 0:
			if err := r.GitHub.DeleteAsset(ctx, r.Repository, have[at].ID); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		if _, err := r.GitHub.UploadAsset(ctx, r.Repository, release.ID, name, files[name]); err != nil {
			return err
		}
	}
	return nil
}

// immutable sees that nobody can change the release any more.
func (r Release) immutable(ctx context.Context) error {
	sealed, err := r.GitHub.Immutable(ctx, r.Repository, r.Tag())
	if err != nil {
		return err
	}
	if !sealed {
		return fmt.Errorf("the release %s is published and can still be changed, so the floating tags do not follow it. Turn on release immutability in the repository's settings, and release the next version", r.Tag())
	}
	return nil
}
