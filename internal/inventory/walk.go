package inventory

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/manifest"
)

// passedOver are folders that are never entered, and why.
var passedOver = map[string]string{
	".git":         "git's own",
	"node_modules": "installed packages; the lockfile beside it counts",
}

// found is a file that counts, by its name alone.
type found struct {
	path   string
	reason string // why it cannot be read; "" where it can
	next   string
}

// walk lists what counts below a folder of the root, by path. A tree that cannot be walked to its
// end is an error: what is behind would go unseen.
func walk(ctx context.Context, root *os.Root, dir string) (files []found, passed []manifest.Passed, err error) {
	seen := 0
	err = fs.WalkDir(root.FS(), dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("look through %s: %w", name, err)
		}
		if seen++; seen > entryLimit {
			return fmt.Errorf("the tree has more than %d files", entryLimit)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		base := path.Base(name)
		if d.IsDir() {
			why, ok := passedOver[base]
			if name == ".slipway" {
				why, ok = "results of these actions", true
			}
			if ok && name != dir {
				passed = append(passed, manifest.Passed{Path: name, Reason: why})
				return fs.SkipDir
			}
			return nil
		}
		link := d.Type()&fs.ModeSymlink != 0
		if link {
			if info, err := root.Stat(name); err == nil && info.IsDir() || err != nil && formatOf(name) == nil && declarationOf(base) == nil {
				passed = append(passed, manifest.Passed{Path: name, Reason: "a symbolic link; what it leads to is not followed"})
				return nil
			}
		}
		if f, ok := consider(name, d, link); ok {
			files = append(files, f)
		}
		if len(files) > manifestLimit {
			return fmt.Errorf("the tree has more than %d manifests", manifestLimit)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) && len(files) == 0 {
		return nil, nil, err
	}
	slices.SortFunc(passed, func(a, b manifest.Passed) int { return strings.Compare(a.Path, b.Path) })
	return files, passed, err
}

// consider tells whether a file counts, and whether it can be read.
func consider(name string, d fs.DirEntry, link bool) (found, bool) {
	base := path.Base(name)
	switch {
	case slices.Contains(unsupported, base):
		return found{name, "this release cannot read its format", "Commit a lockfile in a supported format beside it, or accept the gap with a lower min-coverage."}, true
	case formatOf(name) == nil && declarationOf(base) == nil:
		return found{}, false
	case link:
		return found{name, "it is a symbolic link, and those are not followed", "Put the file itself there."}, true
	case !d.Type().IsRegular():
		return found{name, "it is no regular file", "Put a regular file there."}, true
	}
	if info, err := d.Info(); err != nil || info.Size() > sizeLimit {
		return found{name, fmt.Sprintf("it is larger than %d MB", sizeLimit>>20), "Split the project, or scan this part of it by other means."}, true
	}
	return found{path: name}, true
}
