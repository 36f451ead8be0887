package releasing

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Source is what an image is made from; nothing else of a build is left in it.
type Source struct {
	Created  time.Time // of the commit
	Version  string    // without a v
	Revision string    // the commit's id
}

// maxContent bounds what an image may hold unpacked, in bytes.
const maxContent = 256 << 20

// Canonical is an image with the same content, made anew so that two builds of one source have one digest: a
// single layer with its files by name, all of root's and of the source's time, and of the configuration what
// the program needs to start. What must not be in the image is an error.
func Canonical(built v1.Image, source Source) (v1.Image, error) {
	config, err := built.ConfigFile()
	if err != nil {
		return nil, fmt.Errorf("the image's configuration: %w", err)
	}
	files, err := flatten(built)
	if err != nil {
		return nil, err
	}
	if err := check(config, files, source); err != nil {
		return nil, err
	}
	content, err := pack(files, source.Created)
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(
		func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
		tarball.WithMediaType(types.OCILayer), tarball.WithCompressionLevel(9),
	)
	if err != nil {
		return nil, fmt.Errorf("the image's layer: %w", err)
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	image, err = mutate.Append(image, mutate.Addendum{Layer: layer, MediaType: types.OCILayer, History: v1.History{
		Created: v1.Time{Time: source.Created.UTC()}, CreatedBy: "Dockerfile of " + source.Revision,
	}})
	if err != nil {
		return nil, fmt.Errorf("the image's layer: %w", err)
	}
	made, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	made = made.DeepCopy()
	made.Architecture, made.OS, made.Variant = config.Architecture, config.OS, config.Variant
	made.Created = v1.Time{Time: source.Created.UTC()}
	made.Config = v1.Config{
		Entrypoint: config.Config.Entrypoint, Env: config.Config.Env, Labels: config.Config.Labels,
		User: config.Config.User, WorkingDir: config.Config.WorkingDir,
	}
	made.Config.Labels["org.opencontainers.image.revision"] = source.Revision
	return mutate.ConfigFile(image, made)
}

// file is one of an image, as the layers together leave it.
type file struct {
	tar.Header
	content []byte
}

// flatten puts the layers together; names are without a leading slash, sorted.
func flatten(image v1.Image) ([]file, error) {
	flat := mutate.Extract(image)
	defer flat.Close()
	found := map[string]file{}
	left := int64(maxContent)
	archive := tar.NewReader(flat)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("the image's layers: %w", err)
		}
		if left -= header.Size; left < 0 {
			return nil, fmt.Errorf("the image holds more than %d MiB unpacked", maxContent>>20)
		}
		content, err := io.ReadAll(io.LimitReader(archive, header.Size))
		if err != nil {
			return nil, fmt.Errorf("the image's layers: %s: %w", header.Name, err)
		}
		name := strings.TrimPrefix(path.Clean("/"+header.Name), "/")
		if name != "" {
			found[name] = file{Header: *header, content: content}
		}
	}
	var files []file
	for name, one := range found {
		one.Name = name
		files = append(files, one)
	}
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.Name, b.Name) })
	return files, nil
}

// pack writes files as an archive that tells nothing of where and when it was packed.
func pack(files []file, at time.Time) ([]byte, error) {
	var packed bytes.Buffer
	archive := tar.NewWriter(&packed)
	for _, one := range files {
		header := &tar.Header{
			Typeflag: one.Typeflag, Name: one.Name, Linkname: one.Linkname, Size: int64(len(one.content)),
			Mode: one.Mode & 0o1777, ModTime: at.UTC().Truncate(time.Second), Format: tar.FormatUSTAR,
		}
		if one.Typeflag == tar.TypeDir {
			header.Name += "/"
		}
		if err := archive.WriteHeader(header); err != nil {
			return nil, fmt.Errorf("%s: %w", one.Name, err)
		}
		if _, err := archive.Write(one.content); err != nil {
			return nil, fmt.Errorf("%s: %w", one.Name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}
