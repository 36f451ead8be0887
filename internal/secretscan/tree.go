package secretscan

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"

	"github.com/slipway-actions/slipway/internal/secret"
)

// passedOver tells of folders that are not entered, and why.
func passedOver(name string) string {
	switch {
	case path.Base(name) == ".git":
		return "git's own"
	case name == ".slipway":
		return "results of these actions"
	}
	return ""
}

// Tree searches a folder of the workspace and all below it, or a single file. Root is the
// workspace, absolute; dir is slash-separated and inside it; fs.ErrNotExist where there is nothing.
// Paths in the result are relative to root. No symbolic link is followed: what it leads to is
// searched in its own place, or is none of the tree.
func (*Scanner) Tree(ctx context.Context, root, dir string) (Result, error) {
	r, err := load()
	if err != nil {
		return Result{}, err
	}
	tree, err := os.OpenRoot(root)
	if err != nil {
		return Result{}, fmt.Errorf("open the workspace: %w", err)
	}
	defer tree.Close()
	l := newLedger()
	look := func(ctx context.Context, s *searcher, name string) error { return s.file(ctx, tree, name, l) }
	err = parallel(ctx, r, look, func(give func(string) error) error { return walk(tree, path.Clean(dir), r, l, give) })
	if err != nil {
		return Result{}, err
	}
	return l.close(), nil
}

// walk gives the files that are to be searched, in order of their paths.
func walk(tree *os.Root, dir string, r *rules, l *ledger, give func(string) error) error {
	if info, err := tree.Lstat(dir); err != nil {
		return fmt.Errorf("look at %s: %w", dir, err)
	} else if info.Mode()&fs.ModeSymlink != 0 {
		return fmt.Errorf("look at %s: it is a symbolic link, and those are not followed", dir)
	}
	seen := 0
	return fs.WalkDir(tree.FS(), dir, func(name string, d fs.DirEntry, err error) error {
		if seen++; seen > entryLimit {
			return fmt.Errorf("the tree has more than %d files", entryLimit)
		}
		if err != nil {
			l.skip(name, "it cannot be read: "+cause(err))
			return fs.SkipDir // a file has no error here
		}
		why := passedOver(name)
		if why == "" && r.leavesOut(name) {
			why = "the rules for secrets leave it out"
		}
		switch {
		case d.IsDir() && why != "" && name != dir:
			l.count(func(r *Result) { r.Passed = append(r.Passed, secret.Skipped{Path: name, Reason: why}) })
			return fs.SkipDir
		case d.IsDir() || !d.Type().IsRegular():
			return nil
		case why != "":
			l.count(func(r *Result) { r.Allowed++ })
			return nil
		}
		return give(name)
	})
}
