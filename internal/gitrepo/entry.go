package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path"
	"strings"
)

// FileMode is the mode that git keeps of a file at rev, 100644 or 100755; fs.ErrNotExist where there
// is no regular file. Name is relative to the top of the work tree.
func (r *Repo) FileMode(ctx context.Context, rev, name string) (string, error) {
	name = path.Clean(name)
	entry, err := r.git(ctx, "ls-tree", "-z", "--full-tree", "--end-of-options", rev, name)
	if err != nil {
		return "", err
	}
	about, found, _ := strings.Cut(strings.TrimSuffix(string(entry), "\x00"), "\t")
	mode, _, _ := strings.Cut(about, " ")
	if !strings.HasPrefix(mode, "100") || found != name {
		return "", fmt.Errorf("%s at %s: %w", name, rev, fs.ErrNotExist)
	}
	return mode, nil
}

// Tree is the full id of the tree of a commit, or ErrNoSuchRevision.
func (r *Repo) Tree(ctx context.Context, rev string) (string, error) {
	out, err := r.git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{tree}")
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return "", fmt.Errorf("%w: %s", ErrNoSuchRevision, rev)
	}
	return strings.TrimSpace(string(out)), err
}
