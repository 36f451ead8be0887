package securitygate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/glob"
	"github.com/slipway-actions/slipway/internal/inventory"
	"github.com/slipway-actions/slipway/internal/manifest"
)

const fetchAll = "Set fetch-depth: 0 on the checkout step, or leave the input base out to judge all that is there."

// export is files of the base in a temporary folder, laid out as the workspace is.
type export struct {
	sha  string // of the commit; "" where it is not known
	root string // absolute; to be removed
	left []gitrepo.LeftOut
	err  error
}

// exportBase writes out the manifests of the commit that the change started from: where it left the base
// branch, else the tip of that.
func exportBase(ctx context.Context, w *action.World, ref string) export {
	repo, err := w.History(false)
	if err != nil {
		return export{err: err}
	}
	sha, err := w.Resolve(ctx, ref)
	if err != nil {
		return export{err: errors.New("this clone does not hold it")}
	}
	if fork, err := repo.MergeBase(ctx, sha, repo.Head); err == nil {
		sha = fork
	}
	return exportTree(ctx, w, repo, sha, inventory.Wants)
}

// exportLimits bound what is written of a base.
var exportLimits = gitrepo.ExportLimits{Files: 500_000, FileBytes: 200 << 20, Bytes: 4 << 30}

func exportTree(ctx context.Context, w *action.World, repo *gitrepo.Repo, sha string, want func(path string) bool) export {
	x := export{sha: sha}
	below, err := filepath.Rel(w.Files.Dir, repo.Root)
	if err != nil || !filepath.IsLocal(below) {
		x.err = errors.New("the repository lies outside the workspace")
		return x
	}
	if x.root, x.err = os.MkdirTemp("", "slipway-base-"); x.err != nil {
		return x
	}
	top := filepath.Join(x.root, below)
	if x.err = os.MkdirAll(top, 0o700); x.err != nil {
		return x
	}
	prefix := filepath.ToSlash(below)
	var written gitrepo.Exported
	written, x.err = repo.Export(ctx, sha, top, func(file string) bool { return want(path.Join(prefix, file)) }, exportLimits)
	for _, left := range written.Left {
		x.left = append(x.left, gitrepo.LeftOut{Path: path.Join(prefix, left.Path), Kind: left.Kind})
	}
	return x
}

func (x export) remove() {
	if x.root != "" {
		_ = os.RemoveAll(x.root)
	}
}

// readBase takes the inventory of an exported base.
func (c *collector) readBase(ctx context.Context, x export) {
	c.base = &baseline{ref: c.inputs.base, sha: x.sha, secrets: map[string]map[string]bool{}}
	err := c.whole(x)
	if err == nil {
		c.base.tree, err = inventory.Read(ctx, c.parser, x.root, c.path)
		if errors.Is(err, fs.ErrNotExist) { // it came with the change
			err = nil
		}
	}
	if err != nil {
		c.base.missing = append(c.base.missing, missingf("base", "The base "+c.base.ref, fetchAll, "it cannot be scanned: %v", err))
	}
	if err == nil && c.base.sha == c.world.SHA() && reflect.DeepEqual(c.tree.Manifests, c.base.tree.Manifests) {
		const next = "Set base for pull requests alone: base: ${{ github.base_ref }}. For a push name an earlier commit, such as ${{ github.event.before }}."
		c.base.missing = append(c.base.missing, missingf("base", "The base "+c.base.ref, next, "it is the very commit that is judged, so that nothing could ever be new"))
	}
}

// whole tells whether an export holds all that would be compared. A symbolic link does not count: those
// are not followed here either. A submodule does where it is checked out here.
func (c *collector) whole(x export) error {
	if x.err != nil {
		return x.err
	}
	for _, left := range x.left {
		switch left.Kind {
		case gitrepo.Symlink:
			continue
		case gitrepo.Submodule:
			if !slices.ContainsFunc(c.tree.Manifests, func(m manifest.File) bool { return glob.Within(left.Path, m.Path) }) {
				continue
			}
		}
		return fmt.Errorf("%s is left out: %s", left.Path, left.Kind)
	}
	return nil
}
