package gitrepo

import (
	"context"
	"fmt"
	"io/fs"
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
