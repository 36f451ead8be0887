package gitrepo

import (
	"context"
	"io"
	"strings"
)

// Patches hands what commits add to read, while git prints it: those that head reaches and base does
// not, or head alone where base is empty. Both are revisions; paths are files or folders of the
// repository, all where there are none. For each commit that adds anything there is a line with its
// full id, newest first, and behind it its changes. They come with a line of context: without any,
// git counts the lines of merges wrong. A file that moved is one removed and one added, and removed
// files are left out. Of a merge there is what differs from all of its parents, in as many columns, so
// that a line which the merge itself slips in is seen.
//
// Messages are not printed, names that could end a line are quoted, and every line of a file has a
// sign before it and a count before that, so nothing in a commit can pass for a header. The
// repository's settings do not change the answer: diff-tree heeds few of those that diff and log do,
// and these are set for each call. Nor does .gitattributes, by which any file can be declared binary
// and so hidden: all are taken for text. Only in a merge git heeds it; the file is named there, with
// "Binary files differ" in place of its lines, and whoever reads must not pass over that.
//
// In a shallow clone the oldest commit there seems to add all that it holds, and what was added and
// removed before is not there to be seen: ask Shallow.
func (r *Repo) Patches(ctx context.Context, base, head string, paths []string, read func(io.Reader) error) error {
	tip, err := r.Resolve(ctx, head)
	if err != nil {
		return err
	}
	ids := []string{tip}
	if base != "" {
		log, err := r.Log(ctx, base, tip, nil) // no paths: git would drop side branches that came to nothing
		if err != nil {
			return err
		}
		ids = ids[:0]
		for _, c := range log {
			ids = append(ids, c.SHA)
		}
	}
	if len(ids) == 0 {
		return read(strings.NewReader(""))
	}
	show := r.call(append([]string{
		"diff-tree", "--stdin", "--root", "-r", "-c", "-p", "-U1", "--inter-hunk-context=0", "--text", "--no-color", "--no-renames", "--no-relative",
		"--no-ext-diff", "--no-textconv", "--full-index", "--diff-filter=d", "--diff-algorithm=myers", "--submodule=short", "--ignore-submodules=none",
		"--src-prefix=a/", "--dst-prefix=b/", "-O/dev/null", "--",
	}, paths...)...)
	show.stdin = strings.NewReader(strings.Join(ids, "\n") + "\n")
	return show.stream(ctx, read)
}
