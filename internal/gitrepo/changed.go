package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ErrCutOff says that the answer lies behind the point where a shallow clone's history is cut off.
var ErrCutOff = errors.New("the clone is shallow: its history is cut off before the last change")

// lastSecond is the end of the year 9999; a commit can be dated later, which no document can say.
const lastSecond = 253402300799

// LastChange is the date of the last commit up to rev that changed a file, as who committed set it.
// Name is relative to the top of the work tree. The error is ErrCutOff where a shallow clone does
// not tell: its oldest commit seems to bring everything that is there.
func (r *Repo) LastChange(ctx context.Context, rev, name string) (time.Time, error) {
	name = path.Clean(name)
	if !filepath.IsLocal(name) || name == "." {
		return time.Time{}, fmt.Errorf("%s is no path inside the repository", name)
	}
	out, err := r.git(ctx, "log", "-1", "--format=%H %ct %P", "--end-of-options", rev, "--", name)
	if err != nil {
		return time.Time{}, err
	}
	fields := strings.Fields(string(out))
	if len(fields) < 2 || !IsCommitID(fields[0]) {
		return time.Time{}, fmt.Errorf("no commit up to %s changed %s", rev, name)
	}
	seconds, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil || seconds <= 0 || seconds > lastSecond {
		return time.Time{}, fmt.Errorf("the commit %s has no date that can be read", fields[0])
	}
	if r.Shallow && len(fields) == 2 {
		// The log leaves out parents that are not here; the commit itself names them.
		object, err := r.git(ctx, "cat-file", "commit", fields[0])
		if err != nil {
			return time.Time{}, err
		}
		header, _, _ := bytes.Cut(object, []byte("\n\n"))
		if bytes.Contains(header, []byte("\nparent ")) {
			return time.Time{}, ErrCutOff
		}
	}
	return time.Unix(seconds, 0).UTC(), nil
}
