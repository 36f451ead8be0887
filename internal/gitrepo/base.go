package gitrepo

import (
	"context"
	"errors"
	"fmt"
)

// ErrNoMergeBase says that two commits have no history in common.
var ErrNoMergeBase = errors.New("no common base")

// MergeBase is the last commit that both of two revisions build on, or are. The error is an
// ErrNoSuchRevision for a name that is none, an ErrNoMergeBase, or an ErrIncomplete where the clone does not tell:
// one of the two is not in it, or its history is cut off before a base is found.
func (r *Repo) MergeBase(ctx context.Context, a, b string) (string, error) {
	ids := []string{a, b}
	for i, rev := range ids {
		if IsCommitID(rev) {
			continue
		}
		var err error
		if ids[i], err = r.Resolve(ctx, rev); err != nil {
			return "", err
		}
	}
	base, err := r.CommonBase(ctx, ids)
	switch {
	case err != nil:
		return "", lacking(ctx, err)
	case base == "" && r.Shallow:
		return "", fmt.Errorf("%w: its history is cut off before a common base of %s and %s", ErrIncomplete, a, b)
	case base == "":
		return "", fmt.Errorf("%w: %s and %s", ErrNoMergeBase, a, b)
	}
	return base, nil
}
