package gitrepo

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/glob"
)

// Log lists the commits that to reaches and from does not, none before its children and else newest
// first; those that touch one of paths where there are any, see glob.Within. An empty from means the
// whole history.
func (r *Repo) Log(ctx context.Context, from, to string, paths []string) ([]commit.Commit, error) {
	var err error
	if from != "" && !IsCommitID(from) {
		if from, err = r.Resolve(ctx, from); err != nil {
			return nil, err
		}
	}
	commits, reached, err := r.Since(ctx, from, to, len(paths) > 0)
	if err == nil && !reached {
		if commits, err = r.log(ctx, from, to, len(paths) > 0); err == nil {
			commits, err = r.without(ctx, commits, from)
		}
	}
	if len(paths) > 0 {
		// A pathspec would do this in git, but drops side branches whose result is the same, and their
		// commits with them.
		commits = slices.DeleteFunc(commits, func(c commit.Commit) bool { return !glob.Touches(paths, c.Paths) })
	}
	return commits, err
}

// Since lists the commits that to, a full id, reaches and base does not, none before its children and
// else newest first. Where to does not reach base, reached is false and nothing is listed. With touched
// the commits know their paths. An empty base means the whole history.
//
// It is exact without walking the whole history, where git's own walk of a range is not: that stops
// where dates seem to say that no commit before can matter, and may leave in some that base reaches. It
// never leaves out others. So of what it lists look at the bottoms, of which no parent is listed. If
// base reached any commit that is listed, it would reach the bottom below that one. One that has base
// for a parent cannot be that; of the others git merge-base tells, whose own walk dates do not mislead.
// And whatever path leads from to down to base, its last commit before base is listed, since base
// does not reach it: base is reached if it is a parent of one that is listed, and else not.
func (r *Repo) Since(ctx context.Context, base, to string, touched bool) (commits []commit.Commit, reached bool, err error) {
	commits, err = r.log(ctx, base, to, touched)
	switch {
	case err != nil || base == "":
		return commits, err == nil, err
	case len(commits) == 0: // base reaches to; the other way round as well only if they are one
		return nil, base == to, nil
	}
	listed := make(map[string]bool, len(commits))
	for _, c := range commits {
		listed[c.SHA] = true
	}
	var doubtful []string
	for _, c := range commits {
		onBase := slices.Contains(c.Parents, base)
		reached = reached || onBase
		if !onBase && !slices.ContainsFunc(c.Parents, func(p string) bool { return listed[p] }) {
			doubtful = append(doubtful, c.SHA)
		}
	}
	if !reached {
		return nil, false, nil
	}
	if sound, err := r.unreached(ctx, base, doubtful); sound || err != nil {
		return commits, true, err
	}
	commits, err = r.without(ctx, commits, base)
	return commits, true, err
}

// without takes out of a list what base reaches.
func (r *Repo) without(ctx context.Context, commits []commit.Commit, base string) ([]commit.Commit, error) {
	at := make(map[string]int, len(commits))
	for i, c := range commits {
		at[c.SHA] = i
	}
	err := r.walk(ctx, base, func(id []byte) {
		if i, ok := at[string(id)]; ok {
			commits[i].SHA = ""
		}
	})
	return slices.DeleteFunc(commits, func(c commit.Commit) bool { return c.SHA == "" }), err
}

// compared is the most commits that are compared with each other; git does that pair by pair.
const compared = 64

// unreached tells that base reaches none of some commits; false where that is not so, or not known.
func (r *Repo) unreached(ctx context.Context, base string, shas []string) (bool, error) {
	if len(shas) == 0 || len(shas) > compared {
		return len(shas) == 0, nil
	}
	out, err := r.git(ctx, append([]string{"merge-base", "--independent", base}, shas...)...)
	independent := strings.Fields(string(out))
	return !slices.ContainsFunc(shas, func(sha string) bool { return !slices.Contains(independent, sha) }), err
}

// Ancestors are those of some ids, maybe cut down, that are commits on which of builds, or of itself. Ids
// that are no commit's are none.
func (r *Repo) Ancestors(ctx context.Context, of string, ids []string) (found []string, err error) {
	const least = 7 // digits
	wanted := map[string][]string{}
	for _, id := range ids {
		if commit.Hex(id) {
			wanted[id[:least]] = append(wanted[id[:least]], id)
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	err = r.walk(ctx, of, func(full []byte) {
		for _, id := range wanted[string(full[:least])] {
			if bytes.HasPrefix(full, []byte(id)) && !slices.Contains(found, id) {
				found = append(found, id)
			}
		}
	})
	return found, err
}

// CommonBase is a commit that all of the given ones reach or are, "" where there is none.
func (r *Repo) CommonBase(ctx context.Context, shas []string) (string, error) {
	slices.Sort(shas)
	shas = slices.Compact(shas)
	if len(shas) == 1 {
		return shas[0], nil
	}
	out, err := r.git(ctx, append([]string{"merge-base", "--octopus", "--end-of-options"}, shas...)...)
	var failed *Error
	if errors.As(err, &failed) && failed.Stderr == "" { // it says so by its exit code alone
		return "", ctx.Err()
	}
	return strings.TrimSpace(string(out)), err
}

// log is git's own list, which may hold too much.
func (r *Repo) log(ctx context.Context, base, to string, touched bool) ([]commit.Commit, error) {
	// Behind a commit's fields come its paths, as many as there are: a text that nobody can foresee tells
	// where the next commit begins.
	mark := rand.Text()
	args := []string{"log", "-z", "--date-order", "--format=" + mark + "%x00%H%x00%P%x00%an%x00%ae%x00%ct%x00%B"}
	if touched {
		args = append(args, "--name-only", "--no-renames", "--no-relative", "--diff-merges=first-parent", "--ignore-submodules=none", "--no-ext-diff", "-O/dev/null")
	}
	args = append(args, "--end-of-options", to)
	if base != "" {
		args = append(args, "^"+base)
	}
	var list listing
	err := r.call(append(args, "--")...).stream(ctx, func(out io.Reader) (err error) {
		in := newRecords(out)
		for token, err := in.next(); ; token, err = in.next() {
			switch {
			case err == io.EOF:
				return nil
			case err != nil:
				return err
			case string(token) == mark:
				c, err := in.commit()
				if err != nil {
					return err
				}
				list.add(c)
			case list.last() == nil || !touched:
				return fmt.Errorf("git log answered %q where a commit begins", tail(string(token), 200))
			default:
				c := list.last()
				if c.Paths == nil { // a line break goes before the first
					token = bytes.TrimPrefix(token, []byte{'\n'})
				}
				c.Paths = append(c.Paths, string(token))
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return list.commits(), nil
}
