package releasing

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// maxPull is what an image may weigh for whoever pulls it, compressed, in bytes.
const maxPull = 40_000_000

// platforms are those that a release is for.
var platforms = []string{"linux/amd64", "linux/arm64"}

// Registry is a repository of images.
type Registry struct {
	Repository string         // such as ghcr.io/slipway-actions/slipway
	keys       authn.Keychain // nil: those of the machine
}

// Load reads an image that docker save, or a build with an output of the type docker, has written.
func Load(archive string) (v1.Image, error) {
	if _, err := os.Stat(archive); err != nil {
		return nil, err
	}
	image, err := tarball.ImageFromPath(archive, nil)
	if err != nil {
		return nil, fmt.Errorf("%s is no image of docker save: %w", archive, err)
	}
	return image, nil
}

// Push brings an image to the registry, by digest: no tag leads to it before all of the release is there.
func (r Registry) Push(ctx context.Context, image v1.Image) (digest string, err error) {
	size, err := pullSize(image)
	if err != nil {
		return "", err
	}
	if size > maxPull {
		return "", fmt.Errorf("the image weighs %d bytes compressed; allowed: %d", size, maxPull)
	}
	hash, err := image.Digest()
	if err != nil {
		return "", err
	}
	repository, err := name.NewRepository(r.Repository)
	if err != nil {
		return "", fmt.Errorf("the image's repository: %w", err)
	}
	if err := remote.Write(repository.Digest(hash.String()), image, r.options(ctx)...); err != nil {
		return "", r.trouble("push the image", err)
	}
	return hash.String(), nil
}

func pullSize(image v1.Image) (int64, error) {
	manifest, err := image.Manifest()
	if err != nil {
		return 0, err
	}
	size := manifest.Config.Size
	for _, layer := range manifest.Layers {
		size += layer.Size
	}
	return size, nil
}

// Tag lets a tag lead to one index of the images of all platforms, and returns the index's digest. A tag that is
// there is never moved: with the same digest there is nothing to do, with another it is an error.
func (r Registry) Tag(ctx context.Context, tag string, source Source, digests []string) (digest string, err error) {
	repository, err := name.NewRepository(r.Repository)
	if err != nil {
		return "", fmt.Errorf("the image's repository: %w", err)
	}
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	var have []string
	for _, digest := range slices.Sorted(slices.Values(digests)) {
		reference, err := name.NewDigest(r.Repository + "@" + digest)
		if err != nil {
			return "", err
		}
		image, err := remote.Image(reference, r.options(ctx)...)
		if err != nil {
			return "", r.trouble("read "+digest, err)
		}
		config, err := image.ConfigFile()
		if err != nil {
			return "", r.trouble("read "+digest, err)
		}
		if got := config.Config.Labels["org.opencontainers.image.revision"]; got != source.Revision {
			return "", fmt.Errorf("%s was made from %q; wanted: %s. Build and push the images of this commit", digest, got, source.Revision)
		}
		have = append(have, config.OS+"/"+config.Architecture)
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{
			Platform: &v1.Platform{OS: config.OS, Architecture: config.Architecture, Variant: config.Variant},
		}})
	}
	if got := slices.Sorted(slices.Values(have)); !slices.Equal(got, platforms) {
		return "", fmt.Errorf("the images are for %q; wanted: one each for %q", got, platforms)
	}
	hash, err := index.Digest()
	if err != nil {
		return "", err
	}
	there, err := r.Digest(ctx, tag)
	switch {
	case err == nil && there == hash.String():
		return there, nil
	case err == nil:
		return "", fmt.Errorf("%s:%s is %s already, and this release is %s; a tag that was published is not moved. Release under the next version", r.Repository, tag, there, hash)
	case !errors.Is(err, os.ErrNotExist):
		return "", err
	}
	if err := remote.WriteIndex(repository.Tag(tag), index, r.options(ctx)...); err != nil {
		return "", r.trouble("push the index", err)
	}
	return hash.String(), nil
}

// Digest is what a tag leads to, or os.ErrNotExist.
func (r Registry) Digest(ctx context.Context, tag string) (string, error) {
	repository, err := name.NewRepository(r.Repository)
	if err != nil {
		return "", fmt.Errorf("the image's repository: %w", err)
	}
	found, err := remote.Head(repository.Tag(tag), r.options(ctx)...)
	if err != nil {
		return "", r.trouble("ask for the tag "+tag, err)
	}
	return found.Digest.String(), nil
}

// Confirm is nil where the registry has the very image that a release names, by tag and by digest.
func (r Registry) Confirm(ctx context.Context, p Pin) error {
	if p.Repository != r.Repository {
		return fmt.Errorf("the image is of %s; wanted: %s", p.Repository, r.Repository)
	}
	digest, err := r.Digest(ctx, p.Tag)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%s has no tag %s; push the images before this step: %w", r.Repository, p.Tag, err)
	case err != nil:
		return err
	case digest != p.Digest:
		return fmt.Errorf("digest mismatch: %s:%s is %s; wanted: %s. Do not go on: find out who pushed it", r.Repository, p.Tag, digest, p.Digest)
	}
	return nil
}

// Public is nil where everybody can pull the image without logging in, as those who use an action do.
func (r Registry) Public(ctx context.Context, p Pin) error {
	r.keys = authn.NewMultiKeychain() // none
	err := r.Confirm(ctx, p)
	var answered *transport.Error
	if errors.As(err, &answered) && answered.StatusCode < http.StatusInternalServerError {
		return fmt.Errorf("%s can't be pulled without logging in (%w). Make the package public: Package settings, Change visibility; then run the step again", r.Repository, err)
	}
	return err
}

func (r Registry) options(ctx context.Context) []remote.Option {
	keys := r.keys
	if keys == nil {
		keys = authn.DefaultKeychain
	}
	return []remote.Option{remote.WithContext(ctx), remote.WithAuthFromKeychain(keys), remote.WithUserAgent("slipway-release")}
}

// trouble says what could not be done, and what to do about it.
func (r Registry) trouble(what string, err error) error {
	var answered *transport.Error
	host, _, _ := strings.Cut(r.Repository, "/")
	if !errors.As(err, &answered) {
		return fmt.Errorf("can't %s: the registry %s can't be reached: %w. Run the step again when it answers; nothing was published", what, host, err)
	}
	switch answered.StatusCode {
	case http.StatusNotFound:
		return fmt.Errorf("can't %s: %w: %w", what, os.ErrNotExist, err)
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Errorf("can't %s: %s refuses: %w. Log in to it with a token that may write packages", what, host, err)
	}
	return fmt.Errorf("can't %s: %w. Run the step again; it goes on where this run stopped", what, err)
}
