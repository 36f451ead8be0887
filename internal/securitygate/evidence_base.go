package securitygate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/glob"
	"github.com/slipway-actions/slipway/internal/inventory"
	"github.com/slipway-actions/slipway/internal/manifest"
)

const fetchAll = "Set fetch-depth: 0 on the checkout step, or leave the input base out to judge all that is there."

// readBase takes the inventory of the commit that the change started from: where it left the base branch,
// else the tip of that.
func (c *collector) readBase(ctx context.Context) {
	c.base = &baseline{ref: c.inputs.base, secrets: map[string]bool{}}
	lacks := func(next, format string, args ...any) {
		c.base.missing = append(c.base.missing, missingf("base", "The base "+c.base.ref, next, format, args...))
	}
	repo, err := c.world.History(false)
	if err != nil {
		lacks(fetchAll, "%v", err)
		return
	}
	tip, err := c.world.Resolve(ctx, c.base.ref)
	if err != nil {
		lacks(fetchAll, "this clone does not hold it")
		return
	}
	c.base.sha = tip
	if fork, err := repo.MergeBase(ctx, tip, repo.Head); err == nil {
		c.base.sha = fork
	}
	err = c.export(ctx, repo, inventory.Wants, func(root string) error {
		c.base.tree, err = inventory.Read(ctx, c.parser, root, c.path)
		if errors.Is(err, fs.ErrNotExist) { // it came with the change
			return nil
		}
		return err
	})
	if err != nil {
		lacks(fetchAll, "its tree could not be read: %v", err)
	}
}

// export writes files of the base into a temporary folder, laid out as the workspace is.
func (c *collector) export(ctx context.Context, repo *gitrepo.Repo, want func(path string) bool, read func(root string) error) error {
	temporary, err := os.MkdirTemp("", "slipway-base-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	below, err := filepath.Rel(c.world.Files.Dir, repo.Root)
	if err != nil || !filepath.IsLocal(below) {
		return errors.New("the repository lies outside the workspace")
	}
	top := filepath.Join(temporary, below)
	if err := os.MkdirAll(top, 0o700); err != nil {
		return err
	}
	inWorkspace := func(file string) string { return path.Join(filepath.ToSlash(below), file) }
	written, err := repo.Export(ctx, c.base.sha, top, func(file string) bool { return want(inWorkspace(file)) }, exportLimits)
	if err != nil {
		return err
	}
	for _, left := range written.Left {
		if c.hides(inWorkspace(left.Path), left.Kind) {
			return fmt.Errorf("%s is left out: %s", left.Path, left.Kind)
		}
	}
	return read(temporary)
}

// exportLimits bound what is written of a base.
var exportLimits = gitrepo.ExportLimits{Files: 500_000, FileBytes: 200 << 20, Bytes: 4 << 30}

// hides tells whether something of the base that could not be written may hold what would be compared. A
// symbolic link does not: those are not followed here either. A submodule does where it is checked out here.
func (c *collector) hides(left string, kind gitrepo.Kind) bool {
	switch kind {
	case gitrepo.Symlink:
		return false
	case gitrepo.Submodule:
		return slices.ContainsFunc(c.tree.Manifests, func(m manifest.File) bool { return glob.Within(left, m.Path) })
	}
	return true
}
