package gitrepo

import (
	"bufio"
	"context"
	"io"
	"strings"
)

// PatchIDs are what commits change, without where and when: two that bring the same lines have the
// same id. By commit; a merge and a commit that changes nothing have none. It takes as long as git
// takes to show all of those changes, so it is for few commits.
func (r *Repo) PatchIDs(ctx context.Context, shas []string) (map[string]string, error) {
	ids := map[string]string{}
	if len(shas) == 0 {
		return ids, nil
	}
	show := r.call("diff-tree", "--stdin", "--root", "-p", "--no-renames", "--no-relative", "--no-ext-diff", "--no-textconv", "--full-index", "-O/dev/null")
	show.stdin = strings.NewReader(strings.Join(shas, "\n") + "\n")
	err := show.stream(ctx, func(changes io.Reader) error {
		sum := r.call("patch-id", "--stable")
		sum.stdin = changes
		return sum.stream(ctx, func(out io.Reader) error {
			lines := bufio.NewScanner(out)
			for lines.Scan() {
				if id, sha, ok := strings.Cut(lines.Text(), " "); ok {
					ids[sha] = id
				}
			}
			return lines.Err()
		})
	})
	return ids, err
}
