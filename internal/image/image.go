// Package image reads the packages of a container image that lies on disk: an OCI layout, as a
// folder or a tar, or what docker save writes. It puts the layers together itself and checks every
// digest and size on the way; nothing of an image is unpacked as files, but for what has to be read
// again, which goes to one file in a temporary folder. What an image holds and nobody can read is a
// manifest.File that says so. It asks no network and runs nothing.
//
// The parsers of languages and of RPM are osv-scalibr's, which logs through the process: reading an
// image must not overlap with other work that does so.
package image

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/manifest"
)

// Separator stands between the path of an image and a path inside of it: app.tar!/var/lib/dpkg/status.
const Separator = "!"

// bounds are the most of everything that is looked at. Past one of them the image is not judged.
type bounds struct {
	unpacked int64 // bytes of all layers, unpacked; of an archive that is compressed as a whole too
	kept     int64 // bytes of files that are read again
	entries  int   // files of all layers
	layers   int
	document int64 // bytes of a manifest, a configuration or an index
	images   int   // that an index lists
	file     int64 // bytes of a file that is parsed as a whole, such as a lockfile
	time     time.Duration
}

var usual = bounds{unpacked: 32 << 30, kept: 8 << 30, entries: 4_000_000, layers: 1000, document: 16 << 20, images: 1000, file: 200 << 20, time: 10 * time.Minute}

// Is tells whether a path of the workspace holds an image; root is the workspace, absolute, the path
// is slash-separated. An error means that it begins like one and cannot be read.
func Is(root, name string) (bool, error) {
	tree, err := os.OpenRoot(root)
	if err != nil {
		return false, err
	}
	defer tree.Close()
	return recognise(tree, filepath.FromSlash(name), usual)
}

// Read lists what an image holds. An error means that the image as a whole cannot be trusted: a
// blob is missing or is not what its digest says, or a bound is passed.
func Read(ctx context.Context, root, name string) (manifest.Tree, error) {
	return read(ctx, root, name, usual)
}

func read(ctx context.Context, root, name string, most bounds) (_ manifest.Tree, err error) {
	bounded, cancel := context.WithTimeoutCause(ctx, most.time, fmt.Errorf("it takes more than %v", most.time))
	defer cancel()
	defer func() {
		if err != nil && bounded.Err() != nil && ctx.Err() == nil {
			err = context.Cause(bounded)
		}
		if err != nil {
			err = fmt.Errorf("read image %s: %w", name, err)
		}
	}()
	tree, err := os.OpenRoot(root)
	if err != nil {
		return manifest.Tree{}, err
	}
	defer tree.Close()
	temporary, err := os.MkdirTemp("", "slipway-image-")
	if err != nil {
		return manifest.Tree{}, fmt.Errorf("make a folder for what is read: %w", err)
	}
	defer os.RemoveAll(temporary)
	store, err := open(bounded, tree, filepath.FromSlash(name), temporary, most)
	if err != nil {
		return manifest.Tree{}, err
	}
	defer store.Close()
	pick, err := choose(store, most)
	if err != nil {
		return manifest.Tree{}, err
	}
	report := report{image: name}
	report.others(pick)
	if pick.system != "linux" {
		report.add(manifest.File{Path: name, State: manifest.Missing, Reason: fmt.Sprintf("it is an image for %s", pick.system), Next: "Scan it by other means: only images for Linux can be read."})
		return report.tree(), nil
	}
	files, err := stack(bounded, store, pick, temporary, most)
	if err != nil {
		return manifest.Tree{}, err
	}
	defer files.Close()
	if err := collect(bounded, files, pick.layers, &report, temporary, most); err != nil {
		return manifest.Tree{}, err
	}
	return report.tree(), nil
}

// report gathers what is said of an image.
type report struct {
	image  string
	files  []manifest.File
	passed []manifest.Passed
}

func (r *report) add(f manifest.File) { r.files = append(r.files, f) }

// inside is the path of a file of the image, for people.
func (r *report) inside(path string) string { return r.image + Separator + path }

// others tells of images beside the one that is read.
func (r *report) others(p pick) {
	if len(p.platforms) > 0 {
		r.passed = append(r.passed, manifest.Passed{Path: r.image, Reason: fmt.Sprintf("made for %s too; only what is in the image for %s is judged", strings.Join(p.platforms, ", "), p.platform)})
	}
	for _, other := range p.unread {
		r.add(manifest.File{Path: r.inside(other), State: manifest.Missing, Reason: "the archive holds more than one image, and this one is not read", Next: "Save each image to an archive of its own."})
	}
}

// tree is the whole report, in an order that depends on its content alone.
func (r *report) tree() manifest.Tree {
	for i := range r.files {
		packages := r.files[i].Packages
		slices.SortStableFunc(packages, func(a, b manifest.Entry) int { return a.Package.Compare(b.Package) })
		r.files[i].Packages = slices.CompactFunc(packages, func(a, b manifest.Entry) bool { return a.Package == b.Package })
	}
	slices.SortStableFunc(r.files, func(a, b manifest.File) int {
		return strings.Compare(a.Path+"\x00"+string(a.State)+"\x00"+a.Reason, b.Path+"\x00"+string(b.State)+"\x00"+b.Reason)
	})
	return manifest.Tree{Manifests: r.files, Passed: r.passed}
}

// errBound says which bound is passed.
func errBound(what string, bound any) error { return fmt.Errorf("it has more than %v %s", bound, what) }

var errNoImage = errors.New("it is no image: neither an OCI layout nor what docker save writes")
